"""What is booked is the truth, whatever happened on the line and whenever; and what cannot be known is not made up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from park.counter import Ledger, balance
from park.declaration import Wish, declare
from park.epoch import Epoch, Kind
from park.place import Meter, Multiplier, Register
from simulators.faults.fault import Fault
from simulators.faults.lines import ClockSkew, Dropout, Duplicate, FlappingLine, OutOfOrder, Reconnects
from simulators.faults.registers import MultiplierChange, Replacement, Reset, Rollover
from simulators.faults.said import Said
from simulators.faults.sensors import Noise, Spike, Stuck
from simulators.faults.strangers import Broken, Malformed
from simulators.faults.units import UnitChange
from simulators.scenario.actor import Actor
from tests.simulators.faults.stage import DAY_MS, MOVING, START, START_MS, actor, at, meter
from tests.simulators.scenario.booked import booked

M1 = ("m1",)
MINUTES = timedelta(minutes=1)
DIGIT = 0.011
"""The display's last digit, seen at both ends."""


def rated(width: float | None = 1_000_000.0) -> Meter:
    return replace(meter(), register=Register(width, "400 kW"))


def truth(one: Actor) -> float:
    found = one.truth(START_MS, START_MS + DAY_MS)
    assert found is not None
    return found


def used(made: Ledger) -> float:
    return float(made.steps.amount.sum())


@st.composite
def spans(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a stretch within the day that leaves its first and last half hour alone."""
    start = draw(st.integers(30, 1_300))
    return {
        "meters": M1,
        "at": start * MINUTES,
        "until": min(start + draw(st.integers(5, 300)), 1_400) * MINUTES,
    }


few = st.integers(1, 30).map(lambda minutes: minutes * MINUTES)


@st.composite
def harmless(draw: st.DrawFn) -> list[Fault]:
    """Draw faults of the line, several at once as they will: what comes through is what was shown."""
    kinds: dict[str, Callable[[dict[str, Any]], Fault]] = {
        "dropout": lambda span: Dropout(**span, buffered=draw(st.booleans()), backfill=draw(st.booleans())),
        "duplicate": lambda span: Duplicate(**span, copies=draw(st.integers(1, 3)), after=draw(few)),
        "order": lambda span: OutOfOrder(**span, by=draw(few)),
        "flapping": lambda span: FlappingLine(**span, on=draw(few), off=draw(few)),
        "reconnects": lambda span: Reconnects(**span),
        "malformed": lambda span: Malformed(**span, how=draw(st.sampled_from(Broken)), every=draw(st.integers(1, 4))),
        "noise": lambda span: Noise(**span, metric="p", amplitude=30.0),
    }
    names = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=4))
    return [kinds[name](draw(spans())) for name in names]


def whole(said: Sequence[Said]) -> bool:
    """Tell whether the last reading of the day came through: else the day is not over yet."""
    return said[-1].payload is None and said[-1].at == START_MS + DAY_MS


@settings(max_examples=40)
@given(harmless(), st.integers(0, 1_000))
def test_no_fault_of_the_line_changes_what_a_day_comes_to(faults: list[Fault], seed: int) -> None:
    of = rated()
    one = actor(*faults, flow=MOVING, of=of, seed=seed)
    said = one.says()
    made = booked(of, said)
    assume(whole(said))
    assert abs(used(made) - truth(one)) <= DIGIT
    assert made.suspicions == ()
    assert balance(made) == 0


@settings(max_examples=15)
@given(spans(), st.sampled_from(["clock", "unit"]))
def test_neither_a_clock_too_fast_nor_a_unit_that_is_named_changes_it(span: dict[str, Any], what: str) -> None:
    of = rated()
    fast, unit = ClockSkew(**span, fast=at(3)), UnitChange(**span, metric="ep_imp", unit="MWh", announced=True)
    one = actor(fast if what == "clock" else unit, flow=MOVING, of=of)
    assert abs(used(booked(of, one.says())) - truth(one)) <= DIGIT


@settings(max_examples=30)
@given(harmless(), st.integers(60, 1_380), st.sampled_from([9.0, 99_000.0, 999_999.0]))
def test_a_single_reading_from_nowhere_is_never_booked(faults: list[Fault], minute: int, value: float) -> None:
    of = rated()
    spike = Spike(meters=M1, metric="ep_imp", at=minute // 5 * 5 * MINUTES, value=value)
    one = actor(spike, *faults, flow=MOVING, of=of)
    said = one.says()
    made = booked(of, said)
    assume(whole(said))
    assert abs(used(made) - truth(one)) <= DIGIT


def word(of: Meter, moment: timedelta, *, closing: float, opening: float) -> Epoch:
    wish = Wish(Kind.REPLACEMENT, START + moment, "ep_imp", closing, opening)
    checked = declare(of, wish, who="t", now=START + at(48))
    assert checked.epoch is not None, checked.mistakes
    return checked.epoch


@settings(max_examples=30)
@given(st.integers(60, 1_380), st.floats(0, 900_000), harmless())
def test_a_swap_declared_with_both_readings_is_the_truth_whatever_the_line_did(
    minute: int, opening: float, faults: list[Fault]
) -> None:
    of, moment, first = rated(), minute * MINUTES, round(opening, 2)
    flowed = actor(flow=MOVING, of=of).truth(START_MS, START_MS + minute * 60_000)
    assert flowed is not None
    one = actor(Replacement(meters=M1, at=moment, opening=first), *faults, flow=MOVING, of=of)
    said = one.says()
    epoch = word(of, moment, closing=round(1_000 + flowed, 2), opening=first)
    made = booked(of, said, [epoch])
    assume(whole(said))
    assert abs(used(made) - truth(one)) <= 3 * DIGIT
    assert made.suspicions == ()


@settings(max_examples=30)
@given(st.integers(60, 1_380), harmless())
def test_a_rollover_of_a_register_that_is_known_needs_nobody(minute: int, faults: list[Fault]) -> None:
    of = rated(100_000.0)
    one = actor(Rollover(meters=M1, at=minute * MINUTES, width=100_000.0), *faults, flow=MOVING, of=of)
    said = one.says()
    made = booked(of, said)
    assume(whole(said))
    assert abs(used(made) - truth(one)) <= 2 * DIGIT
    assert made.suspicions == ()


@settings(max_examples=15)
@given(st.integers(60, 1_380))
def test_a_register_set_back_and_told_by_nobody_books_no_more_than_was_used_and_asks(minute: int) -> None:
    of = rated()
    one = actor(Reset(meters=M1, at=minute // 5 * 5 * MINUTES), flow=MOVING, of=of)
    made = booked(of, one.says())
    lost = truth(one) - used(made)
    assert -DIGIT <= lost <= 400 / 12, "what the last five minutes before it counted is all that is lost"
    assert [each.kind for each in made.suspicions] == [Kind.RESET]


@settings(max_examples=30)
@given(st.integers(60, 1_200), st.integers(1, 180), st.sampled_from([50.0, 200.0, 400.0]), harmless())
def test_transformers_told_of_hours_later_with_a_reading_are_the_truth_from_when_they_changed(
    minute: int, later: int, after: float, faults: list[Fault]
) -> None:
    moment, entered = minute * MINUTES, (minute + later) * MINUTES
    known = replace(rated(), multipliers=(Multiplier(START - at(48), 100.0), Multiplier(START + entered, after)))
    flowed = actor(flow=MOVING, of=known, decimals=4).truth(START_MS, START_MS + minute * 60_000)
    assert flowed is not None
    change = MultiplierChange(meters=M1, at=moment, before=100.0, after=after)
    one = actor(change, *faults, flow=MOVING, of=known, decimals=4)
    said = one.says()
    wish = Wish(Kind.MULTIPLIER, START + moment, "ep_imp", closing=round(1_000 + flowed / 100, 4), multiplier=after)
    epoch = declare(known, wish, who="t", now=START + entered).epoch
    assert epoch is not None
    made = booked(known, said, [epoch])
    assume(whole(said))
    assert abs(used(made) - truth(one)) <= 3 * 1e-4 * max(after, 100.0)
    assert made.suspicions == ()


@settings(max_examples=20)
@given(st.integers(60, 1_000), st.integers(60, 300))
def test_a_gateway_that_repeated_itself_is_put_right_by_the_reading_it_came_back_with(minute: int, length: int) -> None:
    start, end = minute // 5 * 5, (minute + length) // 5 * 5
    of = rated()
    one = actor(Stuck(meters=M1, metric="ep_imp", at=start * MINUTES, until=end * MINUTES), flow=MOVING, of=of)
    said = one.says()
    [back] = [each.values["ep_imp"] for each in said if each.sent == START_MS + end * 60_000]
    assert isinstance(back, float)
    untold = booked(of, said)
    made = booked(of, said, [word(of, end * MINUTES, closing=back, opening=back)])
    assert used(untold) <= truth(one) + DIGIT
    assert abs(used(made) - truth(one)) <= DIGIT
    assert made.suspicions == ()
