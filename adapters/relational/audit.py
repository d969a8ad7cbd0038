"""Who changed what, when, from what to what.  Written in the transaction of the change; never altered or deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from adapters.relational import page
from adapters.relational.engine import reading
from adapters.relational.schema import audit

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did."""

    id: int
    at: datetime
    who: str
    action: str
    """Noun and verb, as in `meter.change`."""
    subject: str
    before: Facts | None
    after: Facts | None


def record(
    connection: Connection,
    *,
    at: datetime,
    who: str,
    action: str,
    subject: str,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Write down one change, in the transaction that makes it: both hold or neither does.  No secrets in the facts."""
    row = {"at": at, "who": who, "action": action, "subject": subject, "before": before, "after": after}
    connection.execute(insert(audit), row)


def entries(engine: Engine, limit: int = 100, cursor: str | None = None) -> tuple[list[Entry], str | None]:
    """Give entries, the newest first, and the cursor of the next page.  Raises page.WrongCursor."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(audit.c.id < page.read(cursor)[0])
    with reading(engine) as connection:
        found = [Entry(*row) for row in connection.execute(query)]
    return found[:limit], page.write(found[limit - 1].id) if len(found) > limit else None
