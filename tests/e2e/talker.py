"""An MQTT client with an account, as a device or an intruder has one; it keeps what it is told."""

import ssl
from pathlib import Path
from queue import Empty, Queue
from socket import SHUT_RDWR, socket
from types import TracebackType
from typing import NamedTuple, Self

from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.ports import LOOPBACK

PATIENCE = 15.0


class Told(NamedTuple):
    """What the broker answered."""

    what: str
    words: str


class Talker:
    """One client on one connection.  `answer` is what the broker said to the connect, in its own words."""

    def __init__(  # the first three stand in every call
        self,
        port: int,
        user: str = "",
        password: str = "",
        *,
        ca: Path | None = None,
        five: bool = True,
        client_id: str = "",
        will: str | None = None,
        keep: bool = False,
    ) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self._told: Queue[Told] = Queue()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id or user,
            protocol=MQTTv5 if five else MQTTv311,
            reconnect_on_failure=False,
        )
        if user:
            self._client.username_pw_set(user, password)
        if ca is not None:
            self._client.tls_set_context(ssl.create_default_context(cafile=ca))
        if will is not None:
            self._client.will_set(will, b"offline", qos=1, retain=True)
        self._client.on_connect = lambda *them: self._tell("connect", them[3])
        self._client.on_disconnect = lambda *them: self._tell("disconnect", them[3])
        self._client.on_publish = lambda *them: self._tell("publish", them[3])
        self._client.on_subscribe = lambda *them: self._tell("subscribe", them[3][0])
        self._client.on_message = self._hear
        self._port = port
        self._five = five
        self._keep = keep
        self.answer = ""

    def _tell(self, what: str, code: ReasonCode) -> None:
        self._told.put(Told(what, str(code)))

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.messages.append((message.topic, bytes(message.payload)))

    def __enter__(self) -> Self:
        """Connect.  Raises OSError where not even the connection comes about."""
        if self._five:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 3_600 if self._keep else 0
            self._client.connect(LOOPBACK, self._port, clean_start=not self._keep, properties=properties)
        else:
            self._client.connect(LOOPBACK, self._port)
        self._client.loop_start()
        self.answer = self.told("connect")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye."""
        self._client.disconnect()
        self._client.loop_stop()

    def told(self, what: str) -> str:
        """Wait for the broker's next word about something, and give it; the end of the connection is one, too."""
        while True:
            try:
                told = self._told.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"the broker said nothing about the {what}") from None
            if told.what in {what, "disconnect"}:
                return told.words if told.what == what else f"disconnected: {told.words}"

    def publish(self, topic: str, payload: bytes = b"1", *, retain: bool = False) -> str:
        """Publish with QoS 1, and give the broker's answer."""
        self._client.publish(topic, payload, qos=1, retain=retain)
        return self.told("publish")

    def subscribe(self, topic: str) -> str:
        """Subscribe, and give the broker's answer: everything sent to us before it has arrived by then."""
        self._client.subscribe(topic, qos=1)
        return self.told("subscribe")

    def vanish(self) -> None:
        """Break the connection without a goodbye, as a power cut does: the broker speaks our will."""
        sock = self._client.socket()
        assert isinstance(sock, socket)
        sock.shutdown(SHUT_RDWR)
