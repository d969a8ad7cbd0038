"""One MQTT message as the spool keeps it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from park.instant import from_ms

BYTES_BESIDE = 256
"""What a message costs in memory beside its payload and topic."""


class Message(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A message as it came, with the time it reached us."""

    topic: str
    payload: bytes
    received_ms: int
    counted: bool | None = None
    """None: as it came from the broker.  Replayed: whether its meter's account counted it when it was held."""
    content_type: str | None = None
    """As MQTT 5 told it; last, so that what older versions spooled is still read."""

    @property
    def received(self) -> datetime:
        """When it reached us."""
        return from_ms(self.received_ms)


class Refused(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A message, or a part of it, that was not let in, and why."""

    message: Message
    meter: str | None
    reason: str
    subject: str


_messages = msgspec.msgpack.Decoder(list[Message])
_refused = msgspec.msgpack.Decoder(list[Refused])
_encoder = msgspec.msgpack.Encoder()


def pack(items: Sequence[Message] | Sequence[Refused]) -> bytes:
    """Write messages or refusals as one blob."""
    return _encoder.encode(items)


def unpack_messages(blob: bytes) -> list[Message]:
    """Read what `pack` wrote of messages."""
    return _messages.decode(blob)


def unpack_refused(blob: bytes) -> list[Refused]:
    """Read what `pack` wrote of refusals."""
    return _refused.decode(blob)


def weight(message: Message) -> int:
    """Give what a message costs in memory."""
    return len(message.payload) + len(message.topic) + BYTES_BESIDE
