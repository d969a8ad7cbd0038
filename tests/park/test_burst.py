"""Too much in too short a time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.burst import CALM, FLOOD, TEN_MINUTES, busiest, chatters, floods

T0 = datetime(2026, 11, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TIMES = st.lists(st.integers(0, 7_200), max_size=80).map(lambda some: [T0 + one * SECOND for one in sorted(some)])


def at(*seconds: int) -> list[datetime]:
    return [T0 + second * SECOND for second in seconds]


@pytest.mark.parametrize(
    ("seconds", "bursts", "why"),
    [
        ([], 0, "nothing is no chattering"),
        ([0, 30], 0, "twice within a minute is none"),
        ([0, 30, 59], 1, "three within a minute is"),
        ([0, 30, 60], 0, "a minute ends before its sixtieth second"),
        ([0, 10, 20, 30, 40], 1, "what goes on is one burst"),
        ([0, 10, 20, 81, 90, 95], 2, "what pauses for a minute after them is two"),
        ([0, 10, 20, 3600, 3610, 3620], 2, "and so it is an hour later"),
    ],
)
def test_chattering_is_three_times_within_a_minute(seconds: list[int], bursts: int, why: str) -> None:
    assert chatters(at(*seconds)) == bursts, why


@given(TIMES)
def test_the_busiest_stretch_is_found_as_if_every_one_were_looked_at(times: list[datetime]) -> None:
    slow = max((sum(start <= one < start + TEN_MINUTES for one in times) for start in times), default=0)
    assert busiest(times, TEN_MINUTES) == slow


def test_ten_within_ten_minutes_are_no_flood_and_eleven_are() -> None:
    ten = at(*range(0, 600, 60))
    assert floods(ten) == []
    [flood] = floods(sorted([*ten, *at(5)]))
    assert (flood.start, flood.raised, flood.peak) == (T0, 11, 11)


def test_a_flood_ends_when_fewer_than_five_came_within_ten_minutes() -> None:
    [flood] = floods(at(*range(11)))
    assert flood.end == T0 + (10 - CALM + 1) * SECOND + TEN_MINUTES


def test_what_comes_after_a_flood_is_over_begins_another_or_none() -> None:
    assert len(floods(at(*range(11), 3600, 3601))) == 1
    assert len(floods(at(*range(11), *range(3600, 3611)))) == 2


def test_what_trickles_on_belongs_to_the_flood() -> None:
    [flood] = floods(at(*range(11), *range(60, 1_800, 100)))
    assert flood.raised == 11 + 18
    assert flood.end > T0 + 1_800 * SECOND


def test_two_operators_can_look_at_twice_as_much() -> None:
    assert floods(at(*range(20)), operators=2) == []
    assert len(floods(at(*range(21)), operators=2)) == 1


@given(TIMES)
def test_there_is_a_flood_exactly_where_the_busiest_ten_minutes_have_more_than_ten(times: list[datetime]) -> None:
    found = floods(times)
    assert bool(found) is (busiest(times, TEN_MINUTES) > FLOOD)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(flood.start < flood.end and flood.raised >= flood.peak > FLOOD for flood in found)
