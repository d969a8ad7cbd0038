"""What every page about figures writes alike: values, changes, coverage, state, and the name of a subject."""

from api.console import industry
from api.console.parts import tag, text
from api.console.tongue import MISSING, Tongue, number, percent
from park.comparison import Change
from park.coverage import Coverage
from park.figure import Figure, Scope, State
from park.indicator import Better, indicators
from park.registry import Registry

SMALL = 1.0
DIGITS = 4
UNITS = {"tCO2": "t CO₂", "tCO2/万元": "t CO₂/万元", "万元/tCO2": "万元/t CO₂", "tCO2/tce": "t CO₂/tce"}


def amount(value: float | None) -> str:
    """Write a value; below 1 with four digits that count."""
    if value is None:
        return MISSING
    if 0 < abs(value) < SMALL:
        return f"{value:.{DIGITS}g}".replace("-", "−")
    return number(value)


def unit(name: str) -> str:
    """Write a unit as people do."""
    return UNITS.get(name, name)


def rate(change: Change) -> str:
    """Write a change; a dash where there is nothing to compare with."""
    return MISSING if change.rate is None else f"{change.rate * 100:+.1f} %".replace("-", "−")


def direction(change: Change, indicator: str) -> str:
    """Give the class of a change: better, worse, or neither."""
    better = indicators()[indicator].better
    if change.rate is None or better is Better.NEITHER or not round(change.rate, 3):
        return ""
    return "up" if (change.rate > 0) is (better is Better.MORE) else "down"


def shares(coverage: Coverage, t: Tongue) -> str:
    """Write how much was measured, estimated and is missing; what is nothing is left out."""
    parts = (
        ("fig_measured", coverage.measured),
        ("fig_estimated", coverage.estimated),
        ("fig_missing", coverage.missing),
    )
    told = [
        t("fig_share", kind=t(key), share=percent(share)) for key, share in parts if share > 0 or key == "fig_measured"
    ]
    return " · ".join(told)


def cover_bar(coverage: Coverage, t: Tongue) -> None:
    """Draw the three shares side by side."""
    words = shares(coverage, t)
    with tag("span", "cover", role="img", aria_label=words, title=words):
        for kind, share in (("measured", coverage.measured), ("estimated", coverage.estimated)):
            tag("i", kind).style(f"width: {share * 100:.1f}%")


def state(figure: Figure, revision: int, t: Tongue) -> None:
    """Mark how far a figure can be relied on."""
    if revision == 0:
        text("span", t("fig_running"), "badge")
    elif figure.state is State.FINAL:
        text("span", t("fig_final"), "badge verified")
    else:
        text("span", t("fig_provisional"), "badge flash")


def subject(registry: Registry, scope: Scope, name: str, t: Tongue) -> str:
    """Name whom a figure is of."""
    if scope is Scope.ENTERPRISE:
        found = registry.by_enterprise.get(name)
        return name if found is None else t.pick(found.name, found.name_en)
    if scope is Scope.PARK:
        park = next((one for one in registry.parks if one.id == name), None)
        return name if park is None else t.pick(park.name, park.name_en)
    return industry.name(name, t.language)
