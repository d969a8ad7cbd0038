"""The roster: who is on duty when, and which receiver reaches them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, delete, insert, select

from adapters.relational import audit, receivers, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_alarm_desk import duty as table
from park.duty import Shift
from park.registry_notes import Notes, near, show

SUBJECT = "duty"
LONGEST = timedelta(days=7)


class Listed(NamedTuple):
    """A shift with its number; its note names the people."""

    id: int
    shift: Shift


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def listing(engine: Engine, *, since: datetime | None = None) -> tuple[Listed, ...]:
    """Give every shift that is not over by `since`, in order of beginning."""
    query = select(table).order_by(table.c.begins, table.c.id)
    if since is not None:
        query = query.where(table.c.ends > since)
    with reading(engine) as connection:
        return tuple(_listed(row) for row in connection.execute(query))


def add(engine: Engine, shifts: Sequence[Shift], *, who: str, now: datetime) -> tuple[Listed, ...]:
    """Put shifts on the roster, all or none.  Raises EntryRefused with every mistake."""
    _check(shifts, {one.receiver.id for one in receivers.listing(engine)})
    rows = [
        {"receiver": one.receiver, "person": one.note.strip(), "begins": one.start, "ends": one.end} for one in shifts
    ]
    with deciding(engine) as connection:
        made = tuple(_listed(connection.execute(insert(table).values(row).returning(table)).one()) for row in rows)
        revised.bump(connection, SUBJECT)
        for one in made:
            audit.record(
                connection, at=now, who=who, action="duty.create", subject=str(one.id), after=_plain(one.shift)
            )
    return made


def remove(engine: Engine, number: int, *, who: str, now: datetime) -> bool:
    """Take a shift off the roster; tell whether it was there."""
    with deciding(engine) as connection:
        row = connection.execute(select(table).where(table.c.id == number)).first()
        if row is None:
            return False
        connection.execute(delete(table).where(table.c.id == number))
        revised.bump(connection, SUBJECT)
        audit.record(
            connection, at=now, who=who, action="duty.delete", subject=str(number), before=_plain(_listed(row).shift)
        )
    return True


def _check(shifts: Sequence[Shift], known: set[str]) -> None:
    notes = Notes({})
    for place, one in enumerate(shifts):
        here = f"shifts[{place}]"
        if one.receiver not in known:
            zh, en = near(one.receiver, sorted(known))
            notes.add(
                f"{here}.receiver",
                f"没有接收人 {show(one.receiver)}; {zh}",
                f"There is no receiver {show(one.receiver)}; {en}",
            )
        if not one.start < one.end:
            notes.add(f"{here}.end", "结束时间必须晚于开始时间。", "The end must lie after the start.")
        elif one.end - one.start > LONGEST:
            notes.add(f"{here}.end", f"一班最长 {LONGEST.days} 天。", f"A shift is {LONGEST.days} days at the most.")
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)


def _plain(one: Shift) -> dict[str, object]:
    return {"receiver": one.receiver, "note": one.note, "start": one.start.isoformat(), "end": one.end.isoformat()}


def _listed(row: Row[Any]) -> Listed:
    return Listed(row.id, Shift(receiver=row.receiver, start=row.begins, end=row.ends, note=row.person))
