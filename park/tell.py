"""Whether a receiver is told of a change, when, and why or why not.  Pure; every answer has its reason."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.receiver import NEVER_HELD_BACK, Receiver, Way
from park.rule import Rule
from park.rulebook import Key

HOUR = timedelta(hours=1)
NEWS = frozenset({Kind.RAISED, Kind.CLEARED, Kind.ESCALATED})
PANEL_NEWS = NEWS | {Kind.ACKNOWLEDGED, Kind.CLOSED, Kind.SHELVED, Kind.UNSHELVED, Kind.SHELF_EXPIRED, Kind.RELAPSED}
"""What a panel shows as well: it follows the alert as it stands."""


class Reason(StrEnum):
    """Why somebody is told, or is not."""

    TOLD = "told"
    NO_NEWS = "no_news"
    DISABLED = "disabled"
    NOT_THEIRS = "not_theirs"
    TOO_LOW = "too_low"
    OFF_DUTY = "off_duty"
    NEVER_RAISED = "never_raised"
    """They were not told that it burns, so its end is no news to them."""
    NO_CLEARED = "no_cleared"
    SHELVED = "shelved"
    INHIBITED = "inhibited"
    MAINTENANCE = "maintenance"
    QUIET = "quiet"
    """Told when the quiet hours end, if it still burns then."""
    GROUPED = "grouped"
    RATE = "rate"


HELD = frozenset({Reason.QUIET, Reason.GROUPED, Reason.RATE})
"""Reasons for which a notice waits; for every other it is not made."""


class Decision(NamedTuple):
    """What is decided for one receiver and change."""

    receiver: str
    reason: Reason
    due: datetime
    by: str = ""
    """What stands in the way: the rule that inhibits, the reason of the maintenance."""

    @property
    def told(self) -> bool:
        """Whether there will be a notice."""
        return self.reason is Reason.TOLD or self.reason in HELD


class Scene(NamedTuple):
    """What a decision looks at beside the change itself."""

    rules: Mapping[str, Rule]
    records: Mapping[Key, AlertRecord]
    enterprise: str
    maintenance: str
    """Why the meter is under maintenance; empty where it is not."""
    on_duty: Collection[str]
    told: Collection[str]
    """The receivers who were told that this episode burns."""
    sent: Mapping[str, list[datetime]]
    """When each receiver was sent something lately, in order."""


def decide(change: AlertChange, receiver: Receiver, scene: Scene, now: datetime) -> Decision:
    """Decide for one receiver."""
    refused = _refused(change, receiver, scene, now)
    if refused is not None:
        return refused
    due, reason = _held(change, receiver, scene, now)
    return Decision(receiver.id, reason, due)


def _refused(  # noqa: C901, PLR0911  # the policy, line by line
    change: AlertChange, receiver: Receiver, scene: Scene, now: datetime
) -> Decision | None:
    def no(reason: Reason, by: str = "") -> Decision:
        return Decision(receiver.id, reason, now, by)

    rule = scene.rules.get(change.rule)
    panel = receiver.way in {Way.MQTT, Way.CONSOLE}
    if change.kind not in (PANEL_NEWS if panel else NEWS):
        return no(Reason.NO_NEWS)
    if not receiver.enabled:
        return no(Reason.DISABLED)
    if not receiver.concerns(change.rule, scene.enterprise, rule.receivers if rule is not None else ()):
        return no(Reason.NOT_THEIRS)
    if panel:
        return None  # a panel shows what is; holding that back would be a lie
    if change.severity < receiver.least:
        return no(Reason.TOO_LOW)
    if change.kind is Kind.CLEARED:
        if receiver.id not in scene.told:
            return no(Reason.NEVER_RAISED)
        return None if receiver.cleared else no(Reason.NO_CLEARED)
    if receiver.on_duty_only and receiver.id not in scene.on_duty:
        return no(Reason.OFF_DUTY)
    record = scene.records.get(change.key)
    if record is not None and record.care.shelved(now):
        return no(Reason.SHELVED, record.care.shelf_reason)
    if scene.maintenance:
        return no(Reason.MAINTENANCE, scene.maintenance)
    by = inhibitor(change.key, scene.rules, scene.records)
    return no(Reason.INHIBITED, by) if by else None


def inhibitor(key: Key, rules: Mapping[str, Rule], records: Mapping[Key, AlertRecord]) -> str:
    """Name the rule whose burning alert on the same meter stands for this one; empty where there is none."""
    for other in rules.values():
        if key.rule in other.inhibits:
            record = records.get(Key(other.id, key.meter))
            if record is not None and record.raised_at is not None and record.open:
                return other.id
    return ""


def _held(change: AlertChange, receiver: Receiver, scene: Scene, now: datetime) -> tuple[datetime, Reason]:
    """Say when it is told: at once, unless the receiver is not to be disturbed and nobody is in danger."""
    if change.severity >= NEVER_HELD_BACK or receiver.way in {Way.MQTT, Way.CONSOLE}:
        return now, Reason.TOLD
    if receiver.quiet is not None and (end := receiver.quiet.hold(now)) is not None:
        return end, Reason.QUIET
    sent = scene.sent.get(receiver.id, [])
    if receiver.most_an_hour:
        lately = [at for at in sent if now - at < HOUR]
        if len(lately) >= receiver.most_an_hour:
            return lately[-receiver.most_an_hour] + HOUR, Reason.RATE
    if receiver.group and sent and now - sent[-1] < receiver.group:
        return sent[-1] + receiver.group, Reason.GROUPED
    return now, Reason.TOLD


def overdue(record: AlertRecord, receiver: Receiver, now: datetime) -> bool:
    """Tell whether an alert has burned unacknowledged for so long that the next receiver must be told."""
    if not record.open or record.raised_at is None or record.care.acknowledged_at is not None:
        return False
    return now - record.raised_at >= receiver.escalate_after * (record.care.escalated + 1)
