"""Windows: days begin at the site's midnight, slots tile time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.window import DAY, SITE, day_start, floor, month_start

BERLIN = ZoneInfo("Europe/Berlin")
instants = st.datetimes(datetime(2001, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds it
widths = st.sampled_from(
    [timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), DAY, 7 * DAY]
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SITE)


@pytest.mark.parametrize(
    ("sentence", "at", "day", "month"),
    [
        ("a day begins at 16:00 UTC of the day before", "2026-11-22T16:00Z", "2026-11-23", "2026-11-01"),
        ("a moment earlier is yesterday",   "2026-11-22T15:59:59.999Z",      "2026-11-22", "2026-11-01"),
        ("UTC's midnight is eight in the morning",  "2026-11-23T00:00Z",     "2026-11-23", "2026-11-01"),
        ("the first of a month",            "2026-10-31T16:00Z",             "2026-11-01", "2026-11-01"),
        ("the last moment of a year",       "2026-12-31T15:59Z",             "2026-12-31", "2026-12-01"),
        ("the first moment of a year",      "2026-12-31T16:00Z",             "2027-01-01", "2027-01-01"),
        ("a leap day",                      "2028-02-29T01:00Z",             "2028-02-29", "2028-02-01"),
    ],
)  # fmt: skip
def test_shanghai_days_and_months(sentence: str, at: str, day: str, month: str) -> None:
    instant = datetime.fromisoformat(at)
    assert day_start(instant) == local(day), sentence
    assert month_start(instant) == local(month), sentence
    assert floor(instant, DAY) == local(day), sentence
    assert (day_start(instant).hour, month_start(instant).day) == (0, 1), sentence


@given(instants)
def test_a_day_holds_its_instant_and_lasts_24_hours(at: datetime) -> None:
    assert timedelta(0) <= at - day_start(at) < DAY
    assert day_start(day_start(at)) == day_start(at)


@given(instants, widths)
def test_a_slot_holds_its_instant_and_is_its_own_start(at: datetime, every: timedelta) -> None:
    start = floor(at, every)
    assert start <= at < start + every
    assert floor(start, every) == start
    assert floor(start + every, every) == start + every
    assert start.tzinfo is UTC


@given(instants, st.sampled_from([timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6)]))
def test_slots_tile_the_local_day(at: datetime, every: timedelta) -> None:
    assert floor(day_start(at), every) == day_start(at)
    local = floor(at, every).astimezone(SITE)
    assert timedelta(hours=local.hour, minutes=local.minute, seconds=local.second) % every == timedelta(0)


@given(instants, widths, st.sampled_from([SITE, BERLIN]))
def test_equal_instants_lie_in_one_slot_whatever_their_zone(at: datetime, every: timedelta, zone: ZoneInfo) -> None:
    slots = {floor(at.astimezone(written), every, zone).astimezone(UTC) for written in (UTC, SITE, BERLIN)}
    assert len(slots) == 1


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 12, 23])
@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 7, 1), datetime(2026, 10, 25)])  # noqa: DTZ001  # put into Berlin below
def test_where_clocks_change_a_day_still_begins_at_midnight(day: datetime, hour: int) -> None:
    midnight = day.replace(tzinfo=BERLIN)
    at = day.replace(hour=hour, tzinfo=BERLIN).astimezone(UTC)
    assert floor(at, DAY, BERLIN) == midnight == day_start(at, BERLIN)
