"""What is still to be rolled up in a server store, and how far it is done."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from adapters.influx.spans import Settled
from adapters.relational.dues import CHUNK, Due, Dues, translated
from adapters.relational.engine import writing
from adapters.relational.schema import rollup, rollup_due

__all__ = ["Due", "RelationalRollups"]

SUBJECT = "telemetry"
WHAT = "the roll-up"
LONGEST_DAY = timedelta(hours=25)


class RelationalRollups(Dues):
    """Keeps the roll-up's notes in the relational store.  Raises StoreUnavailable while that is away."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, rollup_due, WHAT)

    def settled(self, meters: Collection[str], start: datetime, end: datetime) -> Settled:
        """Say how far the slots of some meters may be trusted within a range."""
        query = select(rollup_due.c.meter).where(rollup_due.c.day < end, rollup_due.c.day > start - LONGEST_DAY)
        if len(meters) <= CHUNK:
            query = query.where(rollup_due.c.meter.in_(meters))
        with translated(WHAT), self._engine.connect() as connection:
            until = connection.execute(select(rollup.c.until).where(rollup.c.subject == SUBJECT)).scalar()
            if until is None:
                return Settled(None)
            return Settled(until, frozenset(connection.execute(query.distinct()).scalars()))

    def until(self) -> datetime | None:
        """Give how far all slots are made; None before the first time."""
        with translated(WHAT), self._engine.connect() as connection:
            return connection.execute(select(rollup.c.until).where(rollup.c.subject == SUBJECT)).scalar()

    def advance(self, until: datetime) -> None:
        """Note how far all slots are made."""
        insert = self._insert(rollup).values(subject=SUBJECT, until=until)
        with translated(WHAT), writing(self._engine) as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["subject"], set_={"until": until}))
