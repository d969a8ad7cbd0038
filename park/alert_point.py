"""Changes of alerts as points in time, for panels that draw them; the history itself is kept elsewhere."""

from datetime import datetime
from typing import NamedTuple

from park.alert import ACTIVE
from park.alert_change import AlertChange
from park.registry import Registry


class AlertPoint(NamedTuple):
    """One change.  Its identity is rule, meter and time; of several in one millisecond the last counts."""

    rule: str
    meter: str
    enterprise: str
    park: str
    """Empty, as the enterprise is, where the meter is registered no more."""
    severity: str
    at: datetime
    kind: str
    burning: bool
    """Whether it burns from then on."""
    value: float | None
    """What was compared with the limit."""
    drill: bool


def point(change: AlertChange, registry: Registry) -> AlertPoint:
    """Give a change as a point; where its meter is now says the registry."""
    meter = registry.by_meter.get(change.meter)
    return AlertPoint(
        change.rule,
        change.meter,
        "" if meter is None else meter.enterprise,
        "" if meter is None else meter.park,
        change.severity.word,
        change.at,
        change.kind.value,
        change.after in ACTIVE,
        change.value,
        change.drill,
    )
