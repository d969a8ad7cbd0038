"""The annual plan as people entered it: each change a revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, tuple_

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.tables_evaluation import plan_target as table
from park.target import Target


@dataclass(frozen=True, slots=True)
class KeptTarget:
    """One item of a year as it stands, and who entered it."""

    item: str
    target: Target
    revision: int
    who: str
    at: datetime


def current(engine: Engine, park: str, year: int) -> dict[str, KeptTarget]:
    """Give what is entered for a year, by item."""
    with reading(engine) as connection:
        return _current(connection, park, year)


def history(engine: Engine, park: str, year: int, item: str) -> list[KeptTarget]:
    """Give every revision of one item, the newest first."""
    query = select(table).where(table.c.park == park, table.c.year == year, table.c.item == item)
    with reading(engine) as connection:
        return [_kept(row) for row in connection.execute(query.order_by(table.c.revision.desc()))]


def save(
    engine: Engine, park: str, year: int, entered: Mapping[str, Target], *, who: str, now: datetime
) -> dict[str, KeptTarget]:
    """Keep some items, all or none; what is the same as before makes no revision."""
    with deciding(engine) as connection:
        before = _current(connection, park, year)
        for item, target in entered.items():
            old = before.get(item)
            if old is not None and old.target == target:
                continue
            row = _plain(target) | {"revision": 1 if old is None else old.revision + 1}
            place = {"park": park, "year": year, "item": item}
            connection.execute(insert(table).values(row | place | {"who": who, "at": now}))
            audit.record(
                connection,
                at=now,
                who=who,
                action="target.change",
                subject=f"{park} {year} {item}",
                before=None if old is None else _plain(old.target),
                after=_plain(target),
            )
        return _current(connection, park, year)


def _current(connection: Connection, park: str, year: int) -> dict[str, KeptTarget]:
    keys = (table.c.park, table.c.year, table.c.item)
    here = (table.c.park == park, table.c.year == year)
    newest = select(*keys, func.max(table.c.revision)).where(*here).group_by(*keys)
    query = select(table).where(tuple_(*keys, table.c.revision).in_(newest))
    return {row.item: _kept(row) for row in connection.execute(query)}


def _kept(row: Row[Any]) -> KeptTarget:
    goal, benchmark, value = (None if text is None else Decimal(text) for text in (row.goal, row.benchmark, row.value))
    return KeptTarget(row.item, Target(goal, benchmark, value, row.note), row.revision, row.who, row.at)


def _plain(target: Target) -> dict[str, object]:
    numbers = {"goal": target.goal, "benchmark": target.benchmark, "value": target.value}
    texts: dict[str, object] = {name: None if value is None else f"{value:f}" for name, value in numbers.items()}
    return texts | {"note": target.note}
