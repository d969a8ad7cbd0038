"""What the history of an alert is made of: changes, each with who or what made it and why.  Only ever added to."""

from datetime import datetime
from enum import StrEnum

import msgspec

from park.alert import ACTIVE, Alert, Event, Phase
from park.engine import Change
from park.evidence import Why
from park.rulebook import Key
from park.severity import Severity


class Kind(StrEnum):
    """What happened."""

    PENDING = "pending"
    RAISED = "raised"
    CLEARING = "clearing"
    RELAPSED = "relapsed"
    """In breach again before it had been clear for long enough."""
    CLEARED = "cleared"
    CALM = "calm"
    """Over before it had lasted long enough to be told."""
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    COMMENTED = "commented"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    SHELF_EXPIRED = "shelf_expired"
    ESCALATED = "escalated"
    """Nobody has acknowledged it for too long: the next ones are told."""
    RENOTIFIED = "renotified"
    """Said again, because it still burns and nobody has acknowledged it."""
    RELEASED = "released"
    """What kept it from being told is over, and it still burns."""
    CLOSED = "closed"
    REFUSED = "refused"
    """A person asked for what could not be done; `note` says why."""


class AlertChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one alert."""

    rule: str
    meter: str
    episode: int
    """Which time it burns, counted from 1; 0 before the first."""
    kind: Kind
    at: datetime
    """When it happened, by the device's time."""
    known_at: datetime
    """When we knew."""
    before: Phase
    after: Phase
    why: Why | None = None
    metric: str = ""
    value: float | None = None
    severity: Severity
    who: str = ""
    """The person who did it; empty where the evidence did."""
    note: str = ""
    until: datetime | None = None
    drill: bool = False
    action: int = 0
    """The number of what a person asked for; 0 where nobody did."""

    @property
    def key(self) -> Key:
        """Which alert."""
        return Key(self.rule, self.meter)


def kind_of(before: Alert, after: Alert, event: Event | None) -> Kind:
    """Name a turn of an alert."""
    if event is Event.RAISED:
        return Kind.RAISED
    if event is Event.CLEARED:
        return Kind.CLEARED
    if after.phase is Phase.FIRING:
        return Kind.RELAPSED
    if after.phase in {Phase.PENDING, Phase.CLEARING}:
        return Kind(after.phase.value)
    return Kind.CALM if before.phase not in ACTIVE else Kind.CLEARED


def recorded(change: Change, severity: Severity, *, drill: bool = False) -> AlertChange:
    """Write down what the engine found."""
    turn = change.turn
    return AlertChange(
        rule=change.key.rule,
        meter=change.key.meter,
        episode=change.episode,
        kind=kind_of(turn.before, turn.after, turn.event),
        at=turn.after.since,
        known_at=change.now,
        before=turn.before.phase,
        after=turn.after.phase,
        why=turn.grounds.why,
        metric=turn.grounds.metric,
        value=turn.grounds.value,
        severity=severity,
        drill=drill,
    )
