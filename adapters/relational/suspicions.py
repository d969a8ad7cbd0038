"""What the ledger found and would not decide by itself: the review queue.

The rules service alone writes; whoever reviews writes an epoch (`epochs.record`), and the next look withdraws what that
explains.  A suspicion is open while nothing of its identity was decided and the last look still found it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from adapters.relational import page
from adapters.relational.engine import reading, writing
from adapters.relational.tables_ledger import epoch as epochs
from adapters.relational.tables_ledger import suspicion as table
from park.epoch import Kind
from park.suspicion import Suspicion


class State(StrEnum):
    """Where a suspicion stands."""

    OPEN = "open"
    """It waits for a person, or what a person said does not fit; what it touches is booked as estimated."""
    DECIDED = "decided"
    """A person confirmed, corrected or rejected it."""
    WITHDRAWN = "withdrawn"
    """Later readings or another epoch explained it."""


class Found(NamedTuple):
    """One suspicion as it is kept."""

    id: int
    suspicion: Suspicion
    found_at: datetime
    state: State


DECIDED = exists().where(
    and_(
        epochs.c.meter == table.c.meter,
        epochs.c.metric == table.c.metric,
        epochs.c.at == table.c.at,
        epochs.c.kind == table.c.kind,
    )
)

WAITS = and_(table.c.withdrawn_at.is_(None), or_(table.c.contested, ~DECIDED))
CONTRADICTION = "contradiction"
"""The part of the evidence that says what in a person's word does not fit the samples."""


def settle(
    engine: Engine,
    register: tuple[str, str],
    found: Sequence[Suspicion],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
) -> list[Suspicion]:
    """Keep what a look at `start` ≤ at < `end` of one register found, withdraw what it did not; give what is new.

    Doing it twice changes nothing.
    """
    meter, metric = register
    here = (table.c.meter == meter, table.c.metric == metric, table.c.at >= start, table.c.at < end)
    with reading(engine) as connection:
        known = {(row.at, row.kind): row for row in connection.execute(select(table).where(*here))}
    wanted = {(one.at, one.kind.value): one for one in found if start <= one.at < end}
    fresh = [one for key, one in wanted.items() if key not in known or known[key].withdrawn_at is not None]
    moved = [one for key, one in wanted.items() if key in known and _suspicion(known[key]) != one]
    gone = [row.id for key, row in known.items() if key not in wanted and row.withdrawn_at is None]
    if not fresh and not moved and not gone:
        return []
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    renewed = ("before_at", "before_total", "after_at", "after_total", "booked", "evidence", "contested")
    upsert = insert.on_conflict_do_update(
        index_elements=["meter", "metric", "at", "kind"],
        set_={name: insert.excluded[name] for name in renewed} | {"withdrawn_at": None},
    )
    with writing(engine) as connection:
        rows = [_row(each, now) for each in _once([*fresh, *moved])]
        if rows:
            connection.execute(upsert, rows)
        if gone:
            connection.execute(update(table).where(table.c.id.in_(gone)).values(withdrawn_at=now))
    return [one for one in fresh if (one.at, one.kind.value) not in known]


def queue(
    engine: Engine,
    *,
    state: State | None = State.OPEN,
    enterprise_meters: Collection[str] | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> tuple[list[Found], str | None]:
    """Give suspicions, what was found last first, and the cursor of the next page.  Raises page.WrongCursor."""
    query = _query(state).order_by(table.c.id.desc()).limit(limit + 1)
    if enterprise_meters is not None:
        query = query.where(table.c.meter.in_(sorted(enterprise_meters)))
    if cursor is not None:
        query = query.where(table.c.id < page.read(cursor)[0])
    with reading(engine) as connection:
        found = [_found(row) for row in connection.execute(query)]
    return found[:limit], page.write(found[limit - 1].id) if len(found) > limit else None


def one(engine: Engine, number: int) -> Found | None:
    """Give one suspicion; None where there is none of this number."""
    with reading(engine) as connection:
        row = connection.execute(_query(None).where(table.c.id == number)).one_or_none()
    return None if row is None else _found(row)


def standing(engine: Engine) -> set[tuple[str, str]]:
    """Name the registers of which anything is suspected, decided or not."""
    query = select(table.c.meter, table.c.metric).where(table.c.withdrawn_at.is_(None)).distinct()
    with reading(engine) as connection:
        return {(row.meter, row.metric) for row in connection.execute(query)}


def count_open(engine: Engine) -> dict[str, int]:
    """Count what waits for a person, by kind."""
    query = select(table.c.kind, func.count().label("number")).where(WAITS).group_by(table.c.kind)
    with reading(engine) as connection:
        return {row.kind: row.number for row in connection.execute(query)}


def count_waiting(engine: Engine, start: datetime, end: datetime) -> dict[str, int]:
    """Count what waits for a person and happened at `start` ≤ at < `end`, by meter."""
    query = select(table.c.meter, func.count()).where(WAITS, table.c.at >= start, table.c.at < end)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.meter))}


def meters_of(engine: Engine, kind: Kind) -> dict[str, bool]:
    """Name the meters of which something of a kind was ever suspected, and whether any of it waits for a person."""
    waiting = func.max(case((WAITS, 1), else_=0))
    query = select(table.c.meter, waiting).where(table.c.kind == kind.value).group_by(table.c.meter)
    with reading(engine) as connection:
        return {meter: bool(waits) for meter, waits in connection.execute(query.order_by(table.c.meter))}


def _query(state: State | None) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(table, DECIDED.label("decided"))
    if state is State.OPEN:
        return query.where(WAITS)
    if state is State.DECIDED:
        return query.where(DECIDED, ~WAITS)
    if state is State.WITHDRAWN:
        return query.where(table.c.withdrawn_at.is_not(None), ~DECIDED)
    return query


def _found(row: Row[*tuple[Any, ...]]) -> Found:
    waits = row.withdrawn_at is None and (row.contested or not row.decided)
    state = State.OPEN if waits else State.DECIDED if row.decided else State.WITHDRAWN
    return Found(row.id, _suspicion(row), row.found_at, state)


def _suspicion(row: Row[*tuple[Any, ...]]) -> Suspicion:
    return Suspicion(
        meter=row.meter,
        metric=row.metric,
        at=row.at,
        kind=Kind(row.kind),
        before=(row.before_at, row.before_total),
        after=(row.after_at, row.after_total),
        booked=row.booked,
        evidence=row.evidence,
    )


def _row(found: Suspicion, now: datetime) -> dict[str, object]:
    return {
        "meter": found.meter,
        "metric": found.metric,
        "at": found.at,
        "kind": found.kind.value,
        "before_at": found.before[0],
        "before_total": found.before[1],
        "after_at": found.after[0],
        "after_total": found.after[1],
        "booked": found.booked,
        "evidence": dict(found.evidence),
        "contested": CONTRADICTION in found.evidence,
        "found_at": now,
        "withdrawn_at": None,
    }


def _once(found: Sequence[Suspicion]) -> list[Suspicion]:
    return list({(each.at, each.kind): each for each in found}.values())
