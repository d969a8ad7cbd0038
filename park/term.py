"""Reporting terms: a local month, quarter or year, and the stretches made of months: year to date, rolling twelve.

Written `2026-10`, `2026-Q3`, `2026`, `2026-10/ytd` and `2026-10/r12`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import total_ordering
from zoneinfo import ZoneInfo

from park.window import SITE

YEARS = range(1970, 2200)
FORM = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])(?:/(ytd|r12))?))?", re.ASCII)
MONTHS = 12
QUARTER = 3


class Span(StrEnum):
    """How much time a term takes in."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    TO_DATE = "ytd"
    """From January to the named month."""
    ROLLING = "r12"
    """The twelve months that end with the named one."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Term:
    """One term.  `last` counts months since the year 0, so that neighbours differ by one."""

    span: Span
    last: int
    """The last month it takes in: year * 12 + month − 1."""

    @property
    def length(self) -> int:
        """How many months it takes in."""
        fixed = {Span.MONTH: 1, Span.QUARTER: QUARTER, Span.YEAR: MONTHS, Span.ROLLING: MONTHS}
        return fixed.get(self.span, self.last % MONTHS + 1)

    @property
    def first(self) -> int:
        """The first month it takes in."""
        return self.last - self.length + 1

    @property
    def year(self) -> int:
        """The year of its last month: whose factors apply."""
        return self.last // MONTHS

    def start(self, zone: ZoneInfo = SITE) -> datetime:
        """Give the instant it begins with, in UTC."""
        return _midnight(self.first, zone)

    def end(self, zone: ZoneInfo = SITE) -> datetime:
        """Give the instant it ends before, in UTC."""
        return _midnight(self.last + 1, zone)

    def months(self) -> Iterator["Term"]:
        """Give its months in order."""
        return (Term(Span.MONTH, month) for month in range(self.first, self.last + 1))

    def before(self) -> "Term":
        """Give the term of the same kind just before (环比): a year to date is compared with that of a month ago."""
        step = self.length if self.span in {Span.QUARTER, Span.YEAR} else 1
        return Term(self.span, self.last - step)

    def year_ago(self) -> "Term":
        """Give the same term of the year before (同比)."""
        return Term(self.span, self.last - MONTHS)

    def holds(self, other: "Term") -> bool:
        """Tell whether every month of another term is one of this."""
        return self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        year, month = divmod(self.last, MONTHS)
        if self.span is Span.YEAR:
            return f"{year:04}"
        if self.span is Span.QUARTER:
            return f"{year:04}-Q{month // QUARTER + 1}"
        tail = "" if self.span is Span.MONTH else f"/{self.span}"
        return f"{year:04}-{month + 1:02}{tail}"

    def __lt__(self, other: "Term") -> bool:
        return (self.last, self.first) < (other.last, other.first)


def read(text: str) -> Term:
    """Read a term as it is written.  Raises ValueError for any other form."""
    found = FORM.fullmatch(text.strip())
    if found is None or int(found[1]) not in YEARS:
        raise ValueError(text)
    year, quarter, month, span = int(found[1]), found[2], found[3], found[4]
    if quarter:
        return Term(Span.QUARTER, year * MONTHS + int(quarter) * QUARTER - 1)
    if month:
        return Term(Span(span or Span.MONTH), year * MONTHS + int(month) - 1)
    return Term(Span.YEAR, year * MONTHS + MONTHS - 1)


def month_of(at: datetime, zone: ZoneInfo = SITE) -> Term:
    """Give the local month that holds an instant."""
    local = at.astimezone(zone)
    return Term(Span.MONTH, local.year * MONTHS + local.month - 1)


def quarter_of(month: Term) -> Term:
    """Give the quarter that holds a term's last month."""
    return Term(Span.QUARTER, month.last - month.last % QUARTER + QUARTER - 1)


def year_of(month: Term) -> Term:
    """Give the year that holds a term's last month."""
    return Term(Span.YEAR, month.year * MONTHS + MONTHS - 1)


def _midnight(month: int, zone: ZoneInfo) -> datetime:
    year, place = divmod(month, MONTHS)
    return datetime(year, place + 1, 1, tzinfo=zone).astimezone(UTC)
