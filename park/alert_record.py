"""An alert as it stands: what it is now, of which episode, and who looks after it."""

from datetime import datetime

import msgspec

from park.alert import ACTIVE, Phase
from park.alert_change import AlertChange, Kind
from park.care import Care, renewed
from park.rulebook import Key
from park.severity import Severity

DEEDS = frozenset(
    {
        Kind.ACKNOWLEDGED,
        Kind.ASSIGNED,
        Kind.COMMENTED,
        Kind.SHELVED,
        Kind.UNSHELVED,
        Kind.SHELF_EXPIRED,
        Kind.ESCALATED,
        Kind.RENOTIFIED,
        Kind.RELEASED,
        Kind.REFUSED,
    }
)
"""Changes that are not of the evidence."""


class AlertRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of one alert."""

    rule: str
    meter: str
    episode: int
    phase: Phase
    since: datetime
    raised_at: datetime | None
    severity: Severity
    metric: str = ""
    value: float | None = None
    why: str = ""
    care: Care = Care()
    drill: bool = False

    @property
    def key(self) -> Key:
        """Which alert."""
        return Key(self.rule, self.meter)

    @property
    def open(self) -> bool:
        """Whether a person should look at it."""
        return self.phase in ACTIVE or self.phase is Phase.LATCHED


def after(record: AlertRecord | None, change: AlertChange, care: Care | None = None) -> AlertRecord:
    """Give the record after a change; what a person did brings its `care` along."""
    known = record.care if record is not None else Care()
    if record is not None and change.kind in DEEDS:
        return msgspec.structs.replace(record, care=known if care is None else care)
    raised = change.at if change.kind is Kind.RAISED else record.raised_at if record is not None else None
    return AlertRecord(
        rule=change.rule,
        meter=change.meter,
        episode=change.episode,
        phase=change.after,
        since=change.at,
        raised_at=raised if change.after in ACTIVE or change.after is Phase.LATCHED else None,
        severity=change.severity,
        metric=change.metric,
        value=change.value,
        why="" if change.why is None else change.why.value,
        care=renewed(known) if change.kind is Kind.RAISED else known if care is None else care,
        drill=change.drill,
    )
