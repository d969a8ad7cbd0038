"""Statements are kept exactly, as revisions, all of a set or none of it, in either database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from adapters.relational import audit, registry_store, statements
from adapters.relational.engine import writing
from adapters.relational.refusal import EntryRefused
from park import term
from park.statement import Statement, Status
from tests.park.examples import meter, registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LONG = "123456789.123456"


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with one enterprise."""
    registry_store.replace(engine, registry(meter("m1")), who="test", now=NOW)
    return engine


def statement(name: str = "2026-10", status: Status = Status.FLASH, **values: str | None) -> Statement:
    given = {key: None if value is None else Decimal(value) for key, value in values.items()}
    return Statement("e01", term.read(name), status, given)


def keep(store: Engine, *given: Statement, reason: str = "") -> None:
    statements.save(store, given, who="王丽", now=NOW, reason=reason)


def test_money_comes_back_to_the_last_digit(store: Engine) -> None:
    keep(store, statement(value_added=LONG, tax="12.50", rd="0"))
    [one] = statements.current(store)
    assert {name: str(value) for name, value in one.values.items()} == {"value_added": LONG, "tax": "12.50", "rd": "0"}
    assert (one.revision, one.who, one.at, one.reason) == (1, "王丽", NOW, "")


def test_the_newest_revision_is_in_force_and_every_one_stays_readable(store: Engine) -> None:
    keep(store, statement(tax="1"))
    keep(store, statement(tax="2"), reason="更正")
    keep(store, statement(status=Status.VERIFIED, tax="2"), reason="核定")
    [one] = statements.current(store)
    assert (one.revision, one.status) == (3, Status.VERIFIED)
    told = [(each.revision, each.values["tax"], each.reason) for each in statements.history(store, "e01", one.term)]
    assert told == [(1, Decimal(1), ""), (2, Decimal(2), "更正"), (3, Decimal(2), "核定")]


def test_saving_the_same_again_writes_nothing_at_all(store: Engine) -> None:
    keep(store, statement(tax="1.50"))
    before, written = statements.version(store), len(audit.entries(store)[0])
    done = statements.save(store, [statement(tax="1.5")], who="x", now=NOW + timedelta(days=1))
    assert not done
    assert (statements.version(store), len(audit.entries(store)[0])) == (before, written)
    assert len(statements.history(store, "e01", term.read("2026-10"))) == 1


def test_one_mistake_and_nothing_of_a_set_is_kept(store: Engine) -> None:
    version = statements.version(store)
    with pytest.raises(EntryRefused) as refused:
        keep(store, statement("2026-09", tax="1"), statement("2027-01", tax="1"), statement("2026-08", output="-1"))
    assert [mistake.path for mistake in refused.value.mistakes] == ["statements[1].term", "statements[2].output"]
    assert statements.current(store) == []
    assert statements.version(store) == version


def test_an_enterprise_that_is_not_registered_is_refused(store: Engine) -> None:
    stranger = Statement("e99", term.read("2026-10"), Status.FLASH, {"tax": Decimal(1)})
    with pytest.raises(EntryRefused, match="no enterprise 'e99'"):
        keep(store, stranger)


def test_a_revision_without_a_reason_is_refused_but_may_be_looked_at(store: Engine) -> None:
    keep(store, statement(tax="1"))
    with pytest.raises(EntryRefused, match="say why"):
        keep(store, statement(tax="2"))
    seen = statements.compare(store, [statement(tax="2")], now=NOW)
    assert (len(seen.changed), seen.mistakes) == (1, ())
    assert statements.current(store)[0].values["tax"] == Decimal(1)


def test_a_stretch_gives_the_statements_that_share_a_month_with_it(store: Engine) -> None:
    keep(store, *(statement(name, tax="1") for name in ("2025", "2026-Q1", "2026-03", "2026-Q2", "2026-05")))

    def between(first: str | None, last: str | None) -> list[str]:
        ends = [None if end is None else term.read(end) for end in (first, last)]
        return [str(one.term) for one in statements.current(store, first=ends[0], last=ends[1])]

    assert between("2026-03", "2026-04") == ["2026-Q1", "2026-03", "2026-Q2"]
    assert between(None, "2026-01") == ["2025", "2026-Q1"]
    assert between("2026-05", None) == ["2026-05", "2026-Q2"]
    assert between("2025-12/r12", "2025-12/r12") == ["2025"]
    assert statements.current(store, enterprise="e02") == []


def test_who_changed_what_is_in_the_audit_of_the_same_transaction(store: Engine) -> None:
    keep(store, statement(tax="1"))
    keep(store, statement(tax="2"), reason="更正")
    newest, first = audit.entries(store)[0][:2]
    assert (first.action, first.before) == ("statement.create", None)
    assert (newest.action, newest.subject, newest.who) == ("statement.revise", "e01 2026-10", "王丽")
    assert newest.before is not None
    assert newest.after is not None
    assert (newest.before["values"], newest.after["values"]) == ({"tax": "1"}, {"tax": "2"})


@pytest.mark.parametrize("change", ["UPDATE statement SET who = 'x'", "DELETE FROM statement"])
def test_what_is_kept_cannot_be_changed_by_anybody(store: Engine, change: str) -> None:
    keep(store, statement(tax="1"))
    with pytest.raises(DatabaseError, match="append-only"), writing(store) as connection:
        connection.execute(text(change))


def test_nothing_is_nothing(store: Engine) -> None:
    assert not statements.save(store, [], who="x", now=NOW)
    assert statements.history(store, "e01", term.read("2026-10")) == []
