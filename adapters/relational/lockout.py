"""Failed sign-ins by name, whether or not there is such a user, and how long the next try must wait."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from adapters.relational.schema import sign_in_failure as table

FREE_FAILURES = 4
"""The next failure locks."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)
"""After so long without a failure, those before are forgotten."""


def locked_until(connection: Connection, name: str, now: datetime) -> datetime | None:
    """Give until when a name is locked, or None where it may be tried."""
    query = select(table.c.locked_until).where(table.c.name == name)
    until: datetime | None = connection.execute(query.where(table.c.locked_until > now)).scalar_one_or_none()
    return until


def count_failure(connection: Connection, name: str, now: datetime) -> datetime | None:
    """Count one failure, and give until when the name is locked by it: 1 min, then twice as long each time."""
    connection.execute(delete(table).where(table.c.last_at < now - FORGOTTEN))
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    counted = dialect.insert(table).values(name=name, failures=1, last_at=now)
    one_more = {"failures": table.c.failures + 1, "last_at": now}
    # In one statement: of many guesses at the same moment each counts.
    added = counted.on_conflict_do_update(index_elements=["name"], set_=one_more).returning(table.c.failures)
    failures = int(connection.execute(added).scalar_one())
    if failures <= FREE_FAILURES:
        return None
    doublings = min(failures - FREE_FAILURES - 1, 10)
    until = now + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)
    connection.execute(update(table).where(table.c.name == name).values(locked_until=until))
    return until


def forgive(connection: Connection, name: str) -> None:
    """Forget a name's failures."""
    connection.execute(delete(table).where(table.c.name == name))
