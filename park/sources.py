"""What figures are made of, and what is known of one enterprise: each quantity, or why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from park.activity import Activity
from park.coverage import NOTHING, Coverage, joined
from park.factor import Basis
from park.factor_book import FactorBook, Selected
from park.factor_table import sets
from park.figure import Item, Used, Why
from park.policy import Policy
from park.statement import Statement

Key = tuple[str, Basis | None]
"""A quantity's name, and the electricity basis of the one that has two."""


class Portion(Protocol):
    """What one meter gave to a sum."""

    @property
    def meter(self) -> str: ...  # noqa: D102  # a protocol's fields are told by its class
    @property
    def sign(self) -> float: ...  # noqa: D102
    @property
    def amount(self) -> float | None: ...  # noqa: D102
    @property
    def coverage(self) -> Coverage: ...  # noqa: D102


class Consumed(Protocol):
    """What an enterprise took in of one carrier within a month, by its meters."""

    @property
    def enterprise(self) -> str: ...  # noqa: D102
    @property
    def carrier(self) -> str:  # noqa: D102
        ...

    @property
    def amount(self) -> float | None: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def coverage(self) -> Coverage: ...  # noqa: D102
    @property
    def parts(self) -> Sequence[Portion]: ...  # noqa: D102


class Mass(NamedTuple):
    """What one outlet let out of a pollutant within a month."""

    pollutant: str
    meter: str
    kg: float | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Known:
    """One quantity of one enterprise over one term."""

    value: float | None
    unit: str
    coverage: Coverage = NOTHING
    items: tuple[Item, ...] = ()
    factors: tuple[Used, ...] = ()
    why: Why | None = None
    settled: bool = False
    """Whether nothing of it waits: verified, measured enough, no event in review."""
    notes: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything figures are made of, as of one moment."""

    now: datetime
    book: FactorBook
    consumed: Mapping[int, Mapping[str, Sequence[Consumed]]] = field(default_factory=dict)
    """By month (year * 12 + month − 1) and enterprise."""
    masses: Mapping[int, Mapping[str, Sequence[Mass]]] = field(default_factory=dict)
    statements: Mapping[str, Sequence[Statement]] = field(default_factory=dict)
    """The newest of each term, by enterprise."""
    activities: Mapping[str, Sequence[Activity]] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """By park."""
    waiting: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Enterprise → months in which an event of a meter waits for review."""

    def policy(self, park: str) -> Policy:
        """Give the policy of a park: what applies where nobody chose, where nobody did."""
        return self.policies.get(park) or Policy(park)


def used(selected: Selected) -> Used:
    """Write a factor down as a figure keeps it."""
    factor = selected.factor
    named = sets().get(factor.set)
    return Used(
        id=factor.id,
        key=factor.key,
        purpose=factor.purpose.value,
        value=factor.value,
        unit=factor.unit,
        source=factor.source,
        set=named.zh if named is not None else factor.set,
        region=factor.region,
        data_year=factor.data_year,
        published=factor.published.isoformat(),
        verified=factor.verified,
        zh=selected.zh,
        en=selected.en,
    )


def weighed(items: Sequence[Item]) -> Coverage:
    """Join the coverages of items by their weight in the sum; by number, where one is not known or all are 0."""
    counted = [item for item in items if item.counted]
    if any(item.value is None for item in counted):
        return joined((item.coverage if item.value is not None else NOTHING, 1.0) for item in counted)
    if not any(item.value for item in counted):
        return joined((item.coverage, 1.0) for item in counted)
    return joined((item.coverage, abs(item.value or 0.0)) for item in counted)
