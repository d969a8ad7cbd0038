"""What a first start does: an administrator, a registry, and some history for the simulated park."""

from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from adapters import registry_yaml
from adapters.relational import accounts, activities, factors, policies, registry_store, statements
from park.principal import Access
from park.registry import Registry
from park.telemetry import Telemetry
from park.term import Term, month_of
from park.window import SITE
from simulators.demo import PARK, demo_registry
from simulators.economy import DEMO_POLICY, demo_activities, demo_factors, demo_statements
from smartpark.mistake_lines import mistake_lines
from smartpark.opening import fail, misuse

ADMIN = "admin"
WHO = "first start"
SEED = 1
"""The simulated park's own by default."""
HISTORY_DAYS = 30
MONTHS = 13
"""Of the registers: the present month can then be compared with the same month a year ago."""
SHORT_GAP = timedelta(minutes=15)
DAY = timedelta(days=1)


class Prepared(NamedTuple):
    """What the start found or made."""

    meters: int
    demo: bool
    """Whether the registry is the simulated park's."""


def read_park(path: Path, language: str) -> Registry:
    """Read the registry file that `up` is given; name every mistake in it and end, before anything is started."""
    checked = registry_yaml.load(path)
    if checked.registry is None:
        fail("\n".join(mistake_lines(path, checked.mistakes, language)))
    return checked.registry


def prepare(engine: Engine, *, park: Registry | None, simulator: bool | None, now: datetime) -> Prepared:
    """Import the given registry, or the demonstration park's where there is none.

    A simulated park that was asked for and cannot run is wrong use, found out before anything is imported.
    """
    if simulator:
        _refuse_strangers(registry_store.load(engine), park)
    if park is not None:
        registry_store.replace(engine, park, who=WHO, now=now)
    elif simulator is not False and not registry_store.load(engine).meters:
        registry_store.replace(engine, demo_registry(), who=WHO, now=now)
    registry = registry_store.load(engine)
    demo = {meter.id for meter in demo_registry().meters} <= registry.by_meter.keys()
    if demo and simulator is not False:
        _fill_books(engine, now)
    return Prepared(len(registry.meters), demo)


def _fill_books(engine: Engine, now: datetime) -> None:
    """Enter what the invented enterprises reported and measured, unless anybody has entered anything."""
    if not factors.version(engine):
        for document in demo_factors(PARK.id):
            factors.add(engine, document, today=now.astimezone(SITE).date(), who=WHO, now=now)
    if not policies.version(engine):
        policies.save(engine, PARK.id, DEMO_POLICY, who=WHO, now=now)
    if not statements.version(engine):
        statements.save(engine, demo_statements(SEED, now), who=WHO, now=now)
    if not activities.version(engine):
        activities.save(engine, demo_activities(SEED, now), who=WHO, now=now)


def _refuse_strangers(held: Registry, park: Registry | None) -> None:
    """End where the simulated devices would not be registered: all they send would go to quarantine."""
    known = held.by_meter.keys() | (park.by_meter.keys() if park else set())
    strangers = {meter.id for meter in demo_registry().meters} - known
    if strangers and (known or park):
        misuse(
            f"--simulator: 模拟园区的 {len(strangers)} 台设备不在台账中, 其数据会全部进入隔离区; 请去掉 --simulator, "
            f"或用空的 --data-dir 且不带 --park 启动演示园区 / {len(strangers)} meters of the simulated park are not "
            "registered, so all they send would go to quarantine: leave out --simulator, or start the demonstration "
            "park in an empty --data-dir without --park"
        )


def first_password(engine: Engine, *, now: datetime) -> str | None:
    """Make an administrator where there is no user, and give the one-time password.

    To be called last of all that can fail at a start: a password that nobody was shown locks everybody out for ever.
    """
    if accounts.any_user(engine):
        return None
    password = accounts.one_time_password()
    accounts.create_user(engine, name=ADMIN, password=password, access=Access.ADMIN, now=now, who=WHO, must_change=True)
    return password


class Past(NamedTuple):
    """How many days of history the simulated park should send."""

    days: int
    """Of all that is shown."""
    register_days: int
    """Of what is counted, beyond those."""


def past_missing(telemetry: Telemetry, now: datetime) -> Past:
    """Say what history is missing: at first a month, and a year of registers; later what was missed.

    It is sent newest first, so a start that was cut short is known by its oldest reading; what is there comes again,
    harmlessly.
    """
    held = telemetry.extent()
    first = month_of(now)
    whole = -((Term(first.span, first.last - MONTHS).start() - now) // DAY)
    if held.first is None or held.last is None or now - held.first < (HISTORY_DAYS - 1) * DAY:
        return Past(HISTORY_DAYS, whole)
    gap = now - held.last
    days = min(HISTORY_DAYS, ceil(gap / DAY)) if gap > SHORT_GAP else 0
    return Past(days, whole if now - held.first < (whole - 1) * DAY else 0)
