"""What importing one registry over another would do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from park.place import Enterprise, Meter, Park
from park.registry import Registry

Kind = Literal["park", "enterprise", "meter"]
Thing = Park | Enterprise | Meter
T = TypeVar("T", Park, Enterprise, Meter)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the registry, as a person would name it."""

    kind: Kind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import adds, changes and removes; empty where both are the same."""

    added: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    kept: tuple[Item, ...] = ()
    """Registered, not in the file, and left as they are."""

    def __bool__(self) -> bool:
        """Tell whether the import does anything."""
        return bool(self.added or self.changed or self.removed)


def merge(old: Registry, new: Registry, *, prune: bool = False) -> Registry:
    """Give the registry after an import: what is new replaces what has its id; the rest stays, or goes with `prune`."""
    if prune:
        return new
    enterprises, meters = _over(old.enterprises, new.enterprises), _over(old.meters, new.meters)
    return settle(_over(old.parks, new.parks), enterprises, meters)


def settle(parks: tuple[Park, ...], enterprises: tuple[Enterprise, ...], meters: tuple[Meter, ...]) -> Registry:
    """Make a registry in which each meter is in its enterprise's park: an enterprise that moves takes them with it."""
    park_of = {enterprise.id: enterprise.park for enterprise in enterprises}
    moved = (meter if meter.park == park_of[meter.enterprise] else _move(meter, park_of) for meter in meters)
    return Registry(parks, enterprises, tuple(moved))


def _move(meter: Meter, park_of: Mapping[str, str]) -> Meter:
    return replace(meter, park=park_of[meter.enterprise])


def difference(old: Registry, new: Registry, *, prune: bool = False) -> Difference:
    """Say what importing `new` over `old` does."""
    merged, before, given = _things(merge(old, new, prune=prune)), _things(old), _things(new)
    return Difference(
        added=_items(merged, (key for key in merged if key not in before)),
        changed=_items(merged, (key for key in merged if key in before and merged[key] != before[key])),
        removed=_items(before, (key for key in before if key not in merged)),
        kept=_items(merged, (key for key in merged if key not in given)),
    )


def _over(old: tuple[T, ...], new: tuple[T, ...]) -> tuple[T, ...]:
    named = {thing.id for thing in new}
    return new + tuple(thing for thing in old if thing.id not in named)


def _things(registry: Registry) -> dict[tuple[Kind, str], Thing]:
    things: dict[tuple[Kind, str], Thing] = {("park", park.id): park for park in registry.parks}
    things |= {("enterprise", enterprise.id): enterprise for enterprise in registry.enterprises}
    return things | {("meter", meter.id): meter for meter in registry.meters}


def _items(things: Mapping[tuple[Kind, str], Thing], keys: Iterable[tuple[Kind, str]]) -> tuple[Item, ...]:
    return tuple(Item(kind, number, things[kind, number].name) for kind, number in keys)
