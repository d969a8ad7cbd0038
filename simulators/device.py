"""A simulated device: a registered meter, what flows through it, and how it misreports units as real ones do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from park.metric import Kind, Metric, metrics
from park.place import Meter
from park.units import conversion
from simulators.flow import Flow
from simulators.noise import Floats, Ints, smooth, stream, uniform
from simulators.weather import Weather

REGISTER_DECIMALS = 4
FINE_DECIMALS = 6
GAUGE_DECIMALS = 2
DECIMALS = {"MPa": 4, "1": 3, "Hz": 3, "t/h": 3, "mg/L": 3, "GJ/h": 3}
"""Decimals of gauges by unit, where two are not enough."""


@dataclass(frozen=True)
class Device:
    """One device of the simulated park."""

    meter: Meter
    kind: str
    seed: int
    weather: Weather
    flow: Flow | None = None
    """What flows through it; None for a detector."""
    traits: Mapping[str, str] = field(default_factory=dict)
    """What is peculiar to it, from the table of meters."""

    def wave(self, name: str, ms: Ints, seconds: float) -> Floats:
        """Give a curve in [-1, 1] that turns about every so many seconds, its own for each name."""
        return smooth(stream(self.seed, self.meter.id, name), ms / (seconds * 1000.0))

    @cached_property
    def opening(self) -> float:
        """What its register showed at the origin, as hours of full operation."""
        return self.between("opening", 200.0, 2_200.0)

    def between(self, name: str, low: float, high: float) -> float:
        """Give a constant of its own, somewhere between two."""
        draw = uniform(stream(self.seed, self.meter.id, name), np.zeros(1, np.int64))
        return low + (high - low) * float(draw[0])

    def trait(self, name: str) -> float:
        """Give a peculiarity that is a number."""
        return float(self.traits[name])


def reported(meter: Meter, metric: Metric, values: Floats) -> Floats:
    """Turn true values into what the device sends: its own unit, the secondary side, its own decimals."""
    unit = meter.units.get(metric.name, metric.unit)
    way = conversion(unit, metric.unit, metric.molar_mass)
    multiplier = meter.multipliers[-1].value if metric.scaled and meter.multipliers else 1.0
    raw = (values / multiplier - way.offset) / way.factor
    if metric.kind is Kind.STATE:
        return raw
    if metric.kind is Kind.REGISTER:
        steps = 10.0 ** (REGISTER_DECIMALS if way.factor == 1 else FINE_DECIMALS)
        return np.floor(raw * steps) / steps
    decimals = DECIMALS.get(metric.unit, GAUGE_DECIMALS)
    return np.round(raw, max(0, decimals + int(np.ceil(np.log10(abs(way.factor) * multiplier)))))


def metric(name: str) -> Metric:
    """Give a metric of the table."""
    return metrics()[name]
