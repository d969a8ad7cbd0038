"""What became of the messages so far, and how long the broker took over them."""

import math
from collections import Counter
from typing import Final, NamedTuple

STEP: Final = math.log(1.05)
"""Of a latency: what falls into one box differs by 5 % at most."""
SHORTEST: Final = 1e-5


class Tally:
    """Counts of one run; one thread writes and reads them."""

    def __init__(self) -> None:
        self.said = 0
        """Handed over by the devices."""
        self.published = 0
        """Written to a connection, those that were written again included."""
        self.acked = 0
        self.connected = 0
        """Connections that stand now."""
        self.connections = 0
        """How often one was made."""
        self.lost = 0
        """How often one broke that stood."""
        self.refused: Counter[str] = Counter()
        """Attempts that failed, by why."""
        self._boxes: Counter[int] = Counter()

    @property
    def in_flight(self) -> int:
        """Handed over and not acknowledged yet."""
        return self.said - self.acked

    def acknowledge(self, seconds: float) -> None:
        """Note that a message was acknowledged, so long after it was written."""
        self.acked += 1
        self._boxes[math.ceil(math.log(max(seconds, SHORTEST) / SHORTEST) / STEP)] += 1

    def percentile(self, share: float) -> float | None:
        """Give how many seconds so large a share of the acknowledgements took at most; None before the first."""
        wanted = share * self._boxes.total()
        counted = 0
        for box in sorted(self._boxes):
            counted += self._boxes[box]
            if counted >= wanted:
                return SHORTEST * math.exp(box * STEP)
        return None


class Standing(NamedTuple):
    """How a run stands at one moment."""

    seconds: float
    devices: int
    connections: int
    connected: int
    said: int
    published: int
    acked: int
    in_flight: int
    reconnects: int
    failed: dict[str, int]
    """Attempts to connect that failed, by why."""
    behind: float
    """Seconds by which the devices are late because the broker does not follow."""
    p50_ms: float | None
    p99_ms: float | None

    def rates(self, before: "Standing | None") -> tuple[float, float]:
        """Give messages published and acknowledged a second, since another moment or on the whole."""
        seconds = self.seconds - (before.seconds if before else 0.0)
        if seconds <= 0:
            return 0.0, 0.0
        published = self.published - (before.published if before else 0)
        acked = self.acked - (before.acked if before else 0)
        return published / seconds, acked / seconds
