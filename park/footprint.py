"""What an enterprise's consumption comes to: tonnes of standard coal by either basis, and of CO2 by scope.

Nothing is taken as 0: what lacks an amount or a factor is a gap with its sentence, the total is then None and what is
known of it is told apart.  Terms that stretch over several years are added up from their months, each with its own
factors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import fsum

from park.carrier import Sort, carriers
from park.coverage import NOTHING, Coverage, joined, of_amounts
from park.factor import ENERGY, Basis, Purpose
from park.factor_book import ELECTRICITY, STEAM, FactorBook, NoFactor, Selected
from park.factor_table import keys
from park.footprint_line import EXPORT, Consumed, Entered, Gap, Line, Part, Taken, no_amount, take, written
from park.policy import Policy
from park.term import Term
from park.units import conversion

SELF_USED = "electricity_self_used"
"""Electricity made on the spot and used there: it never crossed the boundary meter."""
GREEN = "green_power"
"""Electricity bought with its green certificate; it lowers the market-based figure only."""
HEAT = "heat"
TCE = "tce"
TCO2 = "tCO2"


@dataclass(frozen=True, slots=True)
class Footprint(Part):
    """Energy in tce, by one basis."""

    basis: Basis = Basis.EQUIVALENT
    policy: int = 0
    """The revision of the policy."""

    @property
    def total(self) -> float | None:
        """The sum in tce; None with a gap."""
        return self.value


@dataclass(frozen=True, slots=True)
class Carbon:
    """CO2 in tonnes by scope.  A scope without lines has no value and takes nothing from the total."""

    fuel: Part
    process: Part
    electricity: Part
    """By the average of the grid (location-based)."""
    electricity_market: Part
    """By what was bought (market-based): green electricity first taken out, the rest by the residual factor."""
    heat: Part
    policy: int = 0

    @property
    def all(self) -> Part:
        """Everything, electricity by location."""
        return Part(self.fuel.lines + self.process.lines + self.electricity.lines + self.heat.lines)

    @property
    def all_market(self) -> Part:
        """Everything, electricity by market."""
        return Part(self.fuel.lines + self.process.lines + self.electricity_market.lines + self.heat.lines)

    @property
    def total(self) -> float | None:
        """The sum in t CO2, location-based; None with a gap."""
        return self.all.value

    @property
    def total_market(self) -> float | None:
        """The sum in t CO2, market-based; None with a gap."""
        return self.all_market.value


@dataclass(frozen=True, slots=True)
class _Counter:
    """Turns amounts into lines, by one policy and term."""

    book: FactorBook
    policy: Policy
    term: Term
    as_of: datetime

    def line(self, taken: Taken, purpose: Purpose, unit: str, *, counted: bool = True, key: str | None = None) -> Line:
        """Work out one line; whatever is missing is its gap."""
        made = partial(
            Line, taken.carrier, taken.amount, taken.unit, taken.coverage, taken.source, unit, counted=counted
        )
        if taken.amount is None:
            return made(None, gap=no_amount(taken, self.term))
        carrier = key or taken.carrier.removesuffix(EXPORT)
        try:
            chosen = self._chosen(carrier, purpose, taken.enterprise)
        except NoFactor as gap:
            return made(None, gap=Gap(carrier, gap.zh, gap.en))
        rate, per = 1.0, taken.unit
        for one in chosen[:-1]:
            rate, per = rate * one.factor.per(per, "GJ"), "GJ"
        result = taken.amount * rate * chosen[-1].factor.per(per, unit)
        return made(-result if taken.carrier.endswith(EXPORT) else result, chosen=chosen)

    def _chosen(self, key: str, purpose: Purpose, enterprise: str) -> tuple[Selected, ...]:
        """Give the factors to multiply by: steam goes by its heat where that is known."""
        ask = partial(self.book.select, policy=self.policy, term=self.term, as_of=self.as_of, enterprise=enterprise)
        if key != STEAM:
            return (ask(key, purpose),)
        try:
            heat = ask(STEAM, Purpose.HEAT)
        except NoFactor as gap:
            try:
                return (ask(STEAM, purpose),)
            except NoFactor:
                raise gap from None
        return (heat, ask(HEAT, purpose))


def energy(
    consumptions: Iterable[Consumed],
    activities: Iterable[Entered] = (),
    *,
    book: FactorBook,
    policy: Policy,
    term: Term,
    as_of: datetime,
    basis: Basis,
) -> Footprint:
    """Give one enterprise's energy in tce: what came in by meter or was entered, less what went out."""
    counter = _Counter(book, policy, term, as_of)
    lines = []
    for taken in take(consumptions, activities):
        carrier = taken.carrier.removesuffix(EXPORT)
        if carrier == SELF_USED:
            lines.append(counter.line(taken, ENERGY[basis], TCE, counted=policy.self_generated, key=ELECTRICITY))
        elif carrier in keys():
            lines.append(counter.line(taken, ENERGY[basis], TCE, counted=_counts(carrier, policy)))
    return Footprint(tuple(lines), basis, policy.revision)


def carbon(
    consumptions: Iterable[Consumed],
    activities: Iterable[Entered] = (),
    *,
    book: FactorBook,
    policy: Policy,
    term: Term,
    as_of: datetime,
) -> Carbon:
    """Give one enterprise's CO2 by scope.  Media have none: theirs is that of the energy they were made with."""
    counter = _Counter(book, policy, term, as_of)
    fuel: list[Line] = []
    heat: list[Line] = []
    process: list[Line] = []
    current: list[Taken] = []
    green: list[Taken] = []
    for taken in take(consumptions, activities):
        carrier = taken.carrier.removesuffix(EXPORT)
        if carrier == ELECTRICITY:
            current.append(taken)
        elif carrier == GREEN:
            green.append(taken)
        elif carrier in {HEAT, STEAM}:
            heat.append(counter.line(taken, Purpose.CARBON, TCO2))
        elif carrier in keys():
            if not _medium(carrier):
                fuel.append(counter.line(taken, Purpose.CARBON, TCO2))
        elif carrier != SELF_USED:
            process.append(_process(taken, term))
    location = [counter.line(taken, Purpose.CARBON, TCO2) for taken in current]
    return Carbon(
        Part(tuple(fuel)),
        Part(tuple(process)),
        Part(tuple(location)),
        Part(tuple(_market(counter, current, green))),
        Part(tuple(heat)),
        policy.revision,
    )


def _market(counter: _Counter, current: Sequence[Taken], green: Sequence[Taken]) -> list[Line]:
    """Take green electricity out of what was bought, and count the rest by the residual factor."""
    key = counter.policy.residual
    lines = [counter.line(taken, Purpose.CARBON_MARKET, TCO2, key=key) for taken in current if _out(taken)]
    bought = [taken for taken in current if not _out(taken)]
    if not green:
        return [counter.line(taken, Purpose.CARBON_MARKET, TCO2, key=key) for taken in bought] + lines
    lines += [
        Line(one.carrier, one.amount, one.unit, one.coverage, one.source, TCO2, 0.0)
        if one.amount is not None
        else Line(one.carrier, None, one.unit, NOTHING, one.source, TCO2, None, gap=no_amount(one, counter.term))
        for one in green
    ]
    whole = _kwh(bought)
    clean = _kwh(green)
    first = bought[0] if bought else green[0]
    rest = None if whole is None or clean is None else whole - clean
    taken = Taken(first.enterprise, ELECTRICITY, rest, "kWh", _joined(bought), first.source)
    if whole is not None and clean is not None and clean > whole:
        gap = Gap(
            GREEN,
            f"{counter.term} 绿电 {written(clean)} kWh 多于购入电量 {written(whole)} kWh; 请核对绿电凭证的期间与数量。",
            f"Green electricity of {written(clean)} kWh in {counter.term} exceeds the {written(whole)} kWh bought; "
            "check the term and amount of the certificates.",
        )
        return [Line(ELECTRICITY, None, "kWh", taken.coverage, first.source, TCO2, None, gap=gap), *lines]
    return [counter.line(taken, Purpose.CARBON_MARKET, TCO2, key=key), *lines]


def _process(taken: Taken, term: Term) -> Line:
    """Take CO2 of a process as it was entered."""
    made = partial(Line, taken.carrier, taken.amount, taken.unit, taken.coverage, taken.source, TCO2)
    if taken.amount is None:
        return made(None, gap=no_amount(taken, term))
    return made(taken.amount * conversion(taken.unit, TCO2).factor)


def _kwh(taken: Iterable[Taken]) -> float | None:
    """Add amounts up; one that is not known makes the sum unknown."""
    parts = [None if one.amount is None else one.amount * conversion(one.unit, "kWh").factor for one in taken]
    known = [part for part in parts if part is not None]
    return fsum(known) if known and len(known) == len(parts) else None


def _joined(taken: Sequence[Taken]) -> Coverage:
    if any(not one.amount for one in taken):
        return joined((one.coverage, abs(one.amount or 0.0) or 1.0) for one in taken)
    return of_amounts((one.coverage, abs(one.amount or 0.0)) for one in taken)


def _out(taken: Taken) -> bool:
    return taken.carrier.endswith(EXPORT)


def _medium(key: str) -> bool:
    carrier = carriers().get(key)
    return carrier is not None and carrier.sort is Sort.MEDIUM


def _counts(key: str, policy: Policy) -> bool:
    return not _medium(key) or key in policy.counted
