"""Devices that are not there, with known answers."""
