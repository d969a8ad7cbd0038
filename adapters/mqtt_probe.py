"""Ask a broker once whether it lets us in, and tell apart why not.  Nothing is subscribed, published or left behind."""

import ssl
import time
import uuid
from enum import StrEnum
from typing import NamedTuple

from paho.mqtt.client import Client
from paho.mqtt.reasoncodes import ReasonCode

from adapters.endpoint import Endpoint
from adapters.mqtt import LoopClient

PATIENCE = 5.0
"""Seconds for the broker's answer."""
UNSUPPORTED, BAD_PASSWORD, NOT_AUTHORISED, BAD_METHOD = 0x84, 0x86, 0x87, 0x8C


class Welcome(StrEnum):
    """How a broker received us."""

    LET_IN = "let_in"
    UNREACHABLE = "unreachable"
    """Nobody listens there, or the network does not lead there."""
    TLS = "tls"
    """The two could not agree on a secure connection."""
    SILENT = "silent"
    """Something listens and does not answer as a broker would."""
    STRANGER = "stranger"
    """The broker does not take this user or password."""
    REFUSED = "refused"
    """The broker answers no, for a reason of its own."""


class Answer(NamedTuple):
    """What came of it."""

    welcome: Welcome
    version: str
    """The MQTT version that was spoken last."""
    words: str = ""
    """The broker's or the system's own words; never the password."""


def probe(target: Endpoint, version: str, *, patience: float = PATIENCE) -> Answer:
    """Connect and leave; a broker that does not speak MQTT 5 is asked again in 3.1.1."""
    answer, too_new = _ask(target, version, patience)
    return _ask(target, "3.1.1", patience)[0] if too_new and version == "5" else answer


def _ask(target: Endpoint, version: str, patience: float) -> tuple[Answer, bool]:
    """Give the answer, and whether it may be the version that the broker did not like."""
    said: list[ReasonCode] = []

    def on_connect(_client: Client, _data: object, _flags: object, reason: ReasonCode, _props: object) -> None:
        said.append(reason)

    client = LoopClient(f"smartpark-doctor-{uuid.uuid4().hex[:6]}", version=version, clean=True)
    client.on_connect = on_connect
    client.connect_timeout = patience
    try:
        client.open(target)
    except ssl.SSLError as error:
        return Answer(Welcome.TLS, version, error.reason or str(error)), False
    except OSError as error:
        return Answer(_why(error, target), version, error.strerror or str(error)), False
    until = time.monotonic() + patience
    while not said and client.socket() is not None and time.monotonic() < until:
        client.turn(0.1)
    hung_up = client.socket() is None
    client.disconnect()
    client.turn(0)
    if not said:
        return Answer(Welcome.SILENT, version, "closed the connection" if hung_up else ""), hung_up
    reason = said[0]
    if not reason.is_failure:
        return Answer(Welcome.LET_IN, version), False
    stranger = reason.value in {BAD_PASSWORD, NOT_AUTHORISED, BAD_METHOD}
    return Answer(Welcome.STRANGER if stranger else Welcome.REFUSED, version, str(reason)), reason.value == UNSUPPORTED


def _why(error: OSError, target: Endpoint) -> Welcome:
    """Tell a certificate file that cannot be used, and a handshake that nobody answered, from an absent broker."""
    handshake = target.tls and isinstance(error, (ConnectionResetError, TimeoutError))
    return Welcome.TLS if handshake or "SMARTPARK_MQTT_CA_FILE" in str(error) else Welcome.UNREACHABLE
