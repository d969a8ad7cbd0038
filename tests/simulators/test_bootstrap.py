"""The simulator as a program, against real brokers."""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from iotcore import Broker as Embedded

from adapters.clock import now
from adapters.publisher import PublisherError
from park.topic import parse
from simulators.bootstrap import Broker, run
from simulators.live import SimulatedTime
from tests.mosquitto import Mosquitto
from tests.ports import LOOPBACK, free_port
from tests.simulators.listener import Listener
from tests.simulators.park import devices


def living(broker: Broker, stop: Event, results: list[bool], **options: int) -> Thread:
    thread = Thread(target=lambda: results.append(run(broker, stop=stop, **options)))  # type: ignore[arg-type]  # by name
    thread.start()
    return thread


def test_it_announces_itself_speaks_sends_its_history_and_says_goodbye(mosquitto: Mosquitto) -> None:
    stop, results = Event(), list[bool]()
    number = len(devices())
    with Listener(mosquitto.port) as listener:
        thread = living(Broker(mosquitto.url), stop, results, history_days=1)
        try:
            # meta, online and a first value of each, and the history of two days
            heard = listener.wait_for(5 * number)
        finally:
            stop.set()
            thread.join()
        heard = listener.wait_for(6 * number)
    kinds = Counter(parse(each.topic).channel.value for each in heard)
    assert kinds["meta"] == number
    assert kinds["backfill"] == 2 * number
    assert kinds["state"] == 2 * number
    assert kinds["data"] >= number
    states = [each for each in heard if each.topic.endswith("/state")]
    assert [each.payload for each in states] == [b"online"] * number + [b"offline"] * number
    assert results == [True]
    numbers = defaultdict(list)
    for each in heard:
        if each.topic.endswith("/data"):
            numbers[each.topic].append(json.loads(each.payload)["seq"])
    assert all(seen == list(range(1, len(seen) + 1)) for seen in numbers.values())


def test_states_and_descriptions_are_retained(mosquitto: Mosquitto) -> None:
    stop, results = Event(), list[bool]()
    with Listener(mosquitto.port, "park/v1/+/+/+/state") as early:
        thread = living(Broker(mosquitto.url), stop, results)
        early.wait_for(len(devices()))
        stop.set()
        thread.join()
    with Listener(mosquitto.port, "park/v1/hengkou/e01/e01-main/+") as late:
        heard = late.wait_for(2)
    assert {each.topic.rsplit("/", 1)[1] for each in heard if each.retained} == {"state", "meta"}
    assert b"offline" in {each.payload for each in heard}


def test_a_stop_in_the_middle_of_a_long_history_ends_it_in_good_order(embedded_broker: Embedded) -> None:
    stop, results = Event(), list[bool]()
    broker = Broker(f"mqtt://{LOOPBACK}:{embedded_broker.port}", version="3.1.1")
    with Listener(embedded_broker.port, "park/v1/+/+/+/backfill") as listener:
        thread = living(broker, stop, results, history_days=1_000)
        listener.wait_for(200)
        stop.set()
        thread.join()
    assert results == [True]


def test_it_says_who_is_there_again_to_a_broker_that_was_restarted(mosquitto: Mosquitto) -> None:
    stop, results = Event(), list[bool]()
    number = len(devices())
    with Listener(mosquitto.port, "park/v1/+/+/+/state") as listener:
        thread = living(Broker(mosquitto.url), stop, results)
        try:
            listener.wait_for(number)
            mosquitto.restart()
            heard = listener.wait_for(2 * number)
        finally:
            stop.set()
            thread.join()
    assert all(each.payload == b"online" for each in heard[: 2 * number])


def test_without_a_broker_it_says_so() -> None:
    with pytest.raises(PublisherError, match="cannot reach"):
        run(Broker(f"mqtt://{LOOPBACK}:{free_port()}"))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), timedelta(hours=-10)),
        (timedelta(minutes=1), timedelta(hours=-9)),
        (timedelta(minutes=11), timedelta(minutes=11)),  # caught up: never ahead of the clock
        (timedelta(hours=5), timedelta(hours=5)),
    ],
)
def test_simulated_time_catches_up_and_never_runs_ahead(after: timedelta, expected: timedelta) -> None:
    began = datetime(2026, 11, 23, tzinfo=UTC)
    present = [began]
    time = SimulatedTime(lambda: present[0], start=began - timedelta(hours=10), speed=60)
    present[0] = began + after
    assert time.now_ms() == int((began + expected).timestamp() * 1000)


def test_a_speed_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="speed"):
        SimulatedTime(now, start=now(), speed=0.5)
