"""A connection to the broker, for one device or for many."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from simulators.load import packet
from simulators.load.link import Link
from simulators.load.packet import Door
from simulators.load.tally import Tally
from simulators.voices.voice import Utterance

KEEP_ALIVE: Final = 60
NO_ANSWER: Final = 20.0
"""Seconds after which a broker that does not answer CONNECT is hung up on."""
LAST_MID: Final = 65_535


class Manners(NamedTuple):
    """What the devices behind a connection say and hear of their own accord."""

    will: Callable[[], Utterance | None]
    hello: Callable[[], Iterable[Utterance]]
    hears: tuple[str, ...]
    heard: Callable[[str, bytes], Iterable[Utterance]]


class Line(Link):
    """One MQTT connection; what was not acknowledged when it breaks is said again on the next."""

    def __init__(
        self, door: Door, manners: Manners, tally: Tally, *, window: int, ended: Callable[[Link], None]
    ) -> None:
        """Take whom it speaks for; `ended` is told when a connection is over, or never came about."""
        super().__init__(tally, window=window, ended=ended)
        self._door = door
        self._manners = manners
        self._packets = packet.Packets()
        self._mid = 0

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
        if self.up:
            self._write(packet.DISCONNECT)
        super().leave()

    def _opened(self) -> None:
        self._packets = packet.Packets()
        self._write(packet.connect(self._door, will=self._manners.will(), keep_alive=KEEP_ALIVE))

    def _written(self, said: Utterance) -> tuple[int, bytes]:
        mid = self._next()
        return mid, packet.publish(said, mid)

    def _came(self, data: bytes) -> None:
        for head, body in self._packets.feed(data):
            kind = head & 0xF0
            if kind == packet.PUBACK:
                self._acknowledged(int.from_bytes(body[:2], "big"))
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
        if self._manners.hears:
            self._write(packet.subscribe(self._manners.hears, self._next()))
        self._stands(self._manners.hello())

    def _next(self) -> int:
        while True:
            self._mid = self._mid % LAST_MID + 1
            if self._mid not in self._under_way:
                return self._mid
