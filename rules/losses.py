"""What the accounts say of losses, as readings for the alerts: yesterday's electricity balance of each enterprise.

Only a balance that can be compared is said: with too little known of a meter there is no figure, and no alert.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters.relational import policies, registry_store, virtual_meters
from park.balance import Balance, balances
from park.balance_reason import Reason
from park.consumption import Totals
from park.derived import LOSS_RATE
from park.reading import Reading
from park.telemetry import TelemetryStore
from park.window import DAY
from rules.work import midnight, previous_midnight

ELECTRICITY = "electricity"
COMPARED = frozenset({Reason.WITHIN, Reason.ABOVE, Reason.BELOW, Reason.NO_BOUND})


class Losses:
    """Says them, a round at a time."""

    def __init__(
        self, *, engine: Engine, store: TelemetryStore, zone: ZoneInfo, say: Callable[[Sequence[Reading]], None]
    ) -> None:
        self._engine = engine
        self._store = store
        self._zone = zone
        self._say = say

    def run(self, now: datetime, _stop: Event) -> None:
        """Say yesterday's."""
        today = midnight(now, self._zone)
        window = (previous_midnight(today, self._zone), today)
        registry = registry_store.load(self._engine)
        found = balances(
            Totals(registry, virtual_meters.current(self._engine)),
            registry,
            self._store.interval_sums(*window, every=DAY, carriers=[ELECTRICITY, f"{ELECTRICITY}_export"]),
            window=window,
            policies=policies.all_current(self._engine),
            carrier=ELECTRICITY,
        )
        self._say([reading for one in found if (reading := _reading(one, now)) is not None])


def _reading(one: Balance, now: datetime) -> Reading | None:
    """Give a balance as a reading of now: that is when it is known."""
    if one.rate is None or one.reason not in COMPARED:
        return None
    return Reading(one.enterprise, LOSS_RATE, one.rate * 100, now, 0)
