"""A small park with meters of every role, and virtual meters over them."""

from datetime import datetime, timedelta

from park.coverage import WHOLE, Coverage
from park.interval import IntervalSum
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.registry import Registry
from park.term import Term, read
from park.virtual_meter import VirtualMeter

OCTOBER = read("2026-10")
WINDOW = (OCTOBER.start(), OCTOBER.end())
REGISTERS = {
    Medium.ELECTRICITY: ("ep_imp", "p"),
    Medium.WATER: ("volume", "flow"),
    Medium.EMISSION: ("so2", "flue_flow"),
}


def device(
    name: str,
    role: Role = Role.BOUNDARY,
    *,
    medium: Medium = Medium.ELECTRICITY,
    enterprise: str = "e01",
    park: str = "hengkou",
    metrics: tuple[str, ...] | None = None,
) -> Meter:
    """Make a meter."""
    return Meter(
        id=name,
        enterprise=enterprise,
        park=park,
        medium=medium,
        role=role,
        name=name,
        period=timedelta(minutes=1),
        metrics=metrics or REGISTERS[medium],
    )


def both_ways(name: str, enterprise: str = "e01") -> Meter:
    """Make a boundary meter that counts what goes out as well."""
    return device(name, enterprise=enterprise, metrics=("ep_imp", "ep_exp", "p"))


def registry(*meters: Meter) -> Registry:
    """Make a park of two enterprises, and another park with one."""
    parks = (Park("hengkou", "恒口"), Park("other", "他园"))
    enterprises = (
        Enterprise("e01", "hengkou", "富硒食品"),
        Enterprise("e02", "hengkou", "毛绒玩具"),
        Enterprise("e09", "other", "他园企业"),
    )
    return Registry(parks, enterprises, meters)


def virtual(
    name: str,
    formula: str,
    *,
    role: Role = Role.BOUNDARY,
    enterprise: str = "e01",
    carrier: str = "electricity",
    since: str | None = None,
    until: str | None = None,
    withdrawn: bool = False,
) -> VirtualMeter:
    """Make a virtual meter."""
    return VirtualMeter(
        id=name,
        enterprise=enterprise,
        carrier=carrier,
        role=role,
        name=name,
        formula=formula,
        since=read(since) if since else None,
        until=read(until) if until else None,
        withdrawn=withdrawn,
    )


def used(
    meter: str,
    amount: float,
    *,
    carrier: str = "electricity",
    coverage: Coverage = WHOLE,
    term: Term = OCTOBER,
    start: datetime | None = None,
    end: datetime | None = None,
) -> IntervalSum:
    """Say what a meter counted in October, or in another stretch."""
    return IntervalSum(meter, carrier, start or term.start(), end or term.end(), amount, coverage)


def out(meter: str, amount: float, coverage: Coverage = WHOLE) -> IntervalSum:
    """Say what went out through a meter in October."""
    return used(meter, amount, carrier="electricity_export", coverage=coverage)
