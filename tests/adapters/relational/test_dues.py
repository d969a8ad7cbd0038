"""Marks of meters and days with late readings: nothing that came while somebody worked is forgotten."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from adapters.relational.dues import Due, Dues
from adapters.relational.interval_dues import IntervalDues
from adapters.relational.rollups import RelationalRollups
from park.telemetry import StoreUnavailable
from park.window import day_start
from tests.park.examples import NOW

TODAY = day_start(NOW).astimezone(NOW.tzinfo)
DAY = timedelta(days=1)


@pytest.fixture(params=[IntervalDues, RelationalRollups])
def dues(request: pytest.FixtureRequest, engine: Engine) -> Dues:
    """The book of the accounts, and that of the roll-up."""
    book: Callable[[Engine], Dues] = request.param
    return book(engine)


def test_marks_come_oldest_day_first_and_as_many_as_asked(dues: Dues) -> None:
    dues.note({("m2", TODAY), ("m1", TODAY), ("m3", TODAY - DAY)})
    assert dues.due(2) == [Due("m3", TODAY - DAY, 1), Due("m1", TODAY, 1)]
    assert len(dues.due(10)) == dues.count() == 3


def test_a_mark_that_was_touched_meanwhile_stays(dues: Dues) -> None:
    dues.note({("m1", TODAY), ("m2", TODAY)})
    marks = dues.due(10)
    dues.note({("m1", TODAY)})
    dues.done(marks)
    assert dues.due(10) == [Due("m1", TODAY, 2)]
    dues.done(dues.due(10))
    assert dues.due(10) == []


def test_a_mark_taken_out_and_made_again_is_another(dues: Dues) -> None:
    dues.note({("m1", TODAY)})
    dues.done(dues.due(1))
    dues.note({("m1", TODAY)})
    assert dues.due(10) == [Due("m1", TODAY, 1)]


def test_noting_and_taking_out_nothing_is_no_mistake(dues: Dues) -> None:
    dues.note(set())
    dues.done([])
    assert dues.count() == 0


def test_a_month_of_a_whole_park_is_noted_and_taken_out(dues: Dues) -> None:
    days = {(f"m{meter}", TODAY - day * DAY) for meter in range(60) for day in range(30)}
    dues.note(days)
    dues.note(days)
    marks = dues.due(10_000)
    assert {(mark.meter, mark.day) for mark in marks} == days
    dues.done(marks)
    assert dues.count() == 0


def test_two_writers_at_once_are_both_heard(dues: Dues) -> None:
    def write() -> None:
        for _ in range(10):
            dues.note({("m1", TODAY), ("m2", TODAY)})

    threads = [Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [mark.touched for mark in dues.due(10)] == [20, 20]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.sets(st.integers(0, 4), max_size=4), st.sampled_from(["due", "done"])), max_size=12))
def test_no_mark_is_taken_out_that_was_not_seen_as_it_was(dues: Dues, steps: list[set[int] | str]) -> None:
    dues.done(dues.due(100))
    held: dict[int, int] = {}
    seen: list[Due] = []
    for step in steps:
        if isinstance(step, set):
            dues.note({(f"m{number}", TODAY) for number in step})
            held |= {number: held.get(number, 0) + 1 for number in step}
        elif step == "due":
            seen = list(dues.due(100))
        else:
            dues.done(seen)
            held = {
                number: touched for number, touched in held.items() if Due(f"m{number}", TODAY, touched) not in seen
            }
        assert dues.due(100) == [Due(f"m{number}", TODAY, touched) for number, touched in sorted(held.items())]


def test_a_store_that_is_away_says_so_in_the_port_s_own_terms(engine: Engine) -> None:
    dues = IntervalDues(engine)
    with engine.begin() as connection:
        connection.execute(text("drop table interval_due"))
    asks: list[Callable[[], object]] = [
        lambda: dues.note({("m1", TODAY)}),
        lambda: dues.due(1),
        dues.count,
        lambda: dues.done([Due("m1", TODAY, 1)]),
    ]
    for ask in asks:
        with pytest.raises(StoreUnavailable, match="notes of consumption"):
            ask()
