"""Drills and heartbeats: marked, delivered by the same hands as everything else, and missed when they do not arrive."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.alert_store import AlertStore, NoticeRow, Numbered
from adapters.notices.way import GiveUp, TryAgain
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.care import Action, Deed
from park.contact import Contact, Phonebook
from park.drill import LASTS
from park.engine import Engine
from park.notice import Notice
from park.own_rule import DRILL, EVERYBODY, HEARTBEAT, OWN, UNREACHED
from park.receiver import Receiver, Way
from park.rulebook import Key, bind
from rules.alert_ledger import AlertLedger
from rules.heartbeat import PATIENCE, Heartbeat
from tests.rules.alert_house import REGISTRY
from tests.rules.tellings import BOSS, OFFICER, Room, receiver

EARLY = datetime(2026, 11, 2, 0, 50, tzinfo=UTC)  # ten minutes to nine in the park
NINE = EARLY + timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NIGHT_WATCH = Receiver(id="night", name="夜班", way=Way.WEBHOOK, on_duty_only=True)


class Park:
    """A ledger over a room: what it makes of time is told by the room's hands."""

    def __init__(self, store: AlertStore, *receivers: Receiver) -> None:
        self.room = Room(store, *receivers)
        self.room.now = EARLY
        self.engine = Engine(bind((), REGISTRY), {}, EARLY)
        self._start()

    def _start(self) -> None:
        self.heart = Heartbeat(store=self.room.store, phonebook=lambda: self.room.book)
        self.ledger = AlertLedger(self.room.store, self)

    def again(self) -> None:
        """Start anew over the same file."""
        self.room = self.room.again()
        self._start()

    def tell(self, changes: Sequence[Numbered], records: Mapping[Key, AlertRecord], now: datetime) -> list[NoticeRow]:
        return self.room.teller.tell(changes, records, now)

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        self.room.teller.offer(notices)

    def remind(self, records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:
        return self.room.teller.remind(records, now) + self.heart.remind(records, now)

    def passes(self, time: timedelta, step: timedelta = MINUTE) -> None:
        end = self.room.now + time
        while self.room.now < end:
            self.room.now = min(end, self.room.now + step)
            self.ledger.pass_time(self.engine, self.room.now)
            self.room.dispatch.turn()
            self.room.dispatch.keep()

    def does(self, deed: Deed, meter: str = EVERYBODY, *, number: int = 1, rule: str = DRILL) -> None:
        now = self.room.now
        action = Action(id=number, at=now, who="li", rule=rule, meter=meter, deed=deed)
        self.ledger.act([action], self.engine, now)
        self.room.dispatch.turn()
        self.room.dispatch.keep()

    def got(self, receiver: str = "officer", rule: str = HEARTBEAT) -> list[Notice]:
        hands = self.room.hands.get(receiver)
        return [notice for notice in hands.got if notice.rule == rule] if hands else []

    def phase(self, rule: str, meter: str) -> Phase | None:
        record = self.ledger.records.get(Key(rule, meter))
        return None if record is None else record.phase


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AlertStore]:
    store = AlertStore(tmp_path / "alerts.sqlite")
    yield store
    store.close()


def test_every_receiver_hears_the_heart_beat_once_a_day_at_nine_whatever_it_hears_otherwise(store: AlertStore) -> None:
    park = Park(store, OFFICER, BOSS, NIGHT_WATCH)
    park.passes(9 * MINUTE)
    assert park.got() == []
    park.passes(3 * DAY, step=10 * MINUTE)
    for name in ("officer", "boss", "night"):
        beats = park.got(name)
        assert [beat.kind for beat in beats] == [Kind.RAISED] * 3, "its end is no news"
        assert [beat.since for beat in beats] == [NINE + n * DAY + 9 * MINUTE for n in range(3)]
        assert [beat.id for beat in beats] == sorted({beat.id for beat in beats}, key=[b.id for b in beats].index)
    assert "演练" not in park.got()[0].title
    assert "每日心跳" in park.got()[0].title


def test_neither_the_console_nor_a_panel_nor_one_switched_off_is_sent_a_heartbeat(store: AlertStore) -> None:
    park = Park(store, receiver(OFFICER, enabled=False))
    park.passes(DAY)
    assert park.room.hands == {}


def test_a_receiver_that_is_not_reached_is_an_alert_for_the_others_until_it_is(store: AlertStore) -> None:
    park = Park(store, OFFICER, receiver(BOSS, least=OFFICER.least))
    park.room.dispatch.way("officer")
    park.room.hands["officer"].refuses = [TryAgain("connection refused") for _ in range(30)]
    park.passes(10 * MINUTE + PATIENCE - 2 * MINUTE)
    assert park.phase(UNREACHED, "officer") is None, "it may yet come"
    park.passes(3 * MINUTE)
    assert park.phase(UNREACHED, "officer") is Phase.FIRING
    [raised] = park.got("boss", UNREACHED)
    assert not raised.drill
    assert "officer" in raised.text
    park.room.hands["officer"].refuses = []
    park.passes(5 * MINUTE)
    assert len(park.got()) == 1
    assert park.phase(UNREACHED, "officer") is Phase.OK
    assert [notice.kind for notice in park.got("boss", UNREACHED)] == [Kind.RAISED, Kind.CLEARED]


def test_one_whose_address_is_wrong_is_found_out_as_well_and_the_next_is_not_sent_its_heartbeat(
    store: AlertStore,
) -> None:
    park = Park(store, receiver(OFFICER, escalates_to="boss"), receiver(BOSS, least=OFFICER.least))
    park.room.dispatch.way("officer")
    park.room.hands["officer"].refuses = [GiveUp("404 no such robot")]
    park.passes(10 * MINUTE + PATIENCE + MINUTE)
    assert park.phase(UNREACHED, "officer") is Phase.FIRING
    assert [beat.meter for beat in park.got("boss")] == ["boss"]


def test_a_receiver_that_is_withdrawn_is_missed_no_more(store: AlertStore) -> None:
    park = Park(store, OFFICER, BOSS)
    park.room.dispatch.way("officer")
    park.room.hands["officer"].refuses = [GiveUp("404")]
    park.passes(10 * MINUTE + PATIENCE + MINUTE)
    park.room.book = Phonebook(contacts=(Contact(receiver=BOSS),))
    park.passes(2 * MINUTE)
    assert park.phase(UNREACHED, "officer") is Phase.OK


def test_a_restart_neither_repeats_a_heartbeat_nor_leaves_one_out(store: AlertStore) -> None:
    park = Park(store, OFFICER)
    park.passes(11 * MINUTE)
    park.again()
    park.passes(5 * MINUTE)
    assert len(park.got()) == 1
    park.room.now = NINE + DAY - MINUTE
    park.again()
    park.room.now = NINE + DAY + 3 * timedelta(hours=1)
    park.passes(MINUTE)
    assert len(park.got()) == 2, "late is better than never"


def test_a_drill_is_told_to_everybody_marked_as_what_it_is(store: AlertStore) -> None:
    park = Park(store, OFFICER, BOSS, NIGHT_WATCH)
    park.does(Deed.DRILL)
    for name in ("officer", "boss", "night"):
        [notice] = park.got(name, DRILL)
        assert notice.drill
        assert notice.title.startswith("【演练】")
        assert notice.open


def test_a_drill_for_one_receiver_is_told_to_nobody_else(store: AlertStore) -> None:
    park = Park(store, OFFICER, BOSS)
    park.does(Deed.DRILL, "boss")
    assert len(park.got("boss", DRILL)) == 1
    assert park.got("officer", DRILL) == []


def test_a_drill_ends_when_somebody_has_acknowledged_it(store: AlertStore) -> None:
    park = Park(store, OFFICER)
    park.does(Deed.DRILL)
    park.does(Deed.ACKNOWLEDGE, number=2)
    park.passes(MINUTE)
    assert park.phase(DRILL, EVERYBODY) is Phase.OK
    assert [notice.kind for notice in park.got(rule=DRILL)] == [Kind.RAISED, Kind.CLEARED]


def test_a_drill_that_nobody_acknowledges_ends_by_itself_also_over_a_restart(store: AlertStore) -> None:
    park = Park(store, OFFICER)
    park.does(Deed.DRILL)
    park.again()
    park.passes(LASTS - MINUTE)
    assert park.phase(DRILL, EVERYBODY) is Phase.FIRING
    park.passes(MINUTE)
    assert park.phase(DRILL, EVERYBODY) is Phase.OK


def test_a_drill_that_nobody_acknowledges_is_escalated_as_what_it_stands_for_would_be(store: AlertStore) -> None:
    park = Park(store, receiver(OFFICER, escalates_to="boss", escalate_after=3 * MINUTE), BOSS)
    park.does(Deed.DRILL, "officer")
    park.passes(4 * MINUTE)
    assert [notice.kind for notice in park.got("boss", DRILL)] == [Kind.ESCALATED]


def test_changed_rules_do_not_end_what_no_rule_began(store: AlertStore) -> None:
    park = Park(store, OFFICER)
    park.does(Deed.DRILL)
    park.ledger.reconcile(park.engine, (), park.room.now)
    assert park.phase(DRILL, EVERYBODY) is Phase.FIRING


def test_what_we_make_ourselves_has_its_words_in_both_languages() -> None:
    for rule in OWN.values():
        assert rule.name.zh != rule.name.en != ""
        assert rule.message is not None
        assert rule.message.zh != rule.message.en != ""
