"""A day's basis differs where what it was reckoned with does, and nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from park import basis
from park.epoch import Epoch, Kind, Standing
from park.metric import Medium
from park.place import Meter, Multiplier, Role
from park.register import Rule
from park.subject import Subject, Way

DAY = timedelta(days=1)
START = datetime(2026, 10, 31, 16, tzinfo=UTC)
METER = Meter("m1", "e01", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "总表", timedelta(seconds=15), ("ep_imp",))
SUBJECT = Subject(METER, "ep_imp", "electricity", Way.REGISTER)
RULE = Rule(rated=2_000.0, width=1e6)
SWAP = Epoch("m1", "ep_imp", START + 3 * DAY + timedelta(hours=9), Kind.REPLACEMENT, closing=5.0, opening=0.0)


def days(*epochs: Epoch, rule: Rule = RULE, subject: Subject = SUBJECT) -> list[str]:
    made = basis.of_register(subject, rule, epochs)
    return [made.on(START + number * DAY) for number in range(6)]


def test_an_epoch_changes_its_own_day_and_those_after_it() -> None:
    before, after = days(), days(SWAP)
    assert before[:3] == after[:3]
    assert all(was != now for was, now in zip(before[3:], after[3:], strict=True))
    assert len(set(after)) == 2


def test_an_epoch_just_after_midnight_may_show_in_the_day_before() -> None:
    just = replace(SWAP, at=START + 3 * DAY + timedelta(minutes=20))
    assert days()[2] != days(just)[2]


@pytest.mark.parametrize(
    "changed",
    [{"closing": 6.0}, {"opening": 1.0}, {"standing": Standing.REJECTED}, {"kind": Kind.RESET}, {"multiplier": 2.0}],
    ids=str,
)
def test_whatever_counts_of_an_epoch_makes_another_basis(changed: dict[str, object]) -> None:
    assert days(SWAP)[3] != days(replace(SWAP, **changed))[3]  # type: ignore[arg-type]  # its own fields


@pytest.mark.parametrize("said", [{"note": "why"}, {"who": "王丽"}, {"recorded_at": START}], ids=str)
def test_who_said_it_and_why_changes_no_figure(said: dict[str, object]) -> None:
    assert days(SWAP) == days(replace(SWAP, **said))  # type: ignore[arg-type]  # its own fields


def test_a_multiplier_counts_from_its_day_on() -> None:
    rule = replace(RULE, multipliers=(Multiplier(START - DAY, 1.0), Multiplier(START + 2 * DAY, 120.0)))
    assert days(rule=rule)[:2] == days()[:2]
    assert days(rule=rule)[2] != days()[2]


@pytest.mark.parametrize(
    "rule",
    [
        replace(RULE, rated=1.0),
        replace(RULE, width=None),
        replace(RULE, dip=0.2),
        replace(RULE, multipliers=(Multiplier(START + 2 * DAY, 120.0),)),
    ],
    ids=["rated", "width", "dip", "the first multiplier"],
)
def test_facts_without_a_date_count_always(rule: Rule) -> None:
    assert not set(days()) & set(days(rule=rule))


def test_what_is_written_twice_is_the_same_whatever_its_order() -> None:
    later = replace(SWAP, at=SWAP.at + DAY, kind=Kind.RESET)
    assert days(SWAP, later) == days(later, SWAP)
    made = basis.of_register(SUBJECT, RULE, (SWAP, later))
    assert made.last == made.on(START + 99 * DAY)
    assert basis.of_register(SUBJECT, RULE, ()).last == days()[0]


def test_a_gauge_has_one_basis() -> None:
    gauge = Subject(METER, "p", "electricity", Way.FLOW)
    made = basis.of_gauge(gauge)
    assert made.on(START) == made.last
    slower = replace(gauge, meter=replace(METER, period=timedelta(minutes=1)))
    assert made.last != basis.of_gauge(slower).last
