"""The clock that leaps."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from smartpark.leaping_clock import LeapingClock

START = datetime(2026, 3, 1, 16, tzinfo=UTC)
NOW = datetime(2026, 11, 26, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_it_begins_where_it_is_told_and_runs_as_ours_does() -> None:
    hand = Hand()
    clock = LeapingClock(hand, start=START)
    assert clock() == START
    hand.now += SECOND
    assert clock() == START + SECOND


def test_it_leaps_forward_and_runs_on_from_there() -> None:
    hand = Hand()
    clock = LeapingClock(hand, start=START)
    clock.leap(START + 60 * SECOND)
    hand.now += SECOND
    assert clock() == START + 61 * SECOND


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(-1_000, 1_000))))
def test_it_never_goes_back(steps: list[tuple[int, int]]) -> None:
    hand = Hand()
    clock = LeapingClock(hand, start=START)
    seen = [clock()]
    for passed, to in steps:
        hand.now += passed * SECOND
        clock.leap(START + to * SECOND)
        seen.append(clock())
    assert seen == sorted(seen)
