"""One thing to say, in both languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """One thing to say; `{…}` is filled in by whoever says it."""

    zh: str
    en: str
