"""From messages to readings, as the collector does it and with the same calls; what is refused is the collector's."""

from datetime import datetime
from typing import NamedTuple

from adapters.mqtt import Arrival
from park.admit import Admission
from park.decode import Context, decode
from park.malformed import Malformed
from park.reading import Reading, Refusal
from park.registry import Registry
from park.topic import Channel, parse


class Heard(NamedTuple):
    """What a batch of messages said, and how many of them said nothing we could use."""

    readings: list[Reading]
    refused: int


class Hearing:
    """Reads messages against the registry it was given.  Never raises, whatever the messages are."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._admission = Admission(Registry())

    def against(self, registry: Registry) -> None:
        """Read against another registry from now on."""
        self._admission = Admission(registry)

    def read(self, arrived: list[Arrival], received: datetime) -> Heard:
        """Read live messages; a retained one is old, and proves nothing about now."""
        readings: list[Reading] = []
        refused = 0
        for message in arrived:
            if message.retained:
                continue
            try:
                address = parse(message.topic, self._prefix)
                meter = self._admission.place(address)
                if isinstance(meter, Refusal) or address.channel is not Channel.DATA:
                    refused += 1
                    continue
                claims = decode(message.payload, Context(meter.id, received, meter.codec))
                readings += self._admission.admit(claims, received)[0]
            except Malformed:
                refused += 1
            except Exception:  # noqa: BLE001  # a defect of ours must cost one message, not the alerts behind it
                refused += 1
        return Heard(readings, refused)
