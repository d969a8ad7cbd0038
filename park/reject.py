"""Readings that a person said are not to be believed: what looked like an event was none."""

from collections.abc import Sequence

import numpy as np

from park.epoch import REACH_MS, Epoch, Kind
from park.instant import to_ms
from park.plausible import Plausible
from park.series import Floats, Ints
from park.steps import Bools


def reject(ms: Ints, totals: Floats, plausible: Plausible, epochs: Sequence[Epoch], *, marked: bool) -> Bools | None:
    """Tell which readings stay; None where a person rejected none.

    A rejected event takes with it the readings from its misfit on, until one fits what was believed before.
    """
    kept: Bools | None = None
    for epoch in epochs:
        at = to_ms(epoch.at)
        if not epoch.rejected or epoch.kind is Kind.TWO_DEVICES or (marked and at <= ms[0]):
            continue
        kept = np.ones(len(ms), np.bool_) if kept is None else kept
        places = np.flatnonzero(kept)
        first = max(int(np.searchsorted(ms[places], at - REACH_MS, "left")) - 1, 0)
        last = int(np.searchsorted(ms[places], at + REACH_MS, "left"))
        near = places[first : last + 1]
        misfits = np.flatnonzero(~plausible.fits(ms[near], totals[near]))
        if len(misfits):
            off = np.abs(ms[near[misfits + 1]] - at)
            place = first + int(misfits[int(np.argmin(off))])
            kept[_run(ms, totals, places, place, plausible)] = False
    return kept


def _run(ms: Ints, totals: Floats, places: Ints, before: int, plausible: Plausible) -> Ints:
    """Give the readings after a place that do not fit it, up to the first that does."""
    rest = places[before + 1 :]
    gains = totals[rest] - totals[places[before]]
    fitting = gains >= 0
    if gains[0] > 0:  # what stands too high does not fit by waiting: it must come down first
        fitting &= gains <= plausible.most_of(ms[rest], ms[rest] - ms[places[before]])
        fitting &= np.cumsum(np.diff(totals[rest], prepend=totals[rest[0]]) < 0) > 0
    ends = np.flatnonzero(fitting)
    return rest[: int(ends[0])] if len(ends) else rest
