"""What a shift hands over: what burns now, and what happened since the one before."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from adapters.relational import alerts, handover
from api.alert_view import enterprise_of
from api.services import Services
from park.alert_change import AlertChange, Kind

FIRST_SHIFT = timedelta(hours=12)
"""How far back the first handing over looks."""
MOST = 5_000
COUNTED = (Kind.RAISED, Kind.CLEARED, Kind.ACKNOWLEDGED, Kind.SHELVED, Kind.ESCALATED, Kind.CLOSED)


class Shift(NamedTuple):
    """The shift that goes on."""

    since: datetime
    changes: tuple[AlertChange, ...]
    """The newest first."""
    cut: bool
    """Whether there were more than are counted."""
    state: dict[str, Any]


def now(parts: Services) -> Shift:
    """Give what would be handed over now."""
    moment = parts.clock()
    last = next(iter(handover.listing(parts.engine, limit=1)), None)
    since = moment - FIRST_SHIFT if last is None else last.at
    found = alerts.changes(parts.engine, since=since, limit=MOST)
    changes = tuple(one.change for one in found)
    counts = Counter(one.kind for one in changes if not one.drill)
    state: dict[str, Any] = {
        "counts": {kind.value: counts[kind] for kind in COUNTED},
        "open": [
            {
                "rule": one.rule,
                "meter": one.meter,
                "enterprise": enterprise_of(parts, one.meter),
                "severity": one.severity.word,
                "since": (one.raised_at or one.since).isoformat(),
                "acknowledged_by": one.care.acknowledged_by,
                "assigned_to": one.care.assigned_to,
                "shelved_until": one.care.shelved_until.isoformat()
                if one.care.shelved(moment) and one.care.shelved_until
                else None,
                "drill": one.drill,
            }
            for one in parts.alarms.look().open
        ],
    }
    return Shift(since, changes, len(found) == MOST, state)
