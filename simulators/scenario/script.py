"""Scenarios that are played together: one cast, one registry, and what happens at each moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from park.instant import MILLISECOND, to_ms
from park.place import Meter
from park.registry import Registry
from park.rule import Rule
from simulators.faults.said import Said
from simulators.scenario.actor import actors
from simulators.scenario.model import Scenario, Word

ROUND = timedelta(hours=1)
"""How often the accounts look, on the scenario's clock."""


class Line(NamedTuple):
    """A message with who says it."""

    meter: Meter
    said: Said


@dataclass(frozen=True, slots=True)
class Moment:
    """All that happens at one moment; `accounts` says whether the accounts look then."""

    ms: int
    lines: Sequence[Line]
    words: Sequence[Word]
    accounts: bool


@dataclass(frozen=True, slots=True)
class Script:
    """Scenarios that begin at one instant and share no meter and no name for two things."""

    scenarios: tuple[Scenario, ...]

    @property
    def start(self) -> datetime:
        """When all begin."""
        return self.scenarios[0].start

    @property
    def end(self) -> datetime:
        """When the last is over."""
        return max(scenario.end for scenario in self.scenarios)

    @property
    def registry(self) -> Registry:
        """All their registries as one."""
        held = [scenario.registry for scenario in self.scenarios]
        return Registry(
            tuple({park.id: park for one in held for park in one.parks}.values()),
            tuple({each.id: each for one in held for each in one.enterprises}.values()),
            tuple(chain.from_iterable(one.meters for one in held)),
        )

    def rules(self, shipped: Iterable[Rule]) -> list[Rule]:
        """Give the rules that any of them puts in force."""
        named = {name for scenario in self.scenarios for name in scenario.rules}
        own = {rule.id: rule for scenario in self.scenarios for rule in scenario.own_rules}
        return [rule for rule in shipped if rule.id in named] + list(own.values())

    def moments(self) -> Iterator[Moment]:
        """Give what happens, moment by moment."""
        lines: dict[int, list[Line]] = defaultdict(list)
        words: dict[int, list[Word]] = defaultdict(list)
        for scenario in self.scenarios:
            for actor in actors(scenario):
                for said in actor.says():
                    lines[said.sent].append(Line(actor.meter, said))
            for word in scenario.people:
                words[to_ms(scenario.start + word.at)].append(word)
        start, end, every = to_ms(self.start), to_ms(self.end), ROUND // MILLISECOND
        rounds = set(range(start + every, end, every))
        for ms in sorted(lines.keys() | words.keys() | rounds):
            yield Moment(ms, lines.get(ms, ()), words.get(ms, ()), accounts=ms in rounds)


def scripts(scenarios: Sequence[Scenario]) -> list[Script]:
    """Part scenarios into those that can be played together, in their order."""
    groups: list[list[Scenario]] = []
    for scenario in scenarios:
        fitting = next((group for group in groups if all(_together(scenario, other) for other in group)), None)
        if fitting is None:
            groups.append([scenario])
        else:
            fitting.append(scenario)
    return [Script(tuple(group)) for group in groups]


def _together(one: Scenario, other: Scenario) -> bool:
    """Tell whether neither would disturb the other."""
    if one.start != other.start or one.id == other.id:
        return False
    if one.registry.by_meter.keys() & other.registry.by_meter.keys():
        return False
    if {rule.id for rule in one.own_rules} & other.in_force or {rule.id for rule in other.own_rules} & one.in_force:
        return False
    enterprises = one.registry.by_enterprise.keys() & other.registry.by_enterprise.keys()
    parks = {park.id: park for park in one.registry.parks}
    return not enterprises and all(parks.get(park.id, park) == park for park in other.registry.parks)
