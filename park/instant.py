"""Instants as devices write them: RFC 3339 with an offset, or integer milliseconds since 1970."""

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
FORM = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)


def from_ms(ms: int) -> datetime:
    """Make an instant of milliseconds since 1970.  Raises ValueError outside years 1 to 9999."""
    try:
        return EPOCH + ms * MILLISECOND
    except OverflowError as error:
        raise ValueError(ms) from error


def to_ms(at: datetime) -> int:
    """Count the whole milliseconds since 1970, rounding down."""
    return (at - EPOCH) // MILLISECOND


def from_text(text: str) -> datetime:
    """Read RFC 3339 with an offset, cut to milliseconds.  Raises ValueError for any other form."""
    if not FORM.fullmatch(text):
        raise ValueError(text)
    try:
        at = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:  # the year 1 or 9999, moved over the edge by its offset
        raise ValueError(text) from error
    finer = at.microsecond % 1000
    return at.replace(microsecond=at.microsecond - finer) if finer else at
