"""Something really rises and falls again: gas escapes, a chimney exceeds its limit."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import numpy as np

from park.instant import MILLISECOND
from simulators.faults.fault import Display, Fault, Scene
from simulators.noise import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Course(Fault):
    """A value that climbs in a straight line to its peak, stands there, and goes back; beside it what was stays."""

    ENDS: ClassVar[bool] = False
    metric: str
    peak: float
    rise: timedelta
    hold: timedelta
    fall: timedelta

    def shows(self, name: str, display: Display, scene: Scene) -> Display:
        """Show whichever is higher, what was there or what came."""
        if name != self.metric:
            return display
        start = scene.ms(self.at)
        lengths = [length // MILLISECOND for length in (self.rise, self.hold, self.fall)]
        edges = np.cumsum([start, *lengths]).astype(np.float64)

        def shown(ms: Ints) -> Floats:
            came = np.interp(ms.astype(np.float64), edges, (0.0, self.peak, self.peak, 0.0))
            there = (ms > start) & (ms < edges[-1])
            found: Floats = np.where(there, np.maximum(display(ms), came), display(ms))
            return found

        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class GasLeak(Course):
    """Gas escapes beside a detector."""

    metric: str = "lel"
    rise: timedelta = timedelta(minutes=5)
    hold: timedelta = timedelta(minutes=10)
    fall: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackExceedance(Course):
    """A chimney lets out more than its permit says."""

    metric: str = "nox_zs"
    rise: timedelta = timedelta(minutes=10)
    hold: timedelta = timedelta(hours=2)
    fall: timedelta = timedelta(minutes=10)
