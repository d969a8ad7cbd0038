"""A sensor says what is not so: it stands still, jumps, walks away, trembles."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import numpy as np

from park.instant import MILLISECOND
from simulators.faults.fault import Display, Fault, Scene
from simulators.noise import Floats, Ints, centred, stream

HOUR_MS = 3_600_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMetric(Fault):
    """A fault of one metric."""

    metric: str

    def shows(self, name: str, display: Display, scene: Scene) -> Display:
        """Change this metric, and no other."""
        return self.wrong(display, scene) if name == self.metric else display

    def wrong(self, display: Display, scene: Scene) -> Display:
        """Give what is shown instead."""
        raise NotImplementedError

    def there(self, ms: Ints, scene: Scene) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Tell at which instants the fault is there."""
        start, end = self.span(scene)
        return (ms >= start) & (ms < end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck(OneMetric):
    """The gateway repeats the last value; a register behind it counts on unseen."""

    def wrong(self, display: Display, scene: Scene) -> Display:
        """Show what was shown when it began."""
        start = self.span(scene)[0]
        return lambda ms: display(np.where(self.there(ms, scene), start, ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike(OneMetric):
    """One value, or a few, from nowhere."""

    ENDS: ClassVar[bool] = False
    value: float
    samples: int = 1

    def wrong(self, display: Display, scene: Scene) -> Display:
        """Show the value, for so many samples."""
        start = scene.ms(self.at)
        end = start + self.samples * scene.period
        return lambda ms: np.where((ms >= start) & (ms < end), self.value, display(ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift(OneMetric):
    """A sensor walks away from the truth, a little more each hour, and is set right at the end."""

    by: float
    """In an hour."""

    def wrong(self, display: Display, scene: Scene) -> Display:
        """Add what has gathered."""
        start = self.span(scene)[0]

        def shown(ms: Ints) -> Floats:
            gone = np.where(self.there(ms, scene), (ms - start) / HOUR_MS, 0.0)
            walked: Floats = display(ms) + self.by * gone
            return walked

        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise(OneMetric):
    """A value trembles around the truth, evenly to both sides, the same for the same seed."""

    amplitude: float

    def wrong(self, display: Display, scene: Scene) -> Display:
        """Add the trembling."""
        source = stream(scene.seed, scene.meter.id, self.metric, "noise")

        def shown(ms: Ints) -> Floats:
            trembling = np.where(self.there(ms, scene), centred(source, ms), 0.0)
            found: Floats = display(ms) + self.amplitude * trembling
            return found

        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FlappingValue(OneMetric):
    """A contact that chatters: one value and the other, by turns."""

    high: float
    low: float
    every: timedelta

    def wrong(self, display: Display, scene: Scene) -> Display:
        """Show the high value first, then the low one."""
        start = self.span(scene)[0]
        turn = self.every // MILLISECOND

        def shown(ms: Ints) -> Floats:
            value = np.where((ms - start) // turn % 2 == 0, self.high, self.low)
            found: Floats = np.where(self.there(ms, scene), value, display(ms))
            return found

        return shown
