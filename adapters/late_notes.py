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

    def note(self, readings: Iterable[Reading], *, oldest: datetime | None = None) -> None:
        """Note those that are late by now; a caller who knows the oldest of them saves a look at each.

        Raises StoreUnavailable where a book cannot be written.
        """
        border = self._clock() - LATE
        if not self._books or (oldest is not None and oldest >= border):
            return
        quarters = _quarters(readings, border)
        if not quarters:
            return
        starts = {
            quarter: day_start(EPOCH + quarter * QUARTER, self._zone) for quarter in {each for _, each in quarters}
        }
        days = {(meter, starts[quarter]) for meter, quarter in quarters}
        for book in self._books:
            book.note(days)


def _quarters(readings: Iterable[Reading], border: datetime) -> set[tuple[str, int]]:
    """Give meters and quarters of an hour with late readings; no day of any zone begins within one.

    Neighbours are looked at once where they share their time, as the metrics of one message do.
    """
    found: set[tuple[str, int]] = set()
    meter, at = "", border
    for reading in readings:
        if reading.at is at and reading.meter == meter:
            continue
        meter, at = reading.meter, reading.at
        if at < border:
            found.add((meter, (at - EPOCH) // QUARTER))
    return found
