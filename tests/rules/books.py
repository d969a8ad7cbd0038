"""A small park whose accounts are kept: SQLite, DuckDB, a clock that is told the time, and late readings noted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from adapters.duckdb_store import DuckDBStore
from adapters.late_notes import LateNotes
from adapters.relational import epochs, migrate, registry_store, suspicions
from adapters.relational.engine import connect
from adapters.relational.interval_dues import IntervalDues
from adapters.relational.tables_ledger import interval_due, ledger_day, suspicion
from park.epoch import Epoch, Kind, Standing
from park.interval import IntervalSum
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Register, Role
from park.reading import Reading
from park.registry import Registry
from park.suspicion import Suspicion
from park.window import DAY
from rules.accounts import Accounts, Done

START = datetime(2026, 10, 31, 16, tzinfo=UTC)
"""Midnight of 2026-11-01 at the site."""
NOW = START + 9 * DAY + timedelta(hours=11)
MINUTE = timedelta(minutes=1)
SLOT = timedelta(minutes=15)


def a_meter(name: str, *metrics: str, medium: Medium = Medium.ELECTRICITY, role: Role = Role.BOUNDARY) -> Meter:
    """Make a meter that reports every quarter of an hour, rated 100 kW, five digits."""
    register = Register(100_000.0, "100 kW") if medium is Medium.ELECTRICITY else Register()
    return Meter(name, "e01", "hk", medium, role, "表", SLOT, metrics, register=register)


METER = a_meter("m1", "ep_imp")
ENTERPRISE = Enterprise("e01", "hk", "企业")


@dataclass
class Books:
    """One park."""

    engine: Engine
    store: DuckDBStore
    accounts: Accounts
    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now

    def register(self, *meters: Meter) -> None:
        whole = Registry((Park("hk", "园区"),), (ENTERPRISE,), meters)
        registry_store.replace(self.engine, whole, who="test", now=NOW, prune=True)

    def write(self, totals: Sequence[tuple[float, float]], meter: str = "m1", metric: str = "ep_imp") -> None:
        """Store readings, each so many minutes after START."""
        self.store.write([Reading(meter, metric, total, after(at), 0) for at, total in totals])

    def run(self) -> Done:
        return self.accounts.run(self.now)

    def days(self, meter: str = "m1", carrier: str = "electricity") -> list[IntervalSum]:
        end = START + 40 * DAY
        return self.store.interval_sums(START - DAY, end, every=DAY, carriers=[carrier], meters=[meter])

    def used(self, meter: str = "m1", carrier: str = "electricity") -> list[float]:
        return [round(one.amount, 9) for one in self.days(meter, carrier)]

    def slots(self, meter: str = "m1", carrier: str = "electricity") -> list[tuple[float, ...]]:
        """Give all slots, to the nearest millionth."""
        found = self.store.intervals([meter], carrier, START - DAY, START + 40 * DAY).get(meter)
        if found is None:
            return []
        columns = (found.start_ms, found.amount, found.measured, found.estimated)
        return [tuple(round(float(value), 6) for value in row) for row in zip(*columns, strict=True)]

    def rows(self) -> tuple[list[tuple[object, ...]], ...]:
        """Give all that is kept of the ledger."""
        with self.engine.connect() as connection:
            return tuple(
                [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in (ledger_day, suspicion, interval_due)
            )

    def queue(self) -> list[Suspicion]:
        return [each.suspicion for each in suspicions.queue(self.engine)[0]]

    def decide(self, found: Suspicion, standing: Standing, **readings: float) -> None:
        said = Epoch(found.meter, found.metric, found.at, found.kind, standing, note="test", who="test")
        epochs.record(self.engine, replace(said, **readings), now=self.now)  # type: ignore[arg-type]  # its own fields

    def declare(self, kind: Kind, minutes: float, **readings: float) -> None:
        said = Epoch("m1", "ep_imp", after(minutes), kind, who="test")
        epochs.record(self.engine, replace(said, **readings), now=self.now)  # type: ignore[arg-type]  # its own fields


def after(minutes: float) -> datetime:
    """Give the instant so many minutes after START."""
    return START + minutes * MINUTE


def steady(
    first: float, last: float, *, at: float = 0.0, every: float = 15.0, gain: float = 2.0
) -> list[tuple[float, float]]:
    """Give readings from one minute to another, that gain as much each."""
    count = int((last - first) // every) + 1
    return [(first + place * every, at + place * gain) for place in range(count)]


@contextmanager
def opened(folder: Path, *meters: Meter) -> Iterator[Books]:
    """Open a park in a folder."""
    engine = connect(f"sqlite:///{folder / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    books: Books

    def clock() -> datetime:
        return books.now

    late = LateNotes([IntervalDues(engine)], clock=clock)
    store = DuckDBStore(folder / "telemetry.duckdb", late=late)
    books = Books(engine, store, Accounts(engine=engine, telemetry=store, rest=timedelta(0)))
    books.register(*(meters or (METER,)))
    yield books
    store.close()
    engine.dispose()
