"""The days of a register: kept whole, chained mark to mark, and found out where the chain is torn."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from adapters.relational import ledger_days
from adapters.relational.ledger_days import Accounted, Broken, Day
from park.basis import Basis
from park.counter import Mark

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, 16, tzinfo=UTC)
REGISTER = ("m1", "ep_imp")
TOTALS = (100.0, 110.0, 125.5, 125.5, 140.0)


def day(number: int, meter: str = "m1", **changed: object) -> Day:
    opening = Mark(number * 1_000, TOTALS[number - 1]) if number else None
    made = Day(
        meter=meter, metric="ep_imp", day=START + number * DAY, opening=opening,
        closing=Mark((number + 1) * 1_000, TOTALS[number]), firm=opening, undecided=0,
        booked=10.0, estimated=0.0, off=0.0, causes={"metered": 5760}, basis="b1",
    )  # fmt: skip
    return made._replace(**changed)  # type: ignore[arg-type]  # a test's own words


def kept(engine: Engine, *days: Day) -> None:
    ledger_days.save(engine, days)
    ledger_days.advance(engine, {(each.meter, each.metric): Accounted(START, "b1") for each in days})


def test_days_come_back_as_they_were_and_are_replaced_whole(engine: Engine) -> None:
    whole = [day(number) for number in range(5)]
    ledger_days.save(engine, whole)
    assert ledger_days.days(engine, REGISTER, START, START + 9 * DAY) == whole
    changed = day(2, booked=11.0, closing=None, causes={"reset": 1}, basis="b2")
    ledger_days.save(engine, [changed])
    assert ledger_days.days(engine, REGISTER, START + 2 * DAY, START + 3 * DAY) == [changed]
    ledger_days.save(engine, [])


def test_the_day_before_and_the_next_are_those_that_are_there(engine: Engine) -> None:
    kept(engine, day(0), day(1), day(4), day(1, "m2"))
    assert ledger_days.before(engine, REGISTER, START) is None
    assert ledger_days.before(engine, REGISTER, START + 4 * DAY) == day(1)
    assert ledger_days.after(engine, REGISTER, START + 2 * DAY) == day(4)
    assert ledger_days.after(engine, REGISTER, START + 5 * DAY) is None
    asked = [REGISTER, ("m2", "ep_imp"), ("m3", "ep_imp")]
    for before, found in ((2, {REGISTER: day(1), ("m2", "ep_imp"): day(1, "m2")}), (1, {REGISTER: day(0)}), (0, {})):
        moment = START + before * DAY
        assert ledger_days.newest(engine, asked, moment, previous=moment - DAY) == found
    late = ledger_days.newest(engine, asked, START + 4 * DAY, previous=START + 3 * DAY)
    assert late == {REGISTER: day(1), ("m2", "ep_imp"): day(1, "m2")}
    assert ledger_days.on(engine, asked, START) == {REGISTER: day(0)}


def test_days_reckoned_with_other_facts_are_found(engine: Engine) -> None:
    kept(engine, *(day(number) for number in range(5)))
    assert ledger_days.other_basis(engine, REGISTER, Basis((), "b1")) == []
    changed = Basis(((START + 2 * DAY, "b2"),), "b1")
    assert ledger_days.other_basis(engine, REGISTER, changed) == [START + number * DAY for number in (2, 3, 4)]


def test_how_far_it_is_accounted_for_is_noted_for_each_register(engine: Engine) -> None:
    ledger_days.advance(engine, {REGISTER: Accounted(START, "b1"), ("m2", "volume"): Accounted(START, "b1")})
    ledger_days.advance(engine, {REGISTER: Accounted(START + DAY, "b2")})
    ledger_days.advance(engine, {})
    assert ledger_days.reach(engine) == {
        REGISTER: Accounted(START + DAY, "b2"),
        ("m2", "volume"): Accounted(START, "b1"),
    }


@pytest.mark.parametrize(
    ("torn", "found"),
    [
        (day(3, off=0.5), Broken("m1", "ep_imp", START + 3 * DAY, 0.5)),
        (day(3, off=-0.5), Broken("m1", "ep_imp", START + 3 * DAY, -0.5)),
        (day(3, opening=Mark(3_000, 125.0)), Broken("m1", "ep_imp", START + 3 * DAY, 0.0)),
        (day(3, opening=Mark(2_999, 125.5)), Broken("m1", "ep_imp", START + 3 * DAY, 0.0)),
        (day(3, opening=None), Broken("m1", "ep_imp", START + 3 * DAY, 0.0)),
        (day(3, off=1e-7), None),
        (day(3), None),
    ],
    ids=["too much", "too little", "another total", "another time", "from nothing", "rounding", "sound"],
)
def test_a_torn_chain_and_a_wrong_sum_are_found(engine: Engine, torn: Day, found: Broken | None) -> None:
    kept(engine, *(day(number) for number in range(5)), *(day(number, "m2") for number in range(5)))
    ledger_days.save(engine, [torn])
    assert ledger_days.broken(engine) == ([found] if found else [])
