"""Where a meter's readings live in InfluxDB: the measurement and tags they were given, for ever.

Identity there is measurement, tags and time.  A meter that moves to another enterprise, or whose medium is corrected,
gets new tags for what it measures from then on; what it measured before keeps the old ones, also when it arrives late
or a second time.  So a meter's readings are never counted twice, and consumption stays with whoever consumed.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from park.instant import EPOCH
from park.metric import Medium
from park.place import Meter, Role
from park.reading import Reading
from park.registry import Registry


class Home(NamedTuple):
    """The measurement and tags of a meter's readings from an instant on."""

    since: datetime
    medium: Medium
    park: str
    enterprise: str


class HomeBook(Protocol):
    """Keeps homes; nothing is ever taken out."""

    def read(self) -> Mapping[str, Sequence[Home]]:
        """Give all homes of each meter, in order of `since`."""

    def add(self, homes: Mapping[str, Home]) -> None:
        """Write homes down; they are kept when this returns."""


class NoBook:
    """Forgets homes at the end: for a store that nobody opens twice."""

    def read(self) -> Mapping[str, Sequence[Home]]:
        """Give none."""
        return {}

    def add(self, homes: Mapping[str, Home]) -> None:
        """Do nothing."""


class Housed(NamedTuple):
    """Readings by where they live."""

    parts: list[tuple[Registry, list[Reading]]]
    """Each with a registry that gives its meters the right measurement and tags."""
    homeless: list[Reading]
    """Of meters that were never registered."""


class Homes:
    """The homes of all meters, kept in step with the registry.  For one thread at a time."""

    def __init__(self, book: HomeBook, registry: Callable[[], Registry], clock: Callable[[], datetime]) -> None:
        self._book = book
        self._registry = registry
        self._clock = clock
        self._known: Registry | None = None
        self._homes: dict[str, tuple[Home, ...]] = {}
        self._newest = Registry()
        self._moved: frozenset[str] = frozenset()

    def house(self, readings: Sequence[Reading]) -> Housed:
        """Sort readings by where they live."""
        registry = self._registry()
        if registry is not self._known:
            self._settle(registry)
        meters = {reading.meter for reading in readings}
        if meters <= self._homes.keys() and meters.isdisjoint(self._moved):
            return Housed([(self._newest, list(readings))], [])
        homeless: list[Reading] = []
        parts: dict[Home | None, list[Reading]] = {}
        for reading in readings:
            homes = self._homes.get(reading.meter)
            if homes is None:
                homeless.append(reading)
            else:
                home = _in_force(homes, reading.at) if reading.meter in self._moved else None
                parts.setdefault(home, []).append(reading)
        return Housed([(self._street(home, part), part) for home, part in parts.items()], homeless)

    def _street(self, home: Home | None, readings: Sequence[Reading]) -> Registry:
        if home is None:
            return self._newest
        return Registry(meters=tuple(_meter(meter, home) for meter in {reading.meter for reading in readings}))

    def _settle(self, registry: Registry) -> None:
        """Give homes to new meters and to those that moved, kept before anything is written there."""
        if self._known is None:
            self._homes = {meter: tuple(homes) for meter, homes in self._book.read().items()}
        now = self._clock()
        new: dict[str, Home] = {}
        for meter in registry.meters:
            here = Home(now, meter.medium, meter.park, meter.enterprise)
            homes = self._homes.get(meter.id)
            if homes is None:
                new[meter.id] = here._replace(since=EPOCH)
            elif homes[-1][1:] != here[1:]:
                new[meter.id] = here
        if new:
            self._book.add(new)
        for meter_id, home in new.items():
            self._homes[meter_id] = (*self._homes.get(meter_id, ()), home)
        self._known = registry
        self._moved = frozenset(meter for meter, homes in self._homes.items() if len(homes) > 1)
        self._newest = Registry(meters=tuple(_meter(meter, homes[-1]) for meter, homes in self._homes.items()))


def _in_force(homes: Sequence[Home], at: datetime) -> Home:
    return homes[max(0, bisect_right(homes, at, key=lambda home: home.since) - 1)]


def _meter(meter: str, home: Home) -> Meter:
    """Make as much of a meter as its lines show."""
    return Meter(
        id=meter,
        enterprise=home.enterprise,
        park=home.park,
        medium=home.medium,
        role=Role.SUB,
        name=meter,
        period=timedelta(minutes=1),
        metrics=(),
    )
