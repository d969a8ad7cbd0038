"""Rules bound to the meters they watch, found by meter and metric, so that a reading costs what it touches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from park.condition import FIRST, AnyLeaf, Condition, Skew, leaves, metrics_of
from park.evidence import Setting
from park.fitting import SILENT_PERIODS, fitted, is_of_meter
from park.registry import Registry
from park.rule import Rule

SILENT_LEAST = timedelta(minutes=1)


class Key(NamedTuple):
    """Which alert: one rule on one meter."""

    rule: str
    meter: str


@dataclass(frozen=True, slots=True)
class Watch:
    """One rule on one meter."""

    key: Key
    rule: Rule
    when: Condition
    """What holds on this meter: the rule's condition, or the one of the meter's permit, fitted to it."""
    leaves: tuple[AnyLeaf, ...]
    setting: Setting
    by_metric: Mapping[str, tuple[int, ...]]
    """The places of the leaves that look at each metric."""
    of_clocks: bool
    """Whether it looks at devices' clocks alone, and so also wants readings too late for anything else."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every watch of one set of rules over one registry."""

    watches: Mapping[Key, Watch]
    by_reading: Mapping[tuple[str, str], tuple[Watch, ...]] = field(repr=False)


def bind(rules: Iterable[Rule], registry: Registry) -> Rulebook:
    """Bind enabled rules to every meter that is in their scope and has all the metrics they look at.

    A rule with a share of the rating is not bound where nobody said what the meter is rated for.
    """
    watches: dict[Key, Watch] = {}
    touched: dict[tuple[str, str], list[Watch]] = {}
    shape_of = cache(_shape)  # most meters share the few conditions there are
    meters = [(meter, registry.by_enterprise.get(meter.enterprise), set(meter.metrics)) for meter in registry.meters]
    for rule in rules:
        if not rule.enabled:
            continue
        preset = shape_of(rule.when)
        for meter, enterprise, has in meters:
            shape = shape_of(rule.permits[meter.id]) if meter.id in rule.permits else preset
            if not shape.wanted <= has or not rule.scope.holds(meter, enterprise):
                continue
            if shape.of_meter:
                own = fitted(shape.when, meter)
                if own is None:
                    continue
                shape = shape_of(own)
            silent = rule.silent_after or max(SILENT_PERIODS * meter.period, SILENT_LEAST)
            key = Key(rule.id, meter.id)
            watch = Watch(
                key, rule, shape.when, shape.leaves, Setting(meter.period, silent), shape.by_metric, shape.of_clocks
            )
            watches[key] = watch
            for metric in shape.by_metric:
                touched.setdefault((meter.id, metric), []).append(watch)
    return Rulebook(watches, {reading: tuple(some) for reading, some in touched.items()})


def joined(*books: Rulebook) -> Rulebook:
    """Put books of different meters together."""
    watches: dict[Key, Watch] = {}
    by_reading: dict[tuple[str, str], tuple[Watch, ...]] = {}
    for book in books:
        watches |= book.watches
        by_reading |= book.by_reading
    return Rulebook(watches, by_reading)


class _Shape(NamedTuple):
    """What is the same for every meter that one condition is bound to."""

    when: Condition
    leaves: tuple[AnyLeaf, ...]
    by_metric: Mapping[str, tuple[int, ...]]
    of_clocks: bool
    wanted: frozenset[str]
    """The metrics a meter must have."""
    of_meter: bool
    """Whether it has yet to be fitted to the meter."""


def _shape(when: Condition) -> _Shape:
    parts = tuple(leaves(when))
    metrics = dict.fromkeys(metric for part in parts for metric in metrics_of(part))
    places = {metric: tuple(n for n, part in enumerate(parts) if metric in metrics_of(part)) for metric in metrics}
    of_clocks = all(isinstance(part, Skew) for part in parts)
    return _Shape(when, parts, places, of_clocks, frozenset(metrics) - {FIRST}, is_of_meter(when))
