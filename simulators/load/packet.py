"""MQTT 3.1.1 as a device that publishes needs it: packets written and taken apart, and nothing waited for."""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from simulators.load.link import NotUnderstood
from simulators.voices.voice import Utterance

CONNACK, PUBLISH, PUBACK = 0x20, 0x30, 0x40
PING: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"
QOS1, RETAIN = 0x02, 0x01
CLEAN, WILL, WILL_QOS1, WILL_RETAIN, PASSWORD, USER = 0x02, 0x04, 0x08, 0x20, 0x40, 0x80
LONGEST: Final = 4
"""Bytes of a packet's length."""
REFUSALS: Final = {
    1: ("协议版本不支持", "it does not speak MQTT 3.1.1"),
    2: ("客户端标识被拒", "it refuses the client id"),
    3: ("服务不可用", "it is not available"),
    4: ("用户名或密码错误", "user name or password are wrong"),
    5: ("未授权", "not authorised"),
}
"""What a broker's answer to CONNECT means, Chinese and English."""


class Door(NamedTuple):
    """As whom to come in."""

    client_id: str
    user: str | None = None
    password: str | None = None


def connect(door: Door, *, will: Utterance | None, keep_alive: int) -> bytes:
    """Write CONNECT of a clean session."""
    flags, rest = CLEAN, [_text(door.client_id.encode())]
    if will is not None:
        flags |= WILL | WILL_QOS1 | (WILL_RETAIN if will.retain else 0)
        rest += [_text(will.topic.encode()), _text(will.payload)]
    if door.user is not None:
        flags |= USER
        rest.append(_text(door.user.encode()))
    if door.user is not None and door.password is not None:
        flags |= PASSWORD
        rest.append(_text(door.password.encode()))
    return _packet(0x10, _text(b"MQTT") + bytes((4, flags)) + struct.pack("!H", keep_alive) + b"".join(rest))


def publish(said: Utterance, mid: int) -> bytes:
    """Write PUBLISH with QoS 1."""
    head = PUBLISH | QOS1 | (RETAIN if said.retain else 0)
    return _packet(head, _text(said.topic.encode()) + struct.pack("!H", mid) + said.payload)


def subscribe(topics: Sequence[str], mid: int) -> bytes:
    """Write SUBSCRIBE with QoS 1."""
    return _packet(0x82, struct.pack("!H", mid) + b"".join(_text(topic.encode()) + b"\x01" for topic in topics))


def acknowledge(mid: int) -> bytes:
    """Write PUBACK."""
    return _packet(PUBACK, struct.pack("!H", mid))


class Heard(NamedTuple):
    """A message that came."""

    topic: str
    payload: bytes
    mid: int
    """0 for one that asks for no acknowledgement."""


def message(head: int, body: bytes) -> Heard:
    """Take a PUBLISH apart.  Raises NotUnderstood."""
    end = 2 + int.from_bytes(body[:2], "big")
    acknowledged = bool(head & 0x06)
    start = end + 2 if acknowledged else end
    if start > len(body):
        raise NotUnderstood("a message shorter than it says")
    return Heard(body[2:end].decode(errors="replace"), body[start:], int.from_bytes(body[end:start], "big"))


class Packets:
    """Packets out of bytes as they come."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Give the head and the body of each packet that is whole.  Raises NotUnderstood."""
        held = self._held + data if self._held else data
        place = 0
        while (found := _length(held, place)) is not None and found[0] + found[1] <= len(held):
            start, size = found
            yield held[place], held[start : start + size]
            place = start + size
        self._held = held[place:]


def _length(held: bytes, place: int) -> tuple[int, int] | None:
    """Give where a packet's body starts and how long it is; None where that has not come yet."""
    size = 0
    for count in range(LONGEST):
        here = place + 1 + count
        if here >= len(held):
            return None
        size |= (held[here] & 0x7F) << (7 * count)
        if not held[here] & 0x80:
            return here + 1, size
    raise NotUnderstood("a packet without an end")


def _text(text: bytes) -> bytes:
    return struct.pack("!H", len(text)) + text


def _packet(head: int, body: bytes) -> bytes:
    size, out = len(body), bytearray((head,))
    while True:
        size, low = divmod(size, 128)
        out.append(low | 128 if size else low)
        if not size:
            return bytes(out) + body
