"""What each kind of device measures at given instants, in canonical units.  NaN is: no value then."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from simulators import safety, stack
from simulators.days import DAY_MS, ORIGIN_MS
from simulators.device import Device
from simulators.flow import Flow
from simulators.noise import Floats, Ints, smooth, stream

Values = dict[str, Floats]

REACTIVE_SHARE: Final = (0.24, 0.34)
"""What load draws of reactive power behind its compensation, from the best site to the worst."""
REACTIVE_IDLE: Final = 0.002
"""What transformers and motors draw of it always, as a share of full load: little load, poor power factor."""
INVERTER_REACTIVE: Final = 0.05
QUARTER_MS: Final = 900_000
STEAM_GJ_PER_T: Final = 2.76
COLD_WATER: Final = 12.0


def _flow(device: Device) -> Flow:
    if device.flow is None:
        raise TypeError(f"{device.meter.id} measures a flow and has none")
    return device.flow


def electricity(device: Device, ms: Ints) -> Values:
    """Measure a three-phase feeder.  Reactive power is linear in load, so its register is exact as well."""
    flow = _flow(device)
    size, power, energy = flow.size, flow.rate(ms), flow.total(ms)
    solar = device.kind == "pv"
    share, idle = (INVERTER_REACTIVE, 0.0) if solar else (device.between("reactive", *REACTIVE_SHARE), REACTIVE_IDLE)
    reactive = share * power + idle * size
    hours = (ms - ORIGIN_MS) / 3_600_000.0
    apparent = np.hypot(power, reactive)
    factor = np.divide(power, apparent, out=np.full_like(power, np.nan), where=apparent > 0)
    grid = stream(device.seed, "grid")
    nominal = device.trait("kv") * 1000 / np.sqrt(3)
    common = 1.002 + 0.012 * smooth(grid, ms / 1_700_000.0) - 0.018 * (power / size) * (-1 if solar else 1)
    lean = 0.015 * device.wave("lean", ms, 600), 0.012 * device.wave("lean2", ms, 420)
    values: Values = {
        "ep_imp": device.opening * size + energy,
        "eq_imp": device.opening * size * share + share * energy + idle * size * hours,
        "p": power,
        "q": reactive,
        "pf": factor,
        "f": 50 + 0.02 * smooth(stream(device.seed, "frequency"), ms / 23_000.0),
        "thdu": 1.9 + 0.7 * device.wave("thdu", ms, 1_900) + 0.6 * power / size,
        "demand": (energy - flow.total(np.maximum(ms - QUARTER_MS, ORIGIN_MS))) / 0.25,
    }
    for phase, unbalance in zip((1, 2, 3), (lean[0], lean[1], -lean[0] - lean[1]), strict=True):
        volts = nominal * (common + 0.003 * device.wave(f"u{phase}", ms, 75))
        values[f"u{phase}"] = volts
        values[f"i{phase}"] = apparent * 1000 / 3 / volts * (1 + unbalance)
    return values


def water(device: Device, ms: Ints) -> Values:
    """Measure a water main."""
    flow = _flow(device)
    rate = flow.rate(ms)
    return {
        "volume": device.opening * flow.size + flow.total(ms),
        "flow": rate,
        "pressure": 0.34 - 0.05 * rate / flow.size + 0.012 * device.wave("pressure", ms, 240),
    }


def gas(device: Device, ms: Ints) -> Values:
    """Measure a natural gas main behind its pressure regulator."""
    flow = _flow(device)
    rate = flow.rate(ms)
    return {
        "gas_volume": device.opening * flow.size + flow.total(ms),
        "gas_flow": rate,
        "pressure": 0.105 - 0.008 * rate / flow.size + 0.002 * device.wave("pressure", ms, 180),
        "temperature": 8 + 0.55 * device.weather.temperature(ms) + 0.6 * device.wave("temperature", ms, 900),
    }


def steam(device: Device, ms: Ints) -> Values:
    """Measure saturated steam; its heat is booked at one enthalpy, as a contract would."""
    flow = _flow(device)
    rate, mass = flow.rate(ms), device.opening * flow.size + flow.total(ms)
    return {
        "steam_mass": mass,
        "steam_flow": rate,
        "heat_energy": mass * STEAM_GJ_PER_T,
        "pressure": 0.82 - 0.06 * rate / flow.size + 0.015 * device.wave("pressure", ms, 300),
        "temperature": 176 - 4 * rate / flow.size + 1.5 * device.wave("temperature", ms, 700),
    }


def heat(device: Device, ms: Ints) -> Values:
    """Measure a hot-water loop."""
    flow = _flow(device)
    rate = flow.rate(ms)
    return {
        "heat_energy": device.opening * flow.size + flow.total(ms),
        "heat_power": rate,
        "temperature": 78 + 9 * rate / flow.size + 1.2 * device.wave("temperature", ms, 800),
    }


def outlet(device: Device, ms: Ints) -> Values:
    """Measure a waste-water outlet: pollutants follow the process with a slow mind of their own."""
    flow = _flow(device)
    rate = flow.rate(ms)
    busy = rate / flow.size
    mean_day = device.wave("day", ms, DAY_MS / 1000)
    values = {
        "volume": device.opening * flow.size + flow.total(ms),
        "flow": rate,
        "ph": device.trait("ph") + 0.25 * device.wave("ph", ms, 5_400) - 0.15 * busy,
    }
    for name in ("cod", "nh3n", "tp", "tn"):
        turning = 0.12 * device.wave(name, ms, 4_800) + 0.10 * mean_day
        values[name] = device.trait(name) * (0.72 + 0.22 * busy + turning)
    return values


class Kind(NamedTuple):
    """A kind of device: what it sends live, what of that history keeps, and how it measures."""

    medium: str
    role: str
    metrics: tuple[str, ...]
    history: tuple[str, ...]
    measure: Callable[[Device, Ints], Values]


_THREE_PHASE = ("u1", "u2", "u3", "i1", "i2", "i3")
_FLUE = ("so2", "nox", "pm", "so2_zs", "nox_zs", "pm_zs", "o2", "flue_flow")

KINDS: Final[dict[str, Kind]] = {
    "boundary": Kind(
        "electricity", "boundary",
        ("ep_imp", "eq_imp", "p", "q", "pf", "f", "demand", "thdu", *_THREE_PHASE),
        ("ep_imp", "p", "pf", "demand"), electricity,
    ),
    "sub": Kind("electricity", "sub", ("ep_imp", "p", "pf", "i1", "i2", "i3"), ("ep_imp", "p"), electricity),
    "pv": Kind("electricity", "generation", ("ep_imp", "p", "f", *_THREE_PHASE), ("ep_imp", "p"), electricity),
    "water": Kind("water", "boundary", ("volume", "flow", "pressure"), ("volume", "flow"), water),
    "water_sub": Kind("water", "sub", ("volume", "flow"), ("volume", "flow"), water),
    "gas": Kind(
        "gas", "boundary", ("gas_volume", "gas_flow", "pressure", "temperature"), ("gas_volume", "gas_flow"), gas
    ),
    "steam": Kind(
        "steam", "boundary",
        ("steam_mass", "steam_flow", "heat_energy", "pressure", "temperature"),
        ("steam_mass", "steam_flow", "heat_energy"), steam,
    ),
    "heat": Kind(
        "heat", "boundary", ("heat_energy", "heat_power", "temperature"), ("heat_energy", "heat_power"), heat
    ),
    "outlet": Kind(
        "water", "outlet",
        ("volume", "flow", "ph", "cod", "nh3n", "tp", "tn"),
        ("volume", "flow", "ph", "cod", "nh3n", "tp", "tn"), outlet,
    ),
    "stack": Kind(
        "emission", "outlet",
        (*_FLUE, "flue_temp", "flue_pressure", "flue_humidity"),
        _FLUE, stack.measure,
    ),
    "detector": Kind("safety", "detector", (), (), safety.measure),  # its metrics are its traits
}  # fmt: skip
