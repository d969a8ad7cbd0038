"""Conditions as they hold on one meter: shares of its rating as limits, its first metric by name, its own patience."""

import re

from msgspec.structs import replace

from park import condition as c
from park.derived import watchable
from park.place import Meter
from park.units import UnitError, conversion

WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(\S.*?)\s*")
SILENT_PERIODS = 3


def fitted(when: c.Condition, meter: Meter) -> c.Condition | None:
    """Fit a condition to a meter; None where nobody said what the meter is rated for, and a limit is a share of it."""
    match when:
        case c.All(parts) | c.Any(parts):
            found = [fitted(part, meter) for part in parts]
            whole = tuple(part for part in found if part is not None)
            return type(when)(whole) if len(whole) == len(parts) else None
        case c.Not(part):
            inner = fitted(part, meter)
            return None if inner is None else c.Not(inner)
        case _:
            return _leaf(replace(when, metric=meter.metrics[0]) if when.metric == c.FIRST else when, meter)


def _leaf(leaf: c.AnyLeaf, meter: Meter) -> c.AnyLeaf | None:
    match leaf:
        case c.Silent():
            return replace(leaf, after=max(leaf.after, SILENT_PERIODS * meter.period))
        case c.Above(rated=True) | c.Below(rated=True):
            rated = rating(meter, leaf.metric)
            if rated is None:
                return None
            return replace(leaf, limit=leaf.limit * rated, clear=leaf.clear * rated, rated=False)
        case _:
            return leaf


def rating(meter: Meter, metric: str) -> float | None:
    """Give what a meter is rated for, in the unit of one of its metrics; None where it is not said, or of another."""
    found = WRITTEN.fullmatch(meter.register.rated)
    if found is None or metric not in watchable():
        return None
    try:
        return conversion(found[2], watchable()[metric].unit)(float(found[1]))
    except UnitError:
        return None


def is_of_meter(when: c.Condition) -> bool:
    """Tell whether a condition says something else on every meter."""
    return any(
        leaf.metric == c.FIRST or isinstance(leaf, c.Silent) or (isinstance(leaf, c.Above | c.Below) and leaf.rated)
        for leaf in c.leaves(when)
    )
