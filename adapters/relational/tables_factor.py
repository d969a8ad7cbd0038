"""Factors and policies that people add."""
