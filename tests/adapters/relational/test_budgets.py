"""Budgets are revised and never edited; what would not stand is refused whole, with every mistake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError

from adapters.relational import audit, budgets, figures, policies, registry_store
from adapters.relational.engine import writing
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_budget import budget as table
from park.budget import Budget, Kind, term_of
from park.coverage import WHOLE
from park.factor import Basis
from park.figure import Figure, Scope
from park.place import Enterprise, Park
from park.registry import Registry
from park.window import SITE

NOW = datetime(2026, 7, 1, 16, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
PARK = Registry((Park("hk", "园区"),), (Enterprise("e01", "hk", "甲"), Enterprise("e02", "hk", "乙")), ())
ENERGY = Budget("e01", 2026, Kind.ENERGY, Decimal("1500.125"), "双控〔2026〕3 号")
CARBON = replace(ENERGY, kind=Kind.CARBON, amount=Decimal(4_000))


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with a registered park."""
    registry_store.replace(engine, PARK, now=NOW, who="test")
    return engine


def test_what_was_kept_comes_back_as_it_was_to_the_last_digit(store: Engine) -> None:
    made = budgets.save(store, [ENERGY, CARBON], who="王丽", now=NOW)
    assert made == [replace(one, revision=1, who="王丽", at=NOW) for one in (ENERGY, CARBON)]
    assert budgets.current(store, 2026) == made[::-1]
    assert budgets.current(store, 2027) == []


def test_a_change_is_a_revision_with_its_reason_and_the_same_again_is_none(store: Engine) -> None:
    [first] = budgets.save(store, [ENERGY], who="王丽", now=NOW)
    before = budgets.version(store)
    assert budgets.save(store, [replace(ENERGY, reason="又一次")], who="李强", now=LATER) == []
    assert budgets.version(store) == before
    [second] = budgets.save(store, [replace(ENERGY, amount=Decimal(1_600), reason="调整")], who="李强", now=LATER)
    assert (second.revision, second.reason, second.who) == (2, "调整", "李强")
    assert budgets.version(store) != before
    assert budgets.history(store, "e01", 2026, Kind.ENERGY) == [second, first]


def test_a_budget_taken_back_is_in_force_no_more_and_stays_readable(store: Engine) -> None:
    budgets.save(store, [ENERGY, CARBON], who="王丽", now=NOW)
    [gone] = budgets.save(store, [replace(ENERGY, amount=None, reason="停产")], who="王丽", now=LATER)
    assert [one.kind for one in budgets.current(store, 2026)] == [Kind.CARBON]
    assert budgets.history(store, "e01", 2026, Kind.ENERGY)[0] == gone
    said = [(one.action, one.subject) for one in audit.entries(store)[0] if one.action.startswith("budget.")]
    assert said == [
        ("budget.delete", "e01 2026 energy"), ("budget.create", "e01 2026 co2"), ("budget.create", "e01 2026 energy"),
    ]  # fmt: skip
    assert budgets.save(store, [replace(ENERGY, enterprise="e02", amount=None)], who="王丽", now=LATER) == []


def test_a_set_with_mistakes_is_refused_whole_with_each_of_them(store: Engine) -> None:
    wrong = [CARBON, replace(ENERGY, enterprise="e10", amount=Decimal(0)), replace(CARBON, reason=" ")]
    with pytest.raises(EntryRefused) as refused:
        budgets.save(store, wrong, who="王丽", now=NOW, place="body.items")
    assert [mistake.path for mistake in refused.value.mistakes] == [
        "body.items[1].enterprise", "body.items[1].amount", "body.items[2]", "body.items[2].reason",
    ]  # fmt: skip
    assert budgets.current(store, 2026) == []


def test_the_database_itself_refuses_to_change_a_revision(store: Engine) -> None:
    budgets.save(store, [ENERGY], who="王丽", now=NOW)
    for change in (update(table).values(amount="1"), delete(table)):
        with pytest.raises(IntegrityError), writing(store) as connection:
            connection.execute(change)


def test_a_budget_is_held_against_the_figure_of_the_basis_its_park_goes_by(store: Engine) -> None:
    budgets.save(store, [ENERGY, CARBON], who="王丽", now=NOW)
    term = term_of(2026, NOW)
    made = [
        Figure(Scope.ENTERPRISE, "e01", "energy", term, basis, value, "tce", "energy", WHOLE, park="hk")
        for basis, value in ((Basis.EQUIVALENT, 900.075), (Basis.CALORIFIC, 300.025))
    ]
    figures.publish(store, term, made, over=False, now=NOW)
    by_energy = [one for one in budgets.standing(store, PARK, 2026, now=NOW, zone=SITE) if one.value is not None]
    assert [one.used for one in by_energy] == [pytest.approx(0.6)]
    policies.save(store, "hk", {"basis": "calorific", "reason": "双控口径"}, who="王丽", now=NOW)
    carbon, energy = budgets.standing(store, PARK, 2026, now=NOW, zone=SITE)
    assert energy.used == pytest.approx(0.2)
    assert carbon.why is not None
    assert budgets.standing(store, Registry(PARK.parks, (), ()), 2026, now=NOW, zone=SITE) == []
