"""From messages to readings, as the collector does it and with the same calls; what is refused is the collector's."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from adapters.mqtt import Arrival
from park.asking import Asking
from park.decode.memory import Memory, Wish
from park.listener import Listener
from park.malformed import Malformed
from park.reading import Reading
from park.registry import Registry
from park.topic import Channel


class Heard(NamedTuple):
    """What a batch of messages said, and how many of them said nothing we could use."""

    readings: list[Reading]
    refused: int


class Hearing:
    """Reads messages against the registry it was given.  Never raises, whatever the messages are."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._memory = Memory()
        self._asking = Asking()
        self._listener = Listener(Registry(), prefix)

    def against(self, registry: Registry) -> None:
        """Read against another registry from now on; what codecs keep in mind stays."""
        self._listener = Listener(registry, self._prefix)

    def wishes(self, now: datetime) -> Sequence[Wish]:
        """Give what is to be said to devices now: what we have forgotten, the collector may still know."""
        return self._asking.due(self._memory.take_wishes(), now)

    def read(self, arrived: list[Arrival], received: datetime) -> Heard:
        """Read live messages; a retained one is old, and proves nothing about now."""
        readings: list[Reading] = []
        refused = 0
        for message in arrived:
            if message.retained:
                continue
            try:
                route = self._listener.route(message.topic, message.content_type)
                own = route.address
                if route.refusal is not None or (own is not None and own.channel is not Channel.DATA):
                    refused += 1
                    continue
                readings += self._listener.read(route, message.topic, message.payload, received, self._memory).readings
            except Malformed:
                refused += 1
            except Exception:  # noqa: BLE001  # a defect of ours must cost one message, not the alerts behind it
                refused += 1
        self._memory.mark()
        return Heard(readings, refused)
