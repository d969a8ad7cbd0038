"""The watch over a real broker: it hears, judges, writes down, has people told, and then acknowledges."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from adapters import clock
from adapters.alert_store import AlertStore, AlertStoreBroken
from adapters.mqtt import LoopClient, endpoint
from adapters.publisher import Publisher
from park.alert_change import AlertChange, Kind
from park.care import Action, Deed
from park.condition import Silent, Skew
from park.registry import Registry
from park.rule import Rule
from park.topic import PREFIX, Channel, subscription
from rules.alert_ledger import AlertLedger
from rules.watch import AlertWatch
from tests.collector.conftest import place
from tests.collector.receiving import Place, every_broker
from tests.e2e.program import until
from tests.mosquitto import Mosquitto
from tests.rules.alert_house import REGISTRY, TOPIC, Teller, Wants, a_rule, known, message, told

__all__ = ["place"]
QUICK = Registry(
    REGISTRY.parks,
    REGISTRY.enterprises,
    tuple(replace(meter, period=timedelta(milliseconds=200)) for meter in REGISTRY.meters),
)
"""Meters that are expected to speak all the time."""
RAISED, CLEARED = "gas.gas0.1.raised", "gas.gas0.1.cleared"


class Disk(AlertStore):
    """A store that fails as long as it is told to."""

    broken = False

    def commit(self, **what: object) -> None:
        if self.broken:
            raise AlertStoreBroken("disk I/O error")
        super().commit(**what)  # type: ignore[arg-type]  # as it came


class House:
    """A watch that runs in a thread of this process."""

    def __init__(self, folder: Path, url: str, wants: Wants, *, version: str = "5") -> None:
        self.told = folder / "told"
        self.url, self.version = url, version
        self.wants = wants
        self.store = Disk(folder / "alerts.sqlite")
        self.teller = Teller(self.store, self.told)
        self.ledger = AlertLedger(self.store, self.teller)
        self.watch = AlertWatch(
            client=LoopClient("watch", version=version),
            target=endpoint(url),
            topics=[subscription(Channel.DATA)],
            prefix=PREFIX,
            ledger=self.ledger,
            wanted=wants,
            memories=self.store.memories(),
            clock=clock.now,
        )
        self._stop = Event()
        self._thread = Thread(target=self.watch.run, args=(self._stop,), name="watch")

    def start(self) -> None:
        self.teller.start()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self.watch.waker.wake()
        self._thread.join()
        self.teller.stop()
        self.store.close()

    def listens(self) -> None:
        until(lambda: self.watch.trouble is None, "it listens", look=0.01)

    def lines(self, *wanted: str) -> None:
        until(lambda: told(self.told) == list(wanted), f"{wanted} are told", look=0.01)

    @property
    def history(self) -> list[AlertChange]:
        return [one.change for one in self.store.changes_after(0, 1_000)]


@contextmanager
def watching(folder: Path, url: str, *rules: Rule, version: str = "5", wants: Wants | None = None) -> Iterator[House]:
    house = House(folder, url, wants or Wants(known(*rules)), version=version)
    house.start()
    try:
        yield house
    finally:
        house.stop()


def payload(value: float, age: float = 0) -> bytes:
    return message(clock.now() - timedelta(seconds=age), value)


@contextmanager
def saying(place: Place) -> Iterator[Callable[..., None]]:
    """Give what publishes values of a meter and waits until the broker has them."""
    with Publisher(place.url, client_id="devices", version=place.version) as publisher:

        def say(*payloads: bytes, meter: str = "gas0", retain: bool = False, topic: str = TOPIC) -> None:
            for each in payloads:
                publisher.publish(topic.format(meter), each, retain=retain)
            assert publisher.drain(30)

        yield say


@every_broker
def test_what_burns_is_told_at_once_and_its_end_as_well(tmp_path: Path, place: Place) -> None:
    with watching(tmp_path, place.url, a_rule(), version=place.version) as house, saying(place) as say:
        house.listens()
        say(*[payload(5.0) for _ in range(50)], payload(30.0))
        house.lines(RAISED)
        say(payload(5.0))
        house.lines(RAISED, CLEARED)
        until(lambda: house.watch.tally.held == 0, "all is acknowledged", look=0.01)
        assert [change.kind for change in house.history] == [Kind.RAISED, Kind.CLEARED]


def test_what_is_retained_proves_nothing_about_now(tmp_path: Path, mosquitto: Mosquitto) -> None:
    place = Place(mosquitto.port, "5")
    with saying(place) as say:
        say(payload(99.0), retain=True)
        with watching(tmp_path, place.url, a_rule()) as house:
            house.listens()
            until(lambda: house.watch.tally.messages == 1, "it came", look=0.01)
            say(payload(5.0))
            until(lambda: house.watch.tally.readings == 1, "the live one came", look=0.01)
            assert house.history == []


@pytest.mark.parametrize(
    "bad",
    [b"", b"\xff\xfe", b"[]", b'{"v":1,"m":{"lel":1e999}}', b'{"v":1,"ts":1,"m":{"nobody":3}}', b"{" * 100_000],
    ids=["nothing", "no text", "no message", "no number", "no metric", "deep"],
)
def test_nonsense_costs_nobody_an_alert(tmp_path: Path, mosquitto: Mosquitto, bad: bytes) -> None:
    place = Place(mosquitto.port, "5")
    with watching(tmp_path, place.url, a_rule()) as house, saying(place) as say:
        house.listens()
        say(bad, bad)
        say(payload(99.0), meter="nobody")
        say(payload(99.0), topic="park/v1/hk/elsewhere/{}/data")
        say(payload(30.0))
        house.lines(RAISED)
        assert [change.meter for change in house.history] == ["gas0"]


def test_a_hold_ends_and_silence_begins_by_the_clock(tmp_path: Path, mosquitto: Mosquitto) -> None:
    place = Place(mosquitto.port, "5")
    quiet = a_rule(Silent(metric="lel", after=timedelta(seconds=1)), id="quiet")
    wants = Wants(known(a_rule(hold=0.5), quiet, registry=QUICK))
    with watching(tmp_path, place.url, wants=wants) as house, saying(place) as say:
        house.listens()
        say(payload(30.0))
        until(lambda: len(told(house.told)) == 4, "the hold is over and three are silent", look=0.02)
        assert set(told(house.told)) == {RAISED, *(f"quiet.gas{n}.1.raised" for n in range(3))}
        say(payload(30.0))
        until(lambda: "quiet.gas0.1.cleared" in told(house.told), "it speaks again", look=0.02)


def test_nobody_is_silent_while_nobody_listens(tmp_path: Path, mosquitto: Mosquitto) -> None:
    place = Place(mosquitto.port, "5")
    quiet = a_rule(Silent(metric="lel", after=timedelta(seconds=1)), id="quiet")
    with watching(tmp_path, place.url, wants=Wants(known(quiet, registry=QUICK))) as house:
        house.listens()
        until(lambda: len(told(house.told)) == 3, "three are silent", look=0.02)
        with saying(place) as say:
            for n in range(3):
                say(payload(1.0), meter=f"gas{n}")
        until(lambda: len(told(house.told)) == 6, "all speak", look=0.02)
        mosquitto.kill()
        lost = clock.now()
        until(lambda: house.watch.trouble is not None, "it is lost", look=0.01)
        until(lambda: clock.now() - lost > timedelta(seconds=2), "time passes")
        mosquitto.start()
        house.listens()
        back = clock.now()
        until(lambda: len(told(house.told)) == 9, "they are silent again", look=0.02)
        raised = house.history[-3:]
        assert all(change.at >= back + timedelta(seconds=1) - timedelta(seconds=0.2) for change in raised)


def test_a_disk_that_takes_nothing_keeps_nobody_from_being_told_and_makes_nobody_deaf(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    place = Place(mosquitto.port, "5")
    with watching(tmp_path, place.url, a_rule()) as house, saying(place) as say:
        house.listens()
        house.store.broken = True
        say(*[payload(5.0) for _ in range(5_000)])
        say(payload(30.0))
        house.lines(RAISED)
        assert house.watch.tally.let_go >= 1_000
        assert house.ledger.trouble is not None
        house.store.broken = False
        until(lambda: house.ledger.trouble is None, "it is written down", look=0.01)
        assert [change.kind for change in house.history] == [Kind.RAISED]


def test_before_it_knows_what_to_watch_nothing_is_acknowledged(tmp_path: Path, mosquitto: Mosquitto) -> None:
    place = Place(mosquitto.port, "5")
    wants = Wants(None)
    with watching(tmp_path, place.url, wants=wants) as house, saying(place) as say:
        house.listens()
        say(payload(30.0))
        until(lambda: house.watch.tally.ticks > 5, "it goes round", look=0.01)
        assert "PUBACK from watch" not in mosquitto.log.read_text("utf-8", errors="replace")
        wants.now_known = known(a_rule())
        house.lines(RAISED)
        assert house.watch.watches == 3


def test_a_changed_rule_holds_from_the_next_reading_on_and_one_taken_out_ends_its_alert(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    place = Place(mosquitto.port, "5")
    strict = a_rule(type(a_rule().when)(metric="lel", limit=10.0, clear=8.0))  # type: ignore[call-arg]  # an Above
    wants = Wants(known(a_rule()))
    with watching(tmp_path, place.url, wants=wants) as house, saying(place) as say:
        house.listens()
        say(payload(12.0))
        until(lambda: house.watch.tally.readings == 1, "it is heard", look=0.01)
        wants.now_known = known(strict)
        until(lambda: house.watch._known is wants.now_known, "it is bound", look=0.01)
        say(payload(12.0))
        house.lines(RAISED)
        wants.now_known = known()
        house.lines(RAISED, CLEARED)


def test_people_are_heard_without_a_message_from_any_meter(tmp_path: Path, mosquitto: Mosquitto) -> None:
    place = Place(mosquitto.port, "5")
    with watching(tmp_path, place.url, a_rule()) as house, saying(place) as say:
        house.listens()
        say(payload(30.0))
        house.lines(RAISED)
        action = Action(id=1, at=clock.now(), who="li", rule="gas", meter="gas0", deed=Deed.ACKNOWLEDGE)
        house.wants.asked = [action]
        until(lambda: len(house.history) == 2, "it is acknowledged", look=0.01)
        assert house.history[-1].who == "li"


def test_a_clock_is_not_blamed_for_our_own_absence(tmp_path: Path, mosquitto: Mosquitto) -> None:
    place = Place(mosquitto.port, "5")
    skew = a_rule(Skew(metric="lel", by=timedelta(seconds=1)), id="clock")
    with watching(tmp_path, place.url, skew) as house:
        house.listens()
        until(lambda: house.ledger.listened() is not None or house.store.note("listened"), "it listened", look=0.02)
    with saying(place) as say:
        sent = clock.now()
        say(payload(5.0))
        until(lambda: clock.now() - sent > timedelta(seconds=1.5), "it grows old")
        with watching(tmp_path, place.url, skew) as house:
            until(lambda: house.watch.tally.readings == 1, "what was kept is heard", look=0.01)
            assert house.history == []


def test_a_broker_that_is_not_there_is_said_and_tried_again(tmp_path: Path, free_port: int) -> None:
    with watching(tmp_path, f"mqtt://127.0.0.1:{free_port}", a_rule()) as house:
        until(lambda: "127.0.0.1" in (house.watch.trouble or ""), "it says so", look=0.01)
        until(lambda: house.watch.tally.ticks > 3, "and time passes", look=0.01)
