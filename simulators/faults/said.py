"""One message of a device: when it goes out, and what it says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from park.topic import Channel
from simulators.message import Quantity

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message under way."""

    sent: int
    """When it reaches the broker, in ms."""
    at: int | None
    """The device's own time; None where it says none."""
    values: Mapping[str, float | Quantity]
    seq: int
    """The number the device gave it: a message that comes twice has the same one."""
    quality: str = ""
    channel: Channel = Channel.DATA
    payload: bytes | None = None
    """What goes out instead of all this."""
    connects: int = 0
    """How often its device connects anew before it; 0 is over the line that stands."""

    @property
    def content(self) -> bytes:
        """The payload as it goes out."""
        if self.payload is not None:
            return self.payload
        said: dict[str, object] = {"v": 1, "seq": self.seq}
        if self.at is not None:
            said["ts"] = self.at
        said["m"] = dict(self.values)
        if self.quality:
            said["q"] = self.quality
        return _encoder.encode(said)


def in_order(said: Iterable[Said]) -> list[Said]:
    """Give messages in the order they go out; those of one moment stay as they were."""
    return sorted(said, key=lambda one: one.sent)
