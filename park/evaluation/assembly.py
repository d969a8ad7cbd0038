"""The quantities of one enterprise over a term, from what is known of it: statements, figures and the registry."""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from park.amount import Amount, Status
from park.coverage import NOTHING, WHOLE
from park.evaluation.quantity import Quantity, quantities
from park.evaluation.said import NOTHING_SAID, Said
from park.evaluation.subject import Flag, Subject
from park.factor import Basis
from park.figure import Figure, Kind, State
from park.intensity import LEAST
from park.place import Enterprise
from park.statement import Statement, amounts
from park.term import Term
from park.units import conversion

STATES = {Status.FLASH: Said("快报", "flash"), Status.VERIFIED: Said("核定", "verified")}
BASES = {Basis.EQUIVALENT: Said(", 等价值", ", equivalent"), Basis.CALORIFIC: Said(", 当量值", ", calorific")}
FIGURES: Mapping[str, str] = {
    "energy_tce": "energy",
    "co2_t": "co2",
    "electricity_kwh": "electricity",
    "water_m3": "water",
}
"""Quantity → the indicator of the figure that gives it."""
POLLUTANTS = ("cod", "nh3n", "so2", "nox")
"""主要污染物: what `pollutant_t` adds up, as far as an enterprise has an outlet for it."""
INDICATORS = (*FIGURES.values(), *POLLUTANTS)
NO_FIGURE = Said("尚未算出", "not worked out yet")
NO_AREA = Said("台账没有登记用地面积", "the registry does not say its land")


def subject(
    enterprise: Enterprise,
    term: Term,
    statements: Sequence[Statement],
    figures: Iterable[Figure],
    flags: Sequence[Flag] = (),
) -> Subject:
    """Put together what an enterprise is measured by; what is missing says why."""
    found = {figure.indicator: figure for figure in figures}
    given = {
        name: _stated(amounts(statements, name, term))
        for name, base in quantities().items()
        if base.origin == "statement"
    }
    given["area_mu"] = _area(enterprise)
    given |= {name: _figure(found.get(indicator), quantities()[name].unit) for name, indicator in FIGURES.items()}
    given["pollutant_t"] = pollutants(found)
    return Subject(
        id=enterprise.id,
        name=enterprise.name,
        name_en=enterprise.name_en,
        industry=enterprise.industry,
        quantities=given,
        flags=tuple(flags),
    )


def pollutants(figures: Mapping[str, Figure]) -> Quantity:
    """Add up the main pollutants an enterprise has outlets for.

    One that has an outlet and could not be worked out leaves no sum: a part would flatter.
    """
    known = [figure for name in POLLUTANTS if (figure := figures.get(name)) is not None]
    having = [figure for figure in known if figure.value is not None]
    unknown = [figure for figure in known if figure.value is None and _has_outlet(figure)]
    if not having or unknown:
        whys = [figure.why for figure in (unknown or known) if figure.why is not None]
        return Quantity(None, NOTHING, _clause(whys[0].zh, whys[0].en) if whys else NO_FIGURE)
    little = next(filter(None, map(_little, having)), None)
    if little is not None:
        return Quantity(None, NOTHING, little)
    tonnes = [_in(figure, "t") for figure in having]
    names = ", ".join(figure.indicator.upper() for figure in having)
    covered = min((figure.coverage for figure in having), key=lambda part: part.measured)
    left = sorted(set(POLLUTANTS) - {figure.indicator for figure in having})
    without = ", ".join(name.upper() for name in left)
    return Quantity(
        fsum(tonnes),
        covered,
        source=Said(f"在线监测 {names}", f"monitored {names}")
        if not left
        else Said(f"在线监测 {names}; 没有 {without}", f"monitored {names}; without {without}"),
        link=having[0].id,
    )


def _has_outlet(figure: Figure) -> bool:
    return any(item.kind is Kind.OUTLET for given in figure.inputs for item in given.items)


def _stated(amount: Amount) -> Quantity:
    if amount.value is None:
        why = amount.why
        return Quantity(None, NOTHING, _clause(why.zh, why.en) if why else None)
    zh = "、".join(f"{part.term} 第 {part.revision} 版" for part in amount.parts)
    en = ", ".join(f"{part.term} r{part.revision}" for part in amount.parts)
    state = STATES[amount.state] if amount.state else NOTHING_SAID
    return Quantity(float(amount.value), WHOLE, source=Said(f"报表 {zh} ({state.zh})", f"statement {en} ({state.en})"))


def _clause(zh: str, en: str) -> Said:
    """Make a sentence part of a longer one, which says itself that there is no result."""
    return Said(zh.removeprefix("暂不可算: ").rstrip("。"), en.removeprefix("Not yet possible: ").rstrip("."))


def _area(enterprise: Enterprise) -> Quantity:
    if enterprise.area_mu is None:
        return Quantity(None, NOTHING, NO_AREA)
    return Quantity(enterprise.area_mu, WHOLE, source=Said("企业台账", "registry"))


def _figure(figure: Figure | None, unit: str) -> Quantity:
    if figure is None:
        return Quantity(None, NOTHING, NO_FIGURE)
    if figure.value is None:
        why = figure.why
        return Quantity(None, figure.coverage, _clause(why.zh, why.en) if why else NO_FIGURE, link=figure.id)
    little = _little(figure)
    if little is not None:
        return Quantity(None, figure.coverage, little, link=figure.id)
    zh, en = ("终值", "final") if figure.state is State.FINAL else ("暂定", "provisional")
    basis = BASES[figure.basis] if figure.basis is not None else NOTHING_SAID
    return Quantity(
        _in(figure, unit),
        figure.coverage,
        source=Said(f"核算 {figure.term} ({zh}{basis.zh})", f"figure {figure.term} ({en}{basis.en})"),
        link=figure.id,
    )


def _little(figure: Figure) -> Said | None:
    """Say that too little is known of a figure to be set against a whole term's statement; None where enough is."""
    known = figure.coverage.measured + figure.coverage.estimated
    if known >= LEAST:
        return None
    return Said(f"只有 {known:.0%} 的时段有数据", f"only {known:.0%} of the term is known")


def _in(figure: Figure, unit: str) -> float:
    value = figure.value or 0.0
    return value if figure.unit == unit else conversion(figure.unit, unit)(value)
