"""Scenarios: a small park, what goes wrong in it and when, and the golden answer the platform has to give."""
