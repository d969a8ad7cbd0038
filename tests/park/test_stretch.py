"""Where windows begin, on every clock: slots, hours, days, months."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.instant import from_ms
from park.interval import SLOT
from park.stretch import ceil_ms, edges, midnights, whole
from park.term import Span
from park.window import DAY, SITE, floor

HOUR = timedelta(hours=1)
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns")]
WIDTHS = [SLOT, HOUR, DAY, 7 * DAY, Span.MONTH, Span.QUARTER, Span.YEAR]


def local(text: str, zone: ZoneInfo = SITE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


CASES = [
    ("a month is cut at both ends", Span.MONTH, "2026-01-20 2026-02-01 2026-03-01 2026-03-02T12:00"),
    ("ends that are edges are none within", Span.MONTH, "2026-01-01 2026-02-01 2026-03-01"),
    ("a quarter begins with its first month", Span.QUARTER, "2026-02-11 2026-04-01 2026-07-01 2026-08-01"),
    ("a year with January", Span.YEAR, "2025-07-01 2026-01-01 2026-07-01"),
    ("a day with midnight", DAY, "2026-02-27T23:45 2026-02-28 2026-03-01 2026-03-01T00:15"),
    ("a range within one window is one", HOUR, "2026-02-03T04:05 2026-02-03T04:06"),
]


@pytest.mark.parametrize(("every", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_windows_are_the_site_s_and_cut_at_both_ends(every: timedelta | Span, expected: str) -> None:
    ends = [local(text) for text in expected.split()]
    assert [from_ms(ms) for ms in edges(ends[0], ends[-1], every).tolist()] == ends


def test_a_range_that_is_empty_or_turned_round_has_no_windows() -> None:
    for end in ("2026-02-03", "2026-02-02"):
        assert edges(local("2026-02-03"), local(end), DAY).tolist() == []
        assert whole(local("2026-02-03"), local(end), DAY) is None


instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants them so


@given(
    start=instants,
    days=st.integers(0, 400),
    rest=st.integers(0, 86_399_999),
    every=st.sampled_from(WIDTHS[2:]),
    zone=st.sampled_from(ZONES),
)
def test_windows_cover_a_range_without_a_gap_and_begin_at_local_midnights(
    start: datetime, days: int, rest: int, every: timedelta | Span, zone: ZoneInfo
) -> None:
    end = start + timedelta(days=days, milliseconds=rest)
    found = edges(start, end, every, zone).tolist()
    if ceil_ms(start) >= ceil_ms(end):
        assert found == []
        return
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (ceil_ms(start), ceil_ms(end))
    for ms in found[1:-1]:
        wall = from_ms(ms).astimezone(zone)
        assert (wall.hour, wall.minute, wall.second) == (0, 0, 0)
        assert not isinstance(every, Span) or wall.day == 1


@given(start=instants, steps=st.integers(0, 300), every=st.sampled_from([SLOT, HOUR, DAY]), zone=st.sampled_from(ZONES))
def test_windows_are_those_of_the_one_place_that_knows_the_clock(
    start: datetime, steps: int, every: timedelta, zone: ZoneInfo
) -> None:
    found = edges(start, start + steps * HOUR, every, zone).tolist()
    for ms in found[1:-1]:
        assert floor(from_ms(ms), every, zone) == from_ms(ms)
        assert floor(from_ms(ms - 1), every, zone) < from_ms(ms)
    middle = whole(start, start + steps * HOUR, every, zone)
    inner = [ms for ms in found if floor(from_ms(ms), every, zone) == from_ms(ms)]
    assert middle == ((inner[0], inner[-1]) if len(inner) > 1 else None)


def test_days_of_a_moved_clock_have_23_and_25_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for text, hours in [("2026-03-28", [24, 23, 24]), ("2026-10-24", [24, 25, 24])]:
        start = local(text, berlin)
        found = midnights(start, start + 3 * DAY + HOUR, berlin).tolist()
        assert [(after - at) // 3_600_000 for at, after in pairwise(found)][:3] == hours


def test_midnights_are_those_within_a_range_and_at_its_ends() -> None:
    start = local("2026-05-01")
    assert [from_ms(ms) for ms in midnights(start, start + DAY).tolist()] == [start, start + DAY]
    assert [from_ms(ms) for ms in midnights(start + SLOT, start + 2 * DAY - SLOT).tolist()] == [start + DAY]
    assert midnights(start + SLOT, start + HOUR).tolist() == []


@pytest.mark.parametrize("every", [timedelta(), -SLOT, SLOT / 15, SLOT * 4 / 3, Span.TO_DATE, Span.ROLLING])
def test_a_width_that_no_slots_add_up_to_is_refused(every: timedelta | Span) -> None:
    with pytest.raises(ValueError, match="window"):
        edges(local("2026-01-01"), local("2026-02-01"), every)


def test_both_ends_of_a_range_are_cut_at_the_next_whole_millisecond() -> None:
    at = local("2026-01-01")
    assert ceil_ms(at) == ceil_ms(at - timedelta(microseconds=999)) == ceil_ms(at + timedelta(microseconds=1)) - 1
