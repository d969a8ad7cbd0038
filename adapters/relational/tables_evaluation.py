"""Evaluation schemes and results, plan targets, projects."""
