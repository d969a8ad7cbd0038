"""Units of the field, and conversions cheap enough for every reading.

pint knows the dimensions and costs about 100 µs a conversion; a `Conversion` is asked of it once per unit pair
and is then one multiplication and one addition.

Errors:
    UnitError
    ├── UnknownUnit     the text names no unit
    └── WrongDimension  both are units, of different quantities

"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import pint

# Own base dimensions keep apart what arithmetic would happily mix: reactive and active power, a normal and an actual
# cubic metre (the second needs pressure and temperature), share of the explosive limit and share of volume.
DEFINITIONS = (
    "kgce = 29.3076 * megajoule",  # GB/T 2589: 29,307.6 kJ a kilogram of standard coal
    "tce = 1000 * kgce",
    "yuan = [currency]",
    "head = [people]",  # a person at work, who is no bare number
    "wan_yuan = 10000 * yuan",
    "chinese_mu = 10000 / 15 * meter ** 2",
    "rvar = [reactive_power]",
    "Nm3 = [normal_volume]",
    "percent_LEL = [explosive_share]",
    "percent_VOL = 0.01",
    "kgCO2 = [carbon_dioxide]",
    "tCO2 = 1000 * kgCO2",
    "tC = 44 / 12 * tCO2",  # the carbon of a fuel, told by what it burns to
    "pH_value = [acidity]",
    "NTU = [turbidity]",
    "compass_degree = [bearing]",  # where the wind comes from, which is no share of anything
    "dBA = [sound_level]",  # a level above a fixed one: pint's own decibel is a logarithm, which no line converts
    "ton = 1000 * kilogram",  # a Chinese 吨 is metric; pint's own is the US short ton
)

# Written as pint writes them.  Left out on purpose: kVA, which pint takes for kW, and cal, which has several sizes.
SYMBOLS = """
W kW MW GW Wh kWh MWh GWh J kJ MJ GJ TJ V mV kV A mA kA Hz kHz Pa hPa kPa MPa bar mbar atm psi mmHg degC degF
mm cm m km g mg kg ug L mL ms s min h d kgce tce ppm percent kgCO2 tCO2 tC NTU S mS uS
""".split()  # noqa: SIM905  # seventy strings in a row would hide what is there

SPELLINGS = {symbol: symbol for symbol in SYMBOLS} | {
    "": "dimensionless",
    "1": "dimensionless",
    "%": "percent",
    "‰": "permille",
    "%LEL": "percent_LEL",
    "%VOL": "percent_VOL",
    "%RH": "percent",
    "℃": "degC",
    "°C": "degC",
    "°F": "degF",
    "K": "kelvin",
    "亩": "chinese_mu",
    "mu": "chinese_mu",
    "元": "yuan",
    "万元": "wan_yuan",
    "人": "head",
    "度": "kWh",
    "吨": "ton",
    "kwh": "kWh",
    "KWH": "kWh",
    "kw": "kW",
    "KW": "kW",
    "kW·h": "kWh",
    "MW·h": "MWh",
    "var": "rvar",
    "kvar": "kilorvar",
    "Mvar": "megarvar",
    "varh": "rvar * hour",
    "kvarh": "kilorvar * hour",
    "Mvarh": "megarvar * hour",
    "m²": "meter ** 2",
    "m2": "meter ** 2",
    "cm²": "centimeter ** 2",
    "km²": "kilometer ** 2",
    "m³": "meter ** 3",
    "m3": "meter ** 3",
    "l": "liter",
    "Nm³": "Nm3",
    "Nm3": "Nm3",
    "µg": "microgram",  # U+00B5
    "μg": "microgram",  # U+03BC, what a Greek keyboard writes
    "ng": "nanogram",
    "µS": "microsiemens",
    "μS": "microsiemens",
    "°": "compass_degree",
    "dB(A)": "dBA",
    "kgf": "kilogram_force",
    "t": "ton",
    "pH": "pH_value",
}
"""Every unit that can stand alone, or on either side of one `/` or `*`.

A closed table, because what devices write is theirs to invent: pint would take `lambda` for a length and `a` for a
year, and would keep in memory every unit it was ever asked about.
"""

FACTORS = {spelling for spelling, name in SPELLINGS.items() if spelling and name not in {"degC", "degF"}}
"""What may stand beside an operator: a temperature with an offset has no product."""

OPERATOR = re.compile(r"\s*([/*])\s*")
KNOWN = 16_384
LONGEST = 24

MOLAR_VOLUME_20C = 8.314462618 * 293.15 / 101_325 * 1000
"""Litres a mole of ideal gas takes at 20 °C and 101.325 kPa (the state gas detectors are calibrated to)."""


class UnitError(ValueError):
    """A unit that cannot be used here."""


class UnknownUnit(UnitError):
    """The text names no unit."""


class WrongDimension(UnitError):
    """Both are units, but of different quantities."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A linear way from one unit to another: `value * factor + offset`."""

    factor: float = 1.0
    offset: float = 0.0

    def __call__(self, value: float) -> float:
        """Convert one value."""
        return value * self.factor + self.offset


@cache
def registry() -> pint.UnitRegistry[float]:
    """Build the one pint registry, with this field's units; about 0.3 s, once a process."""
    units: pint.UnitRegistry[float] = pint.UnitRegistry(cache_folder=None, on_redefinition="ignore")
    for definition in DEFINITIONS:
        units.define(definition)
    return units


@lru_cache(maxsize=KNOWN)
def parse(text: str) -> pint.Unit:
    """Read a unit as people of the field write it: one of SPELLINGS, or two with `/` or `*` between.

    Raises UnknownUnit.
    """
    if len(text) > LONGEST:
        raise UnknownUnit(text[:LONGEST])
    whole = text.strip()
    if whole in SPELLINGS:
        return registry().Unit(SPELLINGS[whole])
    left, operator, right = (*OPERATOR.split(whole, maxsplit=1), "", "")[:3]
    if not operator or not {left, right} <= FACTORS:
        raise UnknownUnit(whole)
    return registry().Unit(f"({SPELLINGS[left]}) {operator} ({SPELLINGS[right]})")


def conversion(source: str, target: str, molar_mass: float | None = None) -> Conversion:
    """Find the way from `source` to `target`.  Raises UnknownUnit or WrongDimension.

    With the `molar_mass` of a gas (g/mol) a volume share (ppm, %VOL) and a mass concentration convert to each other,
    at 20 °C.
    """
    whole = source.strip()
    if len(whole) > LONGEST:
        raise UnknownUnit(whole[:LONGEST])
    return _conversion(whole, target, molar_mass)


@lru_cache(maxsize=KNOWN)
def _conversion(source: str, target: str, molar_mass: float | None) -> Conversion:
    here, there = parse(source), parse(target)
    if here.dimensionality == there.dimensionality:
        zero, one = (registry().Quantity(value, here).to(there).magnitude for value in (0.0, 1.0))
        # 15 digits: what pint leaves behind them is rounding (1 bar = 0.09999999999999999 MPa), and it would add up.
        return Conversion(float(f"{one - zero:.15g}"), float(f"{zero:.15g}"))
    if molar_mass:
        if here.dimensionless and _is_mass_concentration(there):
            return Conversion(_mg_per_m3(here, molar_mass) * conversion("mg/m³", target).factor)
        if there.dimensionless and _is_mass_concentration(here):
            return Conversion(conversion(source, "mg/m³").factor / _mg_per_m3(there, molar_mass))
    raise WrongDimension(f"{source} → {target}")


def _is_mass_concentration(unit: pint.Unit) -> bool:
    return bool(unit.dimensionality == parse("mg/m³").dimensionality)


def _mg_per_m3(share: pint.Unit, molar_mass: float) -> float:
    """Say how many mg/m³ one `share` of the volume weighs at 20 °C."""
    return float(registry().Quantity(1.0, share).to("dimensionless").magnitude) * molar_mass / MOLAR_VOLUME_20C * 1e6
