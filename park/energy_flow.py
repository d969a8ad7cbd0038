"""Where energy goes: of each enterprise and carrier the standard coal it came to, month by month by its own factors.

Amounts of different carriers are only ever added as standard coal; what lacks an amount or a factor is told apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum

from park.coverage import Coverage, joined, of_amounts
from park.factor import Basis
from park.factor_book import FactorBook
from park.footprint import energy
from park.footprint_line import METERED, Consumed, Gap, Line
from park.policy import Policy
from park.term import Term


@dataclass(frozen=True, slots=True)
class Flow:
    """One enterprise's energy by one carrier."""

    enterprise: str
    carrier: str
    tce: float | None
    """What is known of it; None where nothing is."""
    coverage: Coverage
    source: str = METERED
    gaps: tuple[Gap, ...] = ()
    """What is missing in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What all enterprises took in within one month, or the part of it that is looked at."""

    term: Term
    weight: float
    """Seconds of it."""
    consumed: Sequence[Consumed]


def flows(
    pieces: Iterable[Piece],
    *,
    book: FactorBook,
    policies: Mapping[str, Policy],
    basis: Basis,
    as_of: datetime,
) -> list[Flow]:
    """Give the flows that count, by enterprise and carrier; `policies` are those of the enterprises."""
    by: dict[tuple[str, str], list[tuple[float, Line]]] = {}
    for piece in pieces:
        for enterprise, some in _by_enterprise(piece.consumed).items():
            policy = policies[enterprise]
            made = energy(some, book=book, policy=policy, term=piece.term, as_of=as_of, basis=basis)
            for line in made.lines:
                if line.counted:
                    by.setdefault((enterprise, line.carrier), []).append((piece.weight, line))
    return [_flow(*key, lines) for key, lines in by.items()]


def known(some: Iterable[Flow]) -> float | None:
    """Add up what is known of some flows; None where nothing is."""
    amounts = [one.tce for one in some if one.tce is not None]
    return fsum(amounts) if amounts else None


def covered(some: Iterable[Flow]) -> Coverage:
    """Join the coverages of some flows: by their size, or by number where one is not known."""
    found = list(some)
    sized = bool(found) and all(one.tce for one in found)
    if not sized:
        return joined((one.coverage, 1.0) for one in found)
    return of_amounts((one.coverage, abs(one.tce or 0.0)) for one in found)


def _flow(enterprise: str, carrier: str, lines: Sequence[tuple[float, Line]]) -> Flow:
    results = [line.result for _, line in lines if line.result is not None]
    gaps = {gap.en: gap for _, line in lines if (gap := line.gap) is not None}
    return Flow(
        enterprise,
        carrier,
        fsum(results) if results else None,
        joined((line.coverage, weight) for weight, line in lines),
        gaps=tuple(gaps.values()),
    )


def _by_enterprise(consumed: Iterable[Consumed]) -> dict[str, list[Consumed]]:
    found: dict[str, list[Consumed]] = {}
    for one in consumed:
        found.setdefault(one.enterprise, []).append(one)
    return found
