"""InfluxQL, written so that nothing that comes from outside can become part of the language."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from park.instant import EPOCH, MILLISECOND
from park.window import DAY


def name(text: str) -> str:
    """Write an identifier: a measurement, tag or field."""
    return '"' + _escape(text, '"') + '"'


def text(value: str) -> str:
    """Write a string."""
    return "'" + _escape(value, "'") + "'"


def _escape(value: str, quote: str) -> str:
    return value.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")


def names(every: Iterable[str]) -> str:
    """Write identifiers with commas between."""
    return ", ".join(map(name, every))


def one_of(tag: str, values: Iterable[str]) -> str:
    """Write the condition that a tag has one of some values."""
    return "(" + " OR ".join(f"{name(tag)} = {text(value)}" for value in values) + ")"


def between(start: datetime, end: datetime) -> str:
    """Write the condition `start` ≤ time < `end`; both ends are cut alike, at the next whole millisecond."""
    return f"time >= {_ceil(start)}ms AND time < {_ceil(end)}ms"


def slots(every: timedelta, zone: ZoneInfo) -> tuple[str, str]:
    """Write how time is cut into the slots of `park.window.floor`: what to group by, and what ends the query.

    Slots of whole days follow the site's clock.  Shorter ones count from its midnight of 1970-01-01 with the offset of
    that day, whatever the clocks did in between, so `tz()` is not for them.
    """
    width = every // MILLISECOND
    if width <= 0:
        raise ValueError(f"a window lasts at least a millisecond, not {every}")
    if not every % DAY:
        return f"time({width}ms)", f" tz({text(zone.key)})"
    origin = datetime(1970, 1, 1, tzinfo=zone).astimezone(EPOCH.tzinfo)
    return f"time({width}ms, {(origin - EPOCH) // MILLISECOND % width}ms)", ""


def _ceil(at: datetime) -> int:
    return -((EPOCH - at) // MILLISECOND)
