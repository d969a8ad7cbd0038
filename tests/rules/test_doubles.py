"""Two devices under one id raise an alert, from what they sent to who is told, and it ends once somebody decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from adapters.alert_store import AlertStore
from adapters.rule_yaml import shipped
from park.admit import Admission
from park.alert import Event as Turn
from park.derived import TWO_DEVICES
from park.derived_meter import doubted_meters
from park.engine import Change
from park.engine import Engine as Watching
from park.epoch import Standing
from park.metric import Medium
from park.place import Role
from park.reading import Claim, Reading, Refusal
from park.reason import Reason
from park.registry import Registry
from park.rule import Rule
from park.rulebook import Key
from rules.copies import Copy
from rules.doubles import Doubles
from rules.wanted import Wanted
from tests.rules.books import METER, NOW, Books, a_meter, after, opened, steady

DAILY = 1_440.0
KEY = Key("two-devices", "m1")
LOOK = timedelta(minutes=5)


@dataclass
class Alerts:
    """The watch's engine, bound as the service binds it, and the job that speaks to it."""

    books: Books
    engine: Watching
    doubles: Doubles = field(init=False)
    events: list[tuple[Key, Turn | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.doubles = Doubles(engine=self.books.engine, say=self._hear)

    def look(self) -> list[tuple[Key, Turn | None]]:
        """Let a round's time go by, say what is suspected, and give what that changed."""
        self.events.clear()
        self.books.now += LOOK
        self._note(self.engine.tick(self.books.now))
        self.doubles.run(self.books.now, Event())
        return list(self.events)

    def _hear(self, readings: Sequence[Reading]) -> None:
        self._note(self.engine.hear(readings, self.books.now))

    def _note(self, changes: Sequence[Change]) -> None:
        self.events += [(change.key, change.turn.event) for change in changes if change.key.rule == KEY.rule]


@pytest.fixture
def alerts(tmp_path: Path) -> Iterator[Alerts]:
    store = AlertStore(tmp_path / "alerts.sqlite")
    with opened(tmp_path, METER, a_meter("m2", "ep_imp")) as books:
        registry = Registry((), (), (METER, a_meter("m2", "ep_imp")))
        rules = tuple(rule for rule in shipped().rules if rule.id == KEY.rule)
        asks = Wanted(
            registry=Copy(store, "registry", Registry, load=lambda: registry, version=lambda: 1),
            rules=Copy(store, "rules", tuple[Rule, ...], load=lambda: rules, version=lambda: 1),
            actions=lambda _number, _most: (),
            acted=0,
        )
        asks.look()
        known = asks.known()
        assert known is not None
        yield Alerts(books, Watching(known.book, {}, NOW))
    store.close()


def interleaved(books: Books) -> None:
    """Store a quiet day of one device, then a day on which a second speaks between its words, then one alone again."""
    books.write(steady(0, DAILY))
    books.write(steady(DAILY + 15, 2 * DAILY, every=30, at=194.0, gain=4))
    books.write(steady(DAILY + 30, 2 * DAILY, every=30, at=70_000.0, gain=4))
    books.write(steady(2 * DAILY + 15, 3 * DAILY, at=386.0))
    books.write(steady(0, 3 * DAILY), "m2")


def test_raw_readings_of_two_interleaved_devices_end_in_an_alert_and_the_decision_in_its_end(alerts: Alerts) -> None:
    books = alerts.books
    assert alerts.look() == []
    interleaved(books)
    books.run()
    assert alerts.look() == [(KEY, Turn.RAISED)], "m2 speaks for itself alone"
    assert [alerts.look() for _ in range(12)] == [[]] * 12, "told once, and not over because an hour went by"
    books.decide(books.queue()[0], Standing.CONFIRMED)
    books.run()
    assert alerts.look() == [(KEY, Turn.CLEARED)]
    assert alerts.look() == []


def test_what_later_readings_explain_ends_the_alert_as_well(alerts: Alerts) -> None:
    books = alerts.books
    interleaved(books)
    books.run()
    assert alerts.look() == [(KEY, Turn.RAISED)]
    books.write([(at, 194.0 + (at - DAILY - 15) / 15 * 2) for at, _ in steady(DAILY + 15, 2 * DAILY)])
    books.run()
    assert books.queue() == []
    assert alerts.look() == [(KEY, Turn.CLEARED)]


def test_only_a_meter_with_a_register_is_watched_and_its_first_metric_stays_the_first() -> None:
    flow = a_meter("flow", "flow", medium=Medium.WATER)
    lel = a_meter("lel", "lel", medium=Medium.SAFETY, role=Role.DETECTOR)
    found = doubted_meters(Registry((), (), (METER, flow, lel))).meters
    assert [meter.metrics for meter in found] == [("ep_imp", TWO_DEVICES), ("flow",), ("lel",)]


def test_no_device_can_say_it_of_itself() -> None:
    admission = Admission(doubted_meters(Registry((), (), (METER,))))
    readings, refusals = admission.admit([Claim("m1", TWO_DEVICES, 1.0, after(0))], after(1))
    assert readings == []
    assert refusals == [Refusal(Reason.UNKNOWN_METRIC, TWO_DEVICES)]
