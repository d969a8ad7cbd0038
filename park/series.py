"""The readings of one metric of one meter as columns, for arithmetic over many of them at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Series(NamedTuple):
    """Readings in order of time, no instant twice; all columns are of one length."""

    ms: Ints
    """Milliseconds since 1970, UTC."""
    values: Floats
    """In the metric's canonical unit, multiplier applied."""
    quality: Ints


EMPTY = Series(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))
