"""One simulated device as it speaks: its voice, what it measures, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from simulators.load.packet import Door
from simulators.voices.voice import Utterance, Values, Voice


class Service(NamedTuple):
    """Where somebody listens who is no broker."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """A device; whoever holds it says when, and where what it says goes."""

    voice: Voice
    measure: Callable[[int], Values]
    """What it shows at an instant, as the meter is registered."""
    period_ms: int
    phase_ms: int
    """When in each period it speaks."""
    door: Door
    """As whom it comes in, where it has a connection of its own."""
    listener: Service | None = None
    """The listener for data loggers that it speaks to instead of the broker."""

    def first(self, ms: int) -> int:
        """Give its first instant after another."""
        return ms + 1 + (self.phase_ms - ms - 1) % self.period_ms

    def says(self, ms: int) -> list[Utterance]:
        """Say what it measures at an instant, as finely as its dialect can tell it."""
        at = self._at(ms)
        return self.voice.say(at, self.measure(at))

    def hello(self, ms: int) -> list[Utterance]:
        """Say what comes first on a connection."""
        at = self._at(ms)
        return self.voice.hello(at, self.measure(at))

    def _at(self, ms: int) -> int:
        return ms - ms % self.voice.GRAIN_MS
