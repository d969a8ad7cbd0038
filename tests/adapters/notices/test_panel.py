"""The alert topics, on a real broker."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import msgspec
import pytest
from iotcore import Broker

from adapters.notices.panel import Panel
from adapters.notices.way import GiveUp, TryAgain
from adapters.publisher import Publisher
from park.alert import Phase
from park.alert_change import Kind
from park.notice import Notice
from tests.adapters.notices.examples import NOTICE, notice
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import free_port
from tests.simulators.listener import Listener

TOPIC = "park/v1/hk/e01/gas0/alert/gas"
OVER = notice(kind=Kind.CLEARED, phase=Phase.OK)
LATCHED = notice(kind=Kind.CLEARED, phase=Phase.LATCHED)


def nothing() -> list[Notice]:
    return []


@contextmanager
def panel(url: str, standing: Callable[[], list[Notice]] = nothing, *, version: str = "5") -> Iterator[Panel]:
    made = Panel(lambda: Publisher(url, client_id="rules", version=version), standing)  # type: ignore[arg-type]  # either
    with closing(made):
        yield made


def retained(port: int, count: int) -> dict[str, bytes]:
    """What somebody who connects now finds."""
    with Listener(port) as listener:
        return {heard.topic: heard.payload for heard in listener.wait_for(count) if heard.retained}


def test_an_alert_stands_on_its_topic_for_whoever_comes_later(mosquitto: Mosquitto) -> None:
    with panel(mosquitto.url) as shown:
        shown.deliver(NOTICE)
    found = retained(mosquitto.port, 1)
    assert msgspec.json.decode(found[TOPIC], type=Notice) == NOTICE


def test_the_embedded_broker_shows_it_too(embedded_broker: Broker) -> None:
    with panel(f"mqtt://127.0.0.1:{embedded_broker.port}", version="3.1.1") as shown:
        shown.deliver(NOTICE)
        assert list(retained(embedded_broker.port, 1)) == [TOPIC]


def test_what_is_over_leaves_an_empty_topic(mosquitto: Mosquitto) -> None:
    with panel(mosquitto.url) as shown:
        for each in (NOTICE, notice(rule="other"), OVER):
            shown.deliver(each)
    assert list(retained(mosquitto.port, 1)) == ["park/v1/hk/e01/gas0/alert/other"]


def test_who_listens_hears_of_the_end_by_an_empty_message(mosquitto: Mosquitto) -> None:
    with panel(mosquitto.url) as shown, Listener(mosquitto.port) as listener:
        shown.deliver(NOTICE)
        shown.deliver(OVER)
        assert [heard.payload == b"" for heard in listener.wait_for(2)] == [False, True]


def test_what_waits_for_a_person_still_stands(mosquitto: Mosquitto) -> None:
    with panel(mosquitto.url) as shown:
        shown.deliver(LATCHED)
    assert msgspec.json.decode(retained(mosquitto.port, 1)[TOPIC], type=Notice).phase is Phase.LATCHED


def test_a_broker_that_forgot_is_told_everything_again(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto()
    with panel(broker.url, lambda: [NOTICE]) as shown:
        shown.rest()
        assert list(retained(broker.port, 1)) == [TOPIC]
        broker.kill()
        broker.start()
        with Listener(broker.port) as listener:
            while not listener.heard:
                shown.rest()
            assert listener.heard[0].topic == TOPIC


def test_without_a_broker_it_is_tried_again() -> None:
    with panel(f"mqtt://127.0.0.1:{free_port()}") as shown, pytest.raises(TryAgain):
        shown.deliver(NOTICE)


def test_resting_without_a_broker_harms_nobody() -> None:
    with panel(f"mqtt://127.0.0.1:{free_port()}") as shown:
        shown.rest()


def test_an_alert_of_a_meter_nobody_knows_has_no_topic(mosquitto: Mosquitto) -> None:
    with panel(mosquitto.url) as shown, pytest.raises(GiveUp, match="not registered"):
        shown.deliver(notice(park=""))
