"""Times as a request writes them and as an answer shows them."""

import re
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from park.instant import from_ms, from_text

LOST_PLUS = re.compile(r"(T\d\d:\d\d:\d\d(?:\.\d+)?) (\d\d:\d\d)", re.IGNORECASE)
EVERY = re.compile(r"(\d{1,5})(s|m|h|d)", re.ASCII)
UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read_instant(value: object) -> datetime:
    """Read RFC 3339 with an offset or integer milliseconds; a `+` that a query turned into a blank is put back."""
    text = str(value)
    try:
        if re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
            return from_ms(int(text))
        return from_text(LOST_PLUS.sub(r"\1+\2", text))
    except ValueError:
        raise PydanticCustomError("instant", "{value} is not RFC 3339", {"value": text[:60]}) from None


def read_every(value: object) -> timedelta:
    """Read a length of time such as 15m, 1h or 1d."""
    form = EVERY.fullmatch(str(value))
    if form is None or int(form[1]) == 0:
        raise PydanticCustomError("every", "{value} is no duration", {"value": str(value)[:60]})
    return int(form[1]) * UNITS[form[2]]


def write_every(every: timedelta) -> str:
    """Write a length of time as `read_every` takes it, in the largest unit that divides it."""
    name, unit = next((name, unit) for name, unit in reversed(UNITS.items()) if not every % unit)
    return f"{every // unit}{name}"


Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-23T08:00:00+08:00"]}),
]
Every = Annotated[
    timedelta,
    BeforeValidator(read_every),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,5}[smhd]$", "examples": ["15m", "1h", "1d"]}),
]
