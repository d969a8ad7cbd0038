"""How much of a figure was really measured: it travels with the figure wherever that goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

EXACT = 1e-9
"""Shares come from sums of times; what is left of rounding is no share."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of a period's time, each of 0…1: measured, estimated, and the rest, which is missing."""

    measured: float
    estimated: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no share of anything."""
        if not (0 <= self.measured <= 1 and 0 <= self.estimated <= 1 and self.measured + self.estimated <= 1 + EXACT):
            raise ValueError(f"not shares of one period: {self.measured}, {self.estimated}")

    @property
    def missing(self) -> float:
        """The share about which nothing is known."""
        rest = 1.0 - self.measured - self.estimated
        return rest if rest > EXACT else 0.0

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.missing == 0.0


WHOLE = Coverage(1.0)
NOTHING = Coverage(0.0)


def joined(parts: Iterable[tuple[Coverage, float]]) -> Coverage:
    """Join coverages by weight (time, or the number of meters); of nothing, nothing is covered."""
    weighed = [(part, weight) for part, weight in parts if weight > 0]
    whole = fsum(weight for _, weight in weighed)
    if not whole:
        return NOTHING
    measured = fsum(part.measured * weight for part, weight in weighed) / whole
    estimated = fsum(part.estimated * weight for part, weight in weighed) / whole
    return Coverage(min(measured, 1.0), min(estimated, 1.0 - min(measured, 1.0)))


def of_amounts(parts: Iterable[tuple[Coverage, float]]) -> Coverage:
    """Join the coverages of amounts that are added up, each weighed by what it would be were all of its time known.

    Weighed by what is known of it, a carrier of which hardly anything was measured would hardly count, and the sum
    would seem well covered just because most of it is missing.
    """
    return joined((part, amount / (part.measured + part.estimated or 1.0)) for part, amount in parts)
