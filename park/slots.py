"""Steps shared out over the slots of a quarter of an hour.

Each slot adds up its own parts, so that nothing drifts however long the series.
"""

from datetime import timedelta

import numpy as np

from park.counter import Ledger
from park.interval import NO_INTERVALS, SLOT_MS, Intervals
from park.profile import Profile
from park.series import Floats, Ints
from park.steps import Bools, Steps

LEAST_GAP = timedelta(minutes=5)


def gap_of(period: timedelta) -> timedelta:
    """Give how far apart two readings of a meter may be and still measure what lies between."""
    return max(3 * period, LEAST_GAP)


def slots(ledger: Ledger, *, start_ms: int, end_ms: int, gap: timedelta, profile: Profile | None = None) -> Intervals:
    """Share a ledger's steps over the slots from `start_ms` to `end_ms`, both at the edges of slots."""
    return share(ledger.steps, start_ms=start_ms, end_ms=end_ms, gap=gap, profile=profile)


def share(steps: Steps, *, start_ms: int, end_ms: int, gap: timedelta, profile: Profile | None = None) -> Intervals:
    """Share steps over slots.

    A step no longer than `gap` is measured, and even over its time.  A longer one that crosses the edge of a slot is
    shared as the meter usually goes, and is an estimate; so is every step that waits for a person's word.
    """
    count = (end_ms - start_ms) // SLOT_MS
    steps = steps.within(start_ms, end_ms)
    if count <= 0 or not len(steps):
        return NO_INTERVALS
    tally = _Tally(start_ms, count)
    first = (steps.start_ms - start_ms) // SLOT_MS
    last = (steps.end_ms - 1 - start_ms) // SLOT_MS
    length = steps.end_ms - steps.start_ms
    crossing = last - first
    long = (crossing > 0) & (length > gap // timedelta(milliseconds=1))
    wide = long | (crossing > 1)
    if not wide.any():
        tally.narrow(steps, first, crossing, length)
        return tally.intervals()
    tally.narrow(*(_where(steps, first, crossing, length, ~wide)))
    for place in np.flatnonzero(wide).tolist():
        usual = profile if long[place] else None
        tally.wide(steps, place, usual, estimated=bool(long[place] or steps.estimated[place]))
    return tally.intervals()


def _where(steps: Steps, first: Ints, crossing: Ints, length: Ints, chosen: Bools) -> tuple[Steps, Ints, Ints, Ints]:
    rows = Steps(
        steps.start_ms[chosen], steps.end_ms[chosen], steps.amount[chosen], steps.cause[chosen], steps.estimated[chosen]
    )
    return rows, first[chosen], crossing[chosen], length[chosen]


class _Tally:
    """What each slot has so far."""

    def __init__(self, start_ms: int, count: int) -> None:
        self.start_ms, self.count = start_ms, count
        self.amount: Floats = np.zeros(count)
        self.measured: Floats = np.zeros(count)
        self.estimated: Floats = np.zeros(count)

    def narrow(self, steps: Steps, first: Ints, crossing: Ints, length: Ints) -> None:
        """Add steps that lie in one slot, or in two."""
        edge = (first + 1) * SLOT_MS + self.start_ms
        late = np.where(crossing > 0, steps.end_ms - edge, 0)
        share = late / length
        amount = steps.amount * share
        self._add(first, steps.amount - amount, length - late, steps.estimated)
        two = crossing > 0
        self._add(first[two] + 1, amount[two], late[two], steps.estimated[two])

    def wide(self, steps: Steps, place: int, profile: Profile | None, *, estimated: bool) -> None:
        """Add one step that lies in several slots, as the meter usually goes."""
        start, end, amount = int(steps.start_ms[place]), int(steps.end_ms[place]), float(steps.amount[place])
        first, last = (start - self.start_ms) // SLOT_MS, (end - 1 - self.start_ms) // SLOT_MS
        inner = np.arange(first + 1, last + 1) * SLOT_MS + self.start_ms
        edges = np.concatenate(([start], inner, [end]))
        times = np.diff(edges)
        weights = times.astype(np.float64) if profile is None else profile.weights(edges)
        if not weights.sum() > 0:
            weights = times.astype(np.float64)
        self._add(np.arange(first, last + 1), amount * (weights / weights.sum()), times, np.full(len(times), estimated))

    def _add(self, slot: Ints, amount: Floats, time: Ints, estimated: Bools) -> None:
        inside = (slot >= 0) & (slot < self.count)
        if not inside.all():
            slot, amount, time, estimated = slot[inside], amount[inside], time[inside], estimated[inside]
        self.amount += np.bincount(slot, amount, self.count)
        if not estimated.any():
            self.measured += np.bincount(slot, time, self.count)
            return
        self.measured += np.bincount(slot, np.where(estimated, 0, time), self.count)
        self.estimated += np.bincount(slot, np.where(estimated, time, 0), self.count)

    def intervals(self) -> Intervals:
        """Give the slots about which something is known."""
        known = np.flatnonzero(self.measured + self.estimated)
        return Intervals(
            self.start_ms + known * SLOT_MS,
            self.amount[known],
            self.measured[known] / SLOT_MS,
            self.estimated[known] / SLOT_MS,
        )
