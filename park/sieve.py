"""Readings of a register, put in order; those that say nothing of it are taken out."""

from typing import NamedTuple

import numpy as np

from park.quality import Quality
from park.series import Floats, Ints, Series
from park.steps import Bools

UNUSABLE = int(Quality.FAULT | Quality.CALIBRATION | Quality.IMPLAUSIBLE)
"""A reading flagged so is never a mark."""
UNMEASURED = int(Quality.ESTIMATED | Quality.SUBSTITUTED)
"""What led to a reading flagged so is an estimate."""


class Readings(NamedTuple):
    """Usable readings in order of time, no instant twice."""

    ms: Ints
    totals: Floats
    unmeasured: Bools
    refused_ms: Ints
    """When there were readings that are not usable."""


def sieve(series: Series, mark: tuple[int, float] | None) -> Readings:
    """Put readings in order after a mark, which becomes the first; of two at one instant the later given counts."""
    ms, totals, quality = series
    if len(ms) > 1 and not (np.diff(ms) > 0).all():
        order = np.argsort(ms, kind="stable")
        order = order[np.append(np.diff(ms[order]) > 0, True)]  # the last of each instant
        ms, totals, quality = ms[order], totals[order], quality[order]
    if mark is not None:
        first = int(np.searchsorted(ms, mark[0], "right"))
        ms, totals, quality = ms[first:], totals[first:], quality[first:]
    usable = np.isfinite(totals) & (totals >= 0)
    flagged = bool(quality.any())
    if flagged:
        usable &= (quality & UNUSABLE) == 0
    refused = ms[:0]
    if not usable.all():
        refused = ms[~usable]
        ms, totals, quality = ms[usable], totals[usable], quality[usable]
    unmeasured = (quality & UNMEASURED) != 0 if flagged else np.zeros(len(ms), np.bool_)
    if mark is not None:
        ms = np.concatenate(([np.int64(mark[0])], ms))
        totals = np.concatenate(([mark[1]], totals))
        unmeasured = np.concatenate(([False], unmeasured))
    return Readings(ms, totals, unmeasured, refused)
