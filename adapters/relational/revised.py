"""What the stores of entries share: the newest revision of each, and an edition that tells others of a change."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, Select, Table, and_, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from adapters.relational.engine import reading
from adapters.relational.schema import edition
from park.term import Term

Places = Sequence[Mapping[str, str]]
"""For each entry, where its parts were written; `""` is the whole of it."""


def place(where: Mapping[str, str], part: str) -> str:
    """Say where a part was written; what has no place of its own belongs to the whole."""
    return where.get(part) or f"{where['']}.{part}"


def within(table: Table, first: Term | None, last: Term | None, enterprise: str | None) -> list[ColumnElement[bool]]:
    """Select the entries of terms that share a month with the stretch from `first` to `last`."""
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(table.c.last_month >= first.first)
    if last is not None:
        conditions.append(table.c.first_month <= last.last)
    if enterprise is not None:
        conditions.append(table.c.enterprise == enterprise)
    return conditions


def newest(table: Table, keys: Sequence[str], conditions: Sequence[ColumnElement[bool]]) -> Select[tuple[object, ...]]:
    """Select the row with the largest revision of each thing."""
    columns = [table.c[key] for key in keys]
    top = select(*columns, func.max(table.c.revision).label("revision")).where(*conditions).group_by(*columns)
    largest = top.subquery()
    same = [table.c[key] == largest.c[key] for key in (*keys, "revision")]
    query: Select[tuple[object, ...]] = select(table).join(largest, and_(*same))
    return query.order_by(table.c.enterprise, table.c.last_month, table.c.first_month, *columns)


def bump(connection: Connection, subject: str) -> None:
    """Tell whoever asks for the edition that something changed, in the transaction that changes it."""
    connection.execute(update(edition).where(edition.c.subject == subject).values(number=edition.c.number + 1))


def version(engine: Engine, subject: str) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    with reading(engine) as connection:
        number: int = connection.execute(select(edition.c.number).where(edition.c.subject == subject)).scalar_one()
    return number
