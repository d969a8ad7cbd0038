"""Meters and local days with late readings, noted by whoever stored them until whoever works on them has done so."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, Table, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from adapters.relational.engine import writing
from park.telemetry import StoreUnavailable

CHUNK = 500


class Due(NamedTuple):
    """A meter and local day to be done again; `touched` tells this mark from a later one."""

    meter: str
    day: datetime
    touched: int


class Dues:
    """Keeps marks in one table of meter, day and touched.  Raises StoreUnavailable while the store is away."""

    def __init__(self, engine: Engine, table: Table, what: str) -> None:
        self._engine = engine
        self._table = table
        self._what = what
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def note(self, days: Collection[tuple[str, datetime]]) -> None:
        """Write down meters and local days with late readings; kept when this returns."""
        table = self._table
        rows = [{"meter": meter, "day": day, "touched": 1} for meter, day in sorted(days)]
        more = {"touched": table.c.touched + 1}
        again = self._insert(table).on_conflict_do_update(index_elements=["meter", "day"], set_=more)
        with translated(self._what), writing(self._engine) as connection:
            for first in range(0, len(rows), CHUNK):
                connection.execute(again, rows[first : first + CHUNK])

    def due(self, most: int) -> Sequence[Due]:
        """Give the marks of the oldest days."""
        query = select(self._table).order_by(self._table.c.day, self._table.c.meter).limit(most)
        with translated(self._what), self._engine.connect() as connection:
            return [Due(row.meter, row.day, row.touched) for row in connection.execute(query)]

    def by_meter(self, start: datetime, end: datetime) -> dict[str, int]:
        """Count the days of `start` ≤ day < `end` that are due, by meter."""
        table = self._table
        query = select(table.c.meter, func.count()).where(table.c.day >= start, table.c.day < end)
        with translated(self._what), self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.meter))}

    def count(self) -> int:
        """Say how many marks there are."""
        with translated(self._what), self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(self._table)).scalar_one()

    def done(self, marks: Collection[Due]) -> None:
        """Take marks out, but for those that were touched again meanwhile."""
        if not marks:
            return
        table = self._table
        taken = delete(table).where(
            table.c.meter == bindparam("of_meter"),
            table.c.day == bindparam("of_day"),
            table.c.touched == bindparam("as_seen"),
        )
        values = [{"of_meter": mark.meter, "of_day": mark.day, "as_seen": mark.touched} for mark in marks]
        with translated(self._what), writing(self._engine) as connection:
            connection.execute(taken, values)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Say in the telemetry port's own terms that the notes of something cannot be read or kept now."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"notes of {what}: {error}".partition("\n")[0]) from error
