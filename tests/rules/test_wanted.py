"""What the databases say is heard within a look, kept for a start without them, and never waited for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from adapters.alert_store import AlertStore
from park.care import Action, Deed
from park.registry import Registry
from park.rule import Rule
from rules.copies import Copy
from rules.wanted import Wanted
from tests.rules.alert_house import REGISTRY, T0, a_rule


class Database:
    """Two things that change, and what people asked for; away when told to be."""

    def __init__(self) -> None:
        self.registry = REGISTRY
        self.rules: tuple[Rule, ...] = (a_rule(),)
        self.number = 1
        self.asked: list[Action] = []
        self.away = False
        self.loads = 0

    def version(self) -> int:
        if self.away:
            raise OperationalError("select", {}, OSError("nobody there"))
        return self.number

    def load_registry(self) -> Registry:
        self.loads += 1
        return self.registry

    def load_rules(self) -> tuple[Rule, ...]:
        return self.rules

    def since(self, number: int, most: int) -> list[Action]:
        return [action for action in self.asked if action.id > number][:most]

    def ask(self, number: int) -> None:
        self.asked.append(Action(id=number, at=T0, who="li", rule="gas", meter="gas0", deed=Deed.COMMENT))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AlertStore]:
    store = AlertStore(tmp_path / "alerts.sqlite")
    yield store
    store.close()


def wanted(store: AlertStore, database: Database, acted: int = 0) -> Wanted:
    return Wanted(
        registry=Copy(store, "registry", Registry, load=database.load_registry, version=database.version),
        rules=Copy(store, "rules", tuple[Rule, ...], load=database.load_rules, version=database.version),
        actions=database.since,
        acted=acted,
    )


def test_nothing_is_known_before_the_first_look(store: AlertStore) -> None:
    assert wanted(store, Database()).known() is None


def test_the_same_is_given_until_something_changed(store: AlertStore) -> None:
    database = Database()
    asks = wanted(store, database)
    asks.look()
    first = asks.known()
    assert first is not None
    assert (len(first.book.watches), set(first.rules)) == (3, {"gas"})
    asks.look()
    assert asks.known() is first
    assert database.loads == 1
    database.rules, database.number = (a_rule(), a_rule(id="more")), 2
    asks.look()
    second = asks.known()
    assert second is not None
    assert len(second.book.watches) == 6


def test_a_change_that_changes_nothing_here_binds_nothing_anew(store: AlertStore) -> None:
    database = Database()
    asks = wanted(store, database)
    asks.look()
    first = asks.known()
    database.number = 2
    asks.look()
    assert asks.known() is first


def test_while_the_database_is_away_what_was_heard_goes_on_also_after_a_restart(store: AlertStore) -> None:
    database = Database()
    asks = wanted(store, database)
    asks.look()
    database.away = True
    asks.look()
    assert asks.trouble is not None
    assert "nobody there" in asks.trouble
    again = wanted(store, database)
    known, before = again.known(), asks.known()
    assert known is not None
    assert before is not None
    assert (known.registry, known.rules) == (before.registry, before.rules)
    database.away = False
    asks.look()
    assert asks.trouble is None


def test_a_copy_of_another_version_is_of_no_use_and_does_no_harm(store: AlertStore) -> None:
    store.take_down("copy:rules", b'[{"id": 7}]')
    store.take_down("copy:registry", b"\xff")
    asks = wanted(store, Database())
    assert asks.known() is None
    asks.look()
    assert asks.known() is not None


def test_what_people_asked_for_is_handed_on_once_and_from_where_we_left_off(store: AlertStore) -> None:
    database = Database()
    for number in (1, 2, 3):
        database.ask(number)
    asks = wanted(store, database, acted=1)
    asks.look()
    asks.look()
    assert [action.id for action in asks.actions()] == [2, 3]
    assert asks.actions() == []
    database.ask(4)
    asks.look()
    assert [action.id for action in asks.actions()] == [4]


def test_a_defect_in_a_load_is_trouble_and_not_the_end(store: AlertStore, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    asks = wanted(store, database)
    monkeypatch.setattr(database, "asked", None)
    asks.look()
    assert asks.trouble is not None
    assert asks.known() is not None
