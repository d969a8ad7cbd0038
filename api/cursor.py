"""Where the next page begins, as text that a client hands back untouched."""

import base64
import binascii
import re

from api.problem import Problem

FORM = re.compile(r"1:(.{1,200})", re.DOTALL)


def write(key: str | int) -> str:
    """Make a cursor of the key that the next page begins after."""
    return base64.urlsafe_b64encode(f"1:{key}".encode()).decode().rstrip("=")


def read(cursor: str | None) -> str | None:
    """Give back the key.  Raises Problem for text we did not write."""
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Problem("bad_cursor") from None
    form = FORM.fullmatch(text)
    if form is None:
        raise Problem("bad_cursor")
    return form[1]


def read_number(cursor: str | None) -> int | None:
    """Give back a key that is a number.  Raises Problem."""
    key = read(cursor)
    if key is None:
        return None
    if not re.fullmatch(r"-?\d{1,18}", key, re.ASCII):
        raise Problem("bad_cursor")
    return int(key)
