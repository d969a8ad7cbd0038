"""Times of HJ 212: digits without a zone, which are Beijing's clock wherever the logger stands."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from park.malformed import Malformed
from park.reason import Reason

BEIJING: Final = timezone(timedelta(hours=8))
FORM = re.compile(r"\d{14}(\d{3})?", re.ASCII)


@lru_cache(maxsize=1_024)
def instant(text: str) -> datetime:
    """Read a time of Beijing's clock."""
    if not FORM.fullmatch(text):
        raise Malformed(Reason.TIME_FORM, text or "DataTime")
    try:
        at = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
        at += timedelta(milliseconds=int(text[14:] or 0))
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(Reason.TIME_FORM, text) from None
