"""Who is told of what, and when, over the life of an alert."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.alert_store import AlertStore
from adapters.notices.way import TryAgain
from park.alert_change import Kind
from park.care import Deed
from park.condition import Silent
from park.contact import Contact, Phonebook
from park.duty import Shift
from park.maintenance import Maintenance
from park.rule import Rule
from tests.rules.alert_house import T0, a_rule
from tests.rules.tellings import BOSS, OFFICER, Hands, Room, receiver

MINUTE = timedelta(minutes=1)
RAISED, CLEARED, ESCALATED, RENOTIFIED, RELEASED = (
    Kind.RAISED, Kind.CLEARED, Kind.ESCALATED, Kind.RENOTIFIED, Kind.RELEASED
)  # fmt: skip
UPWARDS = (receiver(escalates_to="boss"), BOSS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AlertStore]:
    store = AlertStore(tmp_path / "alerts.sqlite")
    yield store
    store.close()


def changed(rule: Rule, **changes: object) -> Rule:
    return msgspec.structs.replace(rule, **changes)


def test_an_alert_and_its_end_are_told_once_each(store: AlertStore) -> None:
    room = Room(store, OFFICER)
    room.raised()
    room.passes(MINUTE)
    room.cleared()
    room.passes(MINUTE)
    assert room.told() == [RAISED, CLEARED]


def test_every_receiver_has_a_row_with_the_reason(store: AlertStore) -> None:
    rows = Room(store, OFFICER, BOSS, receiver(BOSS, id="off", enabled=False)).raised()
    assert {row.receiver: (row.state, row.reason) for row in rows} == {
        "officer": ("waiting", "told"),
        "boss": ("skipped", "too_low"),
        "off": ("skipped", "disabled"),
        "console": ("waiting", "told"),
        "panel": ("waiting", "told"),
    }


def test_after_a_restart_who_was_told_of_the_beginning_hears_of_the_end(store: AlertStore) -> None:
    room = Room(store, OFFICER)
    room.raised()
    after = room.again()
    after.passes(MINUTE)
    after.cleared()
    assert after.told() == [RAISED, CLEARED]


def test_what_was_not_delivered_before_a_restart_is_delivered_after_it(store: AlertStore) -> None:
    room = Room(store, OFFICER)
    room.hands["officer"] = hands = Hands()
    hands.refuses = [TryAgain("busy")]
    room.raised()
    assert room.told() == []
    after = room.again()
    after.passes(MINUTE)
    assert after.told() == [RAISED]


class TestEscalation:
    def test_what_nobody_acknowledges_goes_to_the_next(self, store: AlertStore) -> None:
        room = Room(store, *UPWARDS)
        room.raised()
        assert room.passes(9 * MINUTE) == []
        assert room.passes(2 * MINUTE) == [ESCALATED]
        assert (room.told(), room.told("boss")) == ([RAISED], [ESCALATED])

    def test_who_was_told_by_an_escalation_hears_of_the_end(self, store: AlertStore) -> None:
        room = Room(store, *UPWARDS)
        room.raised()
        room.passes(11 * MINUTE)
        room.cleared()
        assert room.told("boss") == [ESCALATED, CLEARED]

    def test_what_was_acknowledged_is_not_escalated(self, store: AlertStore) -> None:
        room = Room(store, *UPWARDS)
        room.raised()
        room.does(Deed.ACKNOWLEDGE)
        assert room.passes(60 * MINUTE, MINUTE) == []

    def test_a_circle_ends(self, store: AlertStore) -> None:
        room = Room(store, receiver(escalates_to="boss"), receiver(BOSS, escalates_to="officer"))
        room.raised()
        assert room.passes(120 * MINUTE, MINUTE) == [ESCALATED]

    def test_a_restart_neither_repeats_nor_forgets_it(self, store: AlertStore) -> None:
        room = Room(store, *UPWARDS)
        room.raised()
        room.passes(9 * MINUTE)
        after = room.again()
        assert after.passes(2 * MINUTE) == [ESCALATED]
        assert after.again().passes(60 * MINUTE, MINUTE) == []

    def test_where_all_who_should_know_are_off_duty_the_next_is_told_at_once(self, store: AlertStore) -> None:
        room = Room(store, receiver(escalates_to="boss", on_duty_only=True), BOSS)
        room.raised()
        assert room.passes(timedelta(seconds=2)) == [ESCALATED]
        assert (room.told(), room.told("boss")) == ([], [ESCALATED])

    def test_who_is_off_duty_passes_it_on(self, store: AlertStore) -> None:
        deputy = receiver(BOSS, id="deputy", on_duty_only=True, escalates_to="boss")
        contacts = tuple(Contact(receiver=each) for each in (receiver(escalates_to="deputy"), deputy, BOSS))
        shift = Shift(receiver="deputy", start=T0 + 60 * MINUTE, end=T0 + 120 * MINUTE)
        room = Room(store, book=Phonebook(contacts=contacts, shifts=(shift,)))
        room.raised()
        room.passes(11 * MINUTE)
        assert (room.told("deputy"), room.told("boss")) == ([], [ESCALATED])


class TestSayingAgain:
    def test_it_is_said_again_while_it_burns_unacknowledged(self, store: AlertStore) -> None:
        room = Room(store, OFFICER, rules=[changed(a_rule(), renotify=30 * MINUTE)])
        room.raised()
        assert room.passes(65 * MINUTE, MINUTE) == [RENOTIFIED, RENOTIFIED]
        room.does(Deed.ACKNOWLEDGE)
        assert room.passes(65 * MINUTE, MINUTE) == []

    def test_a_restart_keeps_the_pace(self, store: AlertStore) -> None:
        room = Room(store, OFFICER, rules=[changed(a_rule(), renotify=30 * MINUTE)])
        room.raised()
        room.passes(40 * MINUTE, MINUTE)
        assert room.again().passes(25 * MINUTE, MINUTE) == [RENOTIFIED]


class TestWhatStandsInTheWay:
    def test_what_burns_when_its_shelf_ends_is_told_then(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        room.raised()
        room.cleared()
        room.does(Deed.SHELVE, until=30 * MINUTE)
        room.raised()
        assert room.passes(29 * MINUTE, MINUTE) == []
        assert room.passes(2 * MINUTE) == [RELEASED]
        assert room.told() == [RAISED, CLEARED, RELEASED]

    def test_what_is_over_when_its_shelf_ends_was_nothing(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        room.raised()
        room.cleared()
        room.does(Deed.SHELVE, until=30 * MINUTE)
        room.raised()
        room.cleared()
        assert room.passes(60 * MINUTE, MINUTE) == []
        assert room.told() == [RAISED, CLEARED]

    def test_maintenance_ends_and_it_still_burns(self, store: AlertStore) -> None:
        window = Maintenance(start=T0, end=T0 + 60 * MINUTE, reason="年检", meters=("gas0",))
        room = Room(store, book=Phonebook(contacts=(Contact(receiver=OFFICER),), maintenance=(window,)))
        room.raised()
        assert room.passes(59 * MINUTE, MINUTE) == []
        assert room.passes(2 * MINUTE) == [RELEASED]

    def test_it_is_released_after_a_restart_as_well(self, store: AlertStore) -> None:
        window = Maintenance(start=T0, end=T0 + 60 * MINUTE, reason="年检", meters=("gas0",))
        room = Room(store, book=Phonebook(contacts=(Contact(receiver=OFFICER),), maintenance=(window,)))
        room.raised()
        room.passes(30 * MINUTE, MINUTE)
        assert room.again().passes(31 * MINUTE, MINUTE) == [RELEASED]

    def test_the_second_level_stands_for_the_first_as_long_as_it_burns(self, store: AlertStore) -> None:
        room = Room(store, OFFICER, rules=[a_rule(), changed(a_rule(id="gas-2"), inhibits=("gas",))])
        room.raised("gas-2")
        room.raised("gas")
        assert room.passes(10 * MINUTE, MINUTE) == []
        room.cleared("gas-2")
        assert room.passes(MINUTE) == [RELEASED]
        assert [notice.rule for notice in room.hands["officer"].got] == ["gas-2", "gas-2", "gas"]

    def test_behind_one_gateway_one_silence_is_told(self, store: AlertStore) -> None:
        silent = a_rule(Silent(metric="lel", after=MINUTE), id="silent", silence="breach")
        room = Room(store, OFFICER, rules=[silent])
        assert room.known is not None
        meters = tuple(replace(meter, options={"gateway": "gw1"}) for meter in room.known.registry.meters)
        registry = replace(room.known.registry, meters=meters)
        room.known = room.known._replace(registry=registry)
        room.raised("silent", "gas1")
        room.passes(timedelta(seconds=1))
        rows = room.raised("silent", "gas0")
        assert {row.reason for row in rows if row.receiver == "officer"} == {"inhibited"}
        room.cleared("silent", "gas1")
        room.passes(MINUTE)
        assert [notice.meter for notice in room.hands["officer"].got] == ["gas1", "gas1", "gas0"]
