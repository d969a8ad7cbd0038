"""The time of a foreign message, in the form that the registry declares for it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from park.instant import from_ms, from_text, to_ms
from park.malformed import Malformed
from park.reason import Reason

CONTRACT: Final = ""
"""As the platform's own payload has it: RFC 3339 with an offset, or whole milliseconds since 1970."""
LOCAL: Final = "local"
FORMS: Final = ("rfc3339", "ms", "s", LOCAL)
WALL = re.compile(r"\d{4}-\d\d-\d\d[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?", re.ASCII)
DIGITS = re.compile(r"-?\d{1,19}(\.\d{1,9})?", re.ASCII)


def read_time(value: object, form: str, zone: ZoneInfo | None, received: datetime) -> datetime | None:
    """Read a time; None where it is of the wall clock and nobody said of which zone.  Raises Malformed."""
    try:
        return READERS[form](value, zone, received)
    except (ValueError, OverflowError, TypeError):
        shown = str(value)[:60] if isinstance(value, str | int | float) else type(value).__name__
        raise Malformed(Reason.TIME_FORM, shown) from None


def _contract(value: object, _zone: ZoneInfo | None, _received: datetime) -> datetime:
    if isinstance(value, int) and not isinstance(value, bool):
        return from_ms(value)
    return _text(value)


def _text(value: object, _zone: ZoneInfo | None = None, _received: datetime | None = None) -> datetime:
    if not isinstance(value, str):
        raise TypeError
    return from_text(value)


def _milliseconds(value: object, _zone: ZoneInfo | None, _received: datetime) -> datetime:
    return from_ms(int(_number(value)))


def _seconds(value: object, _zone: ZoneInfo | None, _received: datetime) -> datetime:
    return from_ms(round(_number(value) * 1000))


def _number(value: object) -> float:
    """Take a number, or one in quotes: the form is declared, so nothing is guessed."""
    if isinstance(value, str) and DIGITS.fullmatch(value):
        return float(value) if "." in value else int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TypeError


def _local(value: object, zone: ZoneInfo | None, received: datetime) -> datetime | None:
    """Read the wall clock; in the hour that a zone has twice, the one nearer to the arrival is meant."""
    if not isinstance(value, str) or not WALL.fullmatch(value):
        return _text(value)  # a device that adds its offset says more than was asked
    wall = datetime.fromisoformat(value.upper())
    if zone is None:
        return None
    both = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return from_ms(to_ms(min(both, key=lambda at: abs(at - received))))


READERS: Final[dict[str, Callable[[object, ZoneInfo | None, datetime], datetime | None]]] = {
    CONTRACT: _contract,
    "rfc3339": _text,
    "ms": _milliseconds,
    "s": _seconds,
    LOCAL: _local,
}
