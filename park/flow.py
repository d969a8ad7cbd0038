"""What flowed through a gauge: its readings integrated over time, for media without a register.

Between two readings the flow is taken to have gone straight from one to the other (trapezoid).  Holding the earlier one
would count every rise late and every fall late; over a day these do not cancel where a plant starts fast and stops
slowly.
"""

from datetime import timedelta

import numpy as np

from park.interval import NO_INTERVALS, SLOT_MS, Intervals
from park.quality import Quality
from park.series import Series
from park.slots import share
from park.steps import HOUR_MS, Steps

UNUSABLE = Quality.FAULT | Quality.CALIBRATION | Quality.MAINTENANCE | Quality.IMPLAUSIBLE
"""What is flagged so is no flow: nothing is known around it."""


def integrate(
    series: Series, *, start_ms: int, end_ms: int, gap: timedelta, unusable: Quality = UNUSABLE, per_ms: int = HOUR_MS
) -> Intervals:
    """Integrate a flow (an amount in `per_ms`) over slots; readings further apart than `gap` tell nothing.

    A flow that runs backwards is subtracted.
    """
    ms, values, quality = series
    usable = np.isfinite(values) & ((quality & int(unusable)) == 0)
    if int(usable.sum()) < 2:  # noqa: PLR2004  # two ends
        return NO_INTERVALS
    at, flow = ms[usable], values[usable]
    edges = np.arange(-(-int(at[0]) // SLOT_MS) * SLOT_MS, int(at[-1]) + 1, SLOT_MS)
    points = np.union1d(at, edges)
    flows = np.interp(points, at, flow)
    # A reading that may not be used tears the line as a long silence does: nobody knows what flowed meanwhile.
    torn = (np.diff(at) > gap // timedelta(milliseconds=1)) | (np.diff(np.flatnonzero(usable)) > 1)
    known = ~torn[np.searchsorted(at, points[:-1], "right") - 1]
    amount = (flows[:-1] + flows[1:]) / 2 * (np.diff(points) / per_ms)
    count = int(known.sum())
    steps = Steps(
        points[:-1][known], points[1:][known], amount[known], np.zeros(count, np.int8), np.zeros(count, np.bool_)
    )
    return share(steps, start_ms=start_ms, end_ms=end_ms, gap=gap)
