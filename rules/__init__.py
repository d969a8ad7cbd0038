"""Registers into intervals, intensity and evaluation; readings into alerts and notices."""
