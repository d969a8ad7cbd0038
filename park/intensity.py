"""Figures of enterprises, and of industries and parks as ratios of sums over one panel.

The mean of ratios is never taken: a park's value added per energy is all its value added over all its energy, of the
same enterprises.  Who lacks one of the two is left out of both, and the figure names him and says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from park.coverage import NOTHING, Coverage, joined, of_amounts
from park.factor import Basis
from park.figure import Figure, Input, Item, Kind, Left, Panel, Scope, State, Used, Why, name
from park.indicator import ENERGY, Indicator, indicators, quantities
from park.place import Enterprise
from park.sources import Key, Known
from park.term import Term

Members = Mapping[str, Mapping[Key, Known]]
"""Enterprise → its quantities."""

LEAST = 0.5
"""A term less than half of which is known is not set against a statement of all of it."""
NOBODY = Why("no_panel", "没有一家企业同时具备所需的各项数据。", "No enterprise has all that is needed.")


def of_enterprise(
    enterprise: Enterprise, term: Term, known: Mapping[Key, Known], *, over: bool, policy: int | None
) -> list[Figure]:
    """Give every figure of one enterprise over a term; `over` tells whether the term has ended."""
    return [
        _single(enterprise, term, indicator, basis, parts, over=over, policy=policy)
        for indicator, basis in _asked()
        if (parts := _parts(indicator, basis, known)) is not None
    ]


def of_group(
    scope: Scope, subject: str, term: Term, members: Members, *, over: bool, policy: int | None, park: str = ""
) -> list[Figure]:
    """Give every figure of an industry or a park; what none of its enterprises has anything of is left out."""
    figures = []
    for indicator, basis in _asked():
        having = {
            enterprise: parts
            for enterprise, known in members.items()
            if (parts := _parts(indicator, basis, known)) is not None
        }
        if having:
            figures.append(_joint((scope, subject, park), term, (indicator, basis), having, over=over, policy=policy))
    return figures


def _asked() -> Iterable[tuple[Indicator, Basis | None]]:
    return ((indicator, basis) for indicator in indicators().values() for basis in indicator.bases)


def _parts(indicator: Indicator, basis: Basis | None, known: Mapping[Key, Known]) -> dict[str, Known] | None:
    """Give what a formula takes of one enterprise; None where it has nothing to do with one of the quantities."""
    found = {}
    for quantity in indicator.formula.names:
        one = known.get((quantity, _basis(quantity, basis)))
        if one is None:
            return None
        found[quantity] = one
    return found


def _basis(quantity: str, basis: Basis | None) -> Basis | None:
    return basis if quantity == ENERGY else None


def obstacle(indicator: Indicator, parts: Mapping[str, Known]) -> Why | None:
    """Say what keeps one enterprise's quantities from being used; None where nothing does."""
    for quantity, part in parts.items():
        if part.value is None:
            return part.why or NOBODY
        known = part.coverage.measured + part.coverage.estimated
        if indicator.ratio and known < LEAST:
            words = quantities()[quantity]
            return Why(
                f"little:{quantity}",
                f"{words.zh}只有 {known:.0%} 的时段有数据, 不足 {LEAST:.0%}, 不与整期的报表相比。",
                f"{words.en}: only {known:.0%} of the term is known, too little to set against the whole of it.",
            )
    return None


def _single(
    enterprise: Enterprise,
    term: Term,
    indicator: Indicator,
    basis: Basis | None,
    parts: Mapping[str, Known],
    *,
    over: bool,
    policy: int | None,
) -> Figure:
    why = obstacle(indicator, parts)
    value = None
    if why is None:
        value, why = _worked_out(indicator, {name: part.value or 0.0 for name, part in parts.items()})
    settled = over and why is None and all(part.settled for part in parts.values())
    return Figure(
        scope=Scope.ENTERPRISE,
        subject=enterprise.id,
        indicator=indicator.name,
        term=term,
        basis=basis,
        value=value,
        unit=indicator.unit,
        formula=indicator.formula.text,
        coverage=_least(part.coverage for part in parts.values()),
        state=State.FINAL if settled else State.PROVISIONAL,
        why=_not_yet(why, indicator),
        inputs=tuple(
            Input(
                name=quantity,
                value=part.value,
                unit=part.unit,
                coverage=part.coverage,
                items=() if indicator.ratio else part.items,
                figure=name(Scope.ENTERPRISE, enterprise.id, quantity, term, _basis(quantity, basis))
                if indicator.ratio
                else None,
            )
            for quantity, part in parts.items()
        ),
        factors=() if indicator.ratio else next(iter(parts.values())).factors,
        policy=policy,
        park=enterprise.park,
        notes=tuple(note for part in parts.values() for note in part.notes),
    )


def _joint(
    whose: tuple[Scope, str, str],
    term: Term,
    asked: tuple[Indicator, Basis | None],
    having: Mapping[str, Mapping[str, Known]],
    *,
    over: bool,
    policy: int | None,
) -> Figure:
    scope, subject, park = whose
    indicator, basis = asked
    kept, left = panel_of(indicator, having)
    inputs = tuple(_summed(quantity, kept) for quantity in indicator.formula.names)
    why: Why | None = left[0].why if left else NOBODY
    value = None
    if kept:
        value, why = _worked_out(indicator, {one.name: one.value or 0.0 for one in inputs})
    coverage = _least(one.coverage for one in inputs)
    if not indicator.ratio:
        coverage = _thinned(coverage, len(kept) / len(having))
    settled = all(part.settled for parts in kept.values() for part in parts.values())
    final = over and why is None and not left and settled
    factors = {one.id: one for parts in kept.values() for part in parts.values() for one in part.factors}
    return Figure(
        scope=scope,
        subject=subject,
        indicator=indicator.name,
        term=term,
        basis=basis,
        value=value,
        unit=indicator.unit,
        formula=indicator.formula.text,
        coverage=coverage,
        state=State.FINAL if final else State.PROVISIONAL,
        why=_not_yet(why, indicator),
        inputs=inputs,
        factors=() if indicator.ratio else _in_order(factors.values()),
        panel=Panel(tuple(kept), left),
        policy=policy,
        park=park,
    )


def panel_of(
    indicator: Indicator, having: Mapping[str, Mapping[str, Known]]
) -> tuple[dict[str, Mapping[str, Known]], tuple[Left, ...]]:
    """Part those who have everything from those who lack something, in order of their ids."""
    kept = {}
    left = []
    for enterprise in sorted(having):
        why = obstacle(indicator, having[enterprise])
        if why is None:
            kept[enterprise] = having[enterprise]
        else:
            left.append(Left(enterprise, why))
    return kept, tuple(left)


def _summed(quantity: str, kept: Mapping[str, Mapping[str, Known]]) -> Input:
    items = tuple(
        Item(Kind.ENTERPRISE, enterprise, parts[quantity].value, parts[quantity].coverage)
        for enterprise, parts in kept.items()
    )
    weights = [(item.coverage, abs(item.value or 0.0)) for item in items]
    sized = any(weight for _, weight in weights)
    coverage = of_amounts(weights) if sized else joined((one, 1.0) for one, _ in weights)
    value = fsum(item.value or 0.0 for item in items) if items else None
    return Input(quantity, value, quantities()[quantity].unit, coverage, items)


def _worked_out(indicator: Indicator, values: Mapping[str, float]) -> tuple[float | None, Why | None]:
    """Work a formula out, unless it divides by what is not positive."""
    for quantity in indicator.formula.below:
        if values[quantity] <= 0:
            words = quantities()[quantity]
            return None, Why(
                f"not_positive:{quantity}",
                f"{words.zh}为 {values[quantity]:g}, 不是正数, 比值没有意义。",
                f"{words.en} is {values[quantity]:g} and not positive: the ratio means nothing.",
            )
    return indicator.formula(values), None


def _not_yet(why: Why | None, indicator: Indicator) -> Why | None:
    """Say that it is a ratio that cannot be had, where the sentence does not begin with that already."""
    if why is None or not indicator.ratio or why.zh.startswith("暂不可算"):
        return why
    return Why(why.key, f"暂不可算: {why.zh}", f"Not yet possible: {why.en}")


def _least(coverages: Iterable[Coverage]) -> Coverage:
    """Give the coverage of what is measured least: a ratio is no better than its weaker part."""
    return min(coverages, key=lambda one: (one.measured, one.estimated), default=NOTHING)


def _thinned(coverage: Coverage, share: float) -> Coverage:
    return Coverage(coverage.measured * share, coverage.estimated * share)


def _in_order(factors: Iterable[Used]) -> tuple[Used, ...]:
    return tuple(sorted(factors, key=lambda one: (one.purpose, one.key, one.id)))


def groups(enterprises: Sequence[Enterprise]) -> dict[tuple[Scope, str], list[Enterprise]]:
    """Give the parks and the industries (divisions of GB/T 4754) with their enterprises."""
    found: dict[tuple[Scope, str], list[Enterprise]] = {}
    for one in enterprises:
        found.setdefault((Scope.PARK, one.park), []).append(one)
        division = division_of(one.industry)
        if division:
            found.setdefault((Scope.INDUSTRY, division), []).append(one)
    return found


def division_of(industry: str) -> str:
    """Give the division of an industry code: its first two digits, also where a letter stands before them."""
    digits = industry.strip().lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    return digits if len(digits) == 2 and digits.isdigit() else ""  # noqa: PLR2004  # two digits make a division
