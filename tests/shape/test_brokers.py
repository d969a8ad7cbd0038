"""The brokers that tests stand on do what their fixtures say."""

from iotcore import Broker
from paho.mqtt.publish import single
from paho.mqtt.subscribe import simple

from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import LOOPBACK, accepts, free_port


def keep(port: int, payload: str) -> None:
    """Leave a retained message."""
    single("kept", payload, qos=1, retain=True, hostname=LOOPBACK, port=port)


def kept(port: int) -> bytes:
    """Return the retained message."""
    return bytes(simple("kept", hostname=LOOPBACK, port=port).payload)


def test_no_port_is_given_twice() -> None:
    assert len({free_port() for _ in range(100)}) == 100


def test_a_broker_takes_messages_until_it_is_stopped(mosquitto: Mosquitto) -> None:
    keep(mosquitto.port, "here")
    assert kept(mosquitto.port) == b"here"
    mosquitto.stop()
    mosquitto.stop()
    assert not mosquitto.is_running
    assert not accepts(mosquitto.port)


def test_a_persistent_broker_comes_back_on_its_port_with_its_data(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto(persistence=True)
    keep(broker.port, "still here")
    broker.restart()
    assert kept(broker.port) == b"still here"


def test_a_killed_broker_can_be_started_again(mosquitto: Mosquitto) -> None:
    mosquitto.kill()
    assert not accepts(mosquitto.port)
    assert accepts(mosquitto.start().port)


def test_two_brokers_run_side_by_side_and_a_line_of_configuration_wins(start_mosquitto: StartMosquitto) -> None:
    first, second = start_mosquitto(), start_mosquitto("allow_anonymous true\nmax_packet_size 2000")
    assert first.port != second.port
    assert first.is_running
    assert second.is_running


def test_the_embedded_broker_takes_messages(embedded_broker: Broker) -> None:
    keep(embedded_broker.port, "here")
    assert kept(embedded_broker.port) == b"here"
