"""From the broker into the spool: acknowledged is what is on the disk, and nothing else."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from paho.mqtt import publish

from adapters import clock
from adapters.mqtt import Arrival, LoopClient, endpoint
from adapters.publisher import Publisher, Version
from adapters.spool import Spool, SpoolBroken, SpoolFull
from collector import receiver as module
from collector.counts import Counts
from collector.receiver import BACKOFF_MOST, RAW, Receiver
from collector.rival import Rival
from park.decode import MAX_BYTES
from park.topic import Channel, subscription
from tests.collector.brokers import refuse_subscriptions, scripted, welcome_and_reset
from tests.collector.words import M1, payload, spooled, until
from tests.mosquitto import StartMosquitto
from tests.ports import LOOPBACK, free_port

NAME = "receiver-under-test"
FILTER = subscription(Channel.DATA)
every_broker = pytest.mark.parametrize(
    "place",
    [
        pytest.param(("mosquitto", "5"), marks=pytest.mark.broker, id="mosquitto, MQTT 5"),
        pytest.param(("mosquitto", "3.1.1"), marks=pytest.mark.broker, id="mosquitto, MQTT 3.1.1"),
        pytest.param(("embedded", "3.1.1"), id="embedded broker, MQTT 3.1.1"),
    ],
    indirect=True,
)


@dataclass(frozen=True)
class Place:
    """A broker and how to talk to it."""

    port: int
    version: Version

    @property
    def url(self) -> str:
        return f"mqtt://{LOOPBACK}:{self.port}"

    def say(self, payloads: list[bytes], *, retain: bool = False) -> None:
        """Publish, and wait until the broker has taken it all."""
        with Publisher(self.url, client_id="devices", version=self.version) as publisher:
            for each in payloads:
                publisher.publish(M1, each, retain=retain)
            assert publisher.drain(30)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Place:
    kind, version = request.param
    if kind == "mosquitto":
        start: StartMosquitto = request.getfixturevalue("start_mosquitto")
        return Place(start().port, version)
    return Place(request.getfixturevalue("embedded_broker").port, version)


class Failing(Spool):
    """A spool whose disk fails as long as it is told to."""

    broken = True

    def put(self, lane: str, *blobs: bytes) -> None:
        if self.broken:
            raise SpoolBroken("disk I/O error")
        super().put(lane, *blobs)


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Failing]:
    spool = Failing(tmp_path / "failing.sqlite", most_bytes=1 << 26)
    yield spool
    spool.close()


def make(url: str, version: str, spool: Spool, counts: Counts) -> Receiver:
    return Receiver(
        client=LoopClient(NAME, version=version),
        rival=Rival(NAME),
        target=endpoint(url),
        filters=[FILTER],
        spool=spool,
        counts=counts,
        clock=clock.now,
        on_spooled=lambda: None,
    )


@contextmanager
def receiving(place: Place, spool: Spool, counts: Counts) -> Iterator[Receiver]:
    """Receive in a thread of its own, from the moment the subscription stands."""
    receiver = make(place.url, place.version, spool, counts)
    stop = Event()
    thread = Thread(target=receiver.run, args=(stop,))
    thread.start()
    try:
        until(lambda: counts.connected and FILTER, "it connects")
        yield receiver
        assert thread.is_alive()
    finally:
        stop.set()
        receiver.waker.wake()
        thread.join()


def heard(spool: Spool) -> set[bytes]:
    return {message.payload for message in spooled(spool)}


@every_broker
def test_what_the_broker_hands_over_is_spooled_and_acknowledged(place: Place, spool: Spool, counts: Counts) -> None:
    payloads = [payload(number) for number in range(500)]
    with receiving(place, spool, counts):
        place.say(payloads)
        until(lambda: counts.spooled >= 500, "all is spooled")
        assert [message.payload for message in spooled(spool)] == payloads
        assert {message.topic for message in spooled(spool)} == {M1}
    assert (counts.received, counts.spooled, counts.acknowledged) == (500, 500, 500)
    again = Counts()
    with receiving(place, spool, again):
        place.say([payload(501)])
        until(lambda: again.spooled, "the next one comes")
    assert again.received == 1  # nothing acknowledged comes again


@every_broker
def test_what_cannot_be_spooled_is_not_acknowledged_and_comes_again(
    place: Place, failing: Failing, counts: Counts
) -> None:
    payloads = {payload(number) for number in range(200)}
    with receiving(place, failing, counts):
        place.say(sorted(payloads))
        until(lambda: counts.turned_away, "the spool fails")
        assert "disk I/O error" in counts.trouble["spool"]
    assert (counts.spooled, counts.acknowledged) == (0, 0)
    failing.broken = False
    with receiving(place, failing, Counts()):
        until(lambda: payloads <= heard(failing), "all comes again")


@every_broker
def test_it_recovers_by_itself_when_the_spool_keeps_again(place: Place, failing: Failing, counts: Counts) -> None:
    payloads = {payload(number) for number in range(300)}
    with receiving(place, failing, counts):
        place.say(sorted(payloads))
        until(lambda: counts.turned_away, "the spool fails")
        failing.broken = False
        until(lambda: payloads <= heard(failing), "all is spooled")
        assert "spool" not in counts.trouble


@every_broker
def test_a_full_spool_is_counted_and_said_and_takes_the_rest_when_there_is_room(
    place: Place, tmp_path: Path, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY", module.LINGER)
    spool = Spool(tmp_path / "small.sqlite", most_bytes=30_000)
    payloads = {b"%d " % number + b"x" * 1_000 for number in range(200)}
    seen: set[bytes] = set()
    with receiving(place, spool, counts):
        place.say(sorted(payloads))
        until(lambda: counts.turned_away, "the spool is full")
        assert SpoolFull.__name__ in counts.trouble["spool"]
        assert spool.size <= 30_000

        def drained() -> bool:
            seen.update(heard(spool))
            spool.drop(RAW, spool.peek(RAW, most=1_000))
            return payloads <= seen

        until(drained, "the rest comes, piece by piece: it would never fit at once")
        assert "spool" not in counts.trouble
    spool.close()


@every_broker
def test_retained_messages_are_passed_over_because_they_were_heard_when_they_were_new(
    place: Place, spool: Spool, counts: Counts
) -> None:
    place.say([b"old"], retain=True)
    with receiving(place, spool, counts):
        until(lambda: counts.retained, "the retained message comes")
        place.say([b"new"])
        until(lambda: counts.spooled, "the live one is spooled")
        assert [message.payload for message in spooled(spool)] == [b"new"]
    assert (counts.retained, counts.spooled, counts.acknowledged) == (1, 1, 2)


@pytest.mark.broker
def test_memory_is_bounded_while_the_spool_fails_and_nothing_acknowledged_is_lost(
    start_mosquitto: StartMosquitto, failing: Failing, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOLD_BYTES", 100_000)
    monkeypatch.setattr(module, "RETRY", module.LINGER)
    place = Place(start_mosquitto().port, "5")
    payloads = {b"%d " % number + b"x" * 1_000 for number in range(500)}
    with receiving(place, failing, counts):
        place.say(sorted(payloads))
        until(lambda: counts.reconnects >= 2, "it gives the messages back")
        assert counts.acknowledged == 0
        failing.broken = False
        until(lambda: payloads <= heard(failing), "all comes again")
    assert counts.lost == 0


@pytest.mark.broker
def test_messages_that_no_broker_keeps_are_counted_as_lost_when_the_spool_cannot_keep_them(
    start_mosquitto: StartMosquitto, failing: Failing, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOLD_BYTES", 10_000)
    monkeypatch.setattr(module, "RETRY", module.LINGER)
    place = Place(start_mosquitto().port, "5")
    with receiving(place, failing, counts):
        publish.multiple([(M1, b"", 0, False)] * 200, hostname=LOOPBACK, port=place.port)
        until(lambda: counts.lost, "they are counted")
    assert counts.lost <= counts.received


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


@pytest.mark.broker
def test_of_a_message_far_beyond_the_contract_the_head_is_kept_so_that_it_fits_any_spool(
    start_mosquitto: StartMosquitto, tmp_path: Path, counts: Counts
) -> None:
    spool = Spool(tmp_path / "small.sqlite", most_bytes=1 << 20)
    place = Place(start_mosquitto().port, "5")
    with receiving(place, spool, counts):
        place.say([b"x" * (3 << 20)])
        until(lambda: counts.acknowledged, "it is kept")
        [message] = spooled(spool)
        assert len(message.payload) == module.MOST_PAYLOAD > MAX_BYTES
    spool.close()
