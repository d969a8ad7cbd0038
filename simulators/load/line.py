"""One connection to the broker, for one device or for many: what waits, what is under way, what was acknowledged."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from simulators.load import packet
from simulators.load.packet import Door
from simulators.load.tally import Tally
from simulators.voices.voice import Utterance

KEEP_ALIVE: Final = 60
NO_ANSWER: Final = 20.0
"""Seconds after which a broker that does not answer CONNECT is hung up on."""
LAST_MID: Final = 65_535
LONGEST_PAUSE: Final = 60.0


class UnderWay(NamedTuple):
    """A message that was written and not acknowledged."""

    said: Utterance
    at: float


class Manners(NamedTuple):
    """What the devices behind a connection say and hear of their own accord."""

    will: Callable[[], Utterance | None]
    hello: Callable[[], Iterable[Utterance]]
    hears: tuple[str, ...]
    heard: Callable[[str, bytes], Iterable[Utterance]]


class Line(asyncio.Protocol):
    """One connection, made again by its owner when it breaks; what was not acknowledged is said again then."""

    def __init__(
        self, door: Door, manners: Manners, tally: Tally, *, window: int, ended: Callable[["Line"], None]
    ) -> None:
        """Take whom it speaks for; `ended` is told when a connection is over, or never came about."""
        self.door = door
        self.up = False
        self.was_up = False
        """Whether it ever stood."""
        self.failures = 0
        """Attempts in a row that came to nothing."""
        self._manners = manners
        self._tally = tally
        self._window = window
        self._ended = ended
        self._transport: asyncio.Transport | None = None
        self._packets = packet.Packets()
        self._waiting: deque[Utterance] = deque()
        self._under_way: dict[int, UnderWay] = {}
        self._mid = 0
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
        if not self.up or self._transport is None or not self._waiting:
            return
        out: list[bytes] = []
        now = self._loop.time()
        while self._waiting and len(self._under_way) < self._window:
            said = self._waiting.popleft()
            mid = self._next()
            self._under_way[mid] = UnderWay(said, now)
            out.append(packet.publish(said, mid))
        if out:
            self._tally.published += len(out)
            self._write(b"".join(out))

    def tend(self) -> None:
        """Keep the connection alive, and end one that is dead."""
        if self._transport is None:
            return
        now = self._loop.time()
        if now - self._heard > (1.5 * KEEP_ALIVE if self.up else NO_ANSWER):
            self._transport.abort()
        elif self.up and now - max(self._spoke, self._heard) > KEEP_ALIVE / 2:
            self._write(packet.PING)

    def leave(self) -> None:
        """Say goodbye to the broker."""
        if self._transport is not None:
            if self.up:
                self._write(packet.DISCONNECT)
            self._transport.close()

    def pause(self, share: float) -> float:
        """Give how long to wait before the next attempt: longer each time, and not all at once (`share` of 0 to 1)."""
        return (0.5 + 0.5 * share) * min(LONGEST_PAUSE, 2.0 ** min(self.failures, 10) / 2)

    # Called by asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"{transport} is no transport of bytes")
        self._transport = transport
        self._packets = packet.Packets()
        self._heard = self._loop.time()
        self._write(packet.connect(self.door, will=self._manners.will(), keep_alive=KEEP_ALIVE))

    def data_received(self, data: bytes) -> None:
        """Take what the broker says."""
        self._heard = self._loop.time()
        try:
            for head, body in self._packets.feed(data):
                self._take(head, body)
        except packet.NotMqtt:
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

    def _take(self, head: int, body: bytes) -> None:
        kind = head & 0xF0
        if kind == packet.PUBACK:
            done = self._under_way.pop(int.from_bytes(body[:2], "big"), None)
            if done is not None:
                self._tally.acknowledge(self._heard - done.at)
        elif kind == packet.CONNACK:
            self._greeted(body[1] if len(body) > 1 else 0xFF)
        elif kind == packet.PUBLISH:
            came = packet.message(head, body)
            if came.mid:
                self._write(packet.acknowledge(came.mid))
            self.say(self._manners.heard(came.topic, came.payload))

    def _greeted(self, code: int) -> None:
        if code:
            zh, en = packet.REFUSALS.get(code, (f"代码 {code}", f"code {code}"))
            self._tally.refused[f"服务器拒绝: {zh} / the broker refused: {en}"] += 1
            return  # it hangs up by itself
        self.up = self.was_up = True
        self.failures = 0
        self._tally.connected += 1
        self._tally.connections += 1
        if self._manners.hears:
            self._write(packet.subscribe(self._manners.hears, self._next()))
        greeting = list(self._manners.hello())
        self._tally.said += len(greeting)
        self._waiting.extendleft(reversed(greeting))

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._spoke = self._loop.time()
            self._transport.write(data)

    def _next(self) -> int:
        while True:
            self._mid = self._mid % LAST_MID + 1
            if self._mid not in self._under_way:
                return self._mid
