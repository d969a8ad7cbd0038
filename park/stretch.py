"""Where windows of time begin: of one length, or local months, quarters and years.  All edges are milliseconds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from park.instant import EPOCH, MILLISECOND
from park.interval import SLOT
from park.series import Ints
from park.term import Span, Term, month_of, quarter_of, year_of
from park.window import DAY, SITE, floor

PAST_MIDNIGHT = timedelta(hours=3)
"""A day of a moved clock has 23 to 25 hours: this far past its 24th there is the next day, and not the one after."""
CALENDAR = {Span.MONTH: lambda month: month, Span.QUARTER: quarter_of, Span.YEAR: year_of}

Width = timedelta | Span
"""How long windows are: a multiple of a slot, or a local month, quarter or year."""


def edges(start: datetime, end: datetime, every: Width, zone: ZoneInfo = SITE) -> Ints:
    """Give the starts of the windows between two instants and, last, the end: windows are cut at both.

    Raises ValueError for a width that no slots add up to.
    """
    check(every)
    first, last = ceil_ms(start), ceil_ms(end)
    if first >= last:
        return np.empty(0, np.int64)
    inner = [at for begun in _starts(start, end, every, zone) if first < (at := ceil_ms(begun)) < last]
    return np.array([first, *inner, last], np.int64)


def midnights(start: datetime, end: datetime, zone: ZoneInfo = SITE) -> Ints:
    """Give the local midnights from the one at or after `start` to the one at or before `end`, both inclusive."""
    first, last = ceil_ms(start), ceil_ms(end)
    found = [ceil_ms(begun) for begun in _starts(start, end + 2 * DAY, DAY, zone)]
    return np.array([at for at in found if first <= at <= last], np.int64)


def whole(start: datetime, end: datetime, every: timedelta, zone: ZoneInfo = SITE) -> tuple[int, int] | None:
    """Give the ends of the windows that lie wholly within a range; None where none does."""
    begun = _starts(start, end + 2 * every, every, zone)
    first = next((at for at in begun if at >= start), end)
    last = floor(end.astimezone(EPOCH.tzinfo), every, zone)
    return (ceil_ms(first), ceil_ms(last)) if first < last else None


def check(every: Width) -> None:
    """Refuse a width that no slots add up to.  Raises ValueError."""
    if isinstance(every, Span):
        if every not in CALENDAR:
            raise ValueError(f"windows are months, quarters or years, not {every}")
    elif every < SLOT or every % SLOT:
        raise ValueError(f"a window is made of slots of {SLOT}, not {every}")


def ceil_ms(at: datetime) -> int:
    """Give the first whole millisecond at or after an instant, so that both ends of a range are cut alike."""
    return -((EPOCH - at) // MILLISECOND)


def _within(start: datetime, end: datetime, every: timedelta, zone: ZoneInfo) -> Ints:
    first, last = ceil_ms(start), ceil_ms(end)
    found = [ceil_ms(begun) for begun in _starts(start, end + 2 * every, every, zone)]
    return np.array([at for at in found if first <= at <= last], np.int64)


def _starts(start: datetime, end: datetime, every: Width, zone: ZoneInfo) -> Iterator[datetime]:
    """Give the starts of all windows that a range touches, the first of them at or before its start."""
    if isinstance(every, Span):
        term = CALENDAR[every](month_of(start, zone))
        while term.start(zone) < end:
            yield term.start(zone)
            term = Term(term.span, term.last + term.length)
        return
    at = floor(start.astimezone(EPOCH.tzinfo), every, zone)
    while at < end:
        yield at
        at = at + every if every % DAY else floor(at + every + PAST_MIDNIGHT, every, zone)
