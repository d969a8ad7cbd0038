"""Limits that are shares of what a meter is rated for, in the unit of what it measures."""

import re

from msgspec.structs import replace

from park import condition as c
from park.metric import metrics
from park.place import Meter
from park.units import UnitError, conversion

WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(\S.*?)\s*")


def at_rating(when: c.Condition, meter: Meter) -> c.Condition | None:
    """Give a condition with its shares turned into limits of one meter; None where nobody said what it is rated for."""
    match when:
        case c.All(parts) | c.Any(parts):
            found = [at_rating(part, meter) for part in parts]
            whole = tuple(part for part in found if part is not None)
            return type(when)(whole) if len(whole) == len(parts) else None
        case c.Not(part):
            inner = at_rating(part, meter)
            return None if inner is None else c.Not(inner)
        case c.Above(rated=True) | c.Below(rated=True):
            rated = rating(meter, when.metric)
            if rated is None:
                return None
            return replace(when, limit=when.limit * rated, clear=when.clear * rated, rated=False)
        case _:
            return when


def rating(meter: Meter, metric: str) -> float | None:
    """Give what a meter is rated for, in the unit of one of its metrics; None where it is not said, or of another."""
    found = WRITTEN.fullmatch(meter.register.rated)
    if found is None:
        return None
    try:
        return conversion(found[2], metrics()[metric].unit)(float(found[1]))
    except UnitError:
        return None


def is_rated(when: c.Condition) -> bool:
    """Tell whether a condition has a limit that is a share of the rating."""
    return any(isinstance(leaf, c.Above | c.Below) and leaf.rated for leaf in c.leaves(when))
