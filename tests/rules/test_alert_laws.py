"""Whenever the power goes, and however often, what is written down and told is what would have been without it.

A model of the path: a broker that sends again what was not acknowledged, a store that keeps what was committed, and a
process that dies at any step.  Real are the engine, the ledger, the store and the teller.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.alert_store import AlertStore, NoticeRow
from park.alert_change import AlertChange, Kind
from park.engine import Engine
from park.reading import Reading
from park.rule import Rule
from park.rulebook import bind
from rules.alert_ledger import AlertLedger
from tests.rules.alert_house import REGISTRY, T0, Teller, a_rule, said

VALUES = st.lists(st.sampled_from([5.0, 22.0, 30.0]), min_size=1, max_size=12)


class Died(Exception):
    """The power went."""


class Mortal(AlertStore):
    """A store at whose commits the power may go, before or after they are on the disk."""

    fate: "Fate"

    def commit(self, **what: object) -> None:
        self.fate.step()
        super().commit(**what)  # type: ignore[arg-type]  # as it came
        self.fate.step()


class Fate:
    """Says at which steps the power goes."""

    def __init__(self, deaths: set[int]) -> None:
        self._deaths = deaths
        self._steps = 0

    def step(self) -> None:
        self._steps += 1
        if self._steps in self._deaths:
            raise Died


class Life:
    """One process from its start to its death."""

    def __init__(self, folder: Path, rule: Rule, fate: Fate, told: list[str]) -> None:
        self.store = Mortal(folder / "alerts.sqlite")
        self.store.fate = fate
        self.teller = Teller(self.store, folder / "never")
        self.teller.offer = lambda notices: self._deliver(list(notices))  # type: ignore[method-assign]
        self.told, self.fate, self.rules = told, fate, {rule.id: rule}
        self._deliver(self.store.undelivered())
        self.ledger = AlertLedger(self.store, self.teller)
        self.engine = Engine(bind([rule], REGISTRY), self.store.memories(), T0)

    def _deliver(self, notices: list[NoticeRow]) -> None:
        for notice in notices:
            self.fate.step()
            self.told.append(notice.id)
            self.fate.step()
            self.teller.mark(notice)

    def hear(self, reading: Reading) -> None:
        now = reading.at + timedelta(milliseconds=5)
        turns = [*self.engine.hear([reading], now), *self.engine.tick(now)]
        self.fate.step()
        self.ledger.enter_turns(turns, self.rules, self.engine, now)
        self.ledger.keep(self.engine, now, listened=True)


def live(folder: Path, rule: Rule, values: list[float], deaths: set[int]) -> tuple[list[AlertChange], list[str]]:
    """Live through readings, dying and rising again; give the history and what was told."""
    told: list[str] = []
    queue = [said(second, value) for second, value in enumerate(values)]
    fate = Fate(deaths)
    acknowledged = 0
    life: Life | None = None
    while acknowledged < len(queue) or life is None or life.store.outstanding().notices:
        try:
            life = life or Life(folder, rule, fate, told)
            for place in range(acknowledged, len(queue)):
                life.hear(queue[place])
                fate.step()
                acknowledged = place + 1
            break
        except Died:
            if life is not None:
                life.store.close()
            life = None
    store = AlertStore(folder / "alerts.sqlite")
    changes = [one.change for one in store.changes_after(0, 1_000)]
    assert store.outstanding().notices == 0 or life is None
    store.close()
    if life is not None:
        life.store.close()
    return changes, told


def _plain(changes: list[AlertChange]) -> list[Mapping[str, object]]:
    return [
        {"kind": one.kind, "at": one.at, "before": one.before, "after": one.after, "episode": one.episode}
        for one in changes
    ]


@settings(max_examples=25)
@given(
    VALUES,
    st.integers(0, 3),
    st.integers(0, 3),
    st.sets(st.integers(1, 120), max_size=6),
)
def test_the_history_is_the_same_however_often_the_power_goes(
    values: list[float], hold: int, clear: int, deaths: set[int]
) -> None:
    rule = a_rule(hold=hold, clear=clear)
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        calm, told_once = live(Path(one), rule, values, set())
        struck, told = live(Path(two), rule, values, deaths)
    assert _plain(struck) == _plain(calm)
    assert list(dict.fromkeys(told)) == told_once, "each once at least, in order, and nothing else"
    ends = [change.kind for change in calm if change.kind in {Kind.RAISED, Kind.CLEARED}]
    assert ends == [Kind.RAISED, Kind.CLEARED] * (len(ends) // 2) + [Kind.RAISED] * (len(ends) % 2)


@pytest.mark.parametrize("death", range(1, 40))
def test_one_death_at_each_step_of_a_whole_alert_changes_nothing(tmp_path: Path, death: int) -> None:
    values = [5.0, 30.0, 30.0, 22.0, 5.0, 5.0]
    (tmp_path / "calm").mkdir()
    (tmp_path / "struck").mkdir()
    calm, told_once = live(tmp_path / "calm", a_rule(hold=1, clear=1), values, set())
    struck, told = live(tmp_path / "struck", a_rule(hold=1, clear=1), values, {death})
    assert [change.kind for change in calm] == [Kind.PENDING, Kind.RAISED, Kind.CLEARING, Kind.CLEARED]
    assert _plain(struck) == _plain(calm)
    assert list(dict.fromkeys(told)) == told_once
    assert len(told) <= len(told_once) + 1
