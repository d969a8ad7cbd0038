"""A fault: when it is, of which meters, and what it changes.  What a fault does not change it hands on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from park.instant import MILLISECOND
from park.place import Meter
from simulators.faults.said import Said
from simulators.flow import Flow
from simulators.noise import Floats, Ints

Display = Callable[[Ints], Floats]
"""What a device shows of one metric at instants: its own unit, the secondary side, not rounded yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a fault happens: one device, from `start` to `end` in ms."""

    meter: Meter
    start: int
    end: int
    seed: int
    shown: Callable[[Ints], Mapping[str, Floats]]
    """What it shows with all faults, rounded as its digits are; for who asks only once it stands."""

    @property
    def period(self) -> int:
        """How often the device speaks, in ms."""
        return self.meter.period // MILLISECOND

    def ms(self, moment: timedelta) -> int:
        """Give a moment of the scenario's clock as an instant."""
        return self.start + moment // MILLISECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What all faults have; each kind adds its own."""

    ENDS: ClassVar[bool] = True
    """Whether it is a stretch of time, from `at` to `until`; others happen at one moment."""
    meters: tuple[str, ...]
    at: timedelta
    until: timedelta | None = None
    """By default the end of the scenario."""

    def flows(self, flow: Flow, scene: Scene) -> Flow:
        """Change what really flows."""
        del scene
        return flow

    def shows(self, name: str, display: Display, scene: Scene) -> Display:
        """Change what the device shows of one metric."""
        del name, scene
        return display

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Change what is said on the line."""
        del scene
        return said

    def span(self, scene: Scene) -> tuple[int, int]:
        """Give its stretch as instants, the second not in it."""
        return scene.ms(self.at), scene.end + 1 if self.until is None else scene.ms(self.until)
