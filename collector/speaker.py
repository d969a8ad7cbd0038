"""What is said to devices: that they say all their names again."""

from collections import deque
from collections.abc import Sequence

from adapters.clock import Clock
from adapters.log import logger
from adapters.mqtt import LoopClient
from collector.counts import Counts
from park.asking import Asking
from park.decode.memory import MOST_WISHES, Wish

log = logger(__name__)


class Speaker:
    """Wishes are taken from any thread, and said on the client's own."""

    def __init__(self, *, client: LoopClient, counts: Counts, clock: Clock) -> None:
        self._client = client
        self._counts = counts
        self._clock = clock
        self._asking = Asking()
        self._wishes: deque[Wish] = deque(maxlen=MOST_WISHES)

    def take(self, wishes: Sequence[Wish]) -> None:
        """Say something to devices within half a second; where there is no connection it is let go."""
        self._wishes.extend(wishes)

    def speak(self) -> None:
        """Say what is to be said, to none of them too often."""
        if not self._wishes:
            return
        wishes = [self._wishes.popleft() for _ in range(len(self._wishes))]
        if not self._counts.connected:
            return
        for wish in self._asking.due(wishes, self._clock()):
            self._client.publish(wish.topic, wish.payload)
            self._counts.asked += 1
            log.info("asked a device", topic=wish.topic)
        self._client.turn(0)
