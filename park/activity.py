"""What an enterprise enters rather than meters: fuels bought, process emissions, green power.

Revised, never edited.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources

from park.amount import Amount, Part, Status, add_up
from park.carrier import carriers
from park.metric import Medium
from park.term import Term
from park.units import conversion

FACTOR_DIGITS = 15
FUEL_DIGITS = 6


class Sort(StrEnum):
    """What an item is to the accounts."""

    FUEL = "fuel"
    """能源品种 by amount: its energy and CO2 follow from factors."""
    PROCESS = "process"
    """工业过程排放, entered as the CO2 itself."""
    GREEN_POWER = "green_power"
    """购入绿电, taken off what electricity emits on the market's reckoning."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be entered: a carrier, or a row of `activity_items.csv` beside this."""

    name: str
    sort: Sort
    unit: str
    digits: int
    zh: str
    en: str
    medium: Medium | None = None
    """What a meter of it would measure; None for what is never metered."""

    def called(self, language: str = "zh") -> str:
        """Name it in one language."""
        return self.zh if language == "zh" else self.en


@cache
def items() -> dict[str, Item]:
    """Everything that can be entered, carriers first."""
    fuels = {
        one.name: Item(one.name, Sort.FUEL, one.unit, FUEL_DIGITS, one.zh, one.en, one.medium)
        for one in carriers().values()
    }
    text = resources.files("park").joinpath("activity_items.csv").read_text(encoding="utf-8")
    return fuels | {
        row["name"]: Item(row["name"], Sort(row["sort"]), row["unit"], int(row["digits"]), row["zh"], row["en"])
        for row in csv.DictReader(text.splitlines())
    }


@dataclass(frozen=True, slots=True)
class Activity:
    """One revision of how much of one item an enterprise reports for one month, quarter or year."""

    enterprise: str
    term: Term
    item: str
    amount: Decimal | None
    """In `unit`, as it was entered; None where it is withdrawn."""
    unit: str
    evidence: str = ""
    """What proves it: an invoice, a weighing list, a test report."""
    revision: int = 0
    """1 for the first; 0 while it is not kept yet."""
    who: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def key(self) -> tuple[str, Term, str]:
        """What it is a revision of."""
        return self.enterprise, self.term, self.item

    @property
    def base(self) -> Decimal | None:
        """The amount in the item's own unit.  Raises UnitError where the units do not convert."""
        if self.amount is None:
            return None
        target = items()[self.item].unit
        return self.amount if self.unit == target else self.amount * factor(self.unit, target)


@cache
def factor(source: str, target: str) -> Decimal:
    """Give the exact factor between two units of one dimension.  Raises UnitError."""
    return Decimal(f"{conversion(source, target).factor:.{FACTOR_DIGITS}g}")


def amounts(activities: Iterable[Activity], item: str, term: Term) -> Amount:
    """Add up one item over a term, in its own unit, from the newest activities of one enterprise."""
    return add_up(_known(activities).get(item, {}), term)


def entered(activities: Iterable[Activity], term: Term) -> dict[str, Amount]:
    """Give every item that has to be counted in a term: in use until a 0 is entered for it, also where it is missing.

    Who bought coal in March and says nothing of April may have burnt some; 0 for April says that he did not.
    """
    known = _known(activities)
    found = {name: add_up(parts, term) for name, parts in known.items() if _in_use(parts, term)}
    return {name: found[name] for name in items() if name in found}


def _in_use(parts: Mapping[Term, Part], term: Term) -> bool:
    before = [part for part in parts.values() if part.term.last < term.first]
    if any(part.term.first <= term.last and part.term.last >= term.first for part in parts.values()):
        return True
    return bool(before) and max(before, key=lambda part: (part.term.last, -part.term.length)).value != 0


def _known(activities: Iterable[Activity]) -> dict[str, dict[Term, Part]]:
    known: dict[str, dict[Term, Part]] = {}
    owners = set()
    for one in activities:
        owners.add(one.enterprise)
        base = one.base
        if base is not None:
            known.setdefault(one.item, {})[one.term] = Part(one.term, base, Status.VERIFIED, one.revision)
    if len(owners) > 1:
        raise ValueError(f"activities of {len(owners)} enterprises")
    return known
