"""What really flows is another: a pipe leaks, the power is away.  Totals stay known in closed form."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulators.days import ORIGIN_MS
from simulators.faults.fault import Fault, Scene
from simulators.faults.said import Said
from simulators.flow import Flow, Sum
from simulators.noise import Floats, Ints

HOUR_MS = 3_600_000.0


@dataclass
class Steady:
    """The same at every instant."""

    size: float

    def rate(self, ms: Ints) -> Floats:
        """Give what flows at instants, an hour."""
        return np.full(ms.shape, self.size)

    def total(self, ms: Ints) -> Floats:
        """Give what has flowed from the origin until instants."""
        flowed: Floats = self.size * ((ms - ORIGIN_MS) / HOUR_MS)
        return flowed


class During:
    """A flow that runs from `start` to `end` alone."""

    def __init__(self, flow: Flow, start: int, end: int) -> None:
        self.size = flow.size
        self.flow = flow
        self.start = start
        self.end = end

    def rate(self, ms: Ints) -> Floats:
        """Give what flows at instants, an hour."""
        return np.where((ms >= self.start) & (ms < self.end), self.flow.rate(ms), 0.0)

    def total(self, ms: Ints) -> Floats:
        """Give what has flowed from the origin until instants."""
        until = self.flow.total(np.clip(ms, self.start, self.end))
        flowed: Floats = until - self.flow.total(np.array([self.start], np.int64))
        return flowed


class Except:
    """A flow that stands still from `start` to `end`."""

    def __init__(self, flow: Flow, start: int, end: int) -> None:
        self.size = flow.size
        self.flow = flow
        self.start = start
        self.end = end

    def rate(self, ms: Ints) -> Floats:
        """Give what flows at instants, an hour."""
        return np.where((ms >= self.start) & (ms < self.end), 0.0, self.flow.rate(ms))

    def total(self, ms: Ints) -> Floats:
        """Give what has flowed from the origin until instants."""
        left_out: Floats = self.flow.total(ms) - During(self.flow, self.start, self.end).total(ms)
        return left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeLeak(Fault):
    """More flows than is used, and the meter counts it."""

    flow: float
    """What is lost in an hour, in the meter's unit."""

    def flows(self, flow: Flow, scene: Scene) -> Flow:
        """Add what is lost."""
        return Sum([flow, During(Steady(self.flow), *self.span(scene))], size=flow.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLoss(Fault):
    """Nothing flows, and no device is there to say so; back again, each connects anew."""

    def flows(self, flow: Flow, scene: Scene) -> Flow:
        """Stop it for the while."""
        return Except(flow, *self.span(scene))

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Take out what nobody could say; the first afterwards comes over a new line."""
        start, end = self.span(scene)
        left = [one for one in said if not start <= one.sent < end]
        back = next((one.sent for one in left if one.sent >= end), None)
        return [reconnected(one) if one.sent == back else one for one in left]


def reconnected(said: Said, times: int = 1) -> Said:
    """Give a message whose device connects anew before it."""
    return Said(
        sent=said.sent, at=said.at, values=said.values, seq=said.seq, quality=said.quality, channel=said.channel,
        payload=said.payload, connects=times,
    )  # fmt: skip
