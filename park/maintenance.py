"""Windows of maintenance: what happens in them is written down and told to nobody."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from park.place import Meter


class Maintenance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody works on something for a while.  What is empty fits all; nothing named at all fits nothing."""

    start: datetime
    end: datetime
    reason: str
    who: str = ""
    enterprises: tuple[str, ...] = ()
    meters: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def holds(self, meter: Meter, rule: str, now: datetime) -> bool:
        """Tell whether an alert of a rule on a meter falls into it."""
        if not self.start <= now < self.end or not (self.enterprises or self.meters or self.rules):
            return False
        return (
            (not self.enterprises or meter.enterprise in self.enterprises)
            and (not self.meters or meter.id in self.meters)
            and (not self.rules or rule in self.rules)
        )


def under_maintenance(windows: Iterable[Maintenance], meter: Meter | None, rule: str, now: datetime) -> str:
    """Give the reason of the maintenance that an alert falls into; empty where there is none."""
    if meter is None:
        return ""
    return next((window.reason for window in windows if window.holds(meter, rule, now)), "")
