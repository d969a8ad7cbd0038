"""Activities are kept exactly, as revisions, and never beside a meter that counts the same."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from adapters.relational import activities, audit, registry_store
from adapters.relational.engine import writing
from adapters.relational.refusal import EntryRefused
from park import term
from park.activity import Activity
from tests.park.examples import meter, registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with one enterprise, whose electricity is metered."""
    registry_store.replace(engine, registry(meter("m1")), who="test", now=NOW)
    return engine


def diesel(amount: str | None = "12.350", name: str = "2026-10", item: str = "diesel", unit: str = "t") -> Activity:
    return Activity("e01", term.read(name), item, None if amount is None else Decimal(amount), unit, "发票 07")


def test_an_amount_comes_back_as_it_was_entered(store: Engine) -> None:
    activities.save(store, [diesel("1200.50", unit="kg")], who="王丽", now=NOW)
    [one] = activities.current(store)
    assert (str(one.amount), one.unit, one.base, one.evidence) == ("1200.50", "kg", Decimal("1.2005"), "发票 07")
    assert (one.revision, one.who, one.at) == (1, "王丽", NOW)


def test_items_of_one_term_are_revised_apart(store: Engine) -> None:
    activities.save(store, [diesel(), diesel(item="raw_coal")], who="x", now=NOW)
    before = activities.version(store)
    done = activities.save(store, [diesel("13"), diesel(item="raw_coal")], who="x", now=NOW, reason="补录")
    assert (len(done.changed), len(done.unchanged)) == (1, 1)
    assert activities.version(store) == before + 1
    assert [(one.item, one.revision) for one in activities.current(store)] == [("diesel", 2), ("raw_coal", 1)]
    told = activities.history(store, "e01", term.read("2026-10"), "diesel")
    assert [(one.amount, one.reason) for one in told] == [(Decimal("12.350"), ""), (Decimal(13), "补录")]


def test_an_entry_is_withdrawn_and_not_deleted(store: Engine) -> None:
    activities.save(store, [diesel()], who="x", now=NOW)
    activities.save(store, [diesel(None)], who="x", now=NOW, reason="误填")
    assert activities.current(store)[0].amount is None
    assert audit.entries(store)[0][0].action == "activity.revise"


def test_what_a_boundary_meter_counts_is_refused_and_nothing_beside_it_is_kept(store: Engine) -> None:
    with pytest.raises(EntryRefused) as refused:
        activities.save(store, [diesel(), diesel(item="electricity", unit="kWh")], who="x", now=NOW)
    assert [mistake.path for mistake in refused.value.mistakes] == ["activities[1].item"]
    assert activities.current(store) == []


def test_a_place_of_its_own_is_told_where_one_is_given(store: Engine) -> None:
    with pytest.raises(EntryRefused) as refused:
        activities.save(store, [diesel(unit="kWh")], who="x", now=NOW, places=[{"": "A3", "unit": "E3"}])
    assert [mistake.path for mistake in refused.value.mistakes] == ["E3"]


@pytest.mark.parametrize("change", ["UPDATE activity SET who = 'x'", "DELETE FROM activity"])
def test_what_is_kept_cannot_be_changed_by_anybody(store: Engine, change: str) -> None:
    activities.save(store, [diesel()], who="x", now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), writing(store) as connection:
        connection.execute(text(change))
