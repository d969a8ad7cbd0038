"""Budgets as they are kept: every revision for ever, all of a set or none of it.

Errors are EntryRefused, with every mistake, and those of `trouble`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, func, insert, select, tuple_

from adapters.relational import audit, figures, policies, registry_rows, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_budget import budget as table
from park.budget import EARLY, Budget, Kind, Progress, check, figure_for, gone_of, progress, term_of, year_at
from park.figure import Scope
from park.policy import Policy
from park.registry import Registry
from park.registry_notes import Notes

SUBJECT = "budgets"
KEYS = (table.c.enterprise, table.c.year, table.c.kind)
Key = tuple[str, int, Kind]


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def current(engine: Engine, year: int) -> list[Budget]:
    """Give the budgets in force for a year, by enterprise and kind."""
    with reading(engine) as connection:
        return [one for one in _newest(connection, year).values() if one.amount is not None]


def budgeted(engine: Engine, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Name the enterprises with a budget that can be told to be ahead of this year: none while that is young."""
    year = year_at(now, zone)
    if gone_of(year, now, zone) < EARLY:
        return ()
    return tuple(dict.fromkeys(one.enterprise for one in current(engine, year)))


def budgeted_version(engine: Engine, now: datetime, zone: ZoneInfo) -> tuple[int, int, bool]:
    """Give what is another one wherever `budgeted` may be; asking costs one row."""
    year = year_at(now, zone)
    return version(engine), year, gone_of(year, now, zone) < EARLY


def standing(engine: Engine, registry: Registry, year: int, *, now: datetime, zone: ZoneInfo) -> list[Progress]:
    """Hold each budget of a year against the figure of the year to date, by the basis its park goes by."""
    kept = [one for one in current(engine, year) if one.enterprise in registry.by_enterprise]
    if not kept:
        return []
    found = figures.current(
        engine,
        term=term_of(year, now, zone),
        scope=Scope.ENTERPRISE,
        ids={one.enterprise for one in kept},
        indicators=[kind.value for kind in Kind],
    )
    decided, gone = policies.all_current(engine), gone_of(year, now, zone)
    bases = {one.id: decided.get(one.park, Policy(one.park)).basis for one in registry.enterprises}
    return [progress(one, figure_for(one, found, bases[one.enterprise]), gone) for one in kept]


def history(engine: Engine, enterprise: str, year: int, kind: Kind) -> list[Budget]:
    """Give every revision of one, the newest first."""
    query = select(table).where(tuple_(*KEYS) == (enterprise, year, kind.value)).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        return [_budget(row) for row in connection.execute(query)]


def save(engine: Engine, entered: Sequence[Budget], *, who: str, now: datetime, place: str = "items") -> list[Budget]:
    """Keep budgets as new revisions and give those; what says nothing new makes none.  Raises EntryRefused."""
    made: list[Budget] = []
    with deciding(engine) as connection:
        _refuse(connection, entered, place)
        kept = {key: one for year in {one.year for one in entered} for key, one in _newest(connection, year).items()}
        for one in entered:
            old = kept.get(_key(one))
            if (None if old is None else old.amount) == one.amount:
                continue
            new = replace(
                one, reason=one.reason.strip(), revision=1 if old is None else old.revision + 1, who=who, at=now
            )
            connection.execute(insert(table), _row(new))
            audit.record(
                connection,
                at=now,
                who=who,
                action="budget.delete" if new.amount is None else "budget.create" if old is None else "budget.change",
                subject=f"{new.enterprise} {new.year} {new.kind}",
                before=None if old is None else _said(old),
                after=_said(new),
            )
            made.append(new)
        if made:
            revised.bump(connection, SUBJECT)
    return made


def _refuse(connection: Connection, entered: Sequence[Budget], place: str) -> None:
    registry, notes = registry_rows.read(connection), Notes({})
    seen: set[Key] = set()
    for number, one in enumerate(entered):
        here = f"{place}[{number}]"
        check(notes, here, one, registry.by_enterprise)
        if _key(one) in seen:
            notes.add(
                here, "同一企业、年度与类别只能填一次。", "An enterprise, year and kind may be entered only once."
            )
        seen.add(_key(one))
        if not one.reason.strip():
            notes.add(
                f"{here}.reason", "请写明依据, 如下达文件的文号。", "Say on what ground, as the document's number."
            )
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)


def _newest(connection: Connection, year: int) -> dict[Key, Budget]:
    newest = select(*KEYS, func.max(table.c.revision)).where(table.c.year == year).group_by(*KEYS)
    query = select(table).where(tuple_(*KEYS, table.c.revision).in_(newest)).order_by(table.c.enterprise, table.c.kind)
    return {_key(one): one for one in map(_budget, connection.execute(query))}


def _key(one: Budget) -> Key:
    return one.enterprise, one.year, one.kind


def _budget(row: Row[Any]) -> Budget:
    amount = None if row.amount is None else Decimal(row.amount)
    return Budget(row.enterprise, row.year, Kind(row.kind), amount, row.reason, row.revision, row.who, row.at)


def _row(one: Budget) -> dict[str, object]:
    place = {"enterprise": one.enterprise, "year": one.year, "kind": one.kind.value}
    return place | _said(one) | {"revision": one.revision, "who": one.who, "at": one.at}


def _said(one: Budget) -> dict[str, object]:
    return {"amount": None if one.amount is None else f"{one.amount:f}", "reason": one.reason}
