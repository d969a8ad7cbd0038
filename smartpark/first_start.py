"""What a first start does: an administrator, a registry, and a month of history for the simulated park."""

from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from adapters import registry_yaml
from adapters.relational import accounts, registry_store
from park.principal import Access
from park.telemetry import Telemetry
from simulators.demo import demo_registry
from smartpark.opening import fail

ADMIN = "admin"
HISTORY_DAYS = 30
SHORT_GAP = timedelta(minutes=15)
DAY = timedelta(days=1)


class Prepared(NamedTuple):
    """What the start found or made."""

    password: str | None
    """The administrator's one-time password, only when it was made now."""
    meters: int
    demo: bool
    """Whether the registry is the simulated park's."""


def prepare(engine: Engine, *, park: Path | None, simulator: bool | None, now: datetime) -> Prepared:
    """Make an administrator where there is no user, and import the given or the demonstration registry."""
    password = None
    if not accounts.any_user(engine):
        password = accounts.one_time_password()
        accounts.create_user(
            engine, name=ADMIN, password=password, access=Access.ADMIN, now=now, who="first start", must_change=True
        )
    registry = registry_store.load(engine)
    if park is not None:
        checked = registry_yaml.load(park)
        if checked.registry is None:
            lines = "\n".join(f"  - {mistake}" for mistake in checked.mistakes)
            fail(f"{park}: 台账有误, 未导入任何内容 / registry to correct, nothing was imported:\n{lines}")
        registry_store.replace(engine, checked.registry, who="first start", now=now)
    elif not registry.meters and simulator is not False:
        registry_store.replace(engine, demo_registry(), who="first start", now=now)
    registry = registry_store.load(engine)
    simulated = {meter.id for meter in demo_registry().meters}
    return Prepared(password, len(registry.meters), simulated <= registry.by_meter.keys())


def days_missing(telemetry: Telemetry, now: datetime) -> int:
    """Count the days of history that the simulated park should send: a month at first, later what was missed."""
    held = telemetry.extent()
    if held.first is None or held.last is None or now - held.first < (HISTORY_DAYS - 1) * DAY:
        return HISTORY_DAYS  # nothing yet, or a first start that was cut short: what is there comes again, harmlessly
    gap = now - held.last
    return min(HISTORY_DAYS, ceil(gap / DAY)) if gap > SHORT_GAP else 0
