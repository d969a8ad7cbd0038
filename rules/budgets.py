"""What the accounts say of budgets, as readings for the alerts: how far ahead of the year each enterprise is by now.

Who has no budget, or too little of whose use is known, is not spoken of, and raises no alert.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters.relational import budgets, registry_store
from park.budget import paces, year_at
from park.derived import BUDGET_USED, watchable
from park.reading import Reading


class Budgets:
    """Says them, a round at a time."""

    def __init__(self, *, engine: Engine, zone: ZoneInfo, say: Callable[[Sequence[Reading]], None]) -> None:
        self._engine = engine
        self._zone = zone
        self._say = say

    def run(self, now: datetime, _stop: Event) -> None:
        """Say this year's, as readings of now: that is when they are known."""
        year = year_at(now, self._zone)
        registry = registry_store.load(self._engine)
        standing = budgets.standing(self._engine, registry, year, now=now, zone=self._zone)
        most = watchable()[BUDGET_USED].high
        self._say([Reading(name, BUDGET_USED, min(pace * 100, most), now, 0) for name, pace in paces(standing).items()])
