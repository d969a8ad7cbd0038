"""Who is told of what, and when, over the life of an alert."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.alert_store import AlertStore
from adapters.notices.way import GiveUp, TryAgain
from park.alert_change import Kind
from park.care import Deed
from park.condition import Silent
from park.contact import Contact, Phonebook
from park.duty import Shift
from park.maintenance import Maintenance
from park.receiver import Hours
from park.rule import Rule
from park.severity import Severity
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


class TestHeldBack:
    QUIET = Hours(time(8), time(9))
    """T0 is 08:00 at the site."""

    def test_the_morning_brings_what_still_burns_in_one(self, store: AlertStore) -> None:
        room = Room(store, receiver(quiet=self.QUIET))
        room.raised(meter="gas0")
        room.raised(meter="gas1")
        room.raised(meter="gas2")
        room.cleared(meter="gas1")
        room.passes(59 * MINUTE, MINUTE)
        assert room.told() == []
        room.passes(2 * MINUTE)
        [notice] = room.hands["officer"].got
        assert [part.meter for part in notice.parts] == ["gas0", "gas2"]
        assert notice.title == "2 条告警通知"

    def test_what_was_over_by_then_is_written_down_as_such(self, store: AlertStore) -> None:
        room = Room(store, receiver(quiet=self.QUIET))
        room.raised()
        rows = room.cleared()
        assert {row.reason for row in rows if row.receiver == "officer"} == {"never_raised"}
        room.passes(61 * MINUTE, MINUTE)
        [raised] = [row for row in store.notices_from(0) if row.receiver == "officer" and row.change < rows[0].change]
        assert (raised.state, raised.reason) == ("skipped", "over")

    def test_people_in_danger_are_told_at_any_hour(self, store: AlertStore) -> None:
        room = Room(store, receiver(quiet=self.QUIET))
        room.raised(severity=Severity.MAJOR)
        assert room.told() == [RAISED]

    def test_what_comes_soon_after_is_told_in_one(self, store: AlertStore) -> None:
        room = Room(store, receiver(group=5 * MINUTE))
        for meter in ("gas0", "gas1", "gas2"):
            room.raised(meter=meter)
            room.passes(timedelta(seconds=10))
        assert room.told() == [RAISED]
        room.passes(5 * MINUTE)
        assert [len(notice.parts) for notice in room.hands["officer"].got] == [0, 2]

    def test_a_flood_is_summed_up_and_nobody_in_danger_is_in_it(self, store: AlertStore) -> None:
        room = Room(store, receiver(most_an_hour=2))
        for _ in range(10):
            room.raised()
            room.passes(timedelta(seconds=10))
            room.cleared()
        room.raised(meter="gas1", severity=Severity.CRITICAL)
        assert len(room.hands["officer"].got) == 3
        assert room.hands["officer"].got[-1].severity == "critical"
        room.passes(61 * MINUTE, MINUTE)
        assert len(room.hands["officer"].got) == 4
        assert room.told() == [RAISED, CLEARED, RAISED] + [RAISED, CLEARED] * 9


class TestDelivery:
    def test_a_busy_receiver_gets_it_later_and_in_order(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        room.raised()
        room.hands["officer"].refuses = [TryAgain("busy")] * 5
        room.cleared()
        room.raised()
        room.cleared()
        assert room.told() == [RAISED]
        room.passes(5 * MINUTE)
        assert room.told() == [RAISED, CLEARED, RAISED, CLEARED]

    def test_after_an_outage_the_gravest_comes_first(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        room.raised(meter="gas0")
        room.hands["officer"].refuses = [TryAgain("busy")]
        room.raised(meter="gas1")
        room.raised(meter="gas2", severity=Severity.CRITICAL)
        room.passes(MINUTE)
        assert [notice.meter for notice in room.hands["officer"].got] == ["gas0", "gas2", "gas1"]

    def test_a_crowd_is_told_in_one_and_the_grave_on_their_own(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        room.raised(meter="first")
        room.hands["officer"].joins = True
        room.hands["officer"].refuses = [TryAgain("busy")]
        for number in range(8):
            room.raised(meter=f"m{number}", severity=Severity.MAJOR if number == 5 else Severity.LARGER)
        room.passes(MINUTE)
        _, grave, crowd = room.hands["officer"].got
        assert (grave.meter, grave.parts) == ("m5", ())
        assert sorted(part.meter for part in crowd.parts) == ["m0", "m1", "m2", "m3", "m4", "m6", "m7"]

    def test_a_receiver_says_when_to_come_again(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        room.raised()
        room.hands["officer"].refuses = [TryAgain("busy", 10 * MINUTE)]
        room.cleared()
        room.passes(9 * MINUTE, MINUTE)
        assert room.told() == [RAISED]
        room.passes(MINUTE)
        assert room.told() == [RAISED, CLEARED]

    def test_one_that_takes_nothing_keeps_nobody_else_waiting(self, store: AlertStore) -> None:
        room = Room(store, OFFICER, receiver(id="other"))
        room.raised()
        room.hands["officer"].refuses = [TryAgain("busy")] * 99
        room.cleared()
        assert room.told("other") == [RAISED, CLEARED]

    def test_who_cannot_be_reached_is_replaced_by_the_next(self, store: AlertStore) -> None:
        room = Room(store, *UPWARDS)
        room.raised(meter="gas1")
        room.hands["officer"].refuses = [GiveUp("HTTP 410")]
        room.raised()
        room.passes(timedelta(seconds=1))
        [instead] = room.hands["boss"].got
        assert (instead.meter, instead.instead_of) == ("gas0", ("officer",))
        assert "未能通知 安全员" in instead.text
        room.cleared()
        assert room.told("boss") == [RAISED, CLEARED]
        [failed] = [row for row in store.notices_from(0) if row.state == "failed"]
        assert (failed.receiver, failed.reason) == ("officer", "HTTP 410")

    def test_after_a_day_it_is_given_up(self, store: AlertStore) -> None:
        room = Room(store, *UPWARDS)
        room.raised(meter="gas1")
        room.does(Deed.ACKNOWLEDGE, meter="gas1")
        room.hands["officer"].refuses = [TryAgain("unreachable")] * 9_999
        room.raised()
        room.does(Deed.ACKNOWLEDGE)
        room.passes(timedelta(hours=25), 5 * MINUTE)
        assert [(row.receiver, row.reason) for row in store.notices_from(0) if row.state == "failed"] == [
            ("officer", "unreachable")
        ]
        assert room.told("boss") == [RAISED]

    def test_what_is_for_a_receiver_that_is_no_more_is_let_go(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        room.hands["officer"] = Hands()
        room.hands["officer"].refuses = [TryAgain("busy")]
        room.raised()
        room.book = Phonebook()
        room.passes(MINUTE)
        assert [row.reason for row in store.notices_from(0) if row.receiver == "officer"] == ["gone"]

    def test_a_second_copy_has_the_same_id(self, store: AlertStore) -> None:
        room = Room(store, OFFICER)
        [first] = [row.id for row in room.raised() if row.receiver == "officer"]
        store.update([row._replace(state="waiting", sent=None) for row in store.notices_from(0)])
        room.again()
        room.passes(MINUTE)
        again = room.again()
        again.dispatch.turn()
        assert {notice.id for notice in room.hands["officer"].got} == {first}
