"""An indicator over a group is the ratio of sums, never the mean of ratios."""

from collections.abc import Iterable, Sequence
from math import fsum

from park.evaluation.indicator import Indicator
from park.evaluation.result import Panel
from park.evaluation.subject import Subject


def panel(indicator: Indicator, subjects: Sequence[Subject]) -> Panel:
    """Add up both numbers over those that have both; the others are named."""
    values = {subject.id: indicator.of(subject.quantities) for subject in subjects}
    having = [value for value in values.values() if value.value is not None]
    over, under = _sum(value.over for value in having), _sum(value.under for value in having)
    return Panel(
        key=indicator.name,
        unit=indicator.unit,
        value=over / under * indicator.factor if having else None,
        over=over,
        under=under,
        counted=len(having),
        left_out=tuple(sorted(name for name, value in values.items() if value.value is None)),
    )


def _sum(values: Iterable[float | None]) -> float:
    return fsum(value for value in values if value is not None)
