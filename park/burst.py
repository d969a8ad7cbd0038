"""Too much in too short a time: the stretches in which more comes than a person can take in."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
TEN_MINUTES = timedelta(minutes=10)
CHATTERING = 3
"""An alert that is raised so often within a minute chatters (ISA-18.2)."""
FLOOD = 10
"""More than so many alerts within ten minutes are more than one operator can look at (ISA-18.2)."""
CALM = 5
"""A flood is over once fewer than this come within ten minutes."""


class Flood(NamedTuple):
    """A stretch in which more came than one can look at."""

    start: datetime
    end: datetime
    raised: int
    """How many came in all."""
    peak: int
    """The most within any ten minutes of it."""


def busiest(times: Sequence[datetime], within: timedelta) -> int:
    """Give the most that came within any stretch of a length; its end is not part of it.  `times` are in order."""
    most = first = 0
    for place, at in enumerate(times):
        while at - times[first] >= within:
            first += 1
        most = max(most, place - first + 1)
    return most


def chatters(times: Sequence[datetime]) -> int:
    """Count the bursts of chattering: stretches without a pause, three within a minute at least."""
    bursts = 0
    until: datetime | None = None
    for place, at in enumerate(times):
        early = place - CHATTERING + 1
        if early < 0 or at - times[early] >= MINUTE:
            continue
        if until is None or times[early] > until:
            bursts += 1
        until = at
    return bursts


def floods(times: Iterable[datetime], *, operators: int = 1) -> list[Flood]:
    """Find the floods: each begins where too many came within ten minutes, and ends where few do again."""
    found: list[Flood] = []
    window: list[datetime] = []
    start: datetime | None = None
    count = peak = 0
    end = None
    for at in times:
        if start is not None and end is not None:
            over = _falls_below(window, CALM * operators, at)
            if over is not None:
                found.append(Flood(start, over, count, peak))
                start = None
        window = [*(one for one in window if at - one < TEN_MINUTES), at]
        if start is not None:
            count, peak, end = count + 1, max(peak, len(window)), at
        elif len(window) > FLOOD * operators:
            start, count, peak, end = window[0], len(window), len(window), at
    if start is not None:
        over = window[-CALM * operators] + TEN_MINUTES if len(window) >= CALM * operators else window[-1]
        found.append(Flood(start, over, count, peak))
    return found


def _falls_below(window: Sequence[datetime], few: int, now: datetime) -> datetime | None:
    """Give when fewer than `few` of what came were within the last ten minutes; None where that is not so yet."""
    if len(window) < few:
        return window[-1]
    over = window[-few] + TEN_MINUTES
    return over if over <= now else None
