"""Adds up what is known of an enterprise over a term: month by month, each month by its own factors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from park import statement
from park.amount import Status
from park.coverage import NOTHING, WHOLE, Coverage, joined
from park.factor import Basis
from park.figure import Item, Kind, Metered, Why
from park.footprint_line import METERED, Line
from park.indicator import quantities
from park.place import Enterprise
from park.sources import Consumed, Key, Known, Mass, Portion, Sources, used, weighed
from park.term import Term
from park.tile import Tile, Tiles

MAKE_MASS = 1e-3
"""kg → t."""
AMOUNTS = ("electricity", "water")
NO_METER = Why(
    "nothing_registered",
    "没有登记能源总表, 也没有录入能源用量; 请登记计量设备或在“经济报表”中录入。",
    "No boundary meter of energy is registered and nothing is entered; register one, or enter amounts.",
)


class Tally:
    """Gives the quantities of enterprises."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._tiles = Tiles(sources)

    def of(self, enterprise: Enterprise, term: Term) -> dict[Key, Known]:
        """Give every quantity that an enterprise has; what it has nothing to do with is not there."""
        policy = self.sources.policy(enterprise.park)
        made = self._tiles.of(enterprise, term)
        settle = _Settle(policy.final_coverage, self._waits(enterprise.id, term))
        found: dict[Key, Known] = {}
        for basis in Basis:
            known = _lines(made, [tile.energy[basis].lines for tile in made], "tce", settle)
            found["energy", basis] = known or Known(None, "tce", why=NO_METER)
        for name in ("co2_fuel", "co2_process", "co2_electricity", "co2_electricity_market", "co2_heat"):
            known = _lines(made, [tile.carbon[name] for tile in made], "tCO2", settle)
            if known is not None:
                found[name, None] = known
        for name in ("co2", "co2_market"):
            known = _lines(made, [tile.carbon[name] for tile in made], "tCO2", settle)
            found[name, None] = known or Known(None, "tCO2", why=NO_METER)
        for name in AMOUNTS:
            known = _amounts(made, name, settle)
            if known is not None:
                found[name, None] = known
        found.update(_masses(made, settle))
        found["value_added", None] = _stated(self.sources.statements.get(enterprise.id, ()), "value_added", term)
        return found

    def _waits(self, enterprise: str, term: Term) -> bool:
        return any(term.first <= month <= term.last for month in self.sources.waiting.get(enterprise, ()))


@dataclass(frozen=True, slots=True)
class _Settle:
    """What a quantity needs to be settled."""

    coverage: float
    waits: bool

    def __call__(self, coverage: Coverage, why: Why | None) -> bool:
        return why is None and not self.waits and coverage.measured >= self.coverage


def _lines(made: Sequence[Tile], lines: Sequence[Sequence[Line]], unit: str, settle: _Settle) -> Known | None:
    """Add up the lines of all tiles by carrier; None where there is nothing to add up."""
    by: dict[tuple[str, str], list[tuple[Tile, Line]]] = {}
    for tile, some in zip(made, lines, strict=True):
        for line in some:
            by.setdefault((line.source, line.carrier), []).append((tile, line))
    if not any(line.counted for group in by.values() for _, line in group):
        return None
    whole = fsum(tile.weight for tile in made)
    items, gaps = [], []
    for (source, carrier), group in by.items():
        item, gap = _item(source, carrier, group, whole)
        items.append(item)
        gaps += [gap] if gap is not None and item.counted else []
    coverage = weighed(items)
    known = fsum(item.value for item in items if item.counted and item.value is not None)
    factors = {one.factor.id: one for group in by.values() for _, line in group for one in line.chosen}
    return Known(
        value=None if gaps else known,
        unit=unit,
        coverage=coverage,
        items=tuple(items),
        factors=tuple(used(one) for one in factors.values()),
        why=gaps[0] if gaps else None,
        settled=settle(coverage, gaps[0] if gaps else None),
        notes=tuple(gaps[1:]),
    )


def _item(source: str, carrier: str, group: Sequence[tuple[Tile, Line]], whole: float) -> tuple[Item, Why | None]:
    """Add up one carrier.  What was metered in some of the tiles is known in part; what was entered must be whole."""
    metered = source == METERED
    first = group[0][1]
    results = [line.result for _, line in group if line.result is not None]
    amounts = [line.amount for _, line in group if line.amount is not None]
    spared = metered and bool(results)
    gap = next((line.gap for _, line in group if line.gap is not None and not (spared and line.amount is None)), None)
    if gap is None and not results:
        gap = group[0][1].gap
    covered = [(line.coverage, tile.weight) for tile, line in group]
    rest = whole - fsum(tile.weight for tile, _ in group)
    item = Item(
        kind=Kind.CARRIER if metered else Kind.ENTRY,
        key=carrier,
        value=None if gap is not None or not results else fsum(results),
        coverage=joined([*covered, (NOTHING, rest)]) if metered else WHOLE if results else NOTHING,
        amount=fsum(amounts) if amounts else None,
        unit=first.unit,
        factors=tuple(dict.fromkeys(one.factor.id for _, line in group for one in line.chosen)),
        counted=first.counted,
        meters=_meters([one for tile, _ in group for one in tile.consumed if one.carrier == carrier])
        if metered
        else (),
        revision=None if metered else _revision(carrier, group),
        note="" if metered else ", ".join(_terms(carrier, group)),
    )
    return item, None if gap is None else Why(f"gap:{gap.carrier}", gap.zh, gap.en)


def _revision(item: str, group: Sequence[tuple[Tile, Line]]) -> int | None:
    """Give the sum of the revisions an entry was added up from: another number whenever one was revised."""
    parts = [part.revision for tile, _ in group if item in tile.entered for part in tile.entered[item].parts]
    return sum(parts) if parts else None


def _terms(item: str, group: Sequence[tuple[Tile, Line]]) -> Iterator[str]:
    return (str(part.term) for tile, _ in group if item in tile.entered for part in tile.entered[item].parts)


def _meters(lines: Sequence[Consumed]) -> tuple[Metered, ...]:
    by: dict[tuple[str, int], list[Portion]] = {}
    for line in lines:
        for part in line.parts:
            by.setdefault((part.meter, -1 if part.sign < 0 else 1), []).append(part)
    return tuple(
        Metered(
            meter,
            fsum(known) if (known := [part.amount for part in parts if part.amount is not None]) else None,
            joined((part.coverage, 1.0) for part in parts),
            sign,
        )
        for (meter, sign), parts in by.items()
    )


def _amounts(made: Sequence[Tile], carrier: str, settle: _Settle) -> Known | None:
    """Give what was used of a carrier, before any factor."""
    lines = [(tile, one) for tile in made for one in tile.consumed if one.carrier == carrier]
    if not lines:
        return None
    known = [one.amount for _, one in lines if one.amount is not None]
    whole = fsum(tile.weight for tile in made)
    rest = whole - fsum(tile.weight for tile, _ in lines)
    coverage = joined([*((one.coverage, tile.weight) for tile, one in lines), (NOTHING, rest)])
    value = fsum(known) if known else None
    unit = quantities()[carrier].unit
    item = Item(Kind.CARRIER, carrier, value, coverage, value, unit, meters=_meters([one for _, one in lines]))
    why = None if known else Why(f"gap:{carrier}", "该时段没有数据。", "Nothing is known of this term.")
    return Known(value, unit, coverage, (item,), why=why, settled=settle(coverage, why))


def _masses(made: Sequence[Tile], settle: _Settle) -> Iterator[tuple[Key, Known]]:
    by: dict[str, dict[str, list[tuple[Tile, Mass]]]] = {}
    for tile in made:
        for mass in tile.masses:
            by.setdefault(mass.pollutant, {}).setdefault(mass.meter, []).append((tile, mass))
    whole = fsum(tile.weight for tile in made)
    for pollutant, outlets in by.items():
        items = []
        for meter, masses in outlets.items():
            known = [mass.kg for _, mass in masses if mass.kg is not None]
            kg = fsum(known) if known else None
            rest = whole - fsum({tile.term: tile.weight for tile, _ in masses}.values())
            covered = joined([*((mass.coverage, tile.weight) for tile, mass in masses), (NOTHING, rest)])
            value = None if kg is None else kg * MAKE_MASS
            items.append(Item(Kind.OUTLET, meter, value, covered, kg, "kg"))
        values = [item.value for item in items if item.value is not None]
        coverage = joined((item.coverage, 1.0) for item in items)
        why = None if values else Why(f"gap:{pollutant}", "排口没有有效数据。", "No outlet has valid data.")
        yield (
            (pollutant, None),
            Known(fsum(values) if values else None, "t", coverage, tuple(items), (), why, settle(coverage, why)),
        )


def _stated(statements: Sequence[statement.Statement], line: str, term: Term) -> Known:
    amount = statement.amounts(statements, line, term)
    unit = statement.lines()[line].unit
    if amount.value is None:
        gap = amount.why
        lacking = ",".join(map(str, gap.lacking)) if gap is not None else ""
        why = Why(f"statement:{lacking}", gap.zh if gap else "", gap.en if gap else "")
        return Known(None, unit, why=why)
    items = tuple(
        Item(
            Kind.STATEMENT,
            str(part.term),
            float(part.value),
            WHOLE,
            revision=part.revision,
            note=part.status.value,
        )
        for part in amount.parts
    )
    notes = tuple(
        Why(
            f"conflict:{one.term}",
            f"{one.term} 填报 {one.own} {unit}, 各期合计 {one.parts} {unit}; 采用 {one.used}。",
            f"{one.term} is stated as {one.own} {unit}, its parts add up to {one.parts} {unit}; {one.used} is used.",
        )
        for one in amount.conflicts
    )
    settled = amount.state is Status.VERIFIED and not notes
    return Known(float(amount.value), unit, WHOLE, items, settled=settled, notes=notes)
