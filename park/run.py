"""Runs: the stretches in which a device counted its messages on without starting again, and what is missing in them.

Within a run number and time grow together.  A message joins the run that its number and its device's time fit; where
it fits none the device has started again, and the message begins a run of its own.  `docs/decisions` says why.
"""

from bisect import bisect_left
from datetime import datetime
from typing import NamedTuple

import msgspec

MOST_JUMP = 1_000_000
"""A number further ahead is no gap that anybody could mend: the device counts in another way than before."""
WINDOW = 256
"""How far behind a message without a time may be and still be a late or repeated one."""


class Gap(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Numbers that never reached us, and when those around them did."""

    first: int
    last: int
    before: datetime
    after: datetime

    @property
    def missing(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


class Run(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one run: all numbers from `first` to `last` were heard but those in the gaps."""

    first: int
    last: int
    since: datetime
    """When its first message reached us."""
    heard: datetime
    """When its last number reached us."""
    begin: datetime | None
    """The earliest time its device named, None where it named none."""
    end: datetime | None
    gaps: tuple[Gap, ...] = ()
    folded: int = 0
    """How many numbers are missing in gaps that are no longer listed."""

    @property
    def missing(self) -> int:
        """How many numbers are missing."""
        return self.folded + sum(gap.missing for gap in self.gaps) if self.gaps else self.folded

    def lacks(self, seq: int) -> bool:
        """Tell whether a number is in one of the gaps."""
        place = bisect_left(self.gaps, seq, key=lambda gap: gap.last)
        return place < len(self.gaps) and self.gaps[place].first <= seq

    def knows(self, seq: int) -> bool:
        """Tell whether a number was heard."""
        return self.first <= seq <= self.last and not self.lacks(seq)

    def joined(self, seq: int, at: datetime | None, received: datetime) -> "Run":
        """Add a number that was not heard before."""
        begin, end = self.begin, self.end
        if at is not None:
            begin, end = min(at, begin or at), max(at, end or at)
        first, last, since, heard, gaps = self.first, self.last, self.since, self.heard, self.gaps
        if seq > last:
            gaps = (*gaps, *_between(last, seq, heard, received))
            last, heard = seq, received
        elif seq < first:
            gaps = (*_between(seq, first, received, since), *gaps)
            first, since = seq, min(since, received)
        else:
            place = bisect_left(gaps, seq, key=lambda gap: gap.last)
            gap = gaps[place]
            rest = (Gap(gap.first, seq - 1, gap.before, gap.after), Gap(seq + 1, gap.last, gap.before, gap.after))
            gaps = (*gaps[:place], *(piece for piece in rest if piece.missing), *gaps[place + 1 :])
        return Run(first, last, since, heard, begin, end, gaps, self.folded)


class Number(NamedTuple):
    """The number of one message, with the times that say where it belongs."""

    seq: int
    at: datetime | None
    """The device's time, None where it named none."""
    received: datetime
    replayed: bool = False
    """It was held in quarantine: its time decides, for others have come in before it."""


def count(runs: tuple[Run, ...], number: Number) -> tuple[tuple[Run, ...], bool]:
    """Add a number to the runs, which stand in the order of time; tell whether it was heard for the first time."""
    place, joins = _place(runs, number)
    seq, at, received, _ = number
    if not joins:
        return (*runs[:place], Run(seq, seq, received, received, at, at), *runs[place:]), True
    if runs[place].knows(seq):
        return runs, False
    return (*runs[:place], runs[place].joined(seq, at, received), *runs[place + 1 :]), True


def _between(low: int, high: int, before: datetime, after: datetime) -> tuple[Gap, ...]:
    return (Gap(low + 1, high - 1, min(before, after), max(before, after)),) if high - low > 1 else ()


def _place(runs: tuple[Run, ...], number: Number) -> tuple[int, bool]:
    """Say which run a number joins, or where in the order it begins one."""
    seq, at, received, replayed = number
    if not runs:
        return 0, False
    if replayed:
        return _by_time(runs, seq, at or received)
    newest, restart = runs[-1], (len(runs), False)
    if seq > newest.last:
        return _ahead(runs, seq, at)
    if at is None or newest.end is None:
        near = newest.last - seq < WINDOW or newest.lacks(seq)
        return (len(runs) - 1, True) if near else restart
    return restart if at > newest.end else _by_time(runs, seq, at)


def _ahead(runs: tuple[Run, ...], seq: int, at: datetime | None) -> tuple[int, bool]:
    """Say where a number belongs that the newest run has not come to: there, whatever its time, but for two cases."""
    newest = runs[-1]
    if at is not None and at < _begin(newest):
        place, joins = _by_time(runs, seq, at)
        if joins and seq <= runs[place].last + 1:  # sent again after the device had started anew
            return place, joins
    return (len(runs) - 1, True) if seq - newest.last <= MOST_JUMP else (len(runs), False)


def _by_time(runs: tuple[Run, ...], seq: int, at: datetime) -> tuple[int, bool]:
    """Say where a number belongs by its time."""
    place = next((place for place in reversed(range(len(runs))) if _begin(runs[place]) <= at), -1)
    if place >= 0 and at <= (runs[place].end or runs[place].heard):
        run = runs[place]
        fits = run.first <= seq <= run.last or run.last < seq <= run.last + MOST_JUMP
        return (place, True) if fits or at == _begin(run) else (place + 1, False)
    # It lies in the pause before the run after `place`, or after all of them.
    following = place + 1
    if following < len(runs) and 0 < runs[following].first - seq <= MOST_JUMP:
        return following, True
    if place >= 0 and 0 < seq - runs[place].last <= MOST_JUMP:
        return place, True
    return following, False


def _begin(run: Run) -> datetime:
    return run.begin or run.since
