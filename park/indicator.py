"""What is reported of an enterprise, an industry or a park: tables of quantities and of indicators made of them.

A table, not code: adding an indicator adds a row to `indicators.csv` beside this, whose formula is proved when it is
read.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from park.factor import Basis
from park.formula_table import Formula, read

ENERGY = "energy"
"""The only quantity that is another by each electricity basis."""


class Origin(StrEnum):
    """Where a quantity comes from."""

    ENERGY = "energy"
    """Consumption and entries, by factors of standard coal."""
    CARBON = "carbon"
    """Consumption and entries, by factors of CO2."""
    AMOUNT = "amount"
    """Consumption as it was metered."""
    STATEMENT = "statement"
    MASS = "mass"
    """Concentration times flow at an outlet."""


class Better(StrEnum):
    """Which way is better; an amount that goes with the size of an enterprise is neither."""

    MORE = "more"
    LESS = "less"
    NEITHER = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One row of `quantities.csv`: what formulas are made of."""

    name: str
    unit: str
    origin: Origin
    zh: str
    en: str

    def called(self, language: str = "zh") -> str:
        """Name it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of `indicators.csv`."""

    name: str
    unit: str
    formula: Formula
    better: Better
    zh: str
    en: str

    @property
    def bases(self) -> tuple[Basis | None, ...]:
        """The electricity bases it comes by; those without energy in them have the one None."""
        return tuple(Basis) if ENERGY in self.formula.names else (None,)

    @property
    def ratio(self) -> bool:
        """Whether it sets one quantity against another."""
        return not self.formula.plain

    def called(self, language: str = "zh") -> str:
        """Name it in one language."""
        return self.zh if language == "zh" else self.en


@cache
def quantities() -> dict[str, Quantity]:
    """Every quantity by name, in the table's order."""
    return {
        row["name"]: Quantity(row["name"], row["unit"], Origin(row["origin"]), row["zh"], row["en"])
        for row in _rows("quantities")
    }


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by name, in the table's order.  Raises FormulaMistaken for a row that proves wrong."""
    units = {name: quantity.unit for name, quantity in quantities().items()}
    return {
        row["name"]: Indicator(
            name=row["name"],
            unit=row["unit"],
            formula=read(row["formula"], row["unit"], units),
            better=Better(row["better"]),
            zh=row["zh"],
            en=row["en"],
        )
        for row in _rows("indicators")
    }


def _rows(table: str) -> Iterator[dict[str, str]]:
    text = resources.files("park").joinpath(f"{table}.csv").read_text(encoding="utf-8")
    return iter(csv.DictReader(text.splitlines()))
