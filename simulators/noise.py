"""Randomness without state: the same (stream, index) gives the same number, whatever was asked before."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# splitmix64: an index becomes 64 bits in which no trace of the index can be seen.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST = np.uint64(31)
_DROP = np.uint64(11)
_UNIT = 2.0**-53


def stream(seed: int, *names: str) -> int:
    """Name one independent sequence of numbers."""
    return int.from_bytes(blake2b("/".join([str(seed), *names]).encode(), digest_size=8).digest())


def uniform(source: int, index: Ints) -> Floats:
    """Give a number in [0, 1) for each index."""
    bits = index.astype(np.uint64) * _STEP + np.uint64(source)
    for shift, factor in _MIX:
        bits = (bits ^ (bits >> shift)) * factor
    mixed: Floats = ((bits ^ (bits >> _LAST)) >> _DROP).astype(np.float64) * _UNIT
    return mixed


def centred(source: int, index: Ints) -> Floats:
    """Give a number in [-1, 1) for each index."""
    return uniform(source, index) * 2.0 - 1.0


def smooth(source: int, place: Floats) -> Floats:
    """Give a curve in [-1, 1] that passes through a random value at each whole place, with level ends there."""
    knot = np.floor(place)
    share = place - knot
    share = share * share * (3.0 - 2.0 * share)
    index = knot.astype(np.int64)
    return centred(source, index) * (1.0 - share) + centred(source, index + 1) * share
