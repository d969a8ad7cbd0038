"""A park's month in real stores, made by the platform's own parts: what every panel is asked about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from adapters.influx import admin
from adapters.influx.resolution import ALL
from adapters.influx.store import InfluxStore
from adapters.relational import engine as engines
from adapters.relational import initialise
from adapters.relational.homes import RelationalHomes
from adapters.relational.rollups import RelationalRollups
from adapters.settings import Settings
from park.instant import EPOCH
from park.reading import Reading
from park.registry import Registry
from rules.accounts import Accounts
from rules.figures import Figures
from simulators.demo import demo_devices, demo_registry
from simulators.device import Device
from tests.grafana import alarms, desk
from tests.grafana.past import DAY, SILENT, Past, counters, detectors, readings

NOW: Final = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
"""A Tuesday afternoon; the readings end at its quarter of an hour."""
SEVERAL: Final = frozenset({"e01", "e06"})
"""Enterprises with at least one of nearly everything there is."""
MORE: Final = frozenset({"e05-steam", "e05-tank", "e09-h2s", "e09-stack", "e10-co", "e12-smoke", "e19-heat"})
"""Meters of others that measure what those do not; they stand in the first of them."""
FIRST: Final = "e01"
DAYS: Final = 31
REGISTER_DAYS: Final = 430
"""Thirteen whole months before the running one, so that a month can be held against the same of a year ago."""
SEED: Final = 1
QUARTER: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Filled:
    """Where the month is."""

    settings: Settings
    engine: Engine
    registry: Registry
    counts: Mapping[str, int]


def fill(
    settings: Settings,
    *,
    enterprises: Collection[str] | None = SEVERAL,
    days: int = DAYS,
    register_days: int = REGISTER_DAYS,
    roll_all: bool = False,
) -> Filled:
    """Fill the empty stores that the settings name; `enterprises` of None are all.

    Readings older than `days` are rolled up only where `roll_all` is wanted: it takes as long as all the rest.
    """
    registry, devices = _part(enterprises)
    target = settings.influx_target()
    assert target is not None
    list(admin.init(target, dict.fromkeys(ALL), Path(settings.data_dir)))
    initialise.init_relational(settings)
    engine = engines.connect(settings.database())
    desk.enter(engine, registry, NOW)
    store = InfluxStore(
        target,
        registry=lambda: registry,
        clock=lambda: EPOCH,  # nothing stored is doubted, so that good readings need not say that they are
        homes=RelationalHomes(engine),
        rollups=RelationalRollups(engine),
    )
    past = Past(NOW, days, register_days)
    written = 0
    watched: list[Reading] = []
    ears = {device.meter.id for device in detectors(devices)}
    for some in readings(devices, past):
        store.write(some)
        written += len(some)
        if some and some[0].meter in ears and some[-1].at > NOW - 2 * DAY:
            watched += some
    if roll_all:
        far = [device.meter.id for device in devices if counters(device)]
        store.roller.roll(NOW - register_days * DAY, NOW - days * DAY, far)
    store.roller.roll(NOW - days * DAY, NOW)  # at once, as the job does day by day
    RelationalRollups(engine).advance(NOW - timedelta(hours=1))
    Accounts(engine=engine, telemetry=store).run(NOW)
    Figures(engine=engine, store=store, virtual=tuple).run(NOW)
    raised = alarms.live(watched, _slow(registry), engine, store.write_alerts, NOW)
    desk.collect(engine, registry, NOW, gone={silent for silent, ago, lasts in SILENT if ago == lasts})
    desk.evaluate(engine, registry, NOW)
    store.close()
    return Filled(settings, engine, registry, {"readings": written, "raised": raised})


def _part(enterprises: Collection[str] | None) -> tuple[Registry, list[Device]]:
    """Give some enterprises with everything that stands there."""
    whole = demo_registry()
    if enterprises is None:
        return whole, demo_devices(SEED)
    meters = [one for one in whole.meters if one.enterprise in enterprises]
    meters += [replace(one, enterprise=FIRST) for one in whole.meters if one.id in MORE]
    ids = {one.id for one in meters}
    known = tuple(one for one in whole.enterprises if one.id in enterprises)
    return Registry(whole.parks, known, tuple(meters)), [one for one in demo_devices(SEED) if one.meter.id in ids]


def _slow(registry: Registry) -> Registry:
    """Give the registry as the rules must see it, where readings come every quarter of an hour."""
    meters = tuple(replace(meter, period=QUARTER) for meter in registry.meters)
    return Registry(registry.parks, registry.enterprises, meters)
