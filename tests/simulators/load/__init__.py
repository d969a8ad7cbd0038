"""Loads and the devices that speak dialects."""
