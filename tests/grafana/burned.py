"""Changes of one alert, as the rules service copies them."""

from datetime import datetime

from adapters.alert_store import Numbered
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.severity import Severity


def burned(number: int, raised: datetime, over: datetime | None = None) -> list[Numbered]:
    """Give the change that raised an alert, or the one that ended it."""
    change = AlertChange(
        rule="load-80", meter="m1", episode=1, kind=Kind.RAISED if over is None else Kind.CLEARED, at=over or raised,
        known_at=over or raised, before=Phase.OK, after=Phase.FIRING, severity=Severity.GENERAL,
    )  # fmt: skip
    return [Numbered(number, change)]
