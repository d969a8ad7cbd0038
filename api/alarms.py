"""How the alerts stand, for everybody who looks at once: asked of the store at most twice a second, whoever looks.

Every page, every stream and every request shares one look.  While the store is away the last one goes on serving, and
its age shows; before the first, the store's own error does.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.relational import alert_actions, alert_watch, alerts, rules_store
from adapters.relational.alert_watch import Watched
from park.alert_record import AlertRecord
from park.care import Action
from park.rule import Rule
from park.rulebook import Key

LOOK_EVERY = 0.5
RULES_EVERY = 1.0
"""Seconds."""


class Standing(NamedTuple):
    """How the alerts stand as of one look."""

    open: tuple[AlertRecord, ...]
    """The gravest first, and of those the oldest."""
    waiting: tuple[Action, ...]
    """What people asked for and the rules service has not done yet."""
    watched: Watched | None
    """What the rules service said last."""
    last: int
    """The number of the newest change."""
    stale: bool = False
    """Whether the store did not answer this time."""

    def waits(self, key: Key) -> list[Action]:
        """Give what waits to be done to one alert."""
        return [one for one in self.waiting if (one.rule, one.meter) == key]

    def unanswered(self, records: Sequence[AlertRecord], now: datetime) -> list[AlertRecord]:
        """Give those that nobody looks after: neither acknowledged, nor shelved, nor just being acknowledged."""
        return [
            one
            for one in records
            if one.care.acknowledged_at is None and not one.care.shelved(now) and not self.waits(one.key)
        ]


class Alarms:
    """Safe from any thread; blocks for the store when it looks."""

    def __init__(
        self, engine: Engine, shipped: Callable[[], Sequence[Rule]], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._shipped = shipped
        self._ticks = ticks
        self._lock = Lock()
        self._standing: Standing | None = None
        self._looked = 0.0
        self._rules: tuple[object, Mapping[str, Rule]] | None = None
        self._rules_looked = 0.0

    def look(self) -> Standing:
        """Give how the alerts stand, at most half a second old."""
        with self._lock:
            held = self._standing
            if held is not None and self._ticks() - self._looked < LOOK_EVERY:
                return held
            return self._ask()

    def refresh(self) -> Standing:
        """Look now; for the one who has just asked for something."""
        with self._lock:
            return self._ask()

    def rules(self) -> Mapping[str, Rule]:
        """Give every rule as it holds, by id, at most a second old."""
        with self._lock:
            held = self._rules
            if held is not None and self._ticks() - self._rules_looked < RULES_EVERY:
                return held[1]
            return self._ask_rules()

    def refresh_rules(self) -> Mapping[str, Rule]:
        """Look now; for the one who has just changed one."""
        with self._lock:
            return self._ask_rules()

    def shipped(self) -> Sequence[Rule]:
        """Give the rules that came with the program, as they came."""
        return self._shipped()

    def _ask(self) -> Standing:
        try:
            watched = alert_watch.said(self._engine)
            last = alerts.last_number(self._engine)
            found = tuple(alerts.alerts(self._engine))
            waiting = tuple(alert_actions.since(self._engine, watched.acted if watched is not None else 0))
            standing = Standing(found, waiting, watched, last)
        except SQLAlchemyError:
            if self._standing is None:
                raise
            standing = self._standing._replace(stale=True)
        self._standing, self._looked = standing, self._ticks()
        return standing

    def _ask_rules(self) -> Mapping[str, Rule]:
        try:
            version = rules_store.version(self._engine)
            if self._rules is None or self._rules[0] != version:
                rules = rules_store.overlay(self._engine, self._shipped())
                self._rules = (version, {rule.id: rule for rule in rules})
        except SQLAlchemyError:
            if self._rules is None:
                raise
        self._rules_looked = self._ticks()
        return self._rules[1]
