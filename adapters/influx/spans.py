"""Where the windows of a range are read from: long stretches from slots, their ends from the readings themselves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adapters.influx.resolution import DAY, HOUR, QUARTER, RAW, Resolution
from park import window

LEAST = timedelta(hours=12)
"""A shorter stretch is read from the readings: they are few."""
PAST_MIDNIGHT = timedelta(hours=3)


class Settled(NamedTuple):
    """How far slots may be trusted."""

    until: datetime | None
    """Before this all slots are made; None where nobody makes them."""
    stale: frozenset[str] = frozenset()
    """Meters with late readings that are not in the slots yet."""


class Span(NamedTuple):
    """A stretch of time and the bucket it is read from; windows do not cross its ends, but for the range's own."""

    resolution: Resolution
    start: datetime
    end: datetime


def spans(
    start: datetime, end: datetime, every: timedelta, *, zone: ZoneInfo, until: datetime | None
) -> Iterator[Span]:
    """Part a range so that every window has the value it has in the readings; slots are right before `until`."""
    slot = _slot(every)
    first, last = ceil(start, every, zone), window.floor(min(end, until or start), every, zone)
    if slot is None or last - first < LEAST:
        yield Span(RAW, start, end)
        return
    if start < first:
        yield Span(RAW, start, first)
    yield Span(slot, first, last)
    if last < end:
        yield Span(RAW, last, end)


def _slot(every: timedelta) -> Resolution | None:
    """Give the coarsest slots that windows of one length are made of; None where they are finer than all."""
    for resolution in (DAY, HOUR, QUARTER):
        if resolution.width is not None and not every % resolution.width:
            return resolution
    return None


def ceil(at: datetime, every: timedelta, zone: ZoneInfo) -> datetime:
    """Give the start of the first window at or after an instant."""
    begun = window.floor(at, every, zone)
    if begun == at:
        return at
    if every % window.DAY:
        return begun + every
    return window.floor(begun + every + PAST_MIDNIGHT, every, zone)  # a day of a moved clock has 23 or 25 hours
