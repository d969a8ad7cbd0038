"""The registry as rows, and back."""

from collections.abc import Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from adapters.relational.schema import enterprise, meter, multiplier, park
from park.metric import Medium
from park.place import NOTHING, Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry
from park.registry_difference import Thing

MILLISECOND = timedelta(milliseconds=1)
TABLES = (park, enterprise, meter)
"""In the order in which their rows may be added."""


def read(connection: Connection) -> Registry:
    """Read the whole registry, in its order."""
    parks = tuple(
        Park(row.id, row.name, row.name_en) for row in connection.execute(select(park).order_by(park.c.position))
    )
    places = {
        row.id: _enterprise(row) for row in connection.execute(select(enterprise).order_by(enterprise.c.position))
    }
    multipliers: dict[str, list[Multiplier]] = {}
    for row in connection.execute(select(multiplier).order_by(multiplier.c.meter, multiplier.c.since)):
        multipliers.setdefault(row.meter, []).append(Multiplier(row.since, row.value))
    meters = tuple(
        _meter(row, places[row.enterprise], tuple(multipliers.get(row.id, ())))
        for row in connection.execute(select(meter).order_by(meter.c.position))
    )
    return Registry(parks, tuple(places.values()), meters)


def write(connection: Connection, old: Registry, new: Registry) -> None:
    """Make the rows those of `new`, touching only what differs from `old`; parents come first and go last."""
    before, after = _layers(old), _layers(new)
    for table, was, now in zip(TABLES, before, after, strict=True):
        known = {thing.id: (place, thing) for place, thing in enumerate(was)}
        added = [_row(thing, place) for place, thing in enumerate(now) if thing.id not in known]
        if added:
            connection.execute(insert(table), added)
        for place, thing in enumerate(now):
            if thing.id in known and known[thing.id] != (place, thing):
                connection.execute(update(table).where(table.c.id == thing.id).values(_row(thing, place)))
    _write_multipliers(connection, old, new)
    for table, was, now in zip(reversed(TABLES), reversed(before), reversed(after), strict=True):
        gone = {thing.id for thing in was} - {thing.id for thing in now}
        for number in gone:
            connection.execute(delete(table).where(table.c.id == number))


def _write_multipliers(connection: Connection, old: Registry, new: Registry) -> None:
    for each in new.meters:
        was = old.by_meter.get(each.id)
        if was is not None and was.multipliers == each.multipliers:
            continue
        if was is not None:
            connection.execute(delete(multiplier).where(multiplier.c.meter == each.id))
        rows = [{"meter": each.id, "since": step.since, "value": step.value} for step in each.multipliers]
        if rows:
            connection.execute(insert(multiplier), rows)


def _layers(registry: Registry) -> tuple[Sequence[Thing], ...]:
    return registry.parks, registry.enterprises, registry.meters


def _row(thing: Thing, place: int) -> dict[str, object]:
    common: dict[str, object] = {"id": thing.id, "name": thing.name, "name_en": thing.name_en, "position": place}
    if isinstance(thing, Park):
        return common
    if isinstance(thing, Enterprise):
        return common | {
            "park": thing.park,
            "industry": thing.industry,
            "area_mu": thing.area_mu,
            "contact": thing.contact,
        }
    return common | {
        "enterprise": thing.enterprise,
        "medium": thing.medium.value,
        "role": thing.role.value,
        "period_ms": thing.period // MILLISECOND,
        "metrics": list(thing.metrics),
        "units": dict(thing.units),
        "register_width": thing.register.width,
        "register_rated": thing.register.rated,
        "codec": thing.codec,
        "options": dict(thing.options),
    }


def _enterprise(row: Row[*tuple[Any, ...]]) -> Enterprise:
    return Enterprise(
        id=row.id,
        park=row.park,
        name=row.name,
        name_en=row.name_en,
        industry=row.industry,
        area_mu=row.area_mu,
        contact=row.contact,
    )


def _meter(row: Row[*tuple[Any, ...]], enterprise: Enterprise, multipliers: tuple[Multiplier, ...]) -> Meter:
    return Meter(
        id=row.id,
        enterprise=enterprise.id,
        park=enterprise.park,
        medium=Medium(row.medium),
        role=Role(row.role),
        name=row.name,
        name_en=row.name_en,
        period=row.period_ms * MILLISECOND,
        metrics=tuple(row.metrics),
        units=MappingProxyType(row.units) if row.units else NOTHING,
        multipliers=multipliers,
        register=Register(row.register_width, row.register_rated),
        codec=row.codec,
        options=row.options,
    )
