"""What a first start does: an administrator, a registry, and a month of history for the simulated park."""

from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from adapters import registry_yaml
from adapters.relational import accounts, registry_store
from park.principal import Access
from park.registry import Registry
from park.telemetry import Telemetry
from simulators.demo import demo_registry
from smartpark.opening import fail

ADMIN = "admin"
HISTORY_DAYS = 30
SHORT_GAP = timedelta(minutes=15)
DAY = timedelta(days=1)


class Prepared(NamedTuple):
    """What the start found or made."""

    meters: int
    demo: bool
    """Whether the registry is the simulated park's."""


def read_park(path: Path) -> Registry:
    """Read the registry file that `up` is given; name every mistake in it and end, before anything is started."""
    checked = registry_yaml.load(path)
    if checked.registry is None:
        lines = "\n".join(f"  - {mistake}" for mistake in checked.mistakes)
        fail(f"{path}: 台账有误, 未导入任何内容 / registry to correct, nothing was imported:\n{lines}")
    return checked.registry


def prepare(engine: Engine, *, park: Registry | None, simulator: bool | None, now: datetime) -> Prepared:
    """Import the given registry, or the demonstration park's where there is none."""
    if park is not None:
        registry_store.replace(engine, park, who="first start", now=now)
    elif simulator is not False and not registry_store.load(engine).meters:
        registry_store.replace(engine, demo_registry(), who="first start", now=now)
    registry = registry_store.load(engine)
    simulated = {meter.id for meter in demo_registry().meters}
    return Prepared(len(registry.meters), simulated <= registry.by_meter.keys())


def first_password(engine: Engine, *, now: datetime) -> str | None:
    """Make an administrator where there is no user, and give the one-time password.

    To be called last of all that can fail at a start: a password that nobody was shown locks everybody out for ever.
    """
    if accounts.any_user(engine):
        return None
    password = accounts.one_time_password()
    accounts.create_user(
        engine, name=ADMIN, password=password, access=Access.ADMIN, now=now, who="first start", must_change=True
    )
    return password


def days_missing(telemetry: Telemetry, now: datetime) -> int:
    """Count the days of history that the simulated park should send: a month at first, later what was missed."""
    held = telemetry.extent()
    if held.first is None or held.last is None or now - held.first < (HISTORY_DAYS - 1) * DAY:
        return HISTORY_DAYS  # nothing yet, or a first start that was cut short: what is there comes again, harmlessly
    gap = now - held.last
    return min(HISTORY_DAYS, ceil(gap / DAY)) if gap > SHORT_GAP else 0
