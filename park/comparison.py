"""A figure against an earlier one, on the same panel: only enterprises that are in both are compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from park.figure import Figure, Scope, Why
from park.indicator import indicators

APART = Why(
    "no_common_panel",
    "两期没有共同的企业可比。",
    "No enterprise is in both terms.",
)
NO_BEFORE = Why("no_before", "上一期没有数据可比。", "The earlier term has nothing to compare with.")
NONE_NOW = Why("no_value", "本期暂不可算。", "This term has no value yet.")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a figure since the earlier term; prices are those of each term (现价)."""

    before: float | None
    """The earlier value of the common panel."""
    after: float | None
    """Today's value of the same enterprises, which is the figure's own only where the panels are the same."""
    rate: float | None
    why: Why | None = None
    common: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    """Enterprises that are in one of the two only."""


def change(now: Figure | None, then: Figure | None) -> Change:
    """Compare two figures of one indicator."""
    if now is None or now.value is None:
        return Change(None, None, None, NONE_NOW)
    if then is None or then.value is None:
        return Change(None, now.value, None, NO_BEFORE)
    if now.scope is Scope.ENTERPRISE:
        return _rated(then.value, now.value, (now.subject,), ())
    here, there = _members(now), _members(then)
    common = tuple(sorted(here.keys() & there.keys()))
    dropped = tuple(sorted(here.keys() ^ there.keys()))
    if not common:
        return Change(None, now.value, None, APART, (), dropped)
    formula = indicators()[now.indicator].formula
    before, after = (
        formula({name: fsum(members[one][name] for one in common) for name in formula.names})
        for members in (there, here)
    )
    return _rated(before, after, common, dropped)


def _rated(before: float | None, after: float | None, common: tuple[str, ...], dropped: tuple[str, ...]) -> Change:
    if before is None or after is None or before <= 0:
        return Change(before, after, None, NO_BEFORE if before is None else None, common, dropped)
    return Change(before, after, after / before - 1, None, common, dropped)


def _members(figure: Figure) -> dict[str, Mapping[str, float]]:
    """Give what each enterprise of the panel put into each input."""
    found: dict[str, dict[str, float]] = {}
    for one in figure.inputs:
        for item in one.items:
            if item.value is not None:
                found.setdefault(item.key, {})[one.name] = item.value
    names = {one.name for one in figure.inputs}
    return {key: values for key, values in found.items() if values.keys() == names}
