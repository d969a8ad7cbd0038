"""A park with one InfluxDB store, its clock and registry at the test's command."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from adapters.influx.store import InfluxStore
from adapters.influx.target import Target
from adapters.late_notes import LateNotes
from adapters.relational import migrate
from adapters.relational.engine import connect
from adapters.relational.homes import RelationalHomes
from adapters.relational.rollups import RelationalRollups
from park.metric import Medium
from park.registry import Registry
from park.telemetry import Aggregate
from park.window import SITE
from rules.rollup import Rollup
from tests.contracts.influx import meter
from tests.contracts.telemetry import DAY, START

NOW = START + 10 * DAY
LENGTHS = (timedelta(minutes=15), timedelta(minutes=45), timedelta(hours=1), DAY, 2 * DAY)
LAW = [f"law-{number}" for number in range(500)]


class Site:
    """A park with one store: its registry and its clock are the test's to change."""

    def __init__(self, target: Target, engine: Engine, zone: ZoneInfo = SITE) -> None:
        self.now = NOW
        self.registry = Registry(meters=(meter("m1"), meter("m2"), meter("w1", Medium.WATER), *map(meter, LAW)))
        self.unused = iter(LAW)
        self.notes = RelationalRollups(engine)
        self._parts = target, engine, zone
        self.store = self.open()
        self.rollup = Rollup(
            slots=self.store.roller, notes=self.notes, first=lambda: self.store.extent().first, zone=zone
        )

    def open(self) -> InfluxStore:
        """Open the store as another process would."""
        target, engine, zone = self._parts
        return InfluxStore(
            target,
            registry=lambda: self.registry,
            clock=lambda: self.now,
            zone=zone,
            homes=RelationalHomes(engine),
            rollups=RelationalRollups(engine),
            late=LateNotes([RelationalRollups(engine)], clock=lambda: self.now, zone=zone),
        )

    def raw(self) -> InfluxStore:
        """Open a store that reads the readings alone."""
        target, _, zone = self._parts
        return InfluxStore(target, registry=lambda: self.registry, clock=lambda: self.now, zone=zone)


def assert_same(
    site: Site,
    start: datetime,
    end: datetime,
    meters: Collection[str] = ("m1", "m2"),
    *,
    lengths: Collection[timedelta] = LENGTHS,
    hows: Collection[Aggregate] = tuple(Aggregate),
) -> None:
    """The store answers as one that reads the readings alone."""
    raw = site.raw()
    for every in lengths:
        for how in hows:
            ours = site.store.aggregate(list(meters), "p", start, end, every=every, how=how)
            truth = raw.aggregate(list(meters), "p", start, end, every=every, how=how)
            for number in meters:
                assert [slot.start for slot in ours[number]] == [slot.start for slot in truth[number]]
                assert [slot.value for slot in ours[number]] == pytest.approx([slot.value for slot in truth[number]]), (
                    every,
                    how,
                )
    raw.close()


@contextmanager
def opened_site(target: Target, folder: Path, zone: ZoneInfo = SITE) -> Iterator[Site]:
    """Open a park whose relational store is a new file in a folder."""
    engine = connect(f"sqlite:///{folder / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    site = Site(target, engine, zone)
    try:
        yield site
    finally:
        site.store.close()
        engine.dispose()
