"""Slots and days of consumption summed by windows: exactly, whatever their order."""

from collections.abc import Iterator
from itertools import pairwise
from math import fsum
from typing import NamedTuple

import numpy as np

from park.coverage import Coverage
from park.instant import from_ms
from park.interval import SLOT_MS, Intervals, IntervalSum
from park.series import Floats, Ints


class Parts(NamedTuple):
    """Pieces of consumption of one meter and carrier, in order of time, each of its own length."""

    start_ms: Ints
    amount: Floats
    measured_ms: Floats
    """How much of its time was measured."""
    estimated_ms: Floats


class Sum(NamedTuple):
    """What was used in one window."""

    window: int
    """Its place among the windows."""
    amount: float
    measured: float
    """The share of the window's time."""
    estimated: float


def of_slots(slots: Intervals) -> Parts:
    """Take slots as pieces."""
    return Parts(slots.start_ms, slots.amount, slots.measured * SLOT_MS, slots.estimated * SLOT_MS)


def sums(parts: Parts, edges: Ints) -> Iterator[Sum]:
    """Sum pieces by the windows between edges; windows about which nothing is known have none."""
    if len(edges) < 2 or not len(parts.start_ms):  # noqa: PLR2004  # both ends of one window
        return
    place = np.searchsorted(edges, parts.start_ms, "right") - 1
    inside = (place >= 0) & (place < len(edges) - 1) & ((parts.measured_ms > 0) | (parts.estimated_ms > 0))
    place = place[inside]
    if not len(place):
        return
    amount, measured, estimated = (column[inside].tolist() for column in parts[1:])
    cuts = [0, *(np.flatnonzero(np.diff(place)) + 1).tolist(), len(place)]
    widths = np.diff(edges).tolist()
    for first, last in pairwise(cuts):
        window = int(place[first])
        share = min(fsum(measured[first:last]) / widths[window], 1.0)
        yield Sum(
            window, fsum(amount[first:last]), share, min(fsum(estimated[first:last]) / widths[window], 1.0 - share)
        )


def summed(meter: str, carrier: str, parts: Parts, edges: Ints) -> Iterator[IntervalSum]:
    """Sum pieces of one meter and carrier by the windows between edges."""
    for one in sums(parts, edges):
        start, end = from_ms(int(edges[one.window])), from_ms(int(edges[one.window + 1]))
        yield IntervalSum(meter, carrier, start, end, one.amount, Coverage(one.measured, one.estimated))
