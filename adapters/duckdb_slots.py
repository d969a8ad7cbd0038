"""How the embedded store cuts time into the slots of `park.window.floor`, inside one query.

The query groups by the slot's *wall time* in milliseconds, the site's clock read as if it were UTC.  Slots shorter than
a day count with the one offset of 1970; those of whole days follow the clock, so that each begins at a local midnight.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from park.instant import EPOCH, MILLISECOND, from_ms, to_ms
from park.window import DAY

STRIDE = timedelta(days=7)
"""Clocks are never moved twice within a week."""
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Slots:
    """The slots of one length between two instants."""

    def __init__(self, zone: ZoneInfo, every: timedelta, start: datetime, end: datetime) -> None:
        self._zone = zone
        self._width = every // MILLISECOND
        if self._width <= 0:
            raise ValueError(f"a window lasts at least a millisecond, not {every}")
        self._days = not every % DAY
        origin = datetime(1970, 1, 1, tzinfo=zone).astimezone(UTC)
        self._offset = to_ms(EPOCH) - to_ms(origin)
        self._moves = list(_moves(zone, start, end)) if self._days else []
        if self._days:
            self._offset = _offset(zone, min(max(start, FIRST), LAST))

    @property
    def wall(self) -> str:
        """The SQL of the wall time at which the slot of `ts` begins; made of integers only."""
        offset = str(self._offset)
        if self._moves:
            cases = " ".join(f"when ts >= {ms} then {after}" for ms, after in reversed(self._moves))
            offset = f"case {cases} else {self._offset} end"
        local = f"(ts + {offset})"
        return f"{local} - ({local} % {self._width} + {self._width}) % {self._width}"

    def start(self, wall: int) -> datetime:
        """Give the instant at which the slot of a wall time begins."""
        if not self._days:
            return from_ms(wall - self._offset)
        return from_ms(wall).replace(tzinfo=self._zone, fold=0).astimezone(UTC)


def _moves(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[int, int]]:
    """Find when the clock was moved between two instants, and its offset from then on, both in milliseconds."""
    at, end = max(start, FIRST), min(end, LAST)
    while at < end:
        then = min(at + STRIDE, end)
        after = _offset(zone, then)
        if after != _offset(zone, at):
            low, high = to_ms(at), to_ms(then)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if _offset(zone, from_ms(middle)) == after else (middle, high)
            yield high, after
        at = then


def _offset(zone: ZoneInfo, at: datetime) -> int:
    return (at.astimezone(zone).utcoffset() or timedelta()) // MILLISECOND
