"""蒸汽折算: the heat in a tonne of steam from its pressure and temperature, by IAPWS-IF97.

Errors:
    SteamError    the state cannot be told from pressure and temperature, or lies outside the formulation

"""

from dataclasses import dataclass
from enum import StrEnum

from CoolProp.CoolProp import PropsSI

from park.units import conversion

FLUID = "IF97::Water"
ATMOSPHERE_PA = 101_325.0
"""What a gauge pressure is counted from; a place above the sea has less, and its operator enters absolute pressures."""
KELVIN = 273.15
CRITICAL_PA = 22.064e6
NEAR_K = 0.5
"""Nearer to the saturation line than this, an instrument cannot tell steam from water."""
TEMPERATURES_K = (KELVIN, 1073.15)
PRESSURES_PA = (611.213, 100e6)
GJ_T = 1e-6
"""1 J/kg in GJ/t."""


class Reference(StrEnum):
    """What a pressure is counted from."""

    GAUGE = "gauge"
    """表压: from the air around."""
    ABSOLUTE = "absolute"
    """绝压: from nothing."""


class SteamError(ValueError):
    """A state whose heat cannot be told."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class State:
    """Pressure, and temperature or dryness, as they were read; a pressure without its reference is none."""

    pressure: float
    unit: str
    reference: Reference
    celsius: float | None = None
    dryness: float | None = None
    """The share of saturated steam that is steam: 1 is dry, and its temperature says nothing more."""

    @property
    def pascal(self) -> float:
        """The absolute pressure.  Raises UnitError."""
        convert = conversion(self.unit, "Pa")
        return convert(self.pressure) + (ATMOSPHERE_PA if self.reference is Reference.GAUGE else 0.0)


def boiling_celsius(pascal: float) -> float:
    """Give the boiling point at an absolute pressure below the critical one."""
    return float(PropsSI("T", "P", pascal, "Q", 0, FLUID)) - KELVIN


def enthalpy_kj_kg(state: State) -> float:
    """Give the enthalpy of a state, on the side of the boiling point its temperature is.  Raises SteamError."""
    pascal = state.pascal
    if state.dryness is not None:
        if not PRESSURES_PA[0] <= pascal < CRITICAL_PA or not 0 < state.dryness <= 1:
            raise SteamError(
                "饱和蒸汽的压力应在 0.000611 与 22.064 MPa 之间、干度在 0 与 1 之间, "
                f"而不是 {pascal / 1e6:g} MPa (绝压)、{state.dryness:g}; 请核对压力单位与干度。",
                "Saturated steam lies between 0.000611 and 22.064 MPa with a dryness up to 1, not at "
                f"{pascal / 1e6:g} MPa absolute and {state.dryness:g}; check the unit of the pressure and the dryness.",
            )
        return float(PropsSI("H", "P", pascal, "Q", state.dryness, FLUID)) / 1000
    if state.celsius is None:
        raise SteamError(
            "缺少温度或干度; 过热蒸汽请填温度, 饱和蒸汽请填干度 (干饱和为 1)。",
            "Neither temperature nor dryness; give the temperature of superheated steam, or the dryness of saturated "
            "steam (1 where it is dry).",
        )
    kelvin = state.celsius + KELVIN
    if not PRESSURES_PA[0] <= pascal <= PRESSURES_PA[1] or not TEMPERATURES_K[0] <= kelvin <= TEMPERATURES_K[1]:
        raise SteamError(
            f"{pascal / 1e6:g} MPa (绝压)、{state.celsius:g} ℃ 超出 IF97 的范围 (0.000611–100 MPa, 0–800 ℃); "
            "请核对压力单位与温度。",
            f"{pascal / 1e6:g} MPa absolute at {state.celsius:g} °C lies outside IF97 "
            "(0.000611 to 100 MPa, 0 to 800 °C); check the unit of the pressure and the temperature.",
        )
    return float(PropsSI("H", "P", pascal, "T", kelvin, FLUID)) / 1000


def heat_gj_t(state: State, *, feed_water_kj_kg: float = 0.0) -> float:
    """Give the heat in a tonne of what is plainly steam, less what its feed water brought along.  Raises SteamError."""
    enthalpy = enthalpy_kj_kg(state)
    if state.dryness is None and state.celsius is not None and state.pascal < CRITICAL_PA:
        _refuse_wet(state.celsius, boiling_celsius(state.pascal))
    return (enthalpy - feed_water_kj_kg) * 1000 * GJ_T


def _refuse_wet(celsius: float, boiling: float) -> None:
    """Refuse water, and what may be water and steam in any mixture."""
    if abs(celsius - boiling) < NEAR_K:
        raise SteamError(
            f"{celsius:g} ℃ 就是该压力的沸点 ({boiling:.2f} ℃), 凭压力、温度分不清是汽是水; "
            "饱和蒸汽请填干度 (干饱和为 1) 代替温度。",
            f"{celsius:g} °C is the boiling point at that pressure ({boiling:.2f} °C): pressure and temperature "
            "do not tell steam from water; give the dryness of saturated steam instead (1 where it is dry).",
        )
    if celsius < boiling:
        raise SteamError(
            f"{celsius:g} ℃ 低于该压力的沸点 ({boiling:.2f} ℃), 这是水而不是蒸汽; 请核对压力是表压还是绝压。",
            f"{celsius:g} °C is below the boiling point at that pressure ({boiling:.2f} °C): this is water, "
            "not steam; check whether the pressure is gauge or absolute.",
        )
