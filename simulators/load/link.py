"""A connection that is made again when it breaks: what waits, what is under way, what was acknowledged."""

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from simulators.load.tally import Tally
from simulators.voices.voice import Utterance

LONGEST_PAUSE: Final = 60.0


class NotUnderstood(Exception):
    """What came is not of the protocol; nothing that follows can be."""


class UnderWay(NamedTuple):
    """A message that was written and not acknowledged."""

    said: Utterance
    at: float


class Link(asyncio.Protocol):
    """One connection, opened by its owner; each protocol says how it greets, writes and is answered."""

    def __init__(self, tally: Tally, *, window: int, ended: Callable[["Link"], None]) -> None:
        """Take where to count; `ended` is told when a connection is over, or never came about."""
        self.up = False
        self.was_up = False
        """Whether it ever stood."""
        self.failures = 0
        """Attempts in a row that came to nothing."""
        self._tally = tally
        self._window = window
        self._ended = ended
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[Utterance] = deque()
        self._under_way: dict[int, UnderWay] = {}
        self._spoke = self._heard = 0.0
        self._loop = asyncio.get_running_loop()

    @property
    def open(self) -> bool:
        """Whether there is a connection, greeted or not."""
        return self._transport is not None

    def say(self, said: Iterable[Utterance]) -> None:
        """Take messages; they go out with the next flush, or when there is a connection again."""
        before = len(self._waiting)
        self._waiting.extend(said)
        self._tally.said += len(self._waiting) - before

    def flush(self) -> None:
        """Write what may go out now."""
        if not self.up or not self._waiting:
            return
        out: list[bytes] = []
        now = self._loop.time()
        while self._waiting and len(self._under_way) < self._window:
            said = self._waiting.popleft()
            number, written = self._written(said)
            self._under_way[number] = UnderWay(said, now)
            out.append(written)
        if out:
            self._tally.published += len(out)
            self._write(b"".join(out))

    def tend(self) -> None:
        """Look after the connection, now and then."""

    def leave(self) -> None:
        """End the connection in good order."""
        if self._transport is not None:
            self._transport.close()

    def pause(self, share: float) -> float:
        """Give how long to wait before the next attempt: longer each time, and not all at once (`share` of 0 to 1)."""
        return (0.5 + 0.5 * share) * min(LONGEST_PAUSE, 2.0 ** min(self.failures, 10) / 2)

    @abstractmethod
    def _opened(self) -> None:
        """Say what comes first."""

    @abstractmethod
    def _written(self, said: Utterance) -> tuple[int, bytes]:
        """Write a message, and give the number under which it will be acknowledged."""

    @abstractmethod
    def _came(self, data: bytes) -> None:
        """Take what the other side says.  Raises NotUnderstood."""

    def _stands(self, greeting: Iterable[Utterance]) -> None:
        """Note that the connection stands; the greeting goes before what waits."""
        self.up = self.was_up = True
        self.failures = 0
        self._tally.connected += 1
        self._tally.connections += 1
        first = list(greeting)
        self._tally.said += len(first)
        self._waiting.extendleft(reversed(first))

    def _acknowledged(self, number: int) -> None:
        done = self._under_way.pop(number, None)
        if done is not None:
            self._tally.acknowledge(self._heard - done.at)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._spoke = self._loop.time()
            self._transport.write(data)

    # Called by asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"{transport} is no transport of bytes")
        self._transport = transport
        self._heard = self._loop.time()
        self._opened()
        self.flush()

    def data_received(self, data: bytes) -> None:
        """Take what came, and write what there is room for now."""
        self._heard = self._loop.time()
        try:
            self._came(data)
        except NotUnderstood:
            if self._transport is not None:
                self._transport.abort()
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Put what was under way before what waits."""
        del exc
        self._waiting.extendleft(each.said for each in reversed(self._under_way.values()))
        self._under_way.clear()
        self._transport = None
        if self.up:
            self.up = False
            self._tally.connected -= 1
            self._tally.lost += 1
        else:
            self.failures += 1
        self._ended(self)
