"""Codecs: one file each, all behind `decode`."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from park.decode import native
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

CODECS: dict[str, Codec] = {"native": native.decode}


def decode(payload: bytes, context: Context) -> list[Claim]:
    """Read what a message claims.  Raises only Malformed, whatever the bytes."""
    if len(payload) > MAX_BYTES:
        raise Malformed(Reason.TOO_LARGE, f"{len(payload)} B")
    codec = CODECS.get(context.codec)
    if codec is None:
        raise Malformed(Reason.UNKNOWN_CODEC, context.codec)
    return codec(payload, context.meter, context.received)
