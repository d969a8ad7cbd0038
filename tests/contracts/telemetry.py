"""Every kind of telemetry store, as its contract suite needs it: one more adapter is one more row of KINDS."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adapters import stores
from adapters.settings import load
from park.reading import Reading
from park.telemetry import Telemetry, TelemetryStore
from tests.contracts import influx
from tests.contracts.memory import MemoryTelemetry

SITE_NAME = "Asia/Shanghai"
START = datetime(2026, 11, 22, 16, tzinfo=UTC)
"""Midnight of 2026-11-23 at the site."""
DAY = timedelta(days=1)
UNCOUNTED = None
"""What a store says where counting would cost too much."""
EVER = (datetime(1971, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))


class Kind(NamedTuple):
    """One adapter: how to open a store of it in a folder, and the URL that names it where it outlives a process."""

    name: str
    open: Callable[[Path, str], TelemetryStore]
    url: Callable[[Path], str] | None


def _duckdb_url(folder: Path) -> str:
    return f"duckdb:///{folder / 'telemetry.duckdb'}"


def _duckdb(folder: Path, timezone: str) -> TelemetryStore:
    return stores.telemetry(load(environ={}, telemetry_url=_duckdb_url(folder), timezone=timezone))


def _memory(_folder: Path, timezone: str) -> TelemetryStore:
    return MemoryTelemetry(ZoneInfo(timezone))


KINDS: tuple[Kind, ...] = (
    Kind("duckdb", _duckdb, _duckdb_url),
    Kind("memory", _memory, None),
    Kind("influx", influx.open_v1, None),
    *([Kind("influx2", influx.open_v2, None)] if influx.second() else []),
)
DURABLE = tuple(kind for kind in KINDS if kind.url)

unused = (f"meter-{number}" for number in count())
"""Meters for examples that share a store."""


@contextmanager
def opened(kind: Kind, folder: Path, timezone: str = SITE_NAME) -> Iterator[TelemetryStore]:
    """Open a store and close it again."""
    store = kind.open(folder, timezone)
    try:
        yield store
    finally:
        store.close()


def after(minutes: float = 0, *, ms: int = 0) -> datetime:
    """Give an instant by its distance from START."""
    return START + timedelta(minutes=minutes, milliseconds=ms)


def reading(value: float, at: datetime = START, *, meter: str = "m1", metric: str = "p", quality: int = 0) -> Reading:
    """Make a reading of which only some of it matters."""
    return Reading(meter, metric, value, at, quality)


def series(store: Telemetry, meter: str = "m1", metric: str = "p") -> list[Reading]:
    """Give all of one series."""
    return store.readings(meter, metric, *EVER)
