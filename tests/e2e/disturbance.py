"""The same readings said twice: once as devices should, once as they do after days without a network."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine

from adapters import clock, stores
from adapters.publisher import Publisher
from adapters.registry_cache import RegistryCache
from adapters.relational import registry_store
from adapters.settings import load
from collector.bootstrap import Collector
from park.instant import from_ms, to_ms
from park.reading import Reading
from park.telemetry import Aggregate, Slot, Telemetry
from park.window import DAY, floor
from tests.e2e.program import until
from tests.e2e.stored import register
from tests.park.examples import meter, registry

METERS = [f"m{number}" for number in range(6)]
METRICS = ("p", "ep_imp", "f")
DAYS = 5
PERIOD = timedelta(minutes=10)
BUNDLE = 100
SLOW, FAST = timedelta(minutes=4), timedelta(minutes=10)
"""How far ahead a device's clock may be, and how far it may not."""
WINDOWS = (timedelta(minutes=15), timedelta(hours=1), DAY)
Message = tuple[str, bytes]


class Record(NamedTuple):
    """What one meter measured at one instant; all values are exact in binary, so that sums have no order."""

    meter: str
    number: int
    ts: int

    def body(self) -> dict[str, object]:
        """Say it as a record of the contract."""
        eighths = self.number % 64 / 8
        marked = {"q": "estimated"} if self.number % 7 == 0 else {}
        return {"ts": self.ts, "m": {"p": 100 + eighths, "ep_imp": self.number / 4, "f": 50 + eighths / 32}} | marked

    def live(self) -> Message:
        """Say it in a message of its own."""
        body = {"v": 1, "seq": self.number} | self.body()
        return f"park/v1/hengkou/e01/{self.meter}/data", msgspec.json.encode(body)


class Said(NamedTuple):
    """One run's messages, in order."""

    messages: list[Message]
    twice: int
    """Records that are said a second time."""
    bundled: int
    """Records that come in bundles."""
    refused: int
    """Messages of a clock too far ahead."""


def records(now: datetime) -> list[Record]:
    """Give five days in order of time, the last moment four minutes ahead of our clock."""
    start = floor(now - DAYS * DAY, DAY)
    times = [start + step * PERIOD for step in range((now - start) // PERIOD)]
    return [Record(name, number, to_ms(at)) for number, at in enumerate([*times, now + SLOW]) for name in METERS]


def clean(true: Sequence[Record]) -> Said:
    """Say everything once and in order."""
    return Said([one.live() for one in true], 0, 0, 0)


def disturbed(true: Sequence[Record], now: datetime) -> Said:
    """Shuffle over all days, say a fifth twice, and flush a day and a half of each meter as backlog in bundles.

    A tenth of that backlog comes live as well.  Three times a meter, its clock is ahead by 10 minutes to two days.
    """
    dice = random.Random(2026)  # noqa: S311  # a test that can be repeated
    away = range(150, 366)
    backlog = [one for one in true if one.number in away]
    single = [one for one in true if one.number not in away]
    again = dice.sample(single, len(single) // 5) + dice.sample(backlog, len(backlog) // 10)
    skewed = [Record(name, day, to_ms(now + FAST + day * DAY)) for name in METERS for day in range(3)]
    messages = [one.live() for one in [*single, *again, *skewed]]
    for name in METERS:
        mine = [one for one in backlog if one.meter == name]
        mine.reverse()
        for first in range(0, len(mine), BUNDLE):
            bundle = {"v": 1, "seq": 100_000 + first, "r": [one.body() for one in mine[first : first + BUNDLE]]}
            messages.append((f"park/v1/hengkou/e01/{name}/backfill", msgspec.json.encode(bundle)))
    dice.shuffle(messages)
    return Said(messages, len(again), len(backlog), len(skewed))


class Intake(NamedTuple):
    """One collector with stores of its own."""

    collector: Collector
    engine: Engine
    telemetry: Telemetry
    broker: str

    def publish(self, messages: Sequence[Message]) -> None:
        """Publish as fast as the broker takes it, and wait until all is stored or held."""
        goal = self.collector.counts.handled + len(messages)
        with Publisher(self.broker, client_id="devices") as publisher:
            for topic, payload in messages:
                publisher.publish(topic, payload, timeout=60)
            assert publisher.drain(60)
        until(lambda: self.collector.counts.handled >= goal, "all is handled")

    def figures(self, now: datetime) -> tuple[list[Reading], dict[object, list[Slot]]]:
        """Give every reading, and every window of every width by every aggregate."""
        start, end = floor(now - DAYS * DAY, DAY) - DAY, now + 5 * DAY
        series = [
            self.telemetry.readings(name, metric, start, end, limit=100_000) for name in METERS for metric in METRICS
        ]
        windows: dict[object, list[Slot]] = {}
        for metric in METRICS:
            for every in WINDOWS:
                for how in Aggregate:
                    found = self.telemetry.aggregate(METERS, metric, start, end, every=every, how=how)
                    windows |= {(metric, every, how, name): slots for name, slots in found.items()}
        return [reading for one in series for reading in one], windows


@contextmanager
def intake(folder: Path, broker: str, telemetry_url: str | None) -> Iterator[Intake]:
    """Run a collector, with DuckDB unless a URL says otherwise."""
    folder.mkdir()
    register(folder, registry(*map(meter, METERS)))
    settings = load(environ={}, data_dir=folder, mqtt_url=broker, telemetry_url=telemetry_url)
    engine = stores.relational(settings)
    cache = RegistryCache(lambda: registry_store.load(engine), lambda: registry_store.version(engine))
    telemetry = stores.telemetry(settings, engine, registry=cache.current)
    collector = Collector(
        settings=settings, engine=engine, telemetry=telemetry, registry=cache.current, clock=clock.now
    )
    collector.start()
    try:
        until(lambda: collector.counts.connected, "it connects")
        yield Intake(collector, engine, telemetry, broker)
    finally:
        collector.stop()
        telemetry.close()
        engine.dispose()


def this_moment() -> datetime:
    """Give the time by the clock that the collectors have, in whole milliseconds."""
    return from_ms(to_ms(datetime.now(UTC)))
