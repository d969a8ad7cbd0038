"""The embedded broker starts, is told from one that cannot, and goes without a trace."""

import signal
import socket
from threading import Thread

import pytest

from adapters.embedded_broker import MAX_PAYLOAD, BrokerFailed, EmbeddedBroker
from tests.adapters.loops import Place, looping, speaking
from tests.ports import LOOPBACK, accepts, free_port


def test_it_listens_once_started_and_no_longer_once_stopped() -> None:
    port = free_port()
    broker = EmbeddedBroker(LOOPBACK, port)
    assert not broker.alive()
    broker.start()
    assert broker.alive()
    assert accepts(port)
    broker.stop()
    assert not broker.alive()
    assert not accepts(port)


def test_a_port_that_is_taken_is_named_in_both_languages_with_what_to_do() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BrokerFailed, match=rf"mqtt://{LOOPBACK}:{port} 无法监听.*--mqtt-port.*Cannot listen there"):
            EmbeddedBroker(LOOPBACK, port).start()


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(BrokerFailed, match="无法监听"):
        EmbeddedBroker("192.0.2.1", free_port()).start()


def test_it_may_be_started_from_any_thread_and_leaves_ctrl_c_as_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    broker = EmbeddedBroker(LOOPBACK, free_port())
    thread = Thread(target=broker.start)
    thread.start()
    thread.join()
    try:
        assert broker.alive()
    finally:
        broker.stop()
    broker.start()
    assert signal.getsignal(signal.SIGINT) is before
    broker.stop()


def test_a_payload_beyond_the_contract_s_reaches_us_so_that_we_can_say_why_we_refuse_it() -> None:
    broker = EmbeddedBroker(LOOPBACK, free_port())
    broker.start()
    place = Place(broker._port, "3.1.1")
    try:
        with looping(place) as loop, speaking(place) as speaker:
            speaker.say("a", bytes(MAX_PAYLOAD - 1_000))
            assert len(loop.wait_for(1)[0].payload) > 256 * 1024
    finally:
        broker.stop()
