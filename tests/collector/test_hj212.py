"""The HJ 212 listener: passed on as it came, and answered when the broker has it, not before."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

import pytest

from collector import hj212 as module
from collector.hj212 import Hj212Listener
from park.decode.hj212_frame import Frame, build
from park.registry import Registry
from tests.collector.hj212_logger import Logger, data
from tests.collector.words import PATIENCE, until
from tests.park.examples import NOW, registry
from tests.park.hj212_frames import framed
from tests.park.test_hj212 import outlet
from tests.ports import LOOPBACK

PARK = registry(outlet("a", mn="M1"), outlet("b", mn="M2", options={"pw": "secret"}))


class Broker:
    """What the listener publishes to: takes, refuses, says nothing, or has no room, as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.takes: bool | None = True
        """None is a broker that says nothing."""
        self.room = True
        self.asked = 0
        self.waiting: list[Callable[[bool], None]] = []
        self._changed = Condition()

    def publish(self, topic: str, payload: bytes, done: Callable[[bool], None]) -> bool:
        with self._changed:
            self.asked += 1
            if not self.room:
                return False
            self.heard.append((topic, payload))
            if self.takes is None:
                self.waiting.append(done)
            self._changed.notify_all()
        if self.takes is not None:
            done(self.takes)
        return True

    def answer(self, number: int) -> None:
        """Say at last that a message was taken."""
        self.waiting[number](True)  # noqa: FBT003  # one thing is told

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= count, PATIENCE)


@pytest.fixture
def broker() -> Broker:
    return Broker()


@contextmanager
def listening(broker: Broker, park: Registry = PARK) -> Iterator[Hj212Listener]:
    listener = Hj212Listener(LOOPBACK, 0, publish=broker.publish, registry=lambda: park, clock=lambda: NOW)
    listener.start()
    try:
        yield listener
    finally:
        listener.stop()
    assert not listener.alive()


@pytest.mark.parametrize(("flag", "echo"), [(1, 0), (5, 4), (9, 8)])
def test_a_frame_is_passed_on_as_it_came_and_answered_in_its_own_version(broker: Broker, flag: int, echo: int) -> None:
    payload = data(1, flag=flag)
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(payload)
        assert logger.answer() == Frame("20261123080001000", "91", "9014", "123456", "M1", echo)
        assert broker.heard == [("hj212/M1", payload.strip())]
    assert (listener.counts.frames, listener.counts.published, listener.counts.answered) == (1, 1, 1)


def test_no_answer_comes_before_the_broker_has_the_frame(broker: Broker) -> None:
    broker.takes = None
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1), data(2))
        broker.wait_for(1)
        assert (listener.counts.answered, len(broker.heard)) == (0, 1), "and the second waits for the first"
        broker.answer(0)
        answer = logger.answer()
        assert answer is not None
        assert answer.qn == "20261123080001000"
        broker.wait_for(2)
        broker.answer(1)
        answer = logger.answer()
        assert answer is not None
        assert answer.qn == "20261123080002000"


def test_what_the_broker_refuses_is_not_answered(broker: Broker) -> None:
    broker.takes = False
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1))
        logger.hang_up()
        assert logger.answer() is None
    assert (listener.counts.refused, listener.counts.answered) == (1, 0)


@pytest.mark.parametrize(("takes", "room"), [(None, True), (True, False)])
def test_a_logger_is_hung_up_on_when_the_broker_is_away_too_long(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, *, takes: bool | None, room: bool
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    broker.takes, broker.room = takes, room
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1))
        assert logger.answer() is None
        broker.takes = broker.room = True
        with Logger(listener.port) as again:
            again.say(data(1))
            assert again.answer() is not None
        for number in range(len(broker.waiting)):
            broker.answer(number)  # too late for anybody, and no harm


def test_a_frame_waits_for_room_on_the_way_to_the_broker(broker: Broker) -> None:
    broker.room = False
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1))
        until(lambda: broker.asked > 2, "the listener asks for room again")
        broker.room = True
        assert logger.answer() is not None
    assert len(broker.heard) == 1


@pytest.mark.parametrize(
    ("sentence", "cn", "flag", "answer", "passed_on"),
    [
        ("data with a wish for an answer",     "2011", 5, "9014", True),
        ("data without",                       "2061", 4, None,   True),
        ("a start of the logger",              "2081", 5, "9014", True),
        ("the request to set its clock",       "1013", 5, "9013", False),
        ("a heart-beat",                       "9015", 9, "9013", False),
        ("a heart-beat that asks for nothing", "9015", 8, None,   False),
        ("an answer of the logger's",          "9012", 5, None,   False),
    ],
)  # fmt: skip
def test_what_is_answered_and_passed_on(
    broker: Broker, sentence: str, cn: str, flag: int, answer: str | None, *, passed_on: bool
) -> None:
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1, cn=cn, flag=flag))
        logger.hang_up()
        said = logger.answer()
        assert (said and said.cn) == answer, sentence
        assert logger.answer() is None
    assert (len(broker.heard) == 1) is passed_on, sentence


def test_a_station_nobody_registered_is_passed_on_once_in_a_while_and_answered_then(broker: Broker) -> None:
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1, mn="X1"), data(2, mn="X1"), data(3, mn="X2"), data(4))
        assert [said.mn for _ in range(3) if (said := logger.answer())] == ["X1", "X2", "M1"]
    assert [topic for topic, _ in broker.heard] == ["hj212/X1", "hj212/X2", "hj212/M1"]
    assert (listener.counts.strangers, listener.counts.held_back) == (2, 1)


def test_a_wrong_password_is_not_passed_on_and_not_answered(broker: Broker) -> None:
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1, mn="M2", pw="guess"), data(2, mn="M2", pw="secret"))
        answer = logger.answer()
        assert answer is not None
        assert answer.qn == "20261123080002000"
    assert (len(broker.heard), listener.counts.wrong_password) == (1, 1)


def test_what_is_broken_is_shown_once_in_a_while_and_never_answered(broker: Broker) -> None:
    broken = data(1).replace(b"1.5", b"7.5")
    nameless = framed("ST=32;CN=2011;Flag=5;CP=&&&&")
    odd = build(Frame("1", "32", "2011", "1", "a/+", 5))
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(broken, broken, nameless, odd, b"noise\r\n", data(2))
        answer = logger.answer()
        assert answer is not None
        assert answer.qn == "20261123080002000"
    assert [topic for topic, _ in broker.heard] == ["hj212/M1", "hj212/_", "hj212/a", "hj212/M1"]
    assert (listener.counts.broken, listener.counts.garbage_bytes) == (4, 5)


def test_the_last_frame_counts_although_its_line_does_not_end(broker: Broker) -> None:
    payload = framed("ST=32;CN=2011;MN=M1;Flag=5;CP=&&&&", length=3).strip()
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(payload)
        logger.hang_up()
        assert logger.answer() is not None
    assert broker.heard == [("hj212/M1", payload)]


def test_many_loggers_speak_at_once(broker: Broker) -> None:
    with listening(broker) as listener:
        loggers = [Logger(listener.port) for _ in range(60)]
        for number, logger in enumerate(loggers):
            logger.say(data(number))
        for number, logger in enumerate(loggers):
            with logger:
                answer = logger.answer()
                assert answer is not None
                assert answer.qn == f"2026112308{number // 60:02d}{number % 60:02d}000"
    assert listener.counts.accepted == 60
    assert len(broker.heard) == 60


def test_more_connections_than_are_kept_are_turned_away(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 1)
    with listening(broker) as listener, Logger(listener.port) as first:
        first.say(data(1))
        assert first.answer() is not None
        with Logger(listener.port) as second:
            assert second.answer() is None
        first.say(data(2))
        assert first.answer() is not None
    assert (listener.counts.turned_away, listener.counts.connections) == (1, 0)


def test_a_silent_logger_is_hung_up_on(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE", module.IDLE / 100_000)
    with listening(broker) as listener, Logger(listener.port) as logger:
        assert logger.answer() is None


def test_a_stop_hangs_up_while_frames_are_under_way(broker: Broker) -> None:
    broker.takes = None
    with listening(broker) as listener, Logger(listener.port) as logger:
        logger.say(data(1))
        broker.wait_for(1)
        listener.stop()
        assert logger.answer() is None
        broker.answer(0)  # the broker's word comes late, to nobody
    assert listener.counts.answered == 0


def test_a_port_that_is_taken_is_named_with_its_settings(broker: Broker) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken, pytest.raises(OSError, match="SMARTPARK_HJ212_PORT"):
        Hj212Listener(
            LOOPBACK, taken.getsockname()[1], publish=broker.publish, registry=lambda: PARK, clock=lambda: NOW
        )


def test_a_listener_that_was_never_started_can_be_stopped(broker: Broker) -> None:
    listener = Hj212Listener(LOOPBACK, 0, publish=broker.publish, registry=lambda: PARK, clock=lambda: NOW)
    listener.stop()
    with pytest.raises(ConnectionRefusedError):
        Logger(listener.port)
