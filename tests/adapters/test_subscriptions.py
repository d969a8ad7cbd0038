"""What a client listens to follows what is wanted, on the living connection and on the next, at each broker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from paho.mqtt.client import Client

from adapters.embedded_broker import EmbeddedBroker
from adapters.mqtt import LoopClient, endpoint
from adapters.publisher import Publisher
from adapters.subscriptions import PIECE, Subscriptions
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import LOOPBACK, free_port

PATIENCE = 20.0


@pytest.fixture(
    params=[
        pytest.param("mosquitto 5", marks=pytest.mark.broker),
        pytest.param("mosquitto 3.1.1", marks=pytest.mark.broker),
        "embedded 3.1.1",
    ]
)
def place(request: pytest.FixtureRequest) -> Iterator[tuple[int, str]]:
    """Each broker that installations use, in each version it speaks."""
    name, version = request.param.split()
    if name == "mosquitto":
        start: StartMosquitto = request.getfixturevalue("start_mosquitto")
        yield start().port, version
        return
    broker = EmbeddedBroker(LOOPBACK, free_port())
    broker.start()
    try:
        yield broker._port, version
    finally:
        broker.stop()


class Ear:
    """A client that listens as it is told."""

    def __init__(self, place: tuple[int, str], kept: tuple[str, ...] = ()) -> None:
        self.port, version = place
        self.client = LoopClient(f"ear-{version}", version=version)
        self.subscriptions = Subscriptions(self.client, {"fixed/+": 1}, kept=kept)
        self.stands = False
        self.client.on_connect = lambda *_: self.subscriptions.begin()
        self.client.on_subscribe = self._answered
        self.client.on_unsubscribe = lambda *_: setattr(self, "left", True)
        self.left = False
        self.heard: list[str] = []

    def _answered(self, _client: Client, _data: object, mid: int, codes: list, _props: object) -> None:  # type: ignore[type-arg]
        self.stands = self.subscriptions.answered(mid, [code.is_failure for code in codes])

    def turn(self, until: Callable[[], object]) -> None:
        """Turn until something holds."""
        end = monotonic() + PATIENCE
        while not until():
            assert monotonic() < end
            self.client.turn(0.05)
            arrived = self.client.take()
            self.client.acknowledge(each.mid for each in arrived if each.qos)
            self.heard += [each.topic for each in arrived]

    def open(self) -> None:
        """Connect, and wait until all is answered."""
        self.stands = False
        self.client.open(endpoint(f"mqtt://{LOOPBACK}:{self.port}"))
        self.turn(lambda: self.stands)

    def close(self) -> None:
        """Go without goodbye to the session."""
        self.client.disconnect()
        self.turn(lambda: self.client.socket() is None)


@contextmanager
def ear(place: tuple[int, str], kept: tuple[str, ...] = ()) -> Iterator[Ear]:
    made = Ear(place, kept)
    made.open()
    try:
        yield made
    finally:
        if made.client.socket() is not None:
            made.close()


def say(place: tuple[int, str], *topics: str) -> None:
    """Publish something on each topic."""
    with Publisher(f"mqtt://{LOOPBACK}:{place[0]}", client_id="mouth", version=place[1]) as publisher:  # type: ignore[arg-type]
        for topic in topics:
            publisher.publish(topic, b"x")
        assert publisher.drain(PATIENCE)


def test_what_comes_to_be_wanted_is_heard_on_the_living_connection_and_what_is_not_any_more_is_not(
    place: tuple[int, str],
) -> None:
    with ear(place) as it:
        it.stands = False
        assert it.subscriptions.follow(["a/+", "b"])
        assert not it.subscriptions.follow(("b", "a/+"))
        it.turn(lambda: it.stands)
        say(place, "a/1", "b", "c", "fixed/1")
        it.turn(lambda: len(it.heard) == 3)
        it.stands = False
        assert it.subscriptions.follow(["c", "b"])
        it.turn(lambda: it.stands and it.left)
        say(place, "a/1", "b", "c", "fixed/2")
        it.turn(lambda: "fixed/2" in it.heard)
        assert sorted(it.heard) == ["a/1", "b", "b", "c", "fixed/1", "fixed/2"]


@pytest.mark.broker
@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_session_that_was_kept_gives_up_what_is_not_wanted_any_more(mosquitto: Mosquitto, version: str) -> None:
    place = mosquitto.port, version  # the embedded broker keeps no session beyond our own process
    with ear(place, kept=("gone", "kept")) as before:
        before.close()
    say(place, "gone", "kept")
    after = Ear(place, kept=("gone", "kept"))
    after.subscriptions.follow(["kept"])
    after.open()
    after.turn(lambda: len(after.heard) == 2)
    after.turn(lambda: after.left)
    say(place, "gone", "kept", "fixed/1")
    after.turn(lambda: "fixed/1" in after.heard)
    assert after.heard == ["gone", "kept", "kept", "fixed/1"]
    after.close()


def test_many_filters_are_asked_for_in_pieces(place: tuple[int, str]) -> None:
    with ear(place) as it:
        it.stands = False
        it.subscriptions.follow([f"many/{number}" for number in range(5 * PIECE)])
        it.turn(lambda: it.stands)
        say(place, "many/0", f"many/{5 * PIECE - 1}")
        it.turn(lambda: len(it.heard) == 2)


def test_answers_are_counted_by_packet_and_refusals_forgotten_with_the_next_connection() -> None:
    class Deaf(LoopClient):
        asked = 0

        def subscribe(self, *_: object, **__: object) -> tuple[None, int]:  # type: ignore[override]
            self.asked += 1
            return None, self.asked

    subscriptions = Subscriptions(Deaf("deaf"), {"fixed": 1}, kept=[f"k{number}" for number in range(PIECE)])
    subscriptions.begin()
    assert not subscriptions.answered(1, [True] * PIECE)
    assert subscriptions.answered(2, [True])
    assert subscriptions.blind
    assert subscriptions.refusal is not None
    assert f"({PIECE + 1})" in subscriptions.refusal
    subscriptions.follow([])
    assert subscriptions.refusal == "the broker does not let us subscribe to fixed"
    subscriptions.begin()
    assert not subscriptions.blind
