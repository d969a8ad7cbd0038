"""What is known of a register before its samples are looked at: how fast it can run, where it ends, what it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from operator import itemgetter

import numpy as np

from park.epoch import Epoch
from park.instant import to_ms
from park.metric import Metric
from park.place import Meter, Multiplier
from park.series import Floats, Ints
from park.units import UnitError, conversion

OVERLOAD = 1.25
"""A transformer may for a while give more than its plate says; what runs faster than this is not believed."""
DIP = 0.1


@dataclass(frozen=True, slots=True)
class Rule:
    """What is known of one register."""

    rated: float = inf
    """The most it can count in an hour, in the metric's unit; infinite where nobody has said."""
    width: float | None = None
    """Where it rolls over, in its own counts."""
    multipliers: tuple[Multiplier, ...] = ()
    """Those applied to the readings on their way into the store, in order; none means 1."""
    unit: float = 1.0
    """What one count is in the metric's unit, before the multiplier: 0.001 for a register of Wh."""
    dip: float = DIP
    """The share of its total by which a register may step back for a while without being taken for another one."""


def rule_of(meter: Meter, metric: Metric) -> Rule:
    """Give what the registry knows of one register of a meter."""
    try:
        unit = conversion(meter.units.get(metric.name, metric.unit), metric.unit).factor
    except UnitError:
        unit = 1.0
    return Rule(
        rated=rated(meter, metric),
        width=meter.register.width,
        multipliers=meter.multipliers if metric.scaled else (),
        unit=unit,
    )


def rated(meter: Meter, metric: Metric) -> float:
    """Give the most a register is believed to count in an hour; infinite where nobody has said what it is rated."""
    number, _, unit = meter.register.rated.strip().partition(" ")
    try:
        return float(number) * conversion(unit.strip(), f"{metric.unit}/h").factor * OVERLOAD
    except (UnitError, ValueError):
        return inf


class Timeline:
    """A number that changes at known instants."""

    def __init__(self, changes: Sequence[tuple[int, float]], before: float) -> None:
        """Take the changes in order of time; of two at one instant the later one counts.

        What changes to the number that holds already is none: a multiplier told in the morning and entered at noon
        changed in the morning.
        """
        held = [before, *(value for _, value in changes)]
        kept = [change for change, was in zip(changes, held, strict=False) if change[1] != was]
        self.since = np.array([ms for ms, _ in kept], np.int64)
        self.values = np.array([before, *(value for _, value in kept)], np.float64)

    def at(self, ms: Ints) -> Floats:
        """Give the number in force at each instant."""
        return self.values[np.searchsorted(self.since, ms, "right")]

    def of(self, ms: int) -> float:
        """Give the number in force at one instant."""
        return float(self.values[int(np.searchsorted(self.since, ms, "right"))])


def stored(rule: Rule) -> Timeline:
    """Give the multiplier that was applied to the readings; what came before the first took none other."""
    changes = [(to_ms(each.since), each.value) for each in rule.multipliers]
    return Timeline(changes, changes[0][1] if changes else 1.0)


def true(rule: Rule, epochs: Sequence[Epoch]) -> Timeline:
    """Give the multiplier that holds in truth: the one applied, except from where a person says otherwise."""
    told = [(to_ms(each.at), each.multiplier) for each in epochs if each.multiplier is not None and not each.rejected]
    applied = [(to_ms(each.since), each.value) for each in rule.multipliers]
    changes = [*((ms, 0, value) for ms, value in applied), *((ms, 1, value) for ms, value in told)]
    return Timeline(
        [(ms, value) for ms, _, value in sorted(changes, key=itemgetter(0, 1))], applied[0][1] if applied else 1.0
    )
