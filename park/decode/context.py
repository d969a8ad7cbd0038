"""What a codec is told beside the payload."""

from datetime import datetime
from typing import NamedTuple

from park.decode.memory import Memory
from park.place import Meter


class Context(NamedTuple):
    """One message's circumstances."""

    meter: str
    """The meter the topic names; empty where a topic names none, as those of gateways with topics of their own."""
    received: datetime
    """When the message reached us, aware, UTC."""
    codec: str = "native"
    topic: str = ""
    meters: tuple[Meter, ...] = ()
    """The registered meters that may speak by this message: a codec finds by their options which one a value is of."""
    memory: Memory | None = None
    """What was kept of earlier messages; None where nothing can be, and what needs it is refused."""
