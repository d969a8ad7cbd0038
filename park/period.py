"""Lengths of time as people write them: `15s`, `5m` or `5min`, `1h`, `1d`."""

import re
from datetime import timedelta

FORM = re.compile(r"(\d{1,11})\s*(ms|s|min|m|h|d)", re.ASCII)
UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
WRITTEN = ("d", "h", "m", "s", "ms")
LONGEST = timedelta(days=366)


def read(text: str) -> timedelta:
    """Read a length of time.  Raises ValueError for another form, nothing, or more than a year."""
    found = FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    try:
        period = int(found[1]) * UNITS[found[2]]
    except OverflowError as error:
        raise ValueError(text) from error
    if not timedelta(0) < period <= LONGEST:
        raise ValueError(text)
    return period


def write(period: timedelta) -> str:
    """Write a length of time in the largest unit that leaves no rest.  Raises ValueError below a millisecond."""
    for unit in WRITTEN:
        count, rest = divmod(period, UNITS[unit])
        if not rest and count > 0:
            return f"{count}{unit}"
    raise ValueError(f"{period} is not a whole number of milliseconds above 0")
