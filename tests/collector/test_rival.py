"""A rival is told by the broker or by how connections end, and is given way to, longer and longer."""

import socket
from datetime import timedelta
from threading import Event, Thread

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from adapters import clock
from adapters.mqtt import LoopClient, endpoint
from adapters.spool import Spool
from collector.counts import Counts
from collector.receiver import Receiver
from collector.rival import FIRST, LONGEST, Rival
from tests.collector.brokers import scripted
from tests.collector.words import until
from tests.ports import LOOPBACK

TOLD = ReasonCode(PacketTypes.DISCONNECT, "Session taken over")
CLOSED = ReasonCode(PacketTypes.DISCONNECT, "Unspecified error")
OURS = ReasonCode(PacketTypes.DISCONNECT, "Normal disconnection")
SOON = timedelta(seconds=2)
LATE = timedelta(hours=1)


@pytest.fixture
def rival() -> Rival:
    """What a collector knows at its start: nothing."""
    return Rival("smartpark.collector.park.hengkou")


def test_a_rival_the_broker_tells_of_is_given_way_to_at_once_and_named(rival: Rival) -> None:
    wait = rival.closed(TOLD, LATE)
    assert wait is not None
    assert FIRST / 2 <= wait <= FIRST
    assert "smartpark.collector.park.hengkou" in rival.sentence()
    assert "another program connected" in rival.sentence()
    assert "SMARTPARK_COLLECTOR_PARTITION" in rival.sentence()


def test_the_wait_grows_and_has_a_bound(rival: Rival) -> None:
    waits = [rival.closed(TOLD, SOON) for _ in range(30)]
    assert waits[-1] is not None
    assert LONGEST[True] / 2 <= waits[-1] <= LONGEST[True]
    assert all(wait is not None and wait <= min(LONGEST[True], FIRST * 2**n) for n, wait in enumerate(waits))


def test_one_lost_connection_is_nobody(rival: Rival) -> None:
    assert [rival.closed(CLOSED, SOON) for _ in range(2)] == [None, None]


def test_a_broker_that_lets_us_in_and_soon_closes_thrice_in_a_row_is_suspicious(rival: Rival) -> None:
    waits = [rival.closed(CLOSED, SOON) for _ in range(3)]
    assert waits[:2] == [None, None]
    assert waits[2] is not None
    assert waits[2] <= FIRST
    assert "perhaps another program" in rival.sentence()
    assert "3 times" in rival.sentence()


def test_connections_that_last_are_not_added_up(rival: Rival) -> None:
    assert {rival.closed(CLOSED, LATE) for _ in range(20)} == {None}


def test_a_broker_that_cannot_be_reached_explains_it_better(rival: Rival) -> None:
    for _ in range(20):
        assert rival.closed(CLOSED, SOON) is None
        assert rival.closed(CLOSED, SOON) is None
        rival.absent()


def test_what_we_end_ourselves_is_no_rivals_doing(rival: Rival) -> None:
    assert {rival.closed(OURS, SOON) for _ in range(20)} == {None}


@pytest.mark.parametrize("certain", [True, False])
def test_a_rival_like_us_is_not_forgotten_while_it_gives_way(*, certain: bool) -> None:
    rival = Rival("c")
    for _ in range(5):
        rival.closed(TOLD if certain else CLOSED, SOON)
    assert rival.calm > LONGEST[certain]
    assert rival.closed(CLOSED, LONGEST[certain]) is not None
    assert rival.closed(CLOSED, rival.calm + SOON) is None


def take_over(connection: socket.socket) -> None:
    """Let an MQTT 5 client in, and tell it that another took its session."""
    connection.recv(4_096)
    connection.sendall(b"\x20\x03\x00\x00\x00" + b"\xe0\x02\x8e\x00")
    connection.recv(4_096)


def test_a_receiver_that_is_thrown_out_says_why_and_does_not_come_back_at_once(spool: Spool, counts: Counts) -> None:
    stop = Event()
    with scripted(take_over) as port:
        receiver = Receiver(
            client=LoopClient("c"), rival=Rival("c"), target=endpoint(f"mqtt://{LOOPBACK}:{port}"), filters=["#"],
            spool=spool, counts=counts, clock=clock.now, on_spooled=lambda: None,
        )  # fmt: skip
        thread = Thread(target=receiver.run, args=(stop,))
        thread.start()
        until(lambda: counts.takeovers, "it notices")
        assert "another program connected to the broker as c" in counts.trouble["rival"]
        assert counts.trouble["broker"] == counts.trouble["rival"]
        stop.set()
        thread.join()
    assert counts.takeovers == 1
