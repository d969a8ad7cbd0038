"""A scenario as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from park.declaration import Wish
from park.epoch import Kind, Standing
from park.registry import Registry
from park.rule import Rule, Text
from simulators.faults.fault import Fault
from simulators.scenario.golden import Golden


@dataclass(frozen=True, slots=True)
class Flowing:
    """What flows through a device: the same always, or as a profile of the simulated park goes."""

    size: float
    profile: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """How one meter is played."""

    kind: str
    """One of the simulated park's kinds of device."""
    flow: Flowing | None = None
    opening: float = 0.0
    """What each register shows when the scenario begins."""
    decimals: int = 2
    """The digits of its display behind the point."""
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says of a register, and when: a declaration, or a decision about what was found."""

    at: timedelta
    meter: str
    standing: Standing
    wish: Wish

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return self.wish.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is played, and what must come of it."""

    id: str
    name: Text
    story: Text
    start: datetime
    duration: timedelta
    seed: int
    registry: Registry
    parts: Mapping[str, Part]
    faults: tuple[tuple[str, Fault], ...]
    """Each with its name in the table of faults."""
    rules: tuple[str, ...]
    """Shipped rules in force, by name."""
    own_rules: tuple[Rule, ...]
    people: tuple[Word, ...]
    golden: Golden

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + self.duration

    @property
    def in_force(self) -> frozenset[str]:
        """The rules by which it is judged."""
        return frozenset(self.rules) | {rule.id for rule in self.own_rules}
