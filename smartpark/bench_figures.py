"""How fast a month of consumption becomes the figures of many enterprises, their industries and their park."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Engine

from adapters.duckdb_store import DuckDBStore
from adapters.relational import engine as engines
from adapters.relational import figures, migrate, registry_store, statements
from park.amount import Status
from park.carrier import carriers
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.registry import Registry
from park.statement import Statement
from park.tally import Tally
from park.term import read
from park.window import SITE
from rules.figure_sources import Sums, entered, sources
from rules.figures import make

MONTH = read("2026-10")
NOW = datetime(2026, 11, 5, tzinfo=UTC)
CARRIERS = ("electricity", "water", "natural_gas")
INDUSTRIES = 30
AT_ONCE = 300
SEED = 20_261_001


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured; seconds of CPU: what else the machine does meanwhile does not count."""

    enterprises: int
    intervals: int
    figures: int
    sums_s: float
    """Slots of the month summed by meter in the telemetry store."""
    made_s: float
    """Everything entered read, consumption, standard coal, CO2, and every figure made."""
    published_s: float
    """Figures compared with what was said before, and kept."""
    again_s: float
    """Made and compared once more, with nothing to say."""

    def as_json(self) -> dict[str, object]:
        """Give it for a program to read."""
        return asdict(self)

    def report(self) -> str:
        """Say it to a person."""
        return (
            f"{self.sums_s + self.made_s:>8.2f} s from {self.intervals:,} intervals to {self.figures:,} figures of "
            f"{self.enterprises:,} enterprises (sums {self.sums_s:.2f} s, figures {self.made_s:.2f} s); "
            f"kept in {self.published_s:.2f} s, the same again in {self.again_s:.2f} s"
        )


def measure(*, enterprises: int, clock: Callable[[], float] = time.process_time) -> Result:
    """Fill new stores with a month of some enterprises, and make its figures."""
    with TemporaryDirectory() as folder:
        engine = engines.connect(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        store = DuckDBStore(Path(folder) / "bench.duckdb")
        try:
            written = _fill(engine, store, enterprises)
            return _measure(engine, store, enterprises, written, clock)
        finally:
            store.close()
            engine.dispose()


def _measure(engine: Engine, store: DuckDBStore, enterprises: int, written: int, clock: Callable[[], float]) -> Result:
    start = clock()
    sums = Sums(store, SITE)
    sums.renew(MONTH.last, MONTH.last, NOW)
    summed = clock()
    entry = entered(engine, tuple, SITE, NOW)
    made = make(entry, Tally(sources(entry, sums, [MONTH.last], NOW)), MONTH, over=True)
    finished = clock()
    figures.publish(engine, MONTH, made, over=True, now=NOW)
    kept = clock()
    again = make(entry, Tally(sources(entry, sums, [MONTH.last], NOW)), MONTH, over=True)
    figures.publish(engine, MONTH, again, over=True, now=NOW)
    return Result(
        enterprises=enterprises,
        intervals=written,
        figures=len(made),
        sums_s=summed - start,
        made_s=finished - summed,
        published_s=kept - finished,
        again_s=clock() - kept,
    )


def _fill(engine: Engine, store: DuckDBStore, count: int) -> int:
    """Write a registry, a month of slots of three meters each, and a statement each; give how many slots."""
    migrate.upgrade(engine)
    park = Park("bench", "压测园区", "Bench Park")
    enterprises = tuple(
        Enterprise(f"e{number:05}", park.id, f"企业 {number}", industry=f"{13 + number % INDUSTRIES}92", area_mu=20.0)
        for number in range(count)
    )
    meters = {carrier: [_meter(one, carrier) for one in enterprises] for carrier in CARRIERS}
    every = tuple(meter for some in meters.values() for meter in some)
    registry_store.replace(engine, Registry((park,), enterprises, every), who="bench", now=NOW)
    stated = [Statement(one.id, MONTH, Status.VERIFIED, {"value_added": Decimal(250)}) for one in enterprises]
    statements.save(engine, stated, who="bench", now=NOW)
    written = 0
    for batches in _batches(meters):
        store.write_intervals(batches)
        written += sum(len(batch.intervals.start_ms) for batch in batches)
    return written


def _meter(enterprise: Enterprise, carrier: str) -> Meter:
    kind = carriers()[carrier]
    medium = kind.medium or Medium.ELECTRICITY
    return Meter(
        id=f"{enterprise.id}-{medium}",
        enterprise=enterprise.id,
        park=enterprise.park,
        medium=medium,
        role=Role.BOUNDARY,
        name=carrier,
        period=timedelta(minutes=1),
        metrics=(kind.register or "",),
    )


def _batches(meters: dict[str, list[Meter]]) -> Iterator[list[IntervalBatch]]:
    start, end = MONTH.start(), MONTH.end()
    edges = np.arange(int(start.timestamp() * 1000), int(end.timestamp() * 1000), SLOT_MS, dtype=np.int64)
    chance = np.random.default_rng(SEED)
    for carrier, some in meters.items():
        for first in range(0, len(some), AT_ONCE):
            yield [
                IntervalBatch(
                    meter.id,
                    carrier,
                    start,
                    end,
                    Intervals(edges, chance.uniform(0, 20, len(edges)), np.ones(len(edges)), np.zeros(len(edges))),
                )
                for meter in some[first : first + AT_ONCE]
            ]
