"""A run of whole local days that is looked at: one day, a week, a month, or any; and the run before it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from park.interval import SLOT
from park.term import MONTHS, Span, Term
from park.window import DAY, SITE

HOUR = timedelta(hours=1)
WEEK = 7
FINE = 2
"""Runs of as many days are drawn by slots."""
HOURLY = 14
LONGEST = 366


class Run(StrEnum):
    """What kind of run it is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Days:
    """One run, both ends in it."""

    run: Run
    first: date
    last: date

    @property
    def count(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def every(self) -> timedelta:
        """How long the windows are that it is drawn by."""
        if self.run is Run.MONTH:
            return DAY
        return SLOT if self.count <= FINE else HOUR if self.count <= HOURLY else DAY

    @property
    def month(self) -> Term | None:
        """The month it is; None for any other run."""
        found = Term(Span.MONTH, self.first.year * MONTHS + self.first.month - 1)
        return found if (self.first, self.last) == _month(self.first) else None

    def start(self, zone: ZoneInfo = SITE) -> datetime:
        """Give the instant it begins with, in UTC."""
        return _midnight(self.first, zone)

    def end(self, zone: ZoneInfo = SITE) -> datetime:
        """Give the instant it ends before, in UTC."""
        return _midnight(self.last + DAY, zone)

    def before(self) -> "Days":
        """Give the run just before: a month's is the month before, whatever its length."""
        last = self.first - DAY
        if self.run is Run.MONTH:
            return Days(self.run, *_month(last))
        return Days(self.run, last - (self.count - 1) * DAY, last)

    def after(self) -> "Days":
        """Give the run just after."""
        first = self.last + DAY
        if self.run is Run.MONTH:
            return Days(self.run, *_month(first))
        return Days(self.run, first, first + (self.count - 1) * DAY)

    def __str__(self) -> str:
        if self.run is Run.MONTH:
            return f"{self.first:%Y-%m}"
        return str(self.first) if self.count == 1 else f"{self.first} – {self.last}"


def holding(run: Run, day: date) -> Days:
    """Give the run of a kind that holds a day; weeks begin on Monday, and a range is that day alone."""
    return Days(run, *SPANS[run](day))


def between(first: date, last: date) -> Days:
    """Give a range of days.  Raises ValueError where it ends before it begins, or is longer than a year."""
    found = Days(Run.RANGE, first, last)
    if not 0 < found.count <= LONGEST:
        raise ValueError(f"not 1 to {LONGEST} days: {first} to {last}")
    return found


def _week(day: date) -> tuple[date, date]:
    monday = day - day.weekday() * DAY
    return monday, monday + (WEEK - 1) * DAY


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + 31 * DAY).replace(day=1) - DAY


SPANS: dict[Run, Callable[[date], tuple[date, date]]] = {
    Run.DAY: lambda day: (day, day),
    Run.WEEK: _week,
    Run.MONTH: _month,
    Run.RANGE: lambda day: (day, day),
}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
