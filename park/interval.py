"""Consumption in slots of a quarter of an hour, each with how much of its time was measured, estimated or missing.

Slots are aligned to UTC; every local day, month and quarter begins with one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from park.coverage import Coverage
from park.series import Floats, Ints

SLOT = timedelta(minutes=15)
SLOT_MS = 900_000


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """The slots of one meter and carrier about which something is known, in order of time, as columns of one length.

    A slot about which nothing is known has no row; its amount is missing and never 0.
    """

    start_ms: Ints
    amount: Floats
    """What was used in the known part of the slot, in the carrier's unit (pollutants: kg)."""
    measured: Floats
    """The share of the slot's time that was measured, 0…1."""
    estimated: Floats
    """The share that was estimated: shared out over a gap, or waiting for a person's review."""


NO_INTERVALS = Intervals(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0))


class IntervalBatch(NamedTuple):
    """All that is known of one meter and carrier from `start` to `end` (both local midnights): it replaces the rest."""

    meter: str
    carrier: str
    """A carrier's name, `electricity_export`, or a pollutant's metric (`cod`, `so2` …) for its mass in kg."""
    start: datetime
    end: datetime
    intervals: Intervals


class IntervalSum(NamedTuple):
    """What one meter used of one carrier within a window; windows about which nothing is known have none."""

    meter: str
    carrier: str
    start: datetime
    end: datetime
    amount: float
    coverage: Coverage
    """Shares of the whole window's time."""
