"""Detectors on an uneventful day: they breathe a little, and stay below what any rule would call an alarm."""

from typing import Final, NamedTuple

import numpy as np

from simulators.device import Device
from simulators.noise import Floats, Ints


class Breath(NamedTuple):
    """How far a detector's value moves around its own level, and how quickly."""

    share: float
    """Of its own level."""
    fixed: float
    """In its unit."""
    seconds: float
    floor: float | None
    """What it cannot go below."""


BREATHS: Final = {
    "lel": Breath(0.5, 0.2, 140, 0.0),
    "co": Breath(0.4, 0.4, 200, 0.0),
    "h2s": Breath(0.4, 0.1, 200, 0.0),
    "nh3": Breath(0.4, 0.2, 240, 0.0),
    "temperature": Breath(0.0, 1.4, 700, None),
    "pressure": Breath(0.15, 0.002, 300, None),
    "level": Breath(0.0, 0.02, 60, 0.0),
    "residual_current": Breath(0.22, 2.0, 90, 0.0),
    "cable_temp": Breath(0.0, 1.2, 1_200, None),
    "smoke": Breath(0.0, 0.0, 600, 0.0),
}
TANK_HOURS: Final = 31.0
FILLING: Final = 0.12
"""Share of a tank's round that filling takes; the rest is use."""
TANK_SWING: Final = 0.28


def measure(device: Device, ms: Ints) -> dict[str, Floats]:
    """Measure what a detector watches; each of its traits is a metric at that level."""
    return {name: _value(device, name, float(level), ms) for name, level in device.traits.items()}


def _value(device: Device, name: str, level: float, ms: Ints) -> Floats:
    breath = BREATHS[name]
    value = level + (abs(level) * breath.share + breath.fixed) * device.wave(name, ms, breath.seconds)
    if name == "cable_temp":  # the trait is what it stands above the air
        value = value + device.weather.temperature(ms)
    elif name == "temperature" and level > 0:  # a room, not a cold store: the weather comes in a little
        value = value + 0.25 * (device.weather.temperature(ms) - 16)
    elif name == "level":
        value = value + level * TANK_SWING * _tank(ms)
    return value if breath.floor is None else np.maximum(value, breath.floor)


def _tank(ms: Ints) -> Floats:
    """Give the round of a tank, 1 full to -1 low: filled quickly, used slowly."""
    place = (ms / (TANK_HOURS * 3_600_000.0)) % 1.0
    return np.interp(place, (0.0, FILLING, 1.0), (-1.0, 1.0, -1.0))
