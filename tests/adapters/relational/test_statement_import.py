"""A file is looked at whole, and taken in whole or not at all."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from adapters.relational import registry_store, statement_import, statements
from adapters.relational.refusal import EntryRefused
from park import term
from park.statement import Statement, Status
from tests.park.examples import meter, registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HEAD = "企业编号,期别,状态,工业增加值,实缴税收\n"
GOOD = (HEAD + "e01,2026-09,核定,1200.5,80\ne01,2026-10,快报,1234.5,86.2\ne01,2026-Q3,,,\n").encode()


@pytest.fixture
def store(sqlite_engine: Engine) -> Engine:
    """A store with one enterprise."""
    registry_store.replace(sqlite_engine, registry(meter("m1")), who="test", now=NOW)
    return sqlite_engine


def test_a_look_says_what_would_be_and_does_nothing(store: Engine) -> None:
    seen = statement_import.preview(store, GOOD, now=NOW)
    assert (seen.mistakes, len(seen.plan.added), seen.blank) == ((), 2, 1)
    assert statements.current(store) == []


def test_taking_it_in_keeps_all_and_again_changes_nothing(store: Engine) -> None:
    statement_import.take_in(store, GOOD, who="x", now=NOW)
    assert [(str(one.term), one.values["tax"]) for one in statements.current(store)] == [
        ("2026-09", Decimal(80)),
        ("2026-10", Decimal("86.2")),
    ]
    version = statements.version(store)
    again = statement_import.take_in(store, GOOD, who="x", now=NOW)
    assert (len(again.unchanged), statements.version(store)) == (2, version)


def test_the_order_of_the_rows_does_not_matter(store: Engine) -> None:
    head, *rows = GOOD.decode().splitlines()
    statement_import.take_in(store, "\n".join([head, *reversed(rows)]).encode(), who="x", now=NOW)
    assert not statement_import.preview(store, GOOD, now=NOW).plan


def test_mistakes_of_cells_and_of_statements_are_told_together_and_nothing_is_kept(store: Engine) -> None:
    bad = (HEAD + "e01,2026-10,快报,1,x\ne01,2027-01,快报,1,1\ne01,2026-11,核定,1,1\n").encode()
    seen = statement_import.preview(store, bad, now=NOW)
    assert [mistake.path for mistake in seen.mistakes] == ["E2", "B3", "C4"]
    with pytest.raises(EntryRefused) as refused:
        statement_import.take_in(store, bad, who="x", now=NOW)
    assert refused.value.mistakes == seen.mistakes
    assert statements.current(store) == []


def test_a_change_needs_a_reason_when_it_is_taken_in_and_not_when_it_is_looked_at(store: Engine) -> None:
    statements.save(
        store, [Statement("e01", term.read("2026-10"), Status.FLASH, {"tax": Decimal(80)})], who="x", now=NOW
    )
    assert statement_import.preview(store, GOOD, now=NOW).mistakes == ()
    with pytest.raises(EntryRefused, match="say why"):
        statement_import.take_in(store, GOOD, who="x", now=NOW)
    done = statement_import.take_in(store, GOOD, who="x", now=NOW, reason="更正")
    assert (len(done.added), len(done.changed)) == (1, 1)


def test_a_row_twice_is_a_mistake_at_the_second(store: Engine) -> None:
    twice = (HEAD + "e01,2026-10,快报,1,1\ne01,2026年10月,快报,2,2\n").encode()
    assert [(one.path, one.en) for one in statement_import.preview(store, twice, now=NOW).mistakes] == [
        ("A3", "This is the same as A2; keep one of them.")
    ]


def test_a_figure_far_from_the_month_before_is_doubted_at_its_cell_and_may_be_kept(store: Engine) -> None:
    far = (HEAD + "e01,2026-10,快报,12005000,80\n").encode()
    statement_import.take_in(store, GOOD.replace(b"e01,2026-10", b"e01,2026-08"), who="x", now=NOW)
    seen = statement_import.preview(store, far, now=NOW)
    assert [place for place, _ in seen.doubts] == ["D2"]
    assert statement_import.take_in(store, far, who="x", now=NOW)


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0"])
def test_a_file_that_is_no_sheet_is_one_mistake(store: Engine, content: bytes) -> None:
    assert [one.path for one in statement_import.preview(store, content, now=NOW).mistakes] == ["file"]
    with pytest.raises(EntryRefused):
        statement_import.take_in(store, content, who="x", now=NOW)
