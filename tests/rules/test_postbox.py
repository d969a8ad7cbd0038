"""Notices on their way: held back, gathered, in order, again and again until they are there."""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from adapters.alert_store import AlertStore
from adapters.notices.way import GiveUp, TryAgain
from park.alert_change import Kind
from park.care import Deed
from park.contact import Phonebook
from park.receiver import Hours
from park.severity import Severity
from tests.rules.tellings import BOSS, OFFICER, Hands, Room, receiver

MINUTE = timedelta(minutes=1)
RAISED, CLEARED = Kind.RAISED, Kind.CLEARED
UPWARDS = (receiver(escalates_to="boss"), BOSS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AlertStore]:
    store = AlertStore(tmp_path / "alerts.sqlite")
    yield store
    store.close()


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
