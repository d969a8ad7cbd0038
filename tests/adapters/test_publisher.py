"""The publisher loses nothing, holds a bounded number of messages, and says why it cannot connect."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import structlog
from iotcore import Broker
from structlog.testing import capture_logs

from adapters.publisher import Publisher, PublisherError, PublishTimeout, Will
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import LOOPBACK, free_port
from tests.simulators.listener import Listener

PATIENCE = 30.0


@contextmanager
def silent_broker(packets: bytes = b"\x20\x02\x00\x00") -> Iterator[int]:
    """A broker that welcomes and then never acknowledges anything."""
    with socket.create_server((LOOPBACK, 0)) as server:
        done = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(packets)
                connection.settimeout(0.05)
                while not done.is_set():
                    try:
                        if not connection.recv(4096):
                            break
                    except TimeoutError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_every_message_arrives_and_is_acknowledged(mosquitto: Mosquitto, version: str) -> None:
    with (
        Listener(mosquitto.port) as listener,
        Publisher(mosquitto.url, client_id="p", version=version, window=20) as publisher,  # type: ignore[arg-type]  # the table has both
    ):
        for number in range(500):
            publisher.publish("a/b", b"%d" % number)
        assert publisher.drain(PATIENCE)
        assert [int(heard.payload) for heard in listener.wait_for(500)] == list(range(500))
        assert publisher.statistics.sent == publisher.statistics.acked == 500


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_whoever_asks_is_told_once_that_the_broker_took_the_message(mosquitto: Mosquitto, version: str) -> None:
    told: list[tuple[int, bool]] = []
    with Listener(mosquitto.port), Publisher(mosquitto.url, client_id="p", version=version, window=20) as publisher:  # type: ignore[arg-type]  # the table has both
        for number in range(300):
            done = None if number % 3 else partial(lambda number, taken: told.append((number, taken)), number)
            publisher.publish("a/b", b"x", done=done)
        assert publisher.drain(PATIENCE)
    assert sorted(told) == [(number, True) for number in range(0, 300, 3)]


def test_whoever_asks_is_told_that_the_broker_refused_the_message(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto("acl_file /dev/null")
    told: list[bool] = []
    with Publisher(broker.url, client_id="p") as publisher:
        publisher.publish("a/b", b"x", done=told.append)
        assert publisher.drain(PATIENCE)
    assert told == [False]


def test_whoever_asks_is_told_that_nobody_hears_the_message(mosquitto: Mosquitto) -> None:
    told: list[bool] = []
    with Publisher(mosquitto.url, client_id="p") as publisher:
        publisher.publish("a/b", b"x", done=told.append)
        assert publisher.drain(PATIENCE)
        assert publisher.statistics.acked == 1
    assert told == [False]


def test_the_window_bounds_what_is_under_way() -> None:
    with (
        silent_broker() as port,
        Publisher(f"mqtt://{LOOPBACK}:{port}", client_id="p", version="3.1.1", window=5) as it,
    ):
        for _ in range(5):
            it.publish("a", b"x")
        with pytest.raises(PublishTimeout):
            it.publish("a", b"one too many", timeout=0.05)
        assert it.under_way == 5
        assert it.statistics.sent == 5
        assert not it.drain(0.05)


def test_a_receive_maximum_of_the_broker_narrows_the_window() -> None:
    connack = b"\x20\x06\x00\x00\x03\x21\x00\x02"  # MQTT 5, Receive Maximum 2
    with silent_broker(connack) as port, Publisher(f"mqtt://{LOOPBACK}:{port}", client_id="p", window=5) as publisher:
        publisher.publish("a", b"x")
        publisher.publish("a", b"x")
        with pytest.raises(PublishTimeout):
            publisher.publish("a", b"one too many", timeout=0.05)


def test_a_broker_restart_loses_nothing(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto(persistence=True)
    payloads = [b"%d" % number for number in range(4_000)]
    with Listener(broker.port) as listener, Publisher(broker.url, client_id="p", window=100) as publisher:
        for number, payload in enumerate(payloads):
            if number == 2_000:
                broker.restart()
            publisher.publish("a/b", payload)
        assert publisher.drain(PATIENCE)
        listener.wait_until_heard(set(payloads))
        assert publisher.statistics.acked == len(payloads)
        assert publisher.statistics.connections == 2


def test_it_works_with_the_embedded_broker_and_survives_its_restart(embedded_broker: Broker) -> None:
    url = f"mqtt://{LOOPBACK}:{embedded_broker.port}"
    with Publisher(url, client_id="p", version="3.1.1", window=50) as publisher:
        for number in range(2_000):
            if number == 1_000:
                embedded_broker.stop()
                embedded_broker.start()
            publisher.publish("a/b", b"x" * 20_000)
        assert publisher.drain(PATIENCE)
        assert publisher.statistics.acked == 2_000


def test_the_will_speaks_for_a_publisher_that_is_cut_off(mosquitto: Mosquitto) -> None:
    will = Will("a/state", b"offline")
    with Listener(mosquitto.port) as listener:
        publisher = Publisher(mosquitto.url, client_id="p", will=will)
        with publisher:
            publisher.publish("a/state", b"online", retain=True)
            assert publisher.drain(PATIENCE)
            sock = publisher._client.socket()
            assert isinstance(sock, socket.socket)
            sock.shutdown(socket.SHUT_RDWR)
            assert [heard.payload for heard in listener.wait_for(2)] == [b"online", b"offline"]


def test_a_broker_that_is_not_there_is_named() -> None:
    port = free_port()
    with pytest.raises(PublisherError, match=rf"{LOOPBACK}:{port}.*check its address"):
        Publisher(f"mqtt://{LOOPBACK}:{port}", client_id="p").__enter__()


def test_a_broker_that_refuses_is_quoted(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto("allow_anonymous false")
    with pytest.raises(PublisherError, match=r"(?i)not authori"):
        Publisher(broker.url, client_id="p").__enter__()


def test_the_wrong_protocol_version_is_hinted_at(embedded_broker: Broker) -> None:
    with pytest.raises(PublisherError, match=r"MQTT 5"):
        Publisher(f"mqtt://{LOOPBACK}:{embedded_broker.port}", client_id="p", version="5").__enter__()


def test_a_broker_that_speaks_3_1_1_only_is_spoken_to_in_3_1_1_where_that_is_allowed(
    embedded_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A logger that an earlier test has used keeps what it was configured with.
    structlog.reset_defaults()
    monkeypatch.setattr("adapters.publisher.log", structlog.get_logger())
    url = f"mqtt://{LOOPBACK}:{embedded_broker.port}"
    with capture_logs() as lines, Publisher(url, client_id="p", fall_back=True) as publisher:
        publisher.publish("a", b"x")
        assert publisher.drain(PATIENCE)
        assert publisher.version == "3.1.1"
    assert [line["event"] for line in lines] == ["the broker does not speak MQTT 5; using 3.1.1"]


def test_a_wrong_password_is_no_reason_to_speak_another_version(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto("allow_anonymous false")
    publisher = Publisher(broker.url, client_id="p", fall_back=True)
    with pytest.raises(PublisherError, match=r"(?i)not authori"):
        publisher.__enter__()
    assert publisher.version == "5"


@pytest.mark.parametrize("qos", [0, 2])
def test_a_quality_of_service_that_loses_messages_is_refused(mosquitto: Mosquitto, qos: int) -> None:
    with Publisher(mosquitto.url, client_id="p") as publisher, pytest.raises(ValueError, match="qos"):
        publisher.publish("a", b"x", qos=qos)


@pytest.mark.parametrize("window", [0, -1, 70_000])
def test_a_window_that_cannot_work_is_refused(window: int) -> None:
    with pytest.raises(ValueError, match="window"):
        Publisher("mqtt://127.0.0.1", client_id="p", window=window)
