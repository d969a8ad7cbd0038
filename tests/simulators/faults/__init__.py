"""Tests of what goes wrong with devices."""
