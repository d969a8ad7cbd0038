"""What the accounts say of two devices under one id, as readings for the alerts: of each meter, whether it waits.

A meter is spoken of as long as it is remembered, so that what was decided while nobody watched ends its alert as well.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event

from sqlalchemy import Engine

from adapters.relational import suspicions
from park.derived import TWO_DEVICES
from park.epoch import Kind
from park.reading import Reading


class Doubles:
    """Says them, a round at a time."""

    def __init__(self, *, engine: Engine, say: Callable[[Sequence[Reading]], None]) -> None:
        self._engine = engine
        self._say = say

    def run(self, now: datetime, _stop: Event) -> None:
        """Say of every meter that was ever suspected whether it still is: 1, or 0 once decided or withdrawn."""
        found = suspicions.meters_of(self._engine, Kind.TWO_DEVICES)
        self._say([Reading(meter, TWO_DEVICES, float(waits), now, 0) for meter, waits in found.items()])
