# ruff: noqa: E501  # a row of the table is a line
"""Who is next, and after how long: a sentence a row."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.escalation import Level, ladder, on_hand
from park.receiver import Receiver, Way

MINUTE = timedelta(minutes=1)


def person(name: str, to: str = "", after: int = 10, *, enabled: bool = True, duty: bool = False) -> Receiver:
    return Receiver(
        id=name, name=name, way=Way.WEBHOOK, escalates_to=to, escalate_after=after * MINUTE, enabled=enabled, on_duty_only=duty
    )  # fmt: skip


A, B, C = person("a", "b"), person("b", "c", 20), person("c")
NOBODY: tuple[str, ...] = ()

LADDERS = [
    ("each waits as long as it may before the next", [A, B, C], ("a",), ("a",), [(("b",), 10), (("c",), 30)]),
    ("where nobody is named there is no next", [C], ("c",), ("c",), []),
    ("where nobody was awake the next is told at once", [A, B, C], ("a",), NOBODY, [(("b",), 0), (("c",), 20)]),
    ("who was told from the beginning is not told again", [A, B, C], ("a", "b"), ("a", "b"), [(("c",), 20)]),
    ("the quickest of a level decides", [A, person("x", "c", 3), C, B], ("a", "x"), ("a", "x"), [(("b", "c"), 3)]),
    ("a circle ends where it began", [person("a", "b"), person("b", "a")], ("a",), ("a",), [(("b",), 10)]),
    ("one who is no more ends the line", [person("a", "ghost")], ("a",), ("a",), []),
    ("one who is off ends the line", [person("a", "b"), person("b", enabled=False)], ("a",), ("a",), []),
    ("an alert that concerned nobody goes to nobody", [A, B, C], NOBODY, NOBODY, []),
]


@pytest.mark.parametrize(("name", "people", "first", "awake", "levels"), LADDERS, ids=[row[0] for row in LADDERS])
def test_the_ladder(
    *,
    name: str,
    people: list[Receiver],
    first: tuple[str, ...],
    awake: tuple[str, ...],
    levels: list[tuple[tuple[str, ...], int]],
) -> None:
    found = ladder(first, awake, {one.id: one for one in people})
    assert found == [Level(receivers, after * MINUTE) for receivers, after in levels], name


HANDS = [
    ("who may be woken takes it", [person("a")], NOBODY, "a"),
    ("who is on duty takes it", [person("a", duty=True)], ("a",), "a"),
    ("who is off duty passes it on", [person("a", "b", duty=True), person("b")], NOBODY, "b"),
    ("past several who are off duty", [person("a", "b", duty=True), person("b", "c", duty=True), C], NOBODY, "c"),
    ("where nobody is left the first is woken", [person("a", "b", duty=True), person("b", duty=True)], NOBODY, "a"),
    ("a circle of sleepers ends", [person("a", "b", duty=True), person("b", "a", duty=True)], NOBODY, "a"),
    ("nothing is passed on to one who is off", [person("a", "b", duty=True), person("b", enabled=False)], NOBODY, "a"),
]


@pytest.mark.parametrize(("name", "people", "duty", "hand"), HANDS, ids=[row[0] for row in HANDS])
def test_whose_turn_it_is(*, name: str, people: list[Receiver], duty: tuple[str, ...], hand: str) -> None:
    assert on_hand(["a"], duty, {one.id: one for one in people}) == {hand}, name


NAMES = st.sampled_from("abcdef")
PEOPLE = st.dictionaries(NAMES, st.tuples(st.one_of(st.just(""), NAMES), st.integers(1, 60), st.booleans()))


@given(PEOPLE, st.sets(NAMES), st.sets(NAMES))
def test_nobody_is_told_on_two_levels_and_no_level_comes_before_the_last(
    people: dict[str, tuple[str, int, bool]], first: set[str], awake: set[str]
) -> None:
    receivers = {name: person(name, to, after, enabled=on) for name, (to, after, on) in people.items()}
    levels = ladder(first, awake, receivers)
    told = [name for level in levels for name in level.receivers]
    assert len(told) == len(set(told))
    assert not set(told) & first
    assert [level.after for level in levels] == sorted(level.after for level in levels)
    for level in levels:
        assert on_hand(level.receivers, (), receivers) <= receivers.keys()
