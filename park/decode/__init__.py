"""Codecs: one file each, all behind `decode`, and `read` for whoever also counts the messages."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from park.decode import native
from park.decode.said import Said
from park.malformed import Malformed
from park.reading import Claim
from park.reason import Reason

MAX_BYTES = 256 * 1024


class Context(NamedTuple):
    """What a codec needs beside the payload."""

    meter: str
    """The meter the topic names."""
    received: datetime
    """When the message reached us, aware, UTC."""
    codec: str = "native"


Codec = Callable[[bytes, str, datetime], list[Claim]]
Reader = Callable[[bytes, str, datetime], Said]

CODECS: dict[str, Codec] = {"native": native.decode}
READERS: dict[str, Reader] = {"native": native.read}
"""The codecs whose messages are numbered."""


def decode(payload: bytes, context: Context) -> list[Claim]:
    """Read what a message claims.  Raises only Malformed, whatever the bytes."""
    if len(payload) > MAX_BYTES:
        raise Malformed(Reason.TOO_LARGE, f"{len(payload)} B")
    codec = CODECS.get(context.codec)
    if codec is None:
        raise Malformed(Reason.UNKNOWN_CODEC, context.codec)
    return codec(payload, context.meter, context.received)


def read(payload: bytes, context: Context) -> Said:
    """Read what a message claims, and its number.  Raises only Malformed, with the number where it could be read."""
    reader = READERS.get(context.codec)
    if reader is None or len(payload) > MAX_BYTES:
        return Said(decode(payload, context), None)
    return reader(payload, context.meter, context.received)
