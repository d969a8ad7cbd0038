"""Open the stores that the settings name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters import clock, private
from adapters.clock import Clock
from adapters.duckdb_store import DuckDBStore
from adapters.influx.target import Target
from adapters.late_notes import DayBook, LateNotes
from adapters.registry_cache import RegistryCache
from adapters.relational import engine as engines
from adapters.relational import migrate, registry_store
from adapters.relational.homes import RelationalHomes
from adapters.relational.interval_dues import IntervalDues
from adapters.relational.rollups import RelationalRollups
from adapters.settings import Settings
from park.registry import Registry
from park.telemetry import StoreUnavailable, Telemetry, TelemetryStore

if TYPE_CHECKING:
    from adapters.influx.roller import Roller


def telemetry(
    settings: Settings,
    engine: Engine | None = None,
    *,
    registry: Callable[[], Registry] | None = None,
    now: Clock = clock.now,
) -> TelemetryStore:
    """Open the telemetry store that the settings name.  Raises StoreUnavailable.

    Late readings are noted in the relational store, `engine`.  Writing to InfluxDB takes the registry as well, where
    there is a cached one already: `registry`.  Without them it can be read, from the readings alone.
    """
    target = settings.influx_target()
    if target is not None:
        return _influx(settings, target, engine, registry)
    zone = ZoneInfo(settings.timezone)
    return DuckDBStore(_file(settings), zone=zone, late=_late(zone, engine, now=now))


def telemetry_file(settings: Settings) -> Path | None:
    """Name the file of an embedded telemetry store; None where the settings name a server."""
    return None if settings.influx_target() is not None else _file(settings)


def _file(settings: Settings) -> Path:
    # As with SQLAlchemy: three slashes begin a relative path, four an absolute one.
    return Path(unquote(urlsplit(settings.telemetry()).path).removeprefix("/"))


def _late(zone: ZoneInfo, engine: Engine | None, *books: DayBook, now: Clock = clock.now) -> LateNotes | None:
    """Note late readings for the accounts, and in further books; without a relational store nobody works on them."""
    return None if engine is None else LateNotes([*books, IntervalDues(engine)], clock=now, zone=zone)


def _influx(
    settings: Settings, target: Target, engine: Engine | None, registry: Callable[[], Registry] | None
) -> TelemetryStore:
    from adapters.influx.store import InfluxStore  # noqa: PLC0415  # its client library takes half a second to import

    if registry is None and engine is not None:
        registry = RegistryCache(partial(registry_store.load, engine), partial(registry_store.version, engine)).current
    zone = ZoneInfo(settings.timezone)
    rollups = RelationalRollups(engine) if engine is not None else None
    store = InfluxStore(
        target,
        registry=registry or Registry,
        clock=clock.now,
        zone=zone,
        homes=RelationalHomes(engine) if engine is not None else None,
        rollups=rollups,
        late=_late(zone, engine, *([rollups] if rollups else [])),
    )
    try:
        store.check()
    except StoreUnavailable:
        store.close()
        raise
    return store


def slots(store: Telemetry) -> "Roller | None":
    """Give what makes slots of a store's readings; None where the store needs none."""
    return getattr(store, "roller", None)


def relational(settings: Settings) -> Engine:
    """Open the relational store, its tables up to date.  Raises DatabaseError, MigrationError or DBAPIError."""
    private.folder(settings.data_dir)
    engine = engines.connect(settings.database())
    migrate.upgrade(engine)
    return engine
