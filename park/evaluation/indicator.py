"""The indicators of an evaluation: a table of ratios over the basic quantities; dimensions are checked on loading."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from park.coverage import NOTHING, Coverage
from park.evaluation.quantity import MISSING, Quantity, quantities
from park.evaluation.said import Said, plain
from park.units import WrongDimension, parse, registry


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the table: `numerator / denominator`, times what turns their units into its own."""

    name: str
    unit: str
    numerator: str
    denominator: str
    factor: float
    direction: Direction
    zh: str
    en: str

    @property
    def formula(self) -> str:
        """Write the ratio over the names of quantities."""
        return f"{self.numerator} / {self.denominator}"

    def of(self, given: Mapping[str, Quantity]) -> "Value":
        """Compute it; where a part is missing or the divisor is not above 0, there is no value and it says why."""
        over, under = given.get(self.numerator, MISSING), given.get(self.denominator, MISSING)
        if over.value is None or under.value is None:
            name, lacking = (self.numerator, over) if over.value is None else (self.denominator, under)
            base, why = quantities()[name], lacking.lack()
            return Value(None, over.value, under.value, why=Said(f"{base.zh}: {why.zh}", f"{base.en}: {why.en}"))
        if under.value <= 0:
            base = quantities()[self.denominator]
            shown = f"{plain(under.value)} {base.unit}"
            return Value(
                None,
                over.value,
                under.value,
                why=Said(f"{base.zh} 为 {shown}, 不能作除数", f"{base.en} is {shown}, which divides nothing"),
            )
        covered = min(over.coverage, under.coverage, key=lambda part: part.measured)
        return Value(over.value / under.value * self.factor, over.value, under.value, covered)


@dataclass(frozen=True, slots=True)
class Value:
    """What an indicator came to, with the two numbers it was made of and the lesser coverage of theirs."""

    value: float | None
    over: float | None
    under: float | None
    coverage: Coverage = NOTHING
    why: Said | None = None


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by name.  Raises WrongDimension for a row whose formula does not give its unit."""
    text = resources.files("park.evaluation").joinpath("indicators.csv").read_text(encoding="utf-8")
    return {row["name"]: register(row) for row in csv.DictReader(text.splitlines())}


def register(row: Mapping[str, str]) -> Indicator:
    """Read one row, its formula once and its dimension checked.  Raises WrongDimension."""
    numerator, denominator = (part.strip() for part in row["formula"].split("/"))
    over, under = (parse(quantities()[name].unit) for name in (numerator, denominator))
    whole, unit = over / under, parse(row["unit"])
    if whole.dimensionality != unit.dimensionality:
        raise WrongDimension(f"{row['name']}: {row['formula']} is no {row['unit']}")
    factor = registry().Quantity(1.0, whole).to(unit).magnitude
    return Indicator(
        name=row["name"],
        unit=row["unit"],
        numerator=numerator,
        denominator=denominator,
        factor=float(f"{factor:.15g}"),
        direction=Direction(row["direction"]),
        zh=row["zh"],
        en=row["en"],
    )
