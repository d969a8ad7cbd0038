"""What was heard at the broker while a device was listened to."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

GONE: Final = 3
"""Periods of silence that prove that a device was cut off."""


class Message(NamedTuple):
    """One message, as the broker handed it over to a listener that asked for QoS 2 and for the retained flag as set."""

    at: datetime
    """When it reached us, aware, UTC."""
    topic: str
    payload: bytes
    qos: int = 1
    """The lower of what it was published with and what was asked for."""
    retained: bool = False
    content_type: str = ""
    stored: bool = False
    """It was at the broker before we came: it says how it was published, and nothing about now."""


class BrokerLine(NamedTuple):
    """A line of the broker's own log, where it publishes one."""

    at: datetime
    text: str


class Plug(NamedTuple):
    """The engineer was asked to cut the device off and let it come back."""

    asked: datetime
    until: datetime | None = None
    """When the wait ended; None while it goes on."""


class Session(NamedTuple):
    """All of one listening."""

    since: datetime
    until: datetime
    messages: tuple[Message, ...] = ()
    lines: tuple[BrokerLine, ...] = ()
    plug: Plug | None = None
    flags_kept: bool = True
    """Whether the listener sees a live message's retained flag: MQTT 5 does, 3.1.1 does not."""
    tls: bool | None = None
    """Whether the only way into the broker is TLS, where that is known."""

    @property
    def lasted(self) -> timedelta:
        """How long was listened."""
        return self.until - self.since
