"""What people do to an alert: it changes who looks after it and who is told, never what is true."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from park.alert import ACTIVE, Phase
from park.alert_change import Kind

LONGEST_SHELF = timedelta(days=7)
LONGEST_NOTE = 2_000


class Deed(StrEnum):
    """What a person may do."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    COMMENT = "comment"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    CLOSE = "close"
    DRILL = "drill"
    """Begin a drill: its rule is `own_rule.DRILL`, and a receiver, or everybody, stands in the place of the meter."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One deed of one person on one alert."""

    id: int
    at: datetime
    who: str
    rule: str
    meter: str
    deed: Deed
    note: str = ""
    until: datetime | None = None
    """When a shelf ends."""
    to: str = ""
    """Whom it is given to."""


class Care(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who looks after an alert.  A new episode takes the acknowledgement away, and leaves the shelf."""

    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    note: str = ""
    assigned_to: str = ""
    shelved_until: datetime | None = None
    shelved_by: str = ""
    shelf_reason: str = ""
    escalated: int = 0
    """How many levels it has been escalated."""

    def shelved(self, now: datetime) -> bool:
        """Tell whether nobody is to be told of it now."""
        return self.shelved_until is not None and now < self.shelved_until


class Refused(NamedTuple):
    """Why a deed does nothing, in both languages."""

    zh: str
    en: str


class Done(NamedTuple):
    """What a deed came to."""

    care: Care
    kind: Kind


def renewed(care: Care) -> Care:
    """Give the care of a new episode."""
    return msgspec.structs.replace(care, acknowledged_at=None, acknowledged_by="", note="", assigned_to="", escalated=0)


def perform(care: Care, action: Action, phase: Phase, now: datetime) -> Done | Refused:  # noqa: C901, PLR0911  # one a deed
    """Do what a person asks; a deed that comes twice is done once and refused once, which harms nobody."""
    replace = msgspec.structs.replace
    match action.deed:
        case Deed.COMMENT:
            return Done(care, Kind.COMMENTED) if action.note else Refused("请写下备注。", "Write the comment.")
        case Deed.ACKNOWLEDGE:
            if phase not in ACTIVE | {Phase.LATCHED}:
                return Refused("告警已结束, 无需确认。", "The alert is over; there is nothing to acknowledge.")
            if care.acknowledged_at is not None:
                who = care.acknowledged_by
                return Refused(f"已由 {who} 确认。", f"{who} has acknowledged it already.")
            return Done(
                replace(care, acknowledged_at=now, acknowledged_by=action.who, note=action.note), Kind.ACKNOWLEDGED
            )
        case Deed.ASSIGN:
            if not action.to:
                return Refused("请写明交给谁。", "Say whom it is given to.")
            return Done(replace(care, assigned_to=action.to), Kind.ASSIGNED)
        case Deed.SHELVE:
            return _shelved(care, action, now)
        case Deed.UNSHELVE:
            if not care.shelved(now):
                return Refused("该告警未搁置。", "The alert is not shelved.")
            return Done(replace(care, shelved_until=None, shelved_by="", shelf_reason=""), Kind.UNSHELVED)
        case Deed.CLOSE:
            if phase is not Phase.LATCHED:
                return Refused(
                    "只有已恢复、待人确认的告警可以关闭。", "Only an alert that is over and waits can be closed."
                )
            return Done(care, Kind.CLOSED)
        case Deed.DRILL:
            return Refused("演练不针对已有告警。", "A drill is of no alert that there is.")


def _shelved(care: Care, action: Action, now: datetime) -> Done | Refused:
    if action.until is None or not now < action.until <= now + LONGEST_SHELF:
        return Refused("请给出 7 天以内的到期时间。", "Give an end within 7 days.")
    if not action.note:
        return Refused("搁置须写明原因。", "A shelf needs its reason.")
    return Done(
        msgspec.structs.replace(care, shelved_until=action.until, shelved_by=action.who, shelf_reason=action.note),
        Kind.SHELVED,
    )
