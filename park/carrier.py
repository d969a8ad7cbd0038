"""能源品种 and 耗能工质: what is consumed.  A table, not code; adding one adds a row to `carriers.csv` beside this."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from park.metric import Medium
from park.place import Meter


class Sort(StrEnum):
    """What a carrier is to the total of energy."""

    ENERGY = "energy"
    """能源: it always counts."""
    MEDIUM = "medium"
    """耗能工质: it counts only where it is bought and the policy says so, or its energy would be counted twice."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One row of the table.  The metric names are None for what is entered by people and never metered."""

    name: str
    medium: Medium | None
    register: str | None
    """The register that counts what comes in."""
    export: str | None
    """The register that counts what goes out again."""
    unit: str
    sort: Sort
    zh: str
    en: str


@cache
def carriers() -> dict[str, Carrier]:
    """Every carrier by name, in the table's order."""
    text = resources.files("park").joinpath("carriers.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Carrier(
            name=row["name"],
            medium=Medium(row["medium"]) if row["medium"] else None,
            register=row["import"] or None,
            export=row["export"] or None,
            unit=row["unit"],
            sort=Sort(row["kind"]),
            zh=row["zh"],
            en=row["en"],
        )
        for row in csv.DictReader(text.splitlines())
    }


@cache
def by_medium() -> dict[Medium, Carrier]:
    """The metered carrier of each medium that has one."""
    return {carrier.medium: carrier for carrier in carriers().values() if carrier.medium is not None}


def carrier_of(meter: Meter) -> Carrier | None:
    """Name what a meter counts; None for what counts nothing: emissions, safety."""
    return by_medium().get(meter.medium)
