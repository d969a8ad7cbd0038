"""What one shift told the next, with what was open then.  Kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, insert, select

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_alarm_desk import handover as table
from park.registry_notes import Notes

LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class Handover:
    """One handing over."""

    id: int
    at: datetime
    since: datetime
    """When the shift began: at the handing over before."""
    who: str
    taken_by: str
    note: str
    state: Mapping[str, Any]
    """What was open, and how much had happened, as it stood then."""


def write(
    engine: Engine,
    *,
    since: datetime,
    who: str,
    taken_by: str,
    note: str,
    state: Mapping[str, Any],
    now: datetime,
) -> Handover:
    """Write down a handing over.  Raises EntryRefused with every mistake."""
    notes = Notes({})
    notes.text("taken_by", taken_by)
    if len(note) > LONGEST_NOTE:
        notes.add("note", f"交接记录最多 {LONGEST_NOTE} 字。", f"{LONGEST_NOTE} characters are the most.")
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)
    row = {
        "at": now,
        "since": since,
        "who": who,
        "taken_by": taken_by.strip(),
        "note": note.strip(),
        "state": dict(state),
    }
    with deciding(engine) as connection:
        made = _handover(connection.execute(insert(table).values(row).returning(table)).one())
        audit.record(
            connection,
            at=now,
            who=who,
            action="handover.create",
            subject=str(made.id),
            after={"taken_by": made.taken_by, "note": made.note},
        )
    return made


def listing(engine: Engine, *, before: int | None = None, limit: int = 50) -> list[Handover]:
    """Give them, the newest first; `before` is the number of the last one of the page before."""
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(table.c.id < before)
    with reading(engine) as connection:
        return [_handover(row) for row in connection.execute(query)]


def _handover(row: Row[Any]) -> Handover:
    return Handover(row.id, row.at, row.since, row.who, row.taken_by, row.note, row.state)
