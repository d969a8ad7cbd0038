"""The roster: who is on duty when."""

from collections.abc import Iterable
from datetime import datetime

import msgspec


class Shift(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One receiver on duty for a while."""

    receiver: str
    start: datetime
    end: datetime
    """Not included: who comes next begins here."""
    note: str = ""

    def holds(self, now: datetime) -> bool:
        """Tell whether it is now."""
        return self.start <= now < self.end


def on_duty(shifts: Iterable[Shift], now: datetime) -> frozenset[str]:
    """Name the receivers that are on duty."""
    return frozenset(shift.receiver for shift in shifts if shift.holds(now))
