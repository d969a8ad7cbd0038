"""What an entered factor is worth: a value, or one worked out from a measured heating value or a state of steam."""

from dataclasses import dataclass
from decimal import Decimal

from park.factor import NATIONAL, NUMERATOR, Input, Purpose, of_carbon, of_measured_heat
from park.factor_book import STEAM
from park.factor_entry import Entry
from park.factor_table import keys, shipped
from park.steam import Reference, State, SteamError, heat_gj_t
from park.units import UnitError, conversion

MEASURED = ("ncv", "unit", "carbon_content", "oxidation")
STATE = ("pressure", "unit", "reference", "temperature", "dryness", "feed_water")
CARBON = (Purpose.CARBON, Purpose.CARBON_MARKET)
FARTHEST = 10.0
"""What is ten times off the shipped value is a unit's slip, not a measurement."""


@dataclass(frozen=True, slots=True)
class Worth:
    """A value with its unit, and what it came from."""

    value: Decimal
    unit: str
    inputs: tuple[Input, ...] = ()


def worth_of(entry: Entry, key: str | None, purpose_name: str | None) -> Worth | None:
    """Read the value, or work it out from what was measured."""
    ways = [name for name in ("value", "measured", "steam") if name in entry]
    if len(ways) != 1:
        entry.mistake(
            "value",
            "value、measured (实测热值)、steam (蒸汽状态) 三者填且只填一项。",
            "Give exactly one of value, measured (heating value) and steam (pressure and temperature).",
        )
        return None
    unit = entry.words("unit", "如 kgce/kg、tCO2/t、GJ/t", "as kgce/kg, tCO2/t, GJ/t")
    if key is None or purpose_name is None or unit is None:
        return None
    purpose = Purpose(purpose_name)
    target = f"{NUMERATOR[purpose]}/{keys()[key].unit}"
    try:
        factor = conversion(unit, target).factor
    except UnitError:
        entry.mistake("unit", f"{unit[:24]!r} 不能换算为 {target}。", f"{unit[:24]!r} does not convert to {target}.")
        return None
    if purpose is Purpose.HEAT and key != STEAM:
        entry.mistake("purpose", "热焓只用于蒸汽。", "A heat content is for steam only.")
        return None
    found = {"value": _plain, "measured": _measured, "steam": _steam}[ways[0]](entry, purpose, unit)
    if found is not None:
        _refuse_far(entry, ways[0], float(found.value) * factor, _usual(key, purpose, target), target)
    return found


def _plain(entry: Entry, purpose: Purpose, unit: str) -> Worth | None:
    value = entry.number("value")
    if value is None:
        return None
    if value < 0 or (value == 0 and purpose not in CARBON):
        entry.mistake("value", "因子必须大于 0。", "A factor must be above 0.")
        return None
    return Worth(value, unit)


def _measured(entry: Entry, purpose: Purpose, unit: str) -> Worth | None:
    """Work a factor out from a measured lower heating value."""
    inner = entry.inner("measured", MEASURED)
    ncv, ncv_unit = _positive(inner, "ncv"), inner.words("unit", "如 kJ/kg、MJ/Nm³", "as kJ/kg, MJ/Nm³")
    carbon = purpose in CARBON
    content = _positive(inner, "carbon_content") if carbon else None
    oxidation = _positive(inner, "oxidation") if carbon else None
    if oxidation is not None and oxidation > 1:
        inner.mistake("oxidation", "碳氧化率不超过 1。", "The share that burns is at most 1.")
        return None
    if ncv is None or ncv_unit is None or (carbon and (content is None or oxidation is None)):
        return None
    inputs = [Input("ncv", float(ncv), ncv_unit)]
    try:
        if content is not None and oxidation is not None:
            value = of_carbon(float(ncv), ncv_unit, float(content), float(oxidation), unit)
            inputs += [Input("carbon_content", float(content), "tC/GJ"), Input("oxidation", float(oxidation), "")]
        else:
            value = of_measured_heat(float(ncv), ncv_unit, unit)
    except UnitError:
        inner.mistake(
            "unit",
            f"{ncv_unit[:24]!r} 与因子单位 {unit} 的分母不符。",
            f"{ncv_unit[:24]!r} does not go with the factor's unit {unit}.",
        )
        return None
    return Worth(Decimal(f"{value:.9g}"), unit, tuple(inputs))


def _steam(entry: Entry, purpose: Purpose, unit: str) -> Worth | None:
    """Work the heat in a tonne of steam out from its pressure, and its temperature or dryness."""
    inner = entry.inner("steam", STATE)
    state = _state(inner)
    feed = inner.number("feed_water", needed=False) or Decimal(0)
    if purpose is not Purpose.HEAT:
        entry.mistake(
            "purpose",
            "按蒸汽状态折算时取 heat_content; 折标与排放随后按热力计算。",
            "With a state of steam it is heat_content; standard coal and CO2 follow as of heat.",
        )
        return None
    if state is None:
        return None
    try:
        heat = heat_gj_t(state, feed_water_kj_kg=float(feed)) * conversion("GJ/t", unit).factor
    except SteamError as error:
        inner.mistake("temperature" if state.dryness is None else "dryness", error.zh, error.en)
        return None
    except UnitError:
        inner.mistake("unit", f"{state.unit[:24]!r} 不是压力单位。", f"{state.unit[:24]!r} is no unit of pressure.")
        return None
    if heat <= 0:
        inner.mistake("feed_water", "给水焓不小于蒸汽焓; 请核对。", "The feed water holds more heat than the steam.")
        return None
    second = Input("dryness", state.dryness, "") if state.dryness is not None else None
    second = second or Input("temperature", state.celsius or 0.0, "℃")
    first = Input("pressure", state.pressure, state.unit, state.reference)
    return Worth(Decimal(f"{heat:.9g}"), unit, (first, second, Input("feed_water", float(feed), "kJ/kg")))


def _state(inner: Entry) -> State | None:
    """Read a state of steam; None after noting what is wrong with it."""
    pressure, unit = inner.number("pressure"), inner.words("unit", "如 MPa", "as MPa")
    reference = inner.choice("reference", tuple(one.value for one in Reference))
    celsius, dryness = inner.number("temperature", needed=False), inner.number("dryness", needed=False)
    if celsius is not None and dryness is not None:
        inner.mistake(
            "dryness",
            "温度与干度只填一项: 过热蒸汽填温度, 饱和蒸汽填干度。",
            "Give one of temperature (superheated) and dryness (saturated).",
        )
        return None
    if pressure is None or unit is None or reference is None:
        return None
    hot = None if celsius is None else float(celsius)
    return State(float(pressure), unit, Reference(reference), hot, None if dryness is None else float(dryness))


def _positive(entry: Entry, name: str) -> Decimal | None:
    value = entry.number(name)
    if value is not None and value <= 0:
        entry.mistake(name, "必须大于 0。", "This must be above 0.")
        return None
    return value


def _usual(key: str, purpose: Purpose, target: str) -> float | None:
    known = [one for one in shipped() if one.key == key and one.purpose is purpose and one.region == NATIONAL]
    return known[-1].value * conversion(known[-1].unit, target).factor if known else None


def _refuse_far(entry: Entry, name: str, value: float, usual: float | None, target: str) -> None:
    """Refuse what no measurement can have given: most often a unit is a thousand times off."""
    if usual is not None and value and not usual / FARTHEST <= value <= usual * FARTHEST:
        entry.mistake(
            name,
            f"{value:.4g} {target} 与通用值 {usual:.4g} 相差 {FARTHEST:.0f} 倍以上; 请核对单位与小数点。",
            f"{value:.4g} {target} is over {FARTHEST:.0f} times off the usual {usual:.4g}; check unit and point.",
        )
