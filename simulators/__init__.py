"""Devices that are not there: a living park of enterprises and meters, and real data replayed.

Everything measured is a pure function of (seed, meter, time), so any window can be computed by itself, backfill and
live agree, and a restart changes nothing.
"""
