"""What an enterprise is measured by: the basic quantities, each with where it came from and how far it was measured."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from park.coverage import WHOLE, Coverage
from park.evaluation.said import NOTHING_SAID, Said
from park.units import parse

UNKNOWN = Said("没有数据", "nothing is known")


@dataclass(frozen=True, slots=True)
class Base:
    """One row of the table `quantities.csv`."""

    name: str
    unit: str
    origin: str
    """Who gives it: a statement, a figure, the registry."""
    zh: str
    en: str


@cache
def quantities() -> dict[str, Base]:
    """Every basic quantity by name; each unit is one that pint knows."""
    text = resources.files("park.evaluation").joinpath("quantities.csv").read_text(encoding="utf-8")
    table = {row["name"]: Base(**row) for row in csv.DictReader(text.splitlines())}
    for base in table.values():
        parse(base.unit)
    return table


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of one enterprise over the term, in the table's unit; None where it is not known."""

    value: float | None
    coverage: Coverage = WHOLE
    why: Said | None = None
    """Why there is no value."""
    source: Said = NOTHING_SAID
    """Where it came from, printed beside it: a statement with its revision and state, a figure with its basis."""
    link: str = ""
    """The id of the figure that explains it, where it is one."""

    def lack(self) -> Said:
        """Say why there is no value."""
        return self.why or UNKNOWN


MISSING = Quantity(None)
