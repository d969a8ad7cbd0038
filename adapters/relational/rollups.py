"""What is still to be rolled up in a server store, and how far it is done."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from adapters.influx.spans import Settled
from adapters.relational.engine import writing
from adapters.relational.schema import rollup, rollup_due
from park.telemetry import StoreUnavailable

SUBJECT = "telemetry"
CHUNK = 500
LONGEST_DAY = timedelta(hours=25)


class Due(NamedTuple):
    """A meter and local day to be rolled up again; `touched` tells this mark from a later one."""

    meter: str
    day: datetime
    touched: int


class RelationalRollups:
    """Keeps the roll-up's notes in the relational store.  Raises StoreUnavailable while that is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._dialect = postgresql if engine.dialect.name == "postgresql" else sqlite

    def note(self, days: Collection[tuple[str, datetime]]) -> None:
        """Write down meters and local days with late readings; kept when this returns."""
        rows = [{"meter": meter, "day": day, "touched": 1} for meter, day in sorted(days)]
        insert = self._dialect.insert(rollup_due)
        again = insert.on_conflict_do_update(
            index_elements=["meter", "day"], set_={"touched": rollup_due.c.touched + 1}
        )
        with _translated(), writing(self._engine) as connection:
            for first in range(0, len(rows), CHUNK):
                connection.execute(again, rows[first : first + CHUNK])

    def settled(self, meters: Collection[str], start: datetime, end: datetime) -> Settled:
        """Say how far the slots of some meters may be trusted within a range."""
        query = select(rollup_due.c.meter).where(rollup_due.c.day < end, rollup_due.c.day > start - LONGEST_DAY)
        if len(meters) <= CHUNK:
            query = query.where(rollup_due.c.meter.in_(meters))
        with _translated(), self._engine.connect() as connection:
            until = connection.execute(select(rollup.c.until).where(rollup.c.subject == SUBJECT)).scalar()
            if until is None:
                return Settled(None)
            return Settled(until, frozenset(connection.execute(query.distinct()).scalars()))

    def until(self) -> datetime | None:
        """Give how far all slots are made; None before the first time."""
        with _translated(), self._engine.connect() as connection:
            return connection.execute(select(rollup.c.until).where(rollup.c.subject == SUBJECT)).scalar()

    def advance(self, until: datetime) -> None:
        """Note how far all slots are made."""
        insert = self._dialect.insert(rollup).values(subject=SUBJECT, until=until)
        with _translated(), writing(self._engine) as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["subject"], set_={"until": until}))

    def due(self, most: int) -> Sequence[Due]:
        """Give the marks of the oldest days."""
        query = select(rollup_due).order_by(rollup_due.c.day, rollup_due.c.meter).limit(most)
        with _translated(), self._engine.connect() as connection:
            return [Due(row.meter, row.day, row.touched) for row in connection.execute(query)]

    def done(self, marks: Collection[Due]) -> None:
        """Take marks out, but for those that were touched again meanwhile."""
        with _translated(), writing(self._engine) as connection:
            for mark in marks:
                connection.execute(
                    delete(rollup_due).where(
                        rollup_due.c.meter == mark.meter,
                        rollup_due.c.day == mark.day,
                        rollup_due.c.touched == mark.touched,
                    )
                )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"notes of the roll-up: {error}".partition("\n")[0]) from error
