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
    "vars": "var*s",
}
"""What is not here is passed on as it stands: W, kWh, m3, l/s, ug/m3, pH and %RH mean what they mean with us."""
SUMS: Final = {
    "W": "J",
    "kW": "kJ",
    "MW": "MJ",
    "var": "var*s",
    "kvar": "kvar*s",
    "m3/s": "m3",
    "l/s": "l",
    "kg/s": "kg",
    "A": "A*s",
}
"""The unit of a sum: that of the values, times seconds.  Where none is here, the registry has to name it."""


def ours(unit: str) -> str:
    """Write a unit as we do."""
    return OURS.get(unit, unit)


def sum_unit(unit: str | None) -> str | None:
    """Say in which unit a sum of values of a unit comes; None where only the registry can."""
    return None if unit is None else SUMS.get(unit)


def senml(unit: str) -> str:
    """Write a unit of ours as SenML's registry does."""
    return _SENML.get(unit, unit)


_SENML: Final = {"°C": "Cel", "1": "/", "‰": "/1000", "var*s": "vars", "m³": "m3", "µg/m³": "ug/m3"}
