"""Both ends of a connection under test: the loop client with what it received, and somebody who publishes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties

from adapters.mqtt import Arrival, Endpoint, LoopClient
from tests.ports import LOOPBACK

PATIENCE = 30.0


class Place(NamedTuple):
    """A running broker: its port, and the version of the protocol it is spoken to in."""

    port: int
    version: str
    embedded: bool = False

    @property
    def endpoint(self) -> Endpoint:
        """Give its address."""
        return Endpoint(LOOPBACK, self.port)


class Loop:
    """Drives one LoopClient, as its owner would, and notes what happens to it."""

    def __init__(self, client_id: str = "loop", *, version: str = "5", qos: int = 1, topics: str = "#") -> None:
        self.client = LoopClient(client_id, version=version)
        self.arrived: list[Arrival] = []
        self.sessions: list[bool] = []
        self.refused: list[str] = []
        self.lost: list[str] = []
        self.subscribed = 0
        self._wanted = (topics, qos)
        self.client.on_connect = self._connected
        self.client.on_subscribe = lambda *_: self._note_subscribed()
        self.client.on_disconnect = lambda _client, _data, _flags, code, _props: self.lost.append(str(code))

    def open(self, target: Endpoint) -> None:
        """Connect, and wait until the subscription stands."""
        self.client.open(target)
        subscribed = self.subscribed
        self.until(lambda: self.subscribed > subscribed)

    def until(self, done: Callable[[], bool]) -> None:
        """Turn until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline, f"{len(self.arrived)} arrived, refused {self.refused}, lost {self.lost}"
            self.client.turn(0.05)
            self.arrived += self.client.take()

    def wait_for(self, count: int, *, acknowledge: bool = True) -> list[Arrival]:
        """Turn until so many messages have arrived, acknowledging as they come, and take them."""
        acknowledged = 0
        deadline = time.monotonic() + PATIENCE
        while True:
            if acknowledge:
                self.client.acknowledge([one.mid for one in self.arrived[acknowledged:] if one.qos])
                acknowledged = len(self.arrived)
            if len(self.arrived) >= count:
                break
            assert time.monotonic() < deadline, f"{len(self.arrived)} of {count} arrived"
            self.client.turn(0.05)
            self.arrived += self.client.take()
        self.client.turn(0)
        taken, self.arrived = self.arrived, []
        return taken

    def settle(self) -> None:
        """Turn until the broker has read all that was sent: it answers a ping after what came before."""
        self.client._send_pingreq()
        self.until(lambda: self.client._ping_t == 0)

    def quiet(self, seconds: float = 0.3) -> bool:
        """Turn for a while, and tell whether nothing came."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.client.turn(0.05)
            self.arrived += self.client.take()
        return not self.arrived

    def drop(self) -> None:
        """Cut the connection as a pulled cable would: no goodbye."""
        sock = self.client._sock
        assert sock is not None
        sock.close()
        self.client._sock = None

    def _connected(self, client: Client, _data: object, flags: object, code: object, _props: object) -> None:
        if getattr(code, "is_failure", False):
            self.refused.append(str(code))
            return
        self.sessions.append(bool(getattr(flags, "session_present", False)))
        client.subscribe([self._wanted])

    def _note_subscribed(self) -> None:
        self.subscribed += 1


@contextmanager
def looping(place: Place, **given: object) -> Iterator[Loop]:
    """Run a loop that is connected and subscribed."""
    loop = Loop(version=place.version, **given)  # type: ignore[arg-type]  # its own keywords
    loop.open(place.endpoint)
    with ending(loop):
        yield loop


@contextmanager
def ending(loop: Loop) -> Iterator[None]:
    """Say goodbye in the end, whatever happened."""
    try:
        yield
    finally:
        loop.client.disconnect()
        loop.client.turn(0)
        if loop.client._sock is not None:
            loop.drop()


class Speaker:
    """Somebody who publishes."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def say(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False, properties: Properties | None = None
    ) -> None:
        """Publish, and wait until the broker has it."""
        self._client.publish(topic, payload, qos, retain, properties).wait_for_publish(PATIENCE)

    def say_all(self, topic: str, payloads: list[bytes]) -> None:
        """Publish many at once, and wait for the last of them."""
        for info in [self._client.publish(topic, payload, 1) for payload in payloads]:
            info.wait_for_publish(PATIENCE)


@contextmanager
def speaking(place: Place) -> Iterator[Speaker]:
    """Connect somebody who publishes."""
    five = place.version == "5"
    client = Client(CallbackAPIVersion.VERSION2, "speaker", protocol=MQTTv5 if five else MQTTv311)
    client.max_inflight_messages_set(100)
    client.connect(LOOPBACK, place.port)
    client.loop_start()
    try:
        yield Speaker(client)
    finally:
        client.disconnect()
        client.loop_stop()
