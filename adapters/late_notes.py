"""Late readings are noted, meter and local day, for whoever has made something of that day already."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from adapters.clock import Clock
from park.instant import EPOCH
from park.reading import Reading
from park.window import SITE, day_start

LATE = timedelta(minutes=30)
"""An older reading is noted; whoever works on what was measured looks at the last hour (rules) by itself."""
QUARTER = timedelta(minutes=15)


class DayBook(Protocol):
    """Keeps meters and days."""

    def note(self, days: Collection[tuple[str, datetime]]) -> None:
        """Write down meters and local days with late readings; kept when this returns."""


class LateNotes:
    """Notes late readings in all books.

    They are noted after they are stored: noted before, they might be worked on before they are there.  Who comes to an
    end in between has not confirmed the write, and writes again.
    """

    def __init__(self, books: Sequence[DayBook], *, clock: Clock, zone: ZoneInfo = SITE) -> None:
        self._books = books
        self._clock = clock
        self._zone = zone

    def note(self, readings: Iterable[Reading]) -> None:
        """Note those that are late by now.  Raises StoreUnavailable where a book cannot be written."""
        border = self._clock() - LATE
        late = [reading for reading in readings if reading.at < border]
        if late and self._books:
            days = set(_days(late, self._zone))
            for book in self._books:
                book.note(days)


def _days(readings: Iterable[Reading], zone: ZoneInfo) -> Iterable[tuple[str, datetime]]:
    """Give meters and local days; no day of any zone begins within a quarter of an hour."""
    quarters = {(reading.meter, (reading.at - EPOCH) // QUARTER) for reading in readings}
    starts = {quarter: day_start(EPOCH + quarter * QUARTER, zone) for quarter in {quarter for _, quarter in quarters}}
    for meter, quarter in quarters:
        yield meter, starts[quarter]
