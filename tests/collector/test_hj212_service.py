"""The HJ 212 listener and a real broker: what a logger was answered, the broker has."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters import settings
from collector import hj212 as module
from collector import hj212_bootstrap
from collector.hj212_bootstrap import ListenerService
from park.registry import Registry
from tests.adapters.test_publisher import silent_broker
from tests.collector.hj212_logger import Logger, data
from tests.collector.test_hj212 import PARK
from tests.collector.words import until
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.park.examples import NOW
from tests.ports import LOOPBACK, free_port
from tests.simulators.listener import Listener


@contextmanager
def serving(url: str, *, version: str = "5", park: Registry = PARK) -> Iterator[ListenerService]:
    """Run the service against a broker."""
    given = settings.load(environ={}, mqtt_url=url, mqtt_version=version, hj212_port=free_port())
    service = ListenerService(given, registry=lambda: park, clock=lambda: NOW)
    service.start()
    try:
        yield service
    finally:
        service.stop()


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_what_is_answered_has_been_published(mosquitto: Mosquitto, version: str) -> None:
    with Listener(mosquitto.port) as heard, serving(mosquitto.url, version=version) as service:
        until(lambda: not service.troubles(), "the broker is there")
        with Logger(service.listener.port) as logger:
            for number in range(50):
                logger.say(data(number))
                answer = logger.answer()
                assert answer is not None
                assert answer.cn == "9014"
        assert [each.payload for each in heard.wait_for(50)] == [data(number).strip() for number in range(50)]
        assert {(each.topic, each.retained) for each in heard.heard} == {("hj212/M1", False)}
    assert not service.alive()


def test_a_broker_that_acknowledges_nothing_lets_nobody_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    monkeypatch.setattr(hj212_bootstrap, "DRAIN", 0.0)
    with silent_broker() as port, serving(f"mqtt://{LOOPBACK}:{port}", version="3.1.1") as service:
        until(lambda: not service.troubles(), "the broker is there")
        with Logger(service.listener.port) as logger:
            logger.say(data(1))
            assert logger.answer() is None


def test_a_broker_that_comes_later_and_goes_and_comes_again_loses_no_answered_frame(
    start_mosquitto: StartMosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hj212_bootstrap, "AGAIN", 0.1)
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    broker = start_mosquitto(persistence=True)
    broker.stop()
    with serving(broker.url) as service:
        with Logger(service.listener.port) as logger:
            logger.say(data(1))
            assert logger.answer() is None, "nobody has it"
        assert "hj212_broker" in service.troubles()
        broker.start()
        until(lambda: not service.troubles(), "the broker is found")
        with Listener(broker.port) as heard:
            with Logger(service.listener.port) as logger:
                logger.say(data(2))
                assert logger.answer() is not None
            heard.wait_for(1)
            broker.restart()
            answered = None
            while answered is None:
                with Logger(service.listener.port) as logger:
                    logger.say(data(3))
                    answered = logger.answer()
            heard.wait_until_heard({data(2).strip(), data(3).strip()})


def test_a_broker_that_refuses_the_account_is_named(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto("allow_anonymous false")
    with serving(broker.url) as service:
        until(lambda: "refused" in service.troubles().get("hj212_broker", ""), "the reason is known")


def test_it_is_off_unless_a_port_is_set() -> None:
    given = settings.load(environ={})
    assert given.hj212_port is None
    with pytest.raises(ValueError, match="SMARTPARK_HJ212_PORT"):
        ListenerService(given, registry=lambda: PARK, clock=lambda: NOW)
