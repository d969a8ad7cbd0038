"""Economic statements as they are kept: every revision for ever, all of a set or none of it.

Errors are EntryRefused, with every mistake, and those of `trouble`.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from adapters.relational import audit, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.revised import Places, place
from adapters.relational.schema import enterprise as enterprises
from adapters.relational.tables_statement import statement as table
from park import term as terms
from park.registry_notes import Notes
from park.revision import Plan
from park.statement import Statement, Status, Values
from park.statement_check import check_enterprise, check_statement, plan_statements
from park.term import Term

SUBJECT = "statements"
KEYS = ("enterprise", "term")


def current(
    engine: Engine, *, first: Term | None = None, last: Term | None = None, enterprise: str | None = None
) -> list[Statement]:
    """Give the newest revision of each statement whose term shares a month with the stretch from `first` to `last`."""
    with reading(engine) as connection:
        return _current(connection, first, last, enterprise)


def history(engine: Engine, enterprise: str, term: Term) -> list[Statement]:
    """Give every revision of one statement, the first one first."""
    query = select(table).where(table.c.enterprise == enterprise, table.c.term == str(term)).order_by(table.c.revision)
    with reading(engine) as connection:
        return [_statement(row) for row in connection.execute(query)]


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def compare(
    engine: Engine,
    statements: Sequence[Statement],
    *,
    now: datetime,
    reason: str | None = None,
    places: Places | None = None,
) -> Plan[Statement]:
    """Say what `save` would do, and do nothing.  Without a reason, it is not asked for."""
    with reading(engine) as connection:
        return _plan(connection, _placed(statements, places), reason=reason, who="", now=now)


def save(
    engine: Engine,
    statements: Sequence[Statement],
    *,
    who: str,
    now: datetime,
    reason: str = "",
    places: Places | None = None,
) -> Plan[Statement]:
    """Keep statements as new revisions, all or none; what says nothing new makes none.  Raises EntryRefused.

    `reason` says why those differ that were kept before; a statement's own reason comes first.
    """
    with deciding(engine) as connection:
        done = _plan(connection, _placed(statements, places), reason=reason, who=who, now=now)
        if done.mistakes:
            raise EntryRefused(done.mistakes)
        if done:
            connection.execute(insert(table), [_row(step.new) for step in done.steps])
            revised.bump(connection, SUBJECT)
        for step in done.steps:
            audit.record(
                connection,
                at=now,
                who=who,
                action="statement.create" if step.old is None else "statement.revise",
                subject=f"{step.new.enterprise} {step.new.term}",
                before=None if step.old is None else _plain(step.old),
                after=_plain(step.new),
            )
    return done


def _placed(statements: Sequence[Statement], places: Places | None) -> list[tuple[Mapping[str, str], Statement]]:
    if places is not None:
        return list(zip(places, statements, strict=True))
    return [({"": f"statements[{number}]"}, statement) for number, statement in enumerate(statements)]


def _plan(
    connection: Connection,
    given: Sequence[tuple[Mapping[str, str], Statement]],
    *,
    reason: str | None,
    who: str,
    now: datetime,
) -> Plan[Statement]:
    notes = Notes({})
    known = connection.execute(select(enterprises.c.id)).scalars().all()
    for where, statement in given:
        check_enterprise(notes, place(where, "enterprise"), statement.enterprise, known)

        def written(part: str, where: Mapping[str, str] = where) -> str:
            return place(where, part)

        check_statement(notes, statement, written, now)
    if notes.mistakes:
        return Plan(mistakes=tuple(notes.mistakes))
    wanted = [statement.term for _, statement in given]
    first, last = min(wanted, default=None, key=lambda term: term.first), max(wanted, default=None)
    kept: dict[Hashable, Statement] = {one.key: one for one in _current(connection, first, last, None)}
    return plan_statements(kept, [(where[""], one) for where, one in given], reason=reason, who=who, now=now)


def _current(connection: Connection, first: Term | None, last: Term | None, enterprise: str | None) -> list[Statement]:
    query = revised.newest(table, KEYS, revised.within(table, first, last, enterprise))
    return [_statement(row) for row in connection.execute(query)]


def _statement(row: Row[*tuple[Any, ...]]) -> Statement:
    return Statement(
        enterprise=row.enterprise,
        term=terms.read(row.term),
        status=Status(row.status),
        values={name: None if text is None else Decimal(text) for name, text in row.stated.items()},
        revision=row.revision,
        who=row.who,
        at=row.at,
        reason=row.reason,
    )


def _row(statement: Statement) -> dict[str, object]:
    return {
        "enterprise": statement.enterprise,
        "term": str(statement.term),
        "revision": statement.revision,
        "first_month": statement.term.first,
        "last_month": statement.term.last,
        "status": statement.status.value,
        "stated": _texts(statement.values),
        "who": statement.who,
        "at": statement.at,
        "reason": statement.reason,
    }


def _plain(statement: Statement) -> dict[str, object]:
    return {
        "revision": statement.revision,
        "status": statement.status.value,
        "values": _texts(statement.values),
        "reason": statement.reason,
    }


def _texts(values: Values) -> dict[str, str | None]:
    return {name: None if value is None else f"{value:f}" for name, value in values.items()}
