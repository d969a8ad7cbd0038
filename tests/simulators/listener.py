"""A subscriber for tests: everything under one filter, in order of arrival, over broker restarts."""

import threading
from types import TracebackType
from typing import NamedTuple, Self

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.ports import LOOPBACK

PATIENCE = 30.0


class Heard(NamedTuple):
    topic: str
    payload: bytes
    retained: bool


class Listener:
    """Listens from `with` on; `heard` grows."""

    def __init__(self, port: int, topics: str = "#") -> None:
        self.heard: list[Heard] = []
        self._topics = topics
        self._port = port
        self._changed = threading.Condition()
        self._ready = False
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="listener", clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def __enter__(self) -> Self:
        self._client.connect(LOOPBACK, self._port)
        self._client.loop_start()
        with self._changed:
            assert self._changed.wait_for(lambda: self._ready, PATIENCE), "the listener could not subscribe"
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def wait_for(self, count: int) -> list[Heard]:
        """Wait until so many messages have come."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.heard) >= count, PATIENCE)
            assert came, f"{len(self.heard)} of {count} messages came"
            return list(self.heard)

    def wait_until_heard(self, payloads: set[bytes]) -> list[Heard]:
        """Wait until each of these payloads has come at least once."""
        with self._changed:
            self._changed.wait_for(lambda: payloads <= {heard.payload for heard in self.heard}, PATIENCE)
            missing = payloads - {heard.payload for heard in self.heard}
            assert not missing, f"{len(missing)} never came, such as {sorted(missing)[:3]}"
            return list(self.heard)

    def _on_connect(
        self, client: Client, _: object, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        del flags, reason, properties
        client.subscribe(self._topics, qos=1)

    def _on_subscribe(
        self, client: Client, _: object, mid: int, reasons: list[ReasonCode], properties: Properties | None
    ) -> None:
        del client, mid, reasons, properties
        with self._changed:
            self._ready = True
            self._changed.notify_all()

    def _on_message(self, client: Client, _: object, message: MQTTMessage) -> None:
        del client
        with self._changed:
            self.heard.append(Heard(message.topic, bytes(message.payload), message.retain))
            self._changed.notify_all()
