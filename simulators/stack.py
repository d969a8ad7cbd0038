"""Chimneys: what leaves follows what burns, and a fire that is out says so."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulators.device import Device
from simulators.noise import Floats, Ints

AIR_OXYGEN: Final = 20.9
BARELY: Final = 0.16
"""Below this share of full flue gas the fire is out: concentrations say nothing about emissions."""


class Fuel(NamedTuple):
    """What burns: concentrations (mg/m³) and oxygen (%VOL) at full fire, and the oxygen they are referred to."""

    so2: float
    nox: float
    pm: float
    oxygen: float
    reference: float | None
    temperature: float
    humidity: float


FUELS: Final = {
    "gas": Fuel(4, 38, 2.5, 3.9, 3.5, 118, 14),
    "kiln": Fuel(42, 96, 9, 12.6, 9.0, 128, 8),
    "brick": Fuel(58, 84, 11, 16.8, 18.0, 96, 9),
    "dust": Fuel(0, 0, 6.5, AIR_OXYGEN, None, 52, 3),  # a filter behind a machine: nothing burns
}


def stopped(device: Device, ms: Ints) -> NDArray[np.bool_]:
    """Tell at which instants the fire (or the machine) is out."""
    flow = device.flow
    if flow is None or device.kind != "stack":
        return np.zeros(ms.shape, dtype=np.bool_)
    return np.asarray(flow.rate(ms) < BARELY * flow.size)


def measure(device: Device, ms: Ints) -> dict[str, Floats]:
    """Measure flue gas.  While stopped there is no value at reference oxygen: the formula would divide by air."""
    flow = device.flow
    if flow is None:
        raise TypeError(f"{device.meter.id} is a stack without flue gas")
    fuel = FUELS[device.traits["fuel"]]
    rate = flow.rate(ms)
    fire = np.clip(rate / flow.size, 0, 1.2)
    out = fire < BARELY
    burning = np.where(out, 0.0, 1.0)
    excess = (AIR_OXYGEN - fuel.oxygen) * (0.10 * (1 - np.minimum(fire, 1)) + 0.02 * device.wave("o2", ms, 210))
    oxygen = np.where(out, 20.7 + 0.15 * device.wave("air", ms, 600), np.minimum(fuel.oxygen + excess, AIR_OXYGEN))
    values: dict[str, Floats] = {
        "o2": oxygen,
        "flue_flow": rate,
        "flue_temp": device.weather.temperature(ms) * (1 - burning * fire)
        + fuel.temperature * burning * fire
        + 2.5 * device.wave("temperature", ms, 500),
        "flue_pressure": -0.04 - 0.16 * fire + 0.015 * device.wave("draught", ms, 90),
        "flue_humidity": np.maximum(
            fuel.humidity * (0.3 + 0.7 * burning) + 0.8 * device.wave("humidity", ms, 1_500), 0
        ),
    }
    for name, full in (("so2", fuel.so2), ("nox", fuel.nox), ("pm", fuel.pm)):
        turning = 0.14 * device.wave(name, ms, 340) + 0.10 * device.wave(f"{name}-slow", ms, 9_000)
        found = full * (0.75 + 0.25 * np.minimum(fire, 1) + turning) * np.where(out, 0.04, 1.0)
        values[name] = np.maximum(found, 0.0)
        values[f"{name}_zs"] = np.full_like(found, np.nan)
        if fuel.reference is not None:
            referred = values[name] * (21 - fuel.reference) / (21 - oxygen)
            values[f"{name}_zs"] = np.where(out, np.nan, referred)
    return values
