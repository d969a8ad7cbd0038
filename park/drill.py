"""Alerts that we make ourselves: a drill begins and ends, a heart beats, a receiver is lost and found."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from park.alert import ACTIVE, Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord, after
from park.own_rule import DRILL, HEARTBEAT, OWN, UNREACHED
from park.rulebook import Key

LASTS = timedelta(minutes=10)
"""So long a drill stands where nobody acknowledges it."""


def begun(receiver: str, record: AlertRecord | None, now: datetime, *, who: str, action: int, note: str) -> AlertChange:
    """Begin a drill; one that stands already begins anew."""
    return _raised(Key(DRILL, receiver), record, now, who=who, action=action, note=note, drill=True)


def ended(records: Iterable[AlertRecord], now: datetime) -> list[AlertChange]:
    """End the drills that somebody has acknowledged, or that have stood for long enough."""
    return [
        _cleared(record, now)
        for record in records
        if record.rule == DRILL
        and record.phase in ACTIVE
        and (record.care.acknowledged_at is not None or now - (record.raised_at or record.since) >= LASTS)
    ]


def beat(receiver: str, name: str, record: AlertRecord | None, now: datetime) -> list[AlertChange]:
    """Let a heart beat: it is over as soon as it is told."""
    raised = _raised(Key(HEARTBEAT, receiver), record, now, note=name, drill=True)
    return [raised, _cleared(after(record, raised), now)]


def lost(receiver: str, name: str, record: AlertRecord | None, now: datetime) -> AlertChange | None:
    """Raise that a receiver is not reached; None where that burns already."""
    if record is not None and record.phase in ACTIVE:
        return None
    return _raised(Key(UNREACHED, receiver), record, now, note=name)


def found(receivers: Iterable[str], records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:
    """Clear for receivers that are reached, or are no more, that they were not."""
    burning = [records.get(Key(UNREACHED, receiver)) for receiver in receivers]
    return [_cleared(record, now) for record in burning if record is not None and record.phase in ACTIVE]


def _raised(
    key: Key,
    record: AlertRecord | None,
    now: datetime,
    *,
    who: str = "",
    action: int = 0,
    note: str = "",
    drill: bool = False,
) -> AlertChange:
    return AlertChange(
        rule=key.rule,
        meter=key.meter,
        episode=(0 if record is None else record.episode) + 1,
        kind=Kind.RAISED,
        at=now,
        known_at=now,
        before=Phase.OK if record is None else record.phase,
        after=Phase.FIRING,
        severity=OWN[key.rule].severity,
        who=who,
        note=note,
        drill=drill,
        action=action,
    )


def _cleared(record: AlertRecord, now: datetime) -> AlertChange:
    return AlertChange(
        rule=record.rule,
        meter=record.meter,
        episode=record.episode,
        kind=Kind.CLEARED,
        at=now,
        known_at=now,
        before=record.phase,
        after=Phase.OK,
        severity=record.severity,
        drill=record.drill,
    )
