"""How well a meter was heard over a time: what came of what should have come, and what the accounts know of each day.

What is not asked for or cannot be known is None, never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import fsum
from types import MappingProxyType

from park.coverage import NOTHING, Coverage, joined
from park.place import Meter

NONE_HELD: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of one meter, or as much of it as is over."""

    start: datetime
    length: timedelta
    coverage: Coverage | None
    """What the accounts know; None for a meter that counts nothing."""
    received: int | None
    """Readings in the store; None where they were not counted."""
    expected: float
    """Readings that its period makes of the day."""

    @property
    def missing(self) -> float | None:
        """The share that is missing: by the accounts, else by the readings; None where neither tells."""
        if self.coverage is not None:
            return self.coverage.missing
        return None if self.received is None else 1.0 - self.in_time / self.expected

    @property
    def in_time(self) -> float:
        """As many of its readings as it should have: more make up for nothing."""
        return min(float(self.received or 0), self.expected)


@dataclass(frozen=True, slots=True)
class MeterQuality:
    """One meter over a time."""

    meter: Meter
    days: tuple[Day, ...]
    lost: int = 0
    """Messages whose numbers never came."""
    late: int = 0
    """Days that late readings have made due again."""
    reviews: int = 0
    """Suspicions that wait for a person."""
    held: Mapping[str, int] | None = field(default_factory=lambda: NONE_HELD)
    """Messages in quarantine, by reason; None for whoever may not see it."""
    flagged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What is said against the newest value, by metric."""

    @property
    def coverage(self) -> Coverage | None:
        """What the accounts know of the whole time; None for a meter that counts nothing."""
        known = [(day.coverage, day.length.total_seconds()) for day in self.days if day.coverage is not None]
        return joined(known) if known else None

    @property
    def received(self) -> int | None:
        """How many readings came; None where they were not counted."""
        counted = [day.received for day in self.days if day.received is not None]
        return sum(counted) if counted else None

    @property
    def expected(self) -> float:
        """How many should have come."""
        return fsum(day.expected for day in self.days)

    @property
    def rate(self) -> float | None:
        """The share of the expected readings that came on the days that were counted; none makes up for another."""
        counted = [day for day in self.days if day.received is not None]
        if not counted:
            return None
        return fsum(day.in_time for day in counted) / fsum(day.expected for day in counted)

    @property
    def missing(self) -> float | None:
        """The share of the time that is missing; None where nothing tells."""
        if self.coverage is not None:
            return self.coverage.missing
        return None if self.rate is None else 1.0 - self.rate


def days_of(
    meter: Meter,
    edges: Sequence[datetime],
    known: Mapping[datetime, Coverage] | None,
    counts: Mapping[datetime, float] | None,
) -> tuple[Day, ...]:
    """Put a meter's days together: `known` by the accounts, None where it counts nothing; `counts` of its readings."""
    return tuple(
        Day(
            start,
            end - start,
            None if known is None else known.get(start, NOTHING),
            None if counts is None else round(counts.get(start, 0.0)),
            (end - start) / meter.period,
        )
        for start, end in pairwise(edges)
    )


def worst_first(found: Sequence[MeterQuality]) -> list[MeterQuality]:
    """Order meters by what is missing; those of which nothing can be told come last."""
    return sorted(found, key=lambda one: (one.missing is None, -(one.missing or 0.0), one.meter.id))


def of_enterprise(found: Sequence[MeterQuality]) -> Coverage | None:
    """Give the coverage of some meters, each with the same weight; None where none of them counts anything."""
    known = [(one.coverage, 1.0) for one in found if one.coverage is not None]
    return joined(known) if known else None
