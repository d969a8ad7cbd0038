"""The mass of what an outlet lets out: concentration × flow, summed over time.

Between two samples both are taken to change evenly, and the product of the two is integrated exactly; a slower analyser
and a faster flow meter need no common clock that way.  Air goes by the measured concentration (实测), never by that at
reference oxygen (折算), which is for comparison with a limit; it and the flow are both of the dry normal state.
A sample taken during maintenance, calibration, fault or standstill says nothing: the time around it is missing, not 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from park.interval import NO_INTERVALS, SLOT_MS, Intervals
from park.metric import Medium
from park.quality import Quality
from park.series import Floats, Ints, Series

INVALID = Quality.MAINTENANCE | Quality.CALIBRATION | Quality.FAULT | Quality.STOPPED | Quality.IMPLAUSIBLE
"""Flags of a sample that says nothing about what was let out."""
NOT_MEASURED = Quality.ESTIMATED | Quality.SUBSTITUTED
"""Flags of a sample that counts as estimated."""
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Outlet:
    """What is asked of the outlets of one medium."""

    flow: str
    """The metric of the flow."""
    pollutants: tuple[str, ...]
    """The metrics of concentrations whose mass is worked out."""
    kg: float
    """Kilograms in one unit of concentration times one of volume."""


OUTLETS: Mapping[Medium, Outlet] = MappingProxyType(
    {
        Medium.EMISSION: Outlet("flue_flow", ("so2", "nox", "pm"), 1e-6),  # mg/m³ × Nm³
        Medium.WATER: Outlet("flow", ("cod", "nh3n", "tp", "tn"), 1e-3),  # mg/L × m³
    }
)
POLLUTANTS = tuple(name for outlet in OUTLETS.values() for name in outlet.pollutants)
Flags = NDArray[np.bool_]


class _Line(NamedTuple):
    """One quantity at the ends of each stretch of time, and whether it is known and measured within."""

    first: Floats
    last: Floats
    known: Flags
    measured: Flags


def mass(
    concentration: Series, flow: Series, *, medium: Medium, start_ms: int, end_ms: int, gap: timedelta
) -> Intervals:
    """Give the mass in kg let out in each slot of `start_ms` ≤ t < `end_ms`.

    Samples further apart than `gap` have nothing known between them.  Both series should reach one sample beyond
    each end, or the time up to the nearest sample is missing.
    """
    if end_ms <= start_ms or not len(concentration.ms) or not len(flow.ms):
        return NO_INTERVALS
    edges = np.arange(start_ms - start_ms % SLOT_MS, end_ms, SLOT_MS, dtype=np.int64)
    cuts = np.unique(np.concatenate([concentration.ms, flow.ms, edges, [start_ms, end_ms]]))
    cuts = cuts[(cuts >= start_ms) & (cuts <= end_ms)]
    gap_ms = gap / timedelta(milliseconds=1)
    c, f = _line(concentration, cuts, gap_ms), _line(flow, cuts, gap_ms)
    width = np.diff(cuts).astype(np.float64)
    known = c.known & f.known
    # The integral of the product of two straight lines.
    mean = (2 * (c.first * f.first + c.last * f.last) + c.first * f.last + c.last * f.first) / 6
    kg = np.where(known, mean * width / HOUR_MS * OUTLETS[medium].kg, 0.0)
    place = (cuts[:-1] - edges[0]) // SLOT_MS
    measured = known & c.measured & f.measured
    shares = [np.bincount(place, np.where(some, width, 0.0), len(edges)) / SLOT_MS for some in (known, measured)]
    kept = shares[0] > 0
    amount: Floats = np.bincount(place, kg, len(edges)).astype(np.float64)
    covered, sure = np.minimum(shares[0][kept], 1.0), np.minimum(shares[1][kept], 1.0)
    return Intervals(edges[kept], amount[kept], sure, np.maximum(covered - sure, 0.0))


def _line(series: Series, cuts: Ints, gap_ms: float) -> _Line:
    """Lay a series over stretches of time none of which has a sample inside it."""
    valid = ((series.quality & int(INVALID)) == 0) & np.isfinite(series.values)
    sure = (series.quality & int(NOT_MEASURED)) == 0
    linked = valid[:-1] & valid[1:] & (np.diff(series.ms) <= gap_ms)
    place = np.searchsorted(series.ms, cuts[:-1], "right") - 1
    inside = (place >= 0) & (place < len(linked))
    held = np.where(inside, place, 0)
    nothing = np.zeros(len(held), dtype=np.bool_)
    values = np.interp(cuts.astype(np.float64), series.ms.astype(np.float64), np.where(valid, series.values, 0.0))
    return _Line(
        values[:-1],
        values[1:],
        inside & linked[held] if len(linked) else nothing,
        (sure[:-1] & sure[1:])[held] if len(linked) else nothing,
    )
