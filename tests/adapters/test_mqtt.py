"""The loop client against real brokers: what is not acknowledged comes again, and everything is read right."""

import threading
import time
from collections.abc import Iterator

import pytest
from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from adapters.embedded_broker import EmbeddedBroker
from adapters.mqtt import LoopClient, Waker
from tests.adapters.loops import Loop, Place, looping, speaking
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import LOOPBACK, free_port


@pytest.fixture(params=["mosquitto 5", "mosquitto 3.1.1", "embedded 3.1.1"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Each broker that installations use, in each version it speaks."""
    name, version = request.param.split()
    if name == "mosquitto":
        start: StartMosquitto = request.getfixturevalue("start_mosquitto")
        yield Place(start("max_inflight_messages 0").port, version)
        return
    broker = EmbeddedBroker(LOOPBACK, free_port())
    broker.start()
    try:
        yield Place(broker._port, version, embedded=True)
    finally:
        broker.stop()


@pytest.fixture
def five(mosquitto: Mosquitto) -> Place:
    """A broker that speaks MQTT 5."""
    return Place(mosquitto.port, "5")


# --- sessions ---------------------------------------------------------------------------------------------------------


@pytest.mark.broker
def test_the_session_is_kept_over_a_drop_and_what_was_said_meanwhile_comes(place: Place) -> None:
    with looping(place) as loop, speaking(place) as speaker:
        assert loop.sessions == [False]
        loop.drop()
        speaker.say("a/b", b"said meanwhile")
        loop.open(place.endpoint)
        assert loop.sessions == [False, True]
        assert [one.payload for one in loop.wait_for(1)] == [b"said meanwhile"]


@pytest.mark.broker
def test_a_clean_client_is_forgotten_as_soon_as_it_is_gone(place: Place) -> None:
    with speaking(place) as speaker:
        for _ in range(2):
            client = LoopClient("clean", version=place.version, clean=True)
            kept: list[bool] = []

            def on_connect(
                client: Client, _data: object, flags: ConnectFlags, *_: object, kept: list[bool] = kept
            ) -> None:
                kept.append(flags.session_present)
                client.subscribe("a/b", 1)

            client.on_connect = on_connect
            subscribed: list[int] = []
            client.on_subscribe = lambda *_, done=subscribed: done.append(1)
            client.open(place.endpoint)
            while not subscribed:
                client.turn(0.1)
            assert kept == [False]
            assert client.take() == []
            client.disconnect()
            client.turn(0)
            speaker.say("a/b", b"said meanwhile")


@pytest.mark.broker
def test_what_was_not_acknowledged_comes_again_after_a_drop_and_what_was_does_not(place: Place) -> None:
    payloads = [b"%d" % number for number in range(10)]
    with looping(place) as loop, speaking(place) as speaker:
        speaker.say_all("a/b", payloads)
        first = loop.wait_for(10, acknowledge=False)
        assert [one.payload for one in first] == payloads
        loop.client.acknowledge([one.mid for one in first[:4]])
        loop.settle()
        loop.drop()
        loop.open(place.endpoint)
        assert [one.payload for one in loop.wait_for(6)] == payloads[4:]
        loop.settle()
        loop.drop()
        loop.open(place.endpoint)
        assert loop.quiet(), "all is acknowledged by now"


@pytest.mark.broker
def test_a_client_that_acknowledges_nothing_gets_its_whole_window(place: Place) -> None:
    window = 100 if place.embedded else 300  # rumqttd's own, whatever it is configured to
    with looping(place) as loop, speaking(place) as speaker:
        speaker.say_all("a/b", [b"%d" % number for number in range(window)])
        assert [int(one.payload) for one in loop.wait_for(window, acknowledge=False)] == list(range(window))


@pytest.mark.broker
def test_another_client_id_is_another_session(place: Place) -> None:
    with looping(place, client_id="one") as one, speaking(place) as speaker, looping(place, client_id="two") as two:
        assert two.sessions == [False]
        speaker.say("a", b"both")
        assert [len(loop.wait_for(1)) for loop in (one, two)] == [1, 1]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_killed_broker_shows_as_not_connected_and_its_owner_opens_again(mosquitto: Mosquitto, version: str) -> None:
    place = Place(mosquitto.port, version)
    with looping(place) as loop:
        mosquitto.kill()
        loop.until(lambda: not loop.client.is_connected())
        assert len(loop.lost) == 1
        loop.client.turn(0.01)
        with pytest.raises(OSError, match="refused"):
            loop.client.open(place.endpoint)
        mosquitto.start()
        loop.open(place.endpoint)
        assert loop.sessions == [False, False], "it kept nothing, and says so"
        with speaking(place) as speaker:
            speaker.say("a", b"alive")
        assert loop.wait_for(1)[0].payload == b"alive"


def test_the_embedded_broker_s_end_shows_and_a_new_one_on_the_port_is_reached() -> None:
    port = free_port()
    place = Place(port, "3.1.1")
    broker = EmbeddedBroker(LOOPBACK, port)
    broker.start()
    with looping(place) as loop:
        broker.stop()
        loop.until(lambda: not loop.client.is_connected())
        broker = EmbeddedBroker(LOOPBACK, port)
        broker.start()
        loop.open(place.endpoint)
        assert loop.subscribed == 2
    broker.stop()


# --- messages ---------------------------------------------------------------------------------------------------------


@pytest.mark.broker
def test_payloads_and_topics_of_every_kind_arrive_whole_and_in_order(place: Place) -> None:
    said = [
        ("park/v1/恒口/一号变/data", "中文负载 ℃".encode()),
        ("a/empty", b""),
        ("a/large", bytes(range(256)) * 1024),
        ("a/zeros", b"\0" * 127),
        ("a/" + "深" * 300, b"a long topic"),
        ("a/130", b"x" * 130),
        ("a/invalid utf-8", b"\xff\xfe"),
    ]
    with looping(place) as loop, speaking(place) as speaker:
        for topic, payload in said:
            speaker.say(topic, payload)
        assert [(one.topic, one.payload) for one in loop.wait_for(len(said))] == said


@pytest.mark.broker
def test_thousands_of_tiny_messages_arrive_once_each_and_in_order(place: Place) -> None:
    with looping(place) as loop, speaking(place) as speaker:
        thread = threading.Thread(target=speaker.say_all, args=("a/b", [b"%d" % number for number in range(3_000)]))
        thread.start()
        arrived = loop.wait_for(3_000)
        thread.join()
        assert [int(one.payload) for one in arrived] == list(range(3_000))
        assert all(one.qos == 1 and one.mid for one in arrived)
        assert loop.quiet(0.1)


QOS = [
    ("published and subscribed at 1", 1, 1, 1),
    ("published at 0 it stays 0, and has no number", 0, 1, 0),
    ("published at 2 it is brought down to our 1", 2, 1, 1),
    ("published at 1, subscribed at 0", 1, 0, 0),
]


@pytest.mark.broker
@pytest.mark.parametrize(("said", "asked", "heard"), [row[1:] for row in QOS], ids=[row[0] for row in QOS])
def test_the_quality_of_service_is_the_lower_of_both(place: Place, said: int, asked: int, heard: int) -> None:
    if place.embedded:
        heard = asked  # rumqttd raises what was published at 0 to what was asked for
    with looping(place, qos=asked) as loop, speaking(place) as speaker:
        speaker.say("a/b", b"one", qos=said)
        speaker.say("a/b", b"two", qos=said)
        arrived = loop.wait_for(2)
        assert [(one.payload, one.qos, bool(one.mid)) for one in arrived] == [
            (b"one", heard, bool(heard)),
            (b"two", heard, bool(heard)),
        ]


@pytest.mark.broker
def test_a_retained_message_says_that_it_is_one(place: Place) -> None:
    with speaking(place) as speaker:
        speaker.say("a/b", b"old", retain=True)
        with looping(place) as loop:
            speaker.say("a/b", b"new")
            assert [(one.payload, one.retained) for one in loop.wait_for(2)] == [(b"old", True), (b"new", False)]


def properties(**given: object) -> Properties:
    """Give properties of a message."""
    found = Properties(PacketTypes.PUBLISH)
    for name, value in given.items():
        setattr(found, name, value)
    return found


PROPERTIES = [
    ("none at all", None, None),
    ("a content type", properties(ContentType="application/senml+json"), "application/senml+json"),
    ("user properties only", properties(UserProperty=[("site", "恒口"), ("site", "二")]), None),
    ("both, and others around them",
     properties(UserProperty=("k", "v"), ContentType="text/plain", PayloadFormatIndicator=1, CorrelationData=b"\0\1"),
     "text/plain"),
    ("more than one byte can count", properties(UserProperty=("k", "v" * 5_000), ContentType="文本"), "文本"),
    ("an expiry and where to answer", properties(MessageExpiryInterval=60, ResponseTopic="a/answer"), None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "content_type"), [row[1:] for row in PROPERTIES], ids=[row[0] for row in PROPERTIES])
@pytest.mark.parametrize("qos", [0, 1])
def test_properties_are_read_and_never_mistaken_for_the_payload(
    five: Place, given: Properties | None, content_type: str | None, qos: int
) -> None:
    with looping(five) as loop, speaking(five) as speaker:
        speaker.say("a/b", b"payload", qos=qos, properties=given)
        [one] = loop.wait_for(1)
        assert (one.topic, one.payload, one.content_type) == ("a/b", b"payload", content_type)


# --- being let in -----------------------------------------------------------------------------------------------------


def test_a_waker_ends_a_wait_from_another_thread_and_once_only(five: Place) -> None:
    waker = Waker()
    with looping(five) as loop:
        thread = threading.Thread(target=waker.wake)
        thread.start()
        began = time.monotonic()
        loop.client.turn(20.0, wake=waker)
        assert time.monotonic() - began < 15
        thread.join()
        for _ in range(100_000):
            waker.wake()
        loop.client.turn(20.0, wake=waker)
        while loop.client._sock is not None and waker_is_ready(waker):
            loop.client.turn(20.0, wake=waker)
        assert not waker_is_ready(waker)
    waker.close()


def waker_is_ready(waker: Waker) -> bool:
    """Tell whether a wait would end at once."""
    try:
        return bool(waker._read.recv(1, 2))  # MSG_PEEK
    except BlockingIOError:
        return False


def test_a_turn_without_a_connection_returns_at_once() -> None:
    Loop().client.turn(60.0)
