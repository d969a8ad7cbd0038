"""Whether a receiver is told of a change, when, and why or why not.  Pure; every answer has its reason."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.inhibition import Inhibition
from park.own_rule import ADDRESSED, EVERYBODY, HEARTBEAT
from park.receiver import NEVER_HELD_BACK, Receiver, Way
from park.rule import Rule
from park.rulebook import Key

HOUR = timedelta(hours=1)
NEWS = frozenset({Kind.RAISED, Kind.CLEARED, Kind.ESCALATED, Kind.RENOTIFIED, Kind.RELEASED})
PANEL_NEWS = NEWS | {Kind.ACKNOWLEDGED, Kind.CLOSED, Kind.SHELVED, Kind.UNSHELVED, Kind.SHELF_EXPIRED, Kind.RELAPSED}
"""What a panel shows as well: it follows the alert as it stands."""


class Reason(StrEnum):
    """Why somebody is told, or is not."""

    TOLD = "told"
    NO_NEWS = "no_news"
    DISABLED = "disabled"
    NOT_THEIRS = "not_theirs"
    NOT_THEIR_TURN = "not_their_turn"
    """It is escalated to somebody else."""
    ALREADY = "already"
    """They know that it burns."""
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
    OVER = "over"
    """It was over before it was to be told."""
    INSTEAD = "instead"
    """Told because another receiver was not reached."""
    GONE = "gone"
    """There is no such receiver any more."""


HELD = frozenset({Reason.QUIET, Reason.GROUPED, Reason.RATE})
"""Reasons for which a notice waits; for every other it is not made."""
PASSING = frozenset({Reason.SHELVED, Reason.INHIBITED, Reason.MAINTENANCE})
"""Reasons that pass: what still burns then is told then."""


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
    inhibition: Inhibition
    enterprise: str
    maintenance: str
    """Why the meter is under maintenance; empty where it is not."""
    on_duty: Collection[str]
    told: Collection[str]
    """The receivers who were told that this episode burns."""
    turn: Collection[str]
    """The receivers to whom it is escalated."""
    sent: Mapping[str, list[datetime]]
    """When each receiver was sent something lately, in order."""


def decide(change: AlertChange, receiver: Receiver, scene: Scene, now: datetime) -> Decision:
    """Decide for one receiver."""
    if change.rule in ADDRESSED:
        return _addressed(change, receiver, scene, now)
    refused = _refused(change, receiver, scene, now)
    if refused is not None:
        return refused
    due, reason = _held(change, receiver, scene, now)
    return Decision(receiver.id, reason, due)


def _addressed(change: AlertChange, receiver: Receiver, scene: Scene, now: datetime) -> Decision:
    """Decide about a drill or a heartbeat: it is for whom it names, and waits as what it stands for would."""
    reason = None
    if change.kind not in NEWS or (change.rule == HEARTBEAT and change.kind is not Kind.RAISED):
        reason = Reason.NO_NEWS
    elif not receiver.enabled:
        reason = Reason.DISABLED
    elif receiver.way is Way.MQTT:
        reason = Reason.NOT_THEIRS  # there is no meter, and so no topic
    elif change.kind is Kind.ESCALATED:
        reason = None if receiver.id in scene.turn else Reason.NOT_THEIR_TURN
    elif change.kind is Kind.CLEARED:
        reason = None if receiver.id in scene.told else Reason.NEVER_RAISED
    elif change.meter not in {receiver.id, EVERYBODY}:
        reason = Reason.NOT_THEIRS
    if reason is not None:
        return Decision(receiver.id, reason, now)
    due, held = _held(change, receiver, scene, now)
    return Decision(receiver.id, held, due)


def _refused(change: AlertChange, receiver: Receiver, scene: Scene, now: datetime) -> Decision | None:
    panel = receiver.panel
    reason = _no_news(change, receiver, scene, panel=panel)
    if reason is None and not panel:  # a panel shows what is; holding that back would be a lie
        reason = _not_told(change, receiver, scene)
    if reason is not None:
        return Decision(receiver.id, reason, now)
    if panel or change.kind is Kind.CLEARED:
        return None
    hindrance = in_the_way(change.key, scene, now)
    return None if hindrance is None else Decision(receiver.id, hindrance[0], now, hindrance[1])


def _no_news(change: AlertChange, receiver: Receiver, scene: Scene, *, panel: bool) -> Reason | None:
    if change.kind not in (PANEL_NEWS if panel else NEWS):
        return Reason.NO_NEWS
    if not receiver.enabled:
        return Reason.DISABLED
    if receiver.way is Way.MQTT and not scene.enterprise:
        return Reason.NOT_THEIRS  # of a meter that nobody knows there is no topic
    if change.kind is Kind.ESCALATED and not panel:
        return None if receiver.id in scene.turn else Reason.NOT_THEIR_TURN
    rule = scene.rules.get(change.rule)
    named = rule.receivers if rule is not None else ()
    if receiver.concerns(change.rule, scene.enterprise, named) or _to_be_told_of_the_end(change, receiver, scene):
        return None
    return Reason.NOT_THEIRS


def _to_be_told_of_the_end(change: AlertChange, receiver: Receiver, scene: Scene) -> bool:
    """Tell whether an end is news to somebody whom only an escalation made know of the beginning."""
    return change.kind is Kind.CLEARED and receiver.id in scene.told


def _not_told(change: AlertChange, receiver: Receiver, scene: Scene) -> Reason | None:
    if change.kind is Kind.CLEARED:
        if receiver.id not in scene.told:
            return Reason.NEVER_RAISED
        return None if receiver.cleared else Reason.NO_CLEARED
    if change.kind is Kind.ESCALATED:
        return None  # whoever is named for it is told, whatever they hear otherwise
    if change.kind is Kind.RELEASED and receiver.id in scene.told:
        return Reason.ALREADY
    if change.severity < receiver.least:
        return Reason.TOO_LOW
    return Reason.OFF_DUTY if receiver.on_duty_only and receiver.id not in scene.on_duty else None


def in_the_way(key: Key, scene: Scene, now: datetime) -> tuple[Reason, str] | None:
    """Give what keeps an alert from being told for a while, and the words for it; None where nothing does."""
    record = scene.records.get(key)
    if record is not None and record.care.shelved(now):
        return Reason.SHELVED, record.care.shelf_reason
    if scene.maintenance:
        return Reason.MAINTENANCE, scene.maintenance
    by = scene.inhibition.by(key, scene.records)
    return (Reason.INHIBITED, by) if by else None


def _held(change: AlertChange, receiver: Receiver, scene: Scene, now: datetime) -> tuple[datetime, Reason]:
    """Say when it is told: at once, unless the receiver is not to be disturbed and nobody is in danger."""
    if change.severity >= NEVER_HELD_BACK or receiver.panel:
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
