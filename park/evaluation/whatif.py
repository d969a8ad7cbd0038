"""What if: another weight or benchmark, and how places and grades move.  The kept scheme is not touched."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

from park.evaluation.result import Evaluation
from park.evaluation.scheme import WHOLE_WEIGHT, Benchmark, Cohort, Grade, Item, Scheme


@dataclass(frozen=True, slots=True)
class Change:
    """Another weight, benchmark or both, for one indicator of one cohort."""

    cohort: str
    indicator: str
    weight: float | None = None
    benchmark: Benchmark | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """What became of one enterprise."""

    id: str
    name: str
    name_en: str
    cohort: str | None
    total: tuple[float | None, float | None]
    rank: tuple[int | None, int | None]
    grade: tuple[Grade | None, Grade | None]

    @property
    def moved(self) -> bool:
        """Tell whether its place or grade is another."""
        return self.rank[0] != self.rank[1] or self.grade[0] != self.grade[1]


def changed(scheme: Scheme, changes: Sequence[Change]) -> Scheme:
    """Make the changes and nothing else; whether the weights still add up, `check` of its document says."""
    return replace(scheme, cohorts=tuple(_cohort(cohort, changes) for cohort in scheme.cohorts))


def rescaled(cohort: Cohort, indicator: str, weight: float) -> list[Change]:
    """Set one weight and scale the others so that the whole stays 100: what a slider does."""
    rest = fsum(item.weight for item in cohort.items if item.key != indicator)
    if not rest:
        return [Change(cohort.key, indicator, WHOLE_WEIGHT)]
    scale = (WHOLE_WEIGHT - weight) / rest
    return [
        Change(cohort.key, item.key, weight if item.key == indicator else item.weight * scale) for item in cohort.items
    ]


def compare(before: Evaluation, after: Evaluation) -> list[Shift]:
    """Set two evaluations of the same enterprises side by side, in the order of the first."""
    shifts = []
    for old in before.results:
        new = after.of(old.id) or old
        shifts.append(
            Shift(
                old.id,
                old.name,
                old.name_en,
                new.cohort,
                (old.total, new.total),
                (old.rank, new.rank),
                (old.grade, new.grade),
            )
        )
    return shifts


def _cohort(cohort: Cohort, changes: Sequence[Change]) -> Cohort:
    own = {change.indicator: change for change in changes if change.cohort == cohort.key}
    return replace(cohort, items=tuple(_item(item, own.get(item.key)) for item in cohort.items))


def _item(item: Item, change: Change | None) -> Item:
    if change is None:
        return item
    return replace(
        item,
        weight=item.weight if change.weight is None else change.weight,
        benchmark=change.benchmark or item.benchmark,
    )
