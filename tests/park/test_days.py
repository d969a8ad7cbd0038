"""Runs of local days: what each holds, what comes before it, and how finely it is drawn."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.days import LONGEST, Run, between, holding
from park.interval import SLOT
from park.term import read
from park.window import DAY

HOUR = timedelta(hours=1)
DAYS = st.dates(date(1971, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("run", "day", "first", "last", "drawn"),
    [
        pytest.param(Run.DAY, "2026-11-26", "2026-11-26", "2026-11-26", (SLOT, "2026-11-26"), id="a day by slots"),
        pytest.param(
            Run.WEEK, "2026-11-26", "2026-11-23", "2026-11-29", (HOUR, "2026-11-23 – 2026-11-29"), id="a week by hours"
        ),
        pytest.param(
            Run.WEEK, "2026-11-23", "2026-11-23", "2026-11-29", (HOUR, "2026-11-23 – 2026-11-29"), id="its Monday"
        ),
        pytest.param(Run.MONTH, "2024-02-29", "2024-02-01", "2024-02-29", (DAY, "2024-02"), id="a month by days"),
    ],
)
def test_a_run_that_holds_a_day(run: Run, day: str, first: str, last: str, drawn: tuple[timedelta, str]) -> None:
    found = holding(run, date.fromisoformat(day))
    assert (str(found.first), str(found.last)) == (first, last)
    assert (found.every, str(found)) == drawn


@pytest.mark.parametrize(
    ("run", "day", "first", "last"),
    [
        pytest.param(Run.DAY, "2026-01-01", "2025-12-31", "2025-12-31", id="the day before a year"),
        pytest.param(Run.WEEK, "2026-11-26", "2026-11-16", "2026-11-22", id="the week before"),
        pytest.param(Run.MONTH, "2024-03-31", "2024-02-01", "2024-02-29", id="a shorter month before a longer one"),
    ],
)
def test_what_comes_before(run: Run, day: str, first: str, last: str) -> None:
    before = holding(run, date.fromisoformat(day)).before()
    assert (str(before.first), str(before.last)) == (first, last)


@given(st.sampled_from(Run), DAYS)
def test_runs_lie_side_by_side(run: Run, day: date) -> None:
    days = holding(run, day)
    assert days.first <= day <= days.last
    assert days.before().end() == days.start()
    assert days.before().after() == days


@pytest.mark.parametrize(("count", "every"), [(2, SLOT), (3, HOUR), (14, HOUR), (15, DAY)], ids=str)
def test_a_longer_range_is_drawn_more_coarsely(count: int, every: timedelta) -> None:
    first = date(2026, 11, 1)
    assert between(first, first + (count - 1) * DAY).every == every


@pytest.mark.parametrize("count", [0, -3, LONGEST + 1])
def test_a_range_that_is_none_or_too_long_is_refused(count: int) -> None:
    first = date(2026, 1, 1)
    with pytest.raises(ValueError, match="not 1 to 366 days"):
        between(first, first + (count - 1) * DAY)


def test_a_run_begins_at_local_midnight_whatever_the_clocks_did() -> None:
    days = holding(Run.DAY, date(2026, 3, 29))
    assert days.start() == datetime(2026, 3, 28, 16, tzinfo=UTC)
    zone = ZoneInfo("Europe/Berlin")
    assert days.end(zone) - days.start(zone) == timedelta(hours=23)


def test_a_range_of_a_whole_month_is_that_month_and_another_is_none() -> None:
    assert between(date(2026, 2, 1), date(2026, 2, 28)).month == read("2026-02")
    assert between(date(2026, 2, 1), date(2026, 2, 27)).month is None
    assert holding(Run.MONTH, date(2026, 12, 5)).month == read("2026-12")
