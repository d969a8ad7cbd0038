"""Stretches of a term: the shortest for which everything is entered, each with what came of it by its own factors.

What was entered for a quarter or a year only is counted there, with all that was metered meanwhile.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import fsum

from park import activity
from park.amount import Amount, finer, tiles
from park.coverage import Coverage, joined
from park.factor import Basis
from park.footprint import Footprint, carbon, energy
from park.footprint_line import Line
from park.place import Enterprise
from park.sources import Consumed, Mass, Portion, Sources
from park.term import Term


@dataclass(frozen=True, slots=True)
class _Entered:
    enterprise: str
    item: str
    amount: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class _Merged:
    enterprise: str
    carrier: str
    amount: float | None
    unit: str
    coverage: Coverage
    parts: tuple[Portion, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """What came of one stretch of the term."""

    term: Term
    weight: float
    """Seconds of it that have passed."""
    energy: dict[Basis, Footprint]
    carbon: dict[str, tuple[Line, ...]]
    consumed: tuple[Consumed, ...]
    masses: tuple[Mass, ...]
    entered: dict[str, Amount]


class Tiles:
    """Cuts terms of enterprises into tiles; what several terms share is worked out once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._made: dict[tuple[str, Term], Tile] = {}

    def of(self, enterprise: Enterprise, term: Term) -> list[Tile]:
        """Give the tiles of a term in order, as far as the present."""
        return [self._tile(enterprise, one) for tile in tiles(term) for one in self._shortest(enterprise.id, tile)]

    def _shortest(self, enterprise: str, tile: Term) -> Iterable[Term]:
        if tile.start() >= self.sources.now:
            return ()
        inner = finer(tile)
        if not inner or (not self._resolved(enterprise, tile, inner) and self._complete(enterprise, tile)):
            return (tile,)
        return chain.from_iterable(self._shortest(enterprise, one) for one in inner)

    def _resolved(self, enterprise: str, tile: Term, inner: Sequence[Term]) -> bool:
        """Tell whether the parts of a term can stand without it."""
        if not self.sources.activities.get(enterprise) or tile.end() > self.sources.now:
            return True
        return all(
            self._complete(enterprise, one) or (finer(one) and self._resolved(enterprise, one, finer(one)))
            for one in inner
        )

    def _complete(self, enterprise: str, term: Term) -> bool:
        entered = activity.entered(self.sources.activities.get(enterprise, ()), term)
        return all(amount.value is not None for amount in entered.values())

    def _tile(self, enterprise: Enterprise, term: Term) -> Tile:
        key = (enterprise.id, term)
        if key not in self._made:
            self._made[key] = self._make(enterprise.id, enterprise.park, term)
        return self._made[key]

    def _make(self, enterprise: str, park: str, term: Term) -> Tile:
        sources = self.sources
        months = [month.last for month in term.months()]
        consumed = [sources.consumed.get(month, {}).get(enterprise, ()) for month in months]
        lines = tuple(consumed[0]) if len(months) == 1 else tuple(_merged(consumed))
        acts = sources.activities.get(enterprise, ())
        entered = activity.entered(acts, term) if acts else {}
        entries = [
            _Entered(
                enterprise, item, None if amount.value is None else float(amount.value), activity.items()[item].unit
            )
            for item, amount in entered.items()
        ]
        common = {"book": sources.book, "policy": sources.policy(park), "term": term, "as_of": sources.now}
        emitted = carbon(lines, entries, **common)  # type: ignore[arg-type]
        return Tile(
            term=term,
            weight=(min(term.end(), sources.now) - term.start()).total_seconds(),
            energy={basis: energy(lines, entries, basis=basis, **common) for basis in Basis},  # type: ignore[arg-type]
            carbon={
                "co2_fuel": emitted.fuel.lines,
                "co2_process": emitted.process.lines,
                "co2_electricity": emitted.electricity.lines,
                "co2_electricity_market": emitted.electricity_market.lines,
                "co2_heat": emitted.heat.lines,
                "co2": emitted.all.lines,
                "co2_market": emitted.all_market.lines,
            },
            consumed=lines,
            masses=tuple(mass for month in months for mass in sources.masses.get(month, {}).get(enterprise, ())),
            entered=entered,
        )


def _merged(months: Sequence[Sequence[Consumed]]) -> Iterator[_Merged]:
    """Bring the months of a longer term together, by carrier."""
    by: dict[str, list[Consumed]] = {}
    for one in chain.from_iterable(months):
        by.setdefault(one.carrier, []).append(one)
    for carrier, lines in by.items():
        known = [one.amount for one in lines if one.amount is not None]
        yield _Merged(
            lines[0].enterprise,
            carrier,
            fsum(known) if known else None,
            lines[0].unit,
            joined((one.coverage, 1.0) for one in lines),
            tuple(part for one in lines for part in one.parts),
        )
