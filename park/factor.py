"""What one unit of something is worth in standard coal or in CO2: a value with its source, year, region and validity.

Shipped ones are tables beside this (`factor_table`); people add their own (`own_factor`); which of them applies to a
term is `factor_book`'s to say.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from park.term import MONTHS, Term
from park.units import conversion


class Basis(StrEnum):
    """电力折标口径: what a kilowatt-hour is worth in standard coal.  Every figure says which was taken."""

    EQUIVALENT = "equivalent"
    """等价值: the coal a power station burns for it, another number each year."""
    CALORIFIC = "calorific"
    """当量值: its own heat, 0.1229 kgce."""


class Purpose(StrEnum):
    """What a factor turns an amount into."""

    CALORIFIC = "energy_calorific"
    """Standard coal by own heat.  For everything but electricity it serves both bases."""
    EQUIVALENT = "energy_equivalent"
    """Standard coal by what its making took."""
    CARBON = "carbon"
    """CO2, for electricity by the average of the grid it came from (location-based)."""
    CARBON_MARKET = "carbon_market"
    """CO2 of the electricity that is left when what was bought as green is taken out (market-based)."""
    HEAT = "heat_content"
    """Heat in a tonne of steam: it goes on to be counted as heat."""


ENERGY = {Basis.EQUIVALENT: Purpose.EQUIVALENT, Basis.CALORIFIC: Purpose.CALORIFIC}
NUMERATOR = {
    Purpose.CALORIFIC: "kgce",
    Purpose.EQUIVALENT: "kgce",
    Purpose.CARBON: "kgCO2",
    Purpose.CARBON_MARKET: "kgCO2",
    Purpose.HEAT: "GJ",
}
"""What a factor's unit must have above its stroke, or something of that dimension."""
NATIONAL = "national"
REGIONS = {
    "national": ("全国", "National"),
    "north": ("华北", "North"),
    "northeast": ("东北", "Northeast"),
    "east": ("华东", "East"),
    "central": ("华中", "Central"),
    "northwest": ("西北", "Northwest"),
    "south": ("南方", "South"),
    "southwest": ("西南", "Southwest"),
    "shaanxi": ("陕西", "Shaanxi"),
}
"""Areas whose grid has a factor of its own, in both languages."""


@dataclass(frozen=True, slots=True)
class Input:
    """One of the numbers a factor was worked out from."""

    name: str
    """`ncv`, `carbon_content`, `oxidation`, `pressure`, `temperature`, `feed_water`."""
    value: float
    unit: str
    """Empty for a share."""
    detail: str = ""
    """What the number alone does not say, as that a pressure is above that of the air."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor.  `published` is the first day it could be known: no figure of an earlier day may have used it."""

    id: str
    set: str
    key: str
    """A carrier's name, or one of `factors/keys.csv`."""
    purpose: Purpose
    value: float
    unit: str
    published: date
    source: str
    region: str = NATIONAL
    data_year: int | None = None
    """The year it is an average of; None for what belongs to no year, as the heat in a kilogram of coal."""
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day it holds."""
    verified: bool = False
    """Whether it was found in a public source; what is not comes from memory and waits to be checked."""
    note: str = ""
    note_en: str = ""
    inputs: tuple[Input, ...] = ()
    park: str | None = None
    enterprise: str | None = None
    """Whose own it is; None for both where it is everybody's."""

    @property
    def own(self) -> bool:
        """Whether it was measured for, or agreed on by, one park or enterprise."""
        return self.park is not None or self.enterprise is not None

    def per(self, unit: str, result: str) -> float:
        """Give the value per `unit`, in `result` (tce, tCO2, GJ).  Raises UnitError where that is another quantity."""
        return self.value * conversion(self.unit, f"{result}/{unit}").factor

    def known(self, day: date) -> bool:
        """Tell whether it was published by a day."""
        return self.published <= day

    def valid_in(self, term: Term) -> bool:
        """Tell whether it holds on the last day of a term: the day whose year decides, too."""
        last = last_day(term)
        return (self.valid_from is None or self.valid_from <= last) and (self.valid_to is None or last <= self.valid_to)

    def formula(self) -> str:
        """Write how the value came about, where it was worked out; else empty."""
        parts = {part.name: part for part in self.inputs}
        if "ncv" not in parts:
            return ""
        ncv = f"{parts['ncv'].value:g} {parts['ncv'].unit}"
        if self.purpose in {Purpose.CARBON, Purpose.CARBON_MARKET}:
            content, oxidation = parts["carbon_content"].value, parts["oxidation"].value
            return f"{ncv} × {content:g} tC/GJ × {oxidation:g} × 44/12 = {self.value:.6g} {self.unit}"
        return f"{ncv} ÷ 29307.6 kJ/kgce = {self.value:.6g} {self.unit}"


def last_day(term: Term) -> date:
    """Give the last local day of a term."""
    year, month = divmod(term.last + 1, MONTHS)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


def of_measured_heat(ncv: float, unit: str, target: str) -> float:
    """Give the standard coal of what was burnt in a laboratory: its lower heating value over 29,307.6 kJ/kg.

    `unit` as kJ/kg or MJ/Nm³, `target` as kgce/kg.  Raises UnitError.
    """
    return ncv * conversion(unit, target).factor


def of_carbon(ncv: float, unit: str, carbon_content: float, oxidation: float, target: str) -> float:
    """Give the CO2 of a fuel: heat × carbon in it × share that burns × 44/12.

    `unit` as GJ/t, carbon in tC/GJ, `target` as tCO2/t.  Raises UnitError.
    """
    _, _, per = target.partition("/")
    heat = ncv * conversion(unit, f"GJ/{per}").factor
    return heat * carbon_content * oxidation * conversion(f"tC/{per}", target).factor
