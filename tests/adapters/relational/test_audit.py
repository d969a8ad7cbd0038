"""The audit: complete, in order, and beyond anyone's reach afterwards."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError

from adapters.relational import audit
from adapters.relational.engine import writing
from adapters.relational.page import WrongCursor
from adapters.relational.schema import audit as table

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def note(engine: Engine, *subjects: str) -> None:
    for subject in subjects:
        with writing(engine) as connection:
            audit.record(connection, at=NOW, who="张三", action="meter.change", subject=subject, after={"name": "总表"})


def test_an_entry_says_who_did_what_to_what(engine: Engine) -> None:
    note(engine, "e01-main")
    [entry], following = audit.entries(engine)
    assert (entry.at, entry.who, entry.action, entry.subject) == (NOW, "张三", "meter.change", "e01-main")
    assert (entry.before, entry.after) == (None, {"name": "总表"})
    assert following is None


def test_pages_hold_every_entry_once_even_when_new_ones_come_between(engine: Engine) -> None:
    note(engine, *"abcde")
    first, cursor = audit.entries(engine, 2)
    note(engine, "f")
    second, cursor = audit.entries(engine, 2, cursor)
    third, cursor = audit.entries(engine, 2, cursor)
    assert "".join(entry.subject for entry in first + second + third) == "edcba"
    assert cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "1.2", "-1", "²", "9" * 30])
def test_a_cursor_that_was_never_given_out_is_refused(engine: Engine, cursor: str) -> None:
    with pytest.raises(WrongCursor):
        audit.entries(engine, 2, cursor)


@pytest.mark.parametrize("statement", [update(table).values(who="nobody"), delete(table)], ids=["changed", "deleted"])
def test_an_entry_cannot_be(engine: Engine, statement: object) -> None:
    note(engine, "a")
    with pytest.raises(IntegrityError, match="append-only"), writing(engine) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # one of two kinds of statement


def test_an_entry_goes_with_the_change_it_is_about(engine: Engine) -> None:
    def stumble() -> None:
        with writing(engine) as connection:
            audit.record(connection, at=NOW, who="x", action="x", subject="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stumble()
    assert audit.entries(engine) == ([], None)
