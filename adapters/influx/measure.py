"""How readings of one window become one value, from the readings themselves or from slots of them.

A slot keeps enough of its readings that slots can be put together to the same values: the sum and the count, not only
the mean.  The mean is kept as well, under the metric's own name, so that a panel asks every bucket the same question.
"""

from collections.abc import Mapping

from adapters.influx.influxql import name
from park.telemetry import Aggregate

KEPT: Mapping[str, str] = {
    "_sum": "sum",
    "_count": "count",
    "_min": "min",
    "_max": "max",
    "_first": "first",
    "_last": "last",
}
"""The fields of a slot, by what is added to the metric's name, and how each is made of readings."""

TOGETHER: Mapping[str, str] = {**KEPT, "_count": "sum"}
"""How each is made of finer slots."""

NEEDED: Mapping[Aggregate, tuple[str, ...]] = {
    Aggregate.MEAN: ("_sum", "_count"),
    Aggregate.MIN: ("_min",),
    Aggregate.MAX: ("_max",),
    Aggregate.FIRST: ("_first",),
    Aggregate.LAST: ("_last",),
    Aggregate.COUNT: ("_count",),
}


Part = tuple[float, ...]
"""What is needed of the readings of one window, or of some of them."""


def value(part: Part, how: Aggregate) -> float:
    """Give the value of a window."""
    return part[0] / part[1] if how is Aggregate.MEAN else part[0]


def joined(part: Part, other: Part, how: Aggregate) -> Part:
    """Put together what two measurements hold of one window, the other coming later.

    That happens where a meter's medium was corrected within the window.
    """
    if how is Aggregate.FIRST:
        return part
    if how is Aggregate.LAST:
        return other
    if how is Aggregate.MIN:
        return min(part, other)
    if how is Aggregate.MAX:
        return max(part, other)
    return tuple(mine + its for mine, its in zip(part, other, strict=True))


def of_readings(metric: str, how: Aggregate) -> str:
    """Write what to select from readings."""
    return ", ".join(f"{KEPT[kept]}({name(metric)}) AS {name(kept)}" for kept in NEEDED[how])


def of_slots(metric: str, how: Aggregate) -> str:
    """Write what to select from slots."""
    return ", ".join(f"{TOGETHER[kept]}({name(metric + kept)}) AS {name(kept)}" for kept in NEEDED[how])
