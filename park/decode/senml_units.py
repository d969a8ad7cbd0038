"""Units as SenML's registry writes them (RFC 8428 §12.1, RFC 8798), where we write them otherwise."""

from typing import Final

OURS: Final = {
    "Cel": "°C",
    "/": "1",
    "count": "1",
    "/100": "%",
    "/1000": "‰",
    "%EL": "%",
    "EL": "1",
    "1/s": "Hz",
    "Ah": "A*h",
    "vars": "var*s",
}
"""What is not here is passed on as it stands: W, kWh, m3, l/s, ug/m3, pH and %RH mean what they mean with us."""
SUMS: Final = {"W": "J", "kW": "kJ", "MW": "MJ", "m3/s": "m3", "l/s": "l", "kg/s": "kg"}
"""Units of a sum that are not simply the values' times seconds."""


def ours(unit: str) -> str:
    """Write a unit as we do."""
    return OURS.get(unit, unit)


def sum_unit(unit: str | None) -> str | None:
    """Say in which unit a sum of values of a unit comes; what no one measures in is admission's to refuse."""
    return None if unit is None else SUMS.get(unit, f"{ours(unit)}*s")


def senml(unit: str) -> str:
    """Write a unit of ours as SenML's registry does."""
    return _SENML.get(unit, unit)


_SENML: Final = {"°C": "Cel", "1": "/", "‰": "/1000", "var*s": "vars", "m³": "m3", "µg/m³": "ug/m3"}
