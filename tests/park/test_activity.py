"""What is entered rather than metered is converted exactly, counted once, and in use until a 0 is entered."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from park import term
from park.activity import Activity, Sort, amounts, entered, items
from park.activity_check import check_activity, metered, plan_activities
from park.carrier import carriers
from park.registry_notes import Notes
from park.units import parse
from tests.park.examples import meter, registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def activity(
    name: str = "2026-10", item: str = "diesel", amount: str | None = "1", unit: str = "", evidence: str = "发票"
) -> Activity:
    given = None if amount is None else Decimal(amount)
    return Activity("e01", term.read(name), item, given, unit or items()[item].unit, evidence)


def mistakes(one: Activity, counted: set[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    notes = Notes({})
    check_activity(notes, one, lambda part: part, NOW, counted or set())
    return [(mistake.path, mistake.en) for mistake in notes.mistakes]


def test_every_carrier_can_be_entered_and_every_item_has_a_unit_and_names() -> None:
    assert carriers().keys() <= items().keys()
    assert {item.sort for item in items().values()} == set(Sort)
    for item in items().values():
        assert parse(item.unit), item
        assert item.zh, item
        assert item.en, item


@pytest.mark.parametrize(
    ("amount", "unit", "item", "base"),
    [
        ("1200.5", "kg", "diesel", "1.2005"),
        ("0.1", "t", "raw_coal", "0.1"),
        ("120", "MWh", "green_power", "120"),
        ("120000", "kWh", "green_power", "120"),
        ("3600", "MJ", "heat", "3.6"),
    ],
)
def test_an_amount_is_converted_without_a_digit_lost(amount: str, unit: str, item: str, base: str) -> None:
    assert activity(item=item, amount=amount, unit=unit).base == Decimal(base)


def test_amounts_add_up_over_terms_in_the_items_unit() -> None:
    known = [activity("2026-07", amount="500", unit="kg"), activity("2026-08"), activity("2026-09", amount="2")]
    assert amounts(known, "diesel", term.read("2026-Q3")).value == Decimal("3.5")


USE: list[tuple[str, list[Activity], str, dict[str, str | None]]] = [
    ("what was never entered is not in use", [], "2026-10", {}),
    ("what was entered counts", [activity()], "2026-10", {"diesel": "1"}),
    ("what was in use before and says nothing now is missing", [activity("2026-09")], "2026-10", {"diesel": None}),
    ("a 0 ends it", [activity("2026-08"), activity("2026-09", amount="0")], "2026-10", {}),
    ("a 0 is 0 in its own term", [activity("2026-10", amount="0")], "2026-10", {"diesel": "0"}),
    ("what begins later is not in use yet", [activity("2026-11")], "2026-10", {}),
    ("a year's amount is not a month's", [activity("2026")], "2026-10", {"diesel": None}),
    ("what was withdrawn was never said", [activity(amount=None)], "2026-10", {}),
    ("a new year does not end it", [activity("2025-12")], "2026-01", {"diesel": None}),
]


@pytest.mark.parametrize(("known", "name", "found"), [row[1:] for row in USE], ids=[row[0] for row in USE])
def test_what_has_to_be_counted(known: list[Activity], name: str, found: dict[str, str | None]) -> None:
    got = {item: amount.value for item, amount in entered(known, term.read(name)).items()}
    assert got == {item: None if value is None else Decimal(value) for item, value in found.items()}


WRONG: list[tuple[str, Activity, str, str]] = [
    ("an item there is not", Activity("e01", term.read("2026-10"), "disel", Decimal(1), "t"), "item", "mean diesel?"),
    ("a unit of another dimension", activity(unit="kWh"), "unit", "does not convert to t"),
    ("a unit nobody knows", activity(unit="barrels"), "unit", "does not convert"),
    ("less than nothing", activity(amount="-1"), "amount", "below the least"),
    ("process emissions without evidence", activity(item="dolomite", evidence=" "), "evidence", "needs its evidence"),
    ("green power without evidence", activity(item="green_power", evidence=""), "evidence", "needs its evidence"),
    ("a term that has not begun", activity("2027-01"), "term", "has not begun"),
]


@pytest.mark.parametrize(("given", "path", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_activity_is_refused_at_its_place(given: Activity, path: str, said: str) -> None:
    [(place, sentence)] = mistakes(given)
    assert place == path
    assert said in sentence


def test_what_a_boundary_meter_counts_is_not_entered_again_but_may_be_withdrawn() -> None:
    counted = metered(registry(meter("m1")))
    assert counted == {("e01", "electricity")}
    [(place, sentence)] = mistakes(activity(item="electricity"), counted)
    assert place == "item"
    assert "counted by a boundary meter" in sentence
    assert mistakes(activity(item="electricity", amount=None), counted) == []
    assert mistakes(activity(item="electricity")) == []


def test_entering_it_again_is_a_revision_only_where_something_differs() -> None:
    first = plan_activities({}, [("A1", activity())], reason="", now=NOW).steps[0].new
    same = plan_activities({first.key: first}, [("A1", activity(amount="1.00"))], reason="", now=NOW)
    assert not same
    assert same.mistakes == ()
    other = plan_activities({first.key: first}, [("A1", activity(evidence="磅单"))], reason="补依据", now=NOW)
    assert [(step.new.revision, step.new.reason) for step in other.changed] == [(2, "补依据")]
    assert plan_activities({first.key: first}, [("A1", activity(amount="2"))], reason="", now=NOW).mistakes


def test_withdrawing_what_was_never_entered_is_refused() -> None:
    assert "no amount" in plan_activities({}, [("A1", activity(amount=None))], reason="", now=NOW).mistakes[0].en
