"""Consumption in slots, as the contract suite writes it and as plain Python sums it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from park.instant import from_ms, to_ms
from park.interval import SLOT, IntervalBatch, Intervals
from park.term import Span
from park.window import SITE

Slot = tuple[float, float, float]
"""Amount, and the shares of its time that were measured and estimated."""
WHOLE: Slot = (1.0, 1.0, 0.0)


def slots(found: Mapping[datetime, Slot]) -> Intervals:
    """Make columns of slots."""
    rows = [found[at] for at in sorted(found)]
    return Intervals(
        np.array([to_ms(at) for at in sorted(found)], np.int64),
        *(np.array([row[place] for row in rows], np.float64) for place in range(3)),
    )


def plain(held: Intervals) -> dict[datetime, Slot]:
    """Make slots of columns."""
    assert [column.dtype for column in (held.start_ms, held.amount)] == [np.int64, np.float64]
    rows = zip(held.amount.tolist(), held.measured.tolist(), held.estimated.tolist(), strict=True)
    return dict(zip(map(from_ms, held.start_ms.tolist()), rows, strict=True))


def batch(
    found: Mapping[datetime, Slot], start: datetime, end: datetime, *, meter: str = "m1", carrier: str = "electricity"
) -> IntervalBatch:
    """Make a batch of slots."""
    return IntervalBatch(meter, carrier, start, end, slots(found))


def every_slot(start: datetime, end: datetime, slot: Slot = WHOLE) -> dict[datetime, Slot]:
    """Give each slot of a range the same."""
    return {start + number * SLOT: slot for number in range((end - start) // SLOT)}


def window(at: datetime, every: timedelta | Span, zone: ZoneInfo = SITE) -> datetime:
    """Give the start of the window that holds an instant, by the calendar on the wall."""
    local = at.astimezone(zone).replace(tzinfo=None)
    if every is Span.MONTH:
        return local.replace(day=1, hour=0, minute=0).replace(tzinfo=zone).astimezone(at.tzinfo)
    if every == timedelta(days=1):
        return local.replace(hour=0, minute=0).replace(tzinfo=zone).astimezone(at.tzinfo)
    origin = datetime(1970, 1, 1, tzinfo=zone).astimezone(at.tzinfo)
    assert isinstance(every, timedelta)
    return origin + (at - origin) // every * every


def summed(
    found: Mapping[datetime, Slot], start: datetime, end: datetime, every: timedelta | Span
) -> dict[datetime, tuple[float, Fraction, Fraction]]:
    """Sum slots by windows exactly: amount, and the time that was measured and estimated, in slots."""
    sums: dict[datetime, Sequence[Fraction]] = {}
    for at, slot in found.items():
        if start <= at < end and slot[1] + slot[2] > 0:
            begun = max(start, window(at, every))
            sums[begun] = [a + Fraction(b) for a, b in zip(sums.get(begun, [Fraction()] * 3), slot, strict=True)]
    return {at: (float(amount), measured, estimated) for at, (amount, measured, estimated) in sums.items()}
