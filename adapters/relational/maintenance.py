"""When work goes on somewhere, as people announced it.

What has begun is ended, what has not is taken back; either stays in the audit.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from adapters.relational import audit, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_alarm_desk import maintenance as table
from park.maintenance import Maintenance
from park.registry_notes import Notes, near, show

SUBJECT = "maintenance"
SCOPE = ("enterprises", "meters", "rules")
LONGEST = timedelta(days=31)
NOBODY: Mapping[str, Collection[str]] = MappingProxyType({})


class Announced(NamedTuple):
    """One stretch of work with its number."""

    id: int
    work: Maintenance
    at: datetime
    """When it was announced."""


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def listing(engine: Engine, *, since: datetime | None = None) -> tuple[Announced, ...]:
    """Give every stretch that is not over by `since`, in order of beginning."""
    query = select(table).order_by(table.c.begins, table.c.id)
    if since is not None:
        query = query.where(table.c.ends > since)
    with reading(engine) as connection:
        return tuple(_announced(row) for row in connection.execute(query))


def add(
    engine: Engine, given: Maintenance, *, who: str, now: datetime, known: Mapping[str, Collection[str]] = NOBODY
) -> Announced:
    """Announce work; what it names must be among what is `known`, where that is given.  Raises EntryRefused."""
    _check(given, now, known)
    row = {
        "begins": given.start,
        "ends": given.end,
        "scope": {name: list(getattr(given, name)) for name in SCOPE if getattr(given, name)},
        "reason": given.reason.strip(),
        "who": who,
        "at": now,
    }
    with deciding(engine) as connection:
        made = _announced(connection.execute(insert(table).values(row).returning(table)).one())
        revised.bump(connection, SUBJECT)
        audit.record(
            connection, at=now, who=who, action="maintenance.create", subject=str(made.id), after=_plain(made.work)
        )
    return made


def end(engine: Engine, number: int, *, who: str, now: datetime) -> bool:
    """End work that goes on, or take back what has not begun; tell whether there was any such."""
    with deciding(engine) as connection:
        old = _one(connection, number)
        if old is None or old.work.end <= now:
            return False
        if old.work.start < now:
            connection.execute(update(table).where(table.c.id == number).values(ends=now))
        else:
            connection.execute(delete(table).where(table.c.id == number))
        revised.bump(connection, SUBJECT)
        audit.record(
            connection, at=now, who=who, action="maintenance.end", subject=str(number), before=_plain(old.work)
        )
    return True


def _check(given: Maintenance, now: datetime, known: Mapping[str, Collection[str]]) -> None:
    notes = Notes({})
    for part, names in known.items():
        for name in getattr(given, part):
            if name not in names:
                zh, en = near(name, names)
                notes.add(part, f"没有 {show(name)}; {zh}", f"There is no {show(name)}; {en}")
    if not given.start < given.end:
        notes.add("end", "结束时间必须晚于开始时间。", "The end must lie after the start.")
    elif given.end - given.start > LONGEST:
        notes.add(
            "end", f"最长 {LONGEST.days} 天; 请缩短, 到期再续。", f"{LONGEST.days} days are the most; renew it then."
        )
    elif given.end <= now:
        notes.add("end", "已经结束; 请给出将来的时间。", "This is over already; give a time to come.")
    if not given.reason.strip():
        notes.add("reason", "请写明检修原因; 不通知告警时会写上它。", "Say why; it is given wherever nobody was told.")
    if not (given.enterprises or given.meters):
        notes.add(
            "meters",
            "请给出企业或设备; 全园区不能同时停止告警通知。",
            "Name enterprises or meters; the whole park cannot be silenced at once.",
        )
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)


def _one(connection: Connection, number: int) -> Announced | None:
    row = connection.execute(select(table).where(table.c.id == number)).first()
    return None if row is None else _announced(row)


def _plain(one: Maintenance) -> dict[str, object]:
    named: dict[str, object] = {name: list(getattr(one, name)) for name in SCOPE if getattr(one, name)}
    return named | {"start": one.start.isoformat(), "end": one.end.isoformat(), "reason": one.reason}


def _announced(row: Row[Any]) -> Announced:
    scope = {name: tuple(row.scope.get(name, ())) for name in SCOPE}
    return Announced(
        row.id, Maintenance(start=row.begins, end=row.ends, reason=row.reason, who=row.who, **scope), row.at
    )
