"""What is measured: a table, not code.  Adding a metric adds a row to `metrics.csv` beside this file."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Kind(StrEnum):
    """How a metric's values relate to time."""

    REGISTER = "register"
    """A cumulative total that only grows while its meter lives; what counts is the difference."""
    GAUGE = "gauge"
    """A value of the moment."""
    STATE = "state"
    """A condition that holds until the next reading: 0 or 1."""


class Medium(StrEnum):
    """What flows through a meter, or what a detector guards.  One measurement each in the telemetry store."""

    ELECTRICITY = "electricity"
    WATER = "water"
    GAS = "gas"
    STEAM = "steam"
    HEAT = "heat"
    EMISSION = "emission"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table: a quantity with its canonical unit and what is plausible for it."""

    name: str
    kind: Kind
    unit: str
    low: float
    high: float
    """Plausible range in the canonical unit, ends included; outside it a reading is kept but flagged."""
    scaled: bool
    """Whether a meter's multiplier (CT×PT, pulse weight) applies."""
    media: tuple[Medium, ...]
    zh: str
    en: str
    molar_mass: float | None = None
    """g/mol of a gas, so that ppm converts to mg/m³."""


def _row(row: dict[str, str]) -> Metric:
    return Metric(
        name=row["name"],
        kind=Kind(row["kind"]),
        unit=row["unit"],
        low=float(row["low"]),
        high=float(row["high"]),
        scaled=row["scaled"] == "yes",
        media=tuple(Medium(name) for name in row["media"].split()),
        zh=row["zh"],
        en=row["en"],
        molar_mass=float(row["molar_mass"]) if row["molar_mass"] else None,
    )


@cache
def metrics() -> dict[str, Metric]:
    """Every metric by name, in the table's order."""
    text = resources.files("park").joinpath("metrics.csv").read_text(encoding="utf-8")
    return {row["name"]: _row(row) for row in csv.DictReader(text.splitlines())}
