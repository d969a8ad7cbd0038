"""What Grafana calls a unit, and what we call it: one table, so that no panel says a unit that means nothing.

A unit of Grafana's own grows with its number (kWh to MWh); one it does not know is written behind the number.
"""

from collections.abc import Mapping

# ours, as the tables of metrics, carriers and indicators write them → Grafana's
OURS: Mapping[str, str] = {
    "kW": "kwatt",
    "kWh": "kwatth",
    "kvar": "kvoltampreact",
    "V": "volt",
    "A": "amp",
    "mA": "mamp",
    "Hz": "hertz",
    "%": "percent",
    "°C": "celsius",
    "m³": "m3",
    "Nm³": "Nm3",
    "mg/m³": "conmgm3",
    "kPa": "pressurekpa",
    "kg": "masskg",
    "t": "masst",
    "m": "lengthm",
    "m/s": "velocityms",
    "°": "degree",
    "s": "s",
    "ms": "ms",
    "h": "h",
    "d": "d",
    "1": "none",
}
WRITTEN = (
    "tce", "tCO2", "tCO2/tce", "tCO2/万元", "tce/万元", "万元/tce", "万元/tCO2", "万元", "元", "m³/h", "m³/万元",
    "Nm³/h", "kvarh", "t/h", "GJ", "GJ/h", "MPa", "pH", "mg/L", "%LEL", "%VOL", "kg/万元", "亩", "万元/亩",
    "NTU", "dB(A)", "µS/cm",
)  # fmt: skip
"""Units that Grafana writes behind the number as they are."""

# what is no unit: a share, how many there are, a moment, words
PLAIN: Mapping[str, str] = {
    "share": "percentunit",
    "count": "locale",
    "moment": "dateTimeAsLocal",
    "ago": "dateTimeFromNow",
    "words": "string",
    "duration": "dtdurations",
    "bytes": "bytes",
    "rate": "cps",
}


def shown(unit: str) -> str:
    """Give Grafana's name of a unit of ours, or of what is no unit.  Raises KeyError for one that stands nowhere."""
    if unit in WRITTEN:
        return f"suffix:{unit}"
    return PLAIN[unit] if unit in PLAIN else OURS[unit]


def meant(grafana: str) -> str | None:
    """Give our name of a unit of Grafana's; None where a board says one that stands in no table."""
    back = {name: unit for unit, name in {**OURS, **PLAIN}.items()}
    written = grafana.removeprefix("suffix:")
    if written != grafana:
        return written if written in WRITTEN else None
    return back.get(grafana)
