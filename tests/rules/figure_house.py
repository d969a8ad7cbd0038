"""A small park with its stores, for the figures: its slots are written as the accounts would write them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from adapters.duckdb_store import DuckDBStore
from adapters.relational import engine as engines
from adapters.relational import figures, migrate, registry_store, statements
from adapters.relational.figures import Revision
from park.amount import Status
from park.factor import Basis
from park.figure import Scope, name
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.registry import Registry
from park.statement import Statement
from park.term import Term, read
from park.window import SITE
from rules.figures import Done, Figures

MARCH = read("2024-03")
PARK = Park("hk", "恒口示范区产业园", "Hengkou Industrial Park")
ENTERPRISES = (
    Enterprise("e01", "hk", "安康某富硒食品有限公司", "Selenium Foods", "1392", 42.5),
    Enterprise("e02", "hk", "安康某毛绒玩具有限公司", "Plush Toys", "2451"),
)
METERS = tuple(
    Meter(f"{one}-main", one, "hk", Medium.ELECTRICITY, Role.BOUNDARY, f"{one} 总表", timedelta(minutes=1), ("ep_imp",))
    for one in ("e01", "e02")
)


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SITE).astimezone(UTC)


def slots(start: datetime, end: datetime, kwh: float, *, estimated: bool = False) -> Intervals:
    """Give slots that add up to an amount, evenly."""
    edges = np.arange(int(start.timestamp() * 1000), int(end.timestamp() * 1000), SLOT_MS, dtype=np.int64)
    ones, none = np.ones(len(edges)), np.zeros(len(edges))
    return Intervals(
        edges, np.full(len(edges), kwh / len(edges)), none if estimated else ones, ones if estimated else none
    )


@dataclass
class House:
    """The stores and the job."""

    engine: Engine
    store: DuckDBStore
    job: Figures = field(init=False)

    def __post_init__(self) -> None:
        self.job = self.again()

    def again(self) -> Figures:
        """Give the job as a new process would."""
        return Figures(engine=self.engine, store=self.store, deep_every=timedelta(), quiet=timedelta())

    def uses(self, meter: str, kwh: float, term: Term = MARCH, *, estimated: bool = False) -> None:
        """Write a month of a meter's slots."""
        self.uses_between(meter, kwh, term.start(), term.end(), estimated=estimated)

    def uses_between(self, meter: str, kwh: float, start: datetime, end: datetime, *, estimated: bool = False) -> None:
        """Write some days of a meter's slots."""
        of = slots(start, end, kwh, estimated=estimated)
        self.store.write_intervals([IntervalBatch(meter, "electricity", start, end, of)])

    def states(
        self,
        enterprise: str,
        value_added: str,
        *,
        now: datetime,
        term: Term = MARCH,
        status: Status = Status.VERIFIED,
        reason: str = "",
    ) -> None:
        """Enter a statement."""
        given = Statement(enterprise, term, status, {"value_added": Decimal(value_added)})
        statements.save(self.engine, [given], who="王丽", now=now, reason=reason)

    def run(self, now: datetime) -> Done:
        """Do one round."""
        return self.job.run(now)

    def revisions(
        self,
        indicator: str,
        subject: str = "e01",
        *,
        scope: Scope = Scope.ENTERPRISE,
        term: Term = MARCH,
        basis: Basis | None = None,
    ) -> Sequence[Revision]:
        """Give the revisions of a figure, the newest first."""
        return figures.revisions(self.engine, name(scope, subject, indicator, term, basis))


def opened(folder: Path) -> House:
    """Open new stores."""
    engine = engines.connect(f"sqlite:///{folder / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    registry_store.replace(engine, Registry((PARK,), ENTERPRISES, METERS), who="test", now=local(2024, 1, 1))
    return House(engine, DuckDBStore(folder / "telemetry.duckdb"))
