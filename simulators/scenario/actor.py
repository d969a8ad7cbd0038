"""One device of a scenario as it plays: what really flows, what it shows of that, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from math import isnan

import numpy as np

from park.carrier import carrier_of
from park.instant import MILLISECOND, from_ms, to_ms
from park.metric import Kind, metrics
from park.place import Meter
from park.units import conversion
from simulators.device import Device
from simulators.faults.fault import Display, Fault, Scene
from simulators.faults.flows import Steady
from simulators.faults.said import Said, in_order
from simulators.flow import Flow, Load, Site
from simulators.measure import KINDS
from simulators.noise import Floats, Ints
from simulators.profile import profiles, sectors
from simulators.scenario.model import Flowing, Scenario
from simulators.stack import stopped
from simulators.weather import Weather

GAUGE_DECIMALS = 3
NEARLY = 1e-4
"""Of a display's last digit: what floating point may lack of it."""


class Actor:
    """Plays one meter."""

    def __init__(self, scenario: Scenario, meter: Meter) -> None:
        self.meter = meter
        self._part = scenario.parts[meter.id]
        self._faults: Sequence[Fault] = [one for _, one in scenario.faults if meter.id in one.meters]
        self._seed = scenario.seed
        self.start, self.end = to_ms(scenario.start), to_ms(scenario.end)
        self._scene = Scene(meter=meter, start=self.start, end=self.end, seed=scenario.seed, shown=self.shown)
        weather = Weather(scenario.seed)
        flow = _flow(self._part.flow, meter, scenario.seed, weather)
        for fault in self._faults:
            flow = flow and fault.flows(flow, self._scene)
        self.flow = flow
        self._device = Device(
            meter=meter, kind=self._part.kind, seed=scenario.seed, weather=weather, flow=flow, traits=self._part.traits
        )

    def truth(self, start: int, end: int) -> float | None:
        """Give what really flowed between two instants; None where nothing does."""
        if self.flow is None:
            return None
        before, after = self.flow.total(np.array([start, end], np.int64)).tolist()
        return float(after - before)

    @property
    def carrier(self) -> str | None:
        """What the accounts call what it counts; None where it counts nothing."""
        carrier = carrier_of(self.meter)
        return None if carrier is None else carrier.name

    @cached_property
    def displays(self) -> Mapping[str, Display]:
        """What it shows of each metric with all its faults, not rounded."""
        found: dict[str, Display] = {}
        for name in self.meter.metrics:
            display = self._sound(name)
            for fault in self._faults:
                display = fault.shows(name, display, self._scene)
            found[name] = display
        return found

    def shown(self, ms: Ints) -> Mapping[str, Floats]:
        """Give what it shows at instants, as its digits are."""
        return {name: self._rounded(name, display(ms)) for name, display in self.displays.items()}

    def says(self) -> list[Said]:
        """Give all its messages in the order they go out; the first at the start, the last at the end."""
        ms = np.arange(self.start, self.end + 1, self.meter.period // MILLISECOND, dtype=np.int64)
        columns = {name: values.tolist() for name, values in self.shown(ms).items()}
        out = stopped(self._device, ms).tolist()
        said: Sequence[Said] = [
            Said(
                sent=at,
                at=at,
                seq=number + 1,
                values={name: column[number] for name, column in columns.items() if not isnan(column[number])},
                quality="stopped" if out[number] else "",
            )
            for number, at in enumerate(ms.tolist())
        ]
        said = [one for one in said if one.values]
        for fault in self._faults:
            said = fault.says(said, self._scene)
        return [one for one in in_order(said) if one.sent <= self.end]

    def _sound(self, name: str) -> Display:
        """Give what a device without faults shows."""
        metric = metrics()[name]
        way = conversion(self.meter.units.get(name, metric.unit), metric.unit, metric.molar_mass)
        multiplier = (self.meter.multiplier(from_ms(self.start)) or 1.0) if metric.scaled else 1.0

        def raw(ms: Ints) -> Floats:
            values: Floats = (
                KINDS[self._part.kind].measure(self._device, ms)[name] / multiplier - way.offset
            ) / way.factor
            return values

        if metric.kind is not Kind.REGISTER:
            return raw
        began = float(raw(np.array([self.start], np.int64))[0])
        return partial(_counted, raw, began, self._part.opening)

    def _rounded(self, name: str, values: Floats) -> Floats:
        if metrics()[name].kind is not Kind.REGISTER:
            return np.round(values, GAUGE_DECIMALS)
        steps = 10.0**self._part.decimals
        digits: Floats = np.floor(values * steps + NEARLY) / steps
        return digits


def _counted(raw: Callable[[Ints], Floats], began: float, opening: float, ms: Ints) -> Floats:
    counted: Floats = raw(ms) - began + opening
    return counted


def _flow(given: Flowing | None, meter: Meter, seed: int, weather: Weather) -> Flow | None:
    if given is None:
        return None
    if not given.profile:
        return Steady(given.size)
    site = Site(meter.enterprise, seed, sectors()[given.sector], weather)
    return Load(site, meter.id, given.size, profiles()[given.profile])


def actors(scenario: Scenario) -> list[Actor]:
    """Give the whole cast."""
    return [Actor(scenario, meter) for meter in scenario.registry.meters]
