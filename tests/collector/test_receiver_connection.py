"""Brokers that are not there, do not let us in, or throw us out: said in a sentence, asked ever more seldom."""

import itertools
from threading import Event

import pytest

from adapters import clock
from adapters.mqtt import Arrival, LoopClient, endpoint
from adapters.spool import Spool
from collector.counts import Counts
from collector.receiver import BACKOFF_MOST, Receiver
from collector.rival import Rival
from tests.collector.brokers import refuse_subscriptions, scripted, welcome_and_reset
from tests.collector.receiving import FILTER, Place, make, receiving
from tests.collector.words import M1, until
from tests.mosquitto import StartMosquitto
from tests.ports import LOOPBACK, free_port


class Patience(Event):
    """An event that is waited for in no time, and notes how long it should have been."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._enough = enough

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        if len(self.waits) >= self._enough:
            self.set()
        return super().wait(0)


@pytest.mark.broker
@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_broker_that_does_not_let_us_in_is_quoted_and_asked_ever_more_seldom(
    start_mosquitto: StartMosquitto, spool: Spool, counts: Counts, version: str
) -> None:
    broker = start_mosquitto("allow_anonymous false")
    receiver = make(f"mqtt://collector:wrong-word@{LOOPBACK}:{broker.port}", version, spool, counts)
    stop = Patience(enough=8)
    receiver.run(stop)
    words = counts.trouble["broker"].lower()
    assert "authori" in words or "password" in words
    assert "check user, password" in words
    assert "wrong-word" not in words
    assert max(stop.waits) > BACKOFF_MOST / 2
    assert max(stop.waits) <= BACKOFF_MOST
    assert stop.waits[0] < stop.waits[-1]


def test_a_broker_that_is_not_there_is_named_and_asked_ever_more_seldom(spool: Spool, counts: Counts) -> None:
    port = free_port()
    stop = Patience(enough=10)
    make(f"mqtt://{LOOPBACK}:{port}", "5", spool, counts).run(stop)
    assert f"{LOOPBACK}:{port}" in counts.trouble["broker"]
    assert max(stop.waits) > BACKOFF_MOST / 2


def test_a_host_name_that_cannot_be_one_is_said_and_no_end_of_the_collector(spool: Spool, counts: Counts) -> None:
    make(f"mqtt://{'x' * 70}.example:1883", "5", spool, counts).run(Patience(enough=2))
    assert "label" in counts.trouble["broker"]


def test_connections_that_break_at_once_are_not_made_in_a_tight_loop(spool: Spool, counts: Counts) -> None:
    stop = Patience(enough=10)
    with scripted(welcome_and_reset) as port:
        make(f"mqtt://{LOOPBACK}:{port}", "3.1.1", spool, counts).run(stop)
    assert max(stop.waits) > BACKOFF_MOST / 2


def test_a_refused_subscription_is_said(spool: Spool, counts: Counts) -> None:
    with scripted(refuse_subscriptions) as port, receiving(Place(port, "3.1.1"), spool, counts):
        until(lambda: "subscription" in counts.trouble, "it is said")
        assert FILTER in counts.trouble["subscription"]


def test_a_connection_that_is_found_broken_while_acknowledging_is_only_a_lost_connection() -> None:
    client = LoopClient("c", version="3.1.1")
    with scripted(welcome_and_reset) as port:
        client.open(endpoint(f"mqtt://{LOOPBACK}:{port}"))
        for number in itertools.count():
            client.acknowledge([number % 60_000])
            client.turn(0)
            if client.socket() is None:
                break
    assert not client.is_connected()
    client.turn(0)


def test_numbers_of_a_connection_that_broke_are_never_acknowledged_on_the_next(spool: Spool, counts: Counts) -> None:
    client = LoopClient("c", version="3.1.1")
    receiver = Receiver(
        client=client, rival=Rival("c"), target=endpoint("mqtt://127.0.0.1"), filters=[FILTER], spool=spool,
        counts=counts, clock=clock.now, on_spooled=lambda: None,
    )  # fmt: skip
    client._arrived = [Arrival(M1, b"1", 7, 1, retained=False)]
    client.on_disconnect(client, None, None, None, None)  # type: ignore[misc,arg-type,call-arg]  # as paho calls it
    assert counts.received == 1
    assert receiver._mids == []
    receiver._keep(at_once=True)
    receiver.waker.close()
    assert (counts.spooled, counts.acknowledged) == (1, 0)
