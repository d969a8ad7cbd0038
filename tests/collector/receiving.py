"""A receiver against a broker of each kind, and a spool that may fail."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread

import pytest
from paho.mqtt.client import Client
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from adapters import clock
from adapters.mqtt import LoopClient, endpoint
from adapters.publisher import Publisher, Version
from adapters.spool import Spool, SpoolBroken
from collector.counts import Counts
from collector.receiver import Receiver
from collector.rival import Rival
from park.topic import Channel, subscription
from tests.collector.words import M1, PATIENCE, spooled
from tests.ports import LOOPBACK

NAME = "receiver-under-test"
FILTER = subscription(Channel.DATA)
every_broker = pytest.mark.parametrize(
    "place",
    [
        pytest.param(("mosquitto", "5"), marks=pytest.mark.broker, id="mosquitto, MQTT 5"),
        pytest.param(("mosquitto", "3.1.1"), marks=pytest.mark.broker, id="mosquitto, MQTT 3.1.1"),
        pytest.param(("embedded", "3.1.1"), id="embedded broker, MQTT 3.1.1"),
    ],
    indirect=True,
)


@dataclass(frozen=True)
class Place:
    """A broker and how to talk to it."""

    port: int
    version: Version

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"mqtt://{LOOPBACK}:{self.port}"

    def say(self, payloads: list[bytes], *, retain: bool = False) -> None:
        """Publish, and wait until the broker has taken it all."""
        with Publisher(self.url, client_id="devices", version=self.version) as publisher:
            for each in payloads:
                publisher.publish(M1, each, retain=retain)
            assert publisher.drain(30)


class Failing(Spool):
    """A spool whose disk fails as long as it is told to."""

    broken = True

    def put(self, lane: str, *blobs: bytes) -> None:
        """Keep, or fail."""
        if self.broken:
            raise SpoolBroken("disk I/O error")
        super().put(lane, *blobs)


def make(url: str, version: str, spool: Spool, counts: Counts) -> Receiver:
    """Make a receiver, not yet running."""
    return Receiver(
        client=LoopClient(NAME, version=version),
        rival=Rival(NAME),
        target=endpoint(url),
        filters=[FILTER],
        spool=spool,
        counts=counts,
        clock=clock.now,
        on_spooled=lambda: None,
    )


def subscription_answered(receiver: Receiver) -> Event:
    """Give an event that is set when the broker has answered the subscription: before, nothing reaches us."""
    answered = Event()

    def note(client: Client, data: object, mid: int, codes: list[ReasonCode], properties: Properties | None) -> None:
        receiver._subscribed(client, data, mid, codes, properties)
        answered.set()

    receiver._client.on_subscribe = note
    return answered


@contextmanager
def receiving(place: Place, spool: Spool, counts: Counts) -> Iterator[Receiver]:
    """Receive in a thread of its own, from the moment the subscription stands."""
    receiver = make(place.url, place.version, spool, counts)
    answered, stop = subscription_answered(receiver), Event()
    thread = Thread(target=receiver.run, args=(stop,))
    thread.start()
    try:
        assert answered.wait(PATIENCE), "the broker does not answer"
        yield receiver
        assert thread.is_alive()
    finally:
        stop.set()
        with suppress(OSError):
            receiver.waker.wake()
        thread.join()


def heard(spool: Spool) -> set[bytes]:
    """Give the payloads that are spooled."""
    return {message.payload for message in spooled(spool)}
