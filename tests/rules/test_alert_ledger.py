"""What becomes of an alert is written down before anybody is told, and told all the same where it cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.alert_store import AlertStore, AlertStoreBroken
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.care import Action, Deed
from park.engine import Engine
from park.rule import Rule
from park.rulebook import bind
from rules.alert_ledger import AlertLedger
from tests.rules.alert_house import KEY, REGISTRY, SECOND, T0, Teller, a_rule, engine, said, told


class Failing(AlertStore):
    """A store whose disk fails as long as it is told to."""

    broken = False

    def commit(self, **what: object) -> None:
        """Keep, or fail."""
        if self.broken:
            raise AlertStoreBroken("disk I/O error")
        super().commit(**what)  # type: ignore[arg-type]  # as it came


class House:
    """A ledger with its engine, its store and its teller."""

    def __init__(self, folder: Path, *rules: Rule) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.store = Failing(folder / "alerts.sqlite")
        self.told = folder / "told"
        self.teller = Teller(self.store, self.told)
        self.ledger = AlertLedger(self.store, self.teller)
        episodes = {key: record.episode for key, record in self.ledger.records.items()}
        self.engine = Engine(bind(self.rules.values(), REGISTRY), self.store.memories(), T0, episodes=episodes)

    def hear(self, second: float, value: float) -> bool:
        now = T0 + second * SECOND
        turns = self.engine.hear([said(second, value)], now)
        return self.ledger.enter_turns(turns, self.rules, self.engine, now)

    def act(self, number: int, deed: Deed, second: float = 60, **more: object) -> None:
        now = T0 + second * SECOND
        action = Action(id=number, at=now, who="li", rule="gas", meter="gas0", deed=deed, **more)  # type: ignore[arg-type]
        self.ledger.act([action], self.engine, now)

    @property
    def history(self) -> list[AlertChange]:
        return [one.change for one in self.store.changes_after(0, 100)]

    @property
    def kinds(self) -> list[Kind]:
        return [change.kind for change in self.history]


@contextmanager
def open_house(folder: Path, *rules: Rule) -> Iterator[House]:
    house = House(folder, *rules)
    house.teller.start()
    try:
        yield house
    finally:
        house.teller.stop()
        house.store.close()


def test_alert_change_and_notice_are_there_before_anybody_is_told(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.hear(0, 30.0)
        assert house.kinds == [Kind.RAISED]
        assert house.store.alert(KEY) == house.ledger.records[KEY]
    assert told(house.told) == ["gas.gas0.1.raised"]


def test_what_cannot_be_written_down_is_told_all_the_same_and_written_later(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.store.broken = True
        assert not house.hear(0, 30.0)
        assert house.ledger.trouble == "disk I/O error"
        assert house.history == []
        house.store.broken = False
        assert house.ledger.keep(house.engine, T0, listened=True)
        assert house.ledger.trouble is None
        assert house.kinds == [Kind.RAISED]
        assert house.store.memories().keys() == {KEY}
    assert told(house.told) == ["gas.gas0.1.raised"]


def test_a_person_acknowledges_once_and_the_second_one_learns_why_not(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.hear(0, 30.0)
        house.act(1, Deed.ACKNOWLEDGE, note="on my way")
        house.act(1, Deed.ACKNOWLEDGE)
        house.act(2, Deed.ACKNOWLEDGE)
        acknowledged, refused = house.history[1:]
        assert (acknowledged.kind, acknowledged.who, acknowledged.note, acknowledged.action) == (
            Kind.ACKNOWLEDGED, "li", "on my way", 1,
        )  # fmt: skip
        assert (refused.kind, refused.action) == (Kind.REFUSED, 2)
        assert "li has acknowledged" in refused.note
        record = house.ledger.records[KEY]
        assert (record.phase, record.care.acknowledged_by, record.raised_at) == (Phase.FIRING, "li", T0)


def test_what_was_done_before_a_restart_is_not_done_again(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.hear(0, 30.0)
        house.act(7, Deed.COMMENT, note="seen")
    with open_house(tmp_path, a_rule()) as house:
        assert house.ledger.acted == 7
        house.act(7, Deed.COMMENT, note="seen")
        assert house.kinds.count(Kind.COMMENTED) == 1


def test_a_deed_on_an_alert_that_never_was_does_nothing(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.act(1, Deed.ACKNOWLEDGE)
        assert (house.history, house.ledger.acted) == ([], 1)


def test_a_shelf_ends_by_itself_and_says_so_once(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.hear(0, 30.0)
        house.act(1, Deed.SHELVE, second=1, note="sensor is being replaced", until=T0 + timedelta(hours=1))
        assert house.ledger.records[KEY].care.shelved(T0 + 2 * SECOND)
        for second in (3_599, 3_600, 3_601):
            house.ledger.pass_time(house.engine, T0 + second * SECOND)
        assert house.kinds == [Kind.RAISED, Kind.SHELVED, Kind.SHELF_EXPIRED]
        assert not house.ledger.records[KEY].care.shelved(T0 + 2 * SECOND)


def test_a_latched_alert_stays_until_a_person_closes_it_also_over_a_restart(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule(latch=True)) as house:
        house.hear(0, 30.0)
        house.hear(1, 5.0)
        assert house.ledger.records[KEY].open
        house.act(1, Deed.CLOSE)
        assert house.kinds == [Kind.RAISED, Kind.CLEARED, Kind.CLOSED]
    with open_house(tmp_path, a_rule(latch=True)) as house:
        assert house.ledger.records[KEY].phase is Phase.OK
        assert house.engine.watching(KEY).state.alert.phase is Phase.OK  # type: ignore[union-attr]  # it is there


def test_an_escalation_counts_a_level_and_a_reminder_changes_nothing(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.hear(0, 30.0)
        before = house.ledger.records[KEY]
        raised = house.history[0]
        house.teller.reminders = [
            msgspec.structs.replace(raised, kind=kind) for kind in (Kind.ESCALATED, Kind.RENOTIFIED)
        ]
        house.ledger.pass_time(house.engine, T0 + 600 * SECOND)
        assert house.ledger.records[KEY] == msgspec.structs.replace(
            before, care=msgspec.structs.replace(before.care, escalated=1)
        )


@pytest.mark.parametrize(
    "now",
    [(), (a_rule(enabled=False),), (a_rule(msgspec.structs.replace(a_rule().when, metric="temperature")),)],
    ids=["taken out", "switched off", "looks at something else"],
)
def test_an_alert_whose_rule_is_no_more_is_cleared_and_forgotten(tmp_path: Path, now: tuple[Rule, ...]) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.hear(0, 30.0)
        house.hear(0.5, 30.0)
    with open_house(tmp_path, *now) as house:
        house.ledger.reconcile(house.engine, house.store.memories().keys(), T0)
        assert house.kinds == [Kind.RAISED, Kind.CLEARED]
        assert "withdrawn" in house.history[-1].note
        house.ledger.reconcile(house.engine, (), T0)
        assert house.kinds == [Kind.RAISED, Kind.CLEARED]
    with open_house(tmp_path, a_rule()) as house:
        assert house.engine.watching(KEY).state.alert.phase is Phase.OK  # type: ignore[union-attr]  # it is there
        house.hear(60, 30.0)
    assert told(house.told) == ["gas.gas0.1.raised", "gas.gas0.1.cleared", "gas.gas0.2.raised"]


def test_an_alert_that_is_still_watched_stays_over_a_restart(tmp_path: Path) -> None:
    with open_house(tmp_path, a_rule()) as house:
        house.hear(0, 30.0)
    with open_house(tmp_path, a_rule(clear=5)) as house:
        house.ledger.reconcile(house.engine, house.store.memories().keys(), T0)
        house.hear(10, 30.0)
        assert (house.kinds, house.ledger.records[KEY].phase) == ([Kind.RAISED], Phase.FIRING)


def test_a_defect_in_telling_one_does_not_keep_back_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_house(tmp_path, a_rule()) as house:
        real = house.teller.tell

        def tell(changes, records, now):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # as the real one
            if any(change.meter == "gas1" for _, change in changes):
                raise ZeroDivisionError
            return real(changes, records, now)

        monkeypatch.setattr(house.teller, "tell", tell)
        turns = house.engine.hear([said(0, 30.0, f"gas{n}") for n in range(3)], T0)
        house.ledger.enter_turns(turns, house.rules, house.engine, T0)
        assert house.ledger.untold == 1
        assert house.kinds == [Kind.RAISED] * 3
    assert told(house.told) == ["gas.gas0.1.raised", "gas.gas2.1.raised"]


def test_when_we_last_listened_is_known_after_a_restart_and_deafness_does_not_move_it(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        assert house.ledger.listened() is None
        house.ledger.keep(engine(), T0, listened=True)
        house.ledger.keep(engine(), T0 + 60 * SECOND, listened=False)
    with open_house(tmp_path) as house:
        assert house.ledger.listened() == T0
