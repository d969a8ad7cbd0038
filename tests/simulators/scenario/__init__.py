"""Tests of scenarios and their golden answers."""
