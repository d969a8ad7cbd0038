"""Intervals, intensity, evaluation and alerts."""
