"""Alerts, their history and who was told, as they go over the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from adapters.alert_store import NoticeRow, Numbered
from api import alert_words as words
from api.alarms import Standing
from api.services import Services
from park import condition_words
from park.alert import Phase
from park.alert_change import Kind
from park.alert_record import AlertRecord
from park.care import Deed
from park.derived import watchable
from park.evidence import Why
from park.own_rule import OWN
from park.principal import Principal
from park.rule import Rule

ALERT: dict[str, Any] = {
    "rule": "h2s-1", "name": "硫化氢一级报警", "meter": "e01-h2s", "meter_name": "1# 硫化氢探测器", "enterprise": "e01",
    "severity": "larger", "phase": "firing", "episode": 3, "since": "2026-11-23T08:00:00+08:00",
    "raised_at": "2026-11-23T08:00:00+08:00", "metric": "h2s", "unit": "mg/m³", "value": 12.4,
    "condition": "硫化氢 ≥ 10 mg/m³", "why": "越限", "acknowledged_at": None, "acknowledged_by": "", "note": "",
    "assigned_to": "", "shelved_until": None, "shelved_by": "", "shelf_reason": "", "escalated": 0, "drill": False,
    "waiting": ["acknowledge"],
}  # fmt: skip
CHANGE: dict[str, Any] = {
    "id": 1763856000000000, "rule": "h2s-1", "meter": "e01-h2s", "episode": 3, "kind": "raised", "words": "告警",
    "at": "2026-11-23T08:00:00+08:00", "known_at": "2026-11-23T08:00:00.2+08:00", "before": "ok", "after": "firing",
    "why": "越限", "metric": "h2s", "unit": "mg/m³", "value": 12.4, "severity": "larger", "who": "", "note": "",
    "until": None, "drill": False,
}  # fmt: skip
NOTICE: dict[str, Any] = {
    "change": 1763856000000000, "receiver": "duty", "state": "sent", "reason": "已通知",
    "due": "2026-11-23T08:00:00.2+08:00", "tries": 1, "sent": "2026-11-23T08:00:00.4+08:00",
}  # fmt: skip


class _By(msgspec.Struct):
    """What of a notice says why there is none."""

    by: str = ""


class AlertItem(BaseModel):
    """One alert as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALERT]})

    rule: str
    name: str = Field(description="The rule's name.")
    meter: str
    meter_name: str
    enterprise: str = Field(description="Empty where the registry no longer knows the meter.")
    severity: str = Field(description="notice, general, larger, major or critical.")
    phase: Phase
    episode: int = Field(description="Which time it burns, counted from 1.")
    since: datetime = Field(description="Since when it is in this phase.")
    raised_at: datetime | None = Field(description="When this episode was raised.")
    metric: str
    unit: str
    value: float | None = Field(description="What was compared when it last changed.")
    condition: str = Field(description="What holds on this meter, in words.")
    why: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str
    assigned_to: str
    shelved_until: datetime | None
    shelved_by: str
    shelf_reason: str
    escalated: int = Field(description="How many levels it was escalated.")
    drill: bool
    waiting: list[Deed] = Field(description="What was asked for and is not in force yet.")


class ChangeItem(BaseModel):
    """One change in the history of an alert."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHANGE]})

    id: int
    rule: str
    meter: str
    episode: int
    kind: Kind
    words: str
    at: datetime = Field(description="When it happened, by the device's time.")
    known_at: datetime = Field(description="When we knew.")
    before: Phase
    after: Phase
    why: str
    metric: str
    unit: str
    value: float | None
    severity: str
    who: str
    note: str
    until: datetime | None
    drill: bool


class NoticeItem(BaseModel):
    """A decision to tell one receiver of a change, or not to, and how far its delivery is."""

    model_config = ConfigDict(json_schema_extra={"examples": [NOTICE]})

    change: int
    receiver: str
    state: str = Field(description="waiting, sent, failed or skipped.")
    reason: str
    due: datetime
    tries: int
    sent: datetime | None


class AlertDetail(AlertItem):
    """One alert with what came before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                ALERT
                | {"changes": [CHANGE], "notices": [NOTICE], "runbook": "停止作业…", "standard": "GB/T 50493-2019"}
            ]
        }
    )

    runbook: str
    standard: str
    changes: list[ChangeItem] = Field(description="The newest 200, the newest first.")
    notices: list[NoticeItem] = Field(description="Of these changes. Empty for enterprise users: receivers are others.")


def enterprise_of(parts: Services, meter: str) -> str:
    """Say whose an alert's meter is; what is worked out for a whole enterprise has the enterprise's own id."""
    registry = parts.registry.current()
    known = registry.by_meter.get(meter)
    if known is not None:
        return known.enterprise
    return meter if meter in registry.by_enterprise else ""


def sees(parts: Services, principal: Principal, meter: str) -> bool:
    """Tell whether a meter's alerts are open to a principal; those of a meter that is gone are the park's alone."""
    return principal.enterprise is None or principal.enterprise == enterprise_of(parts, meter)


def unit_of(metric: str) -> str:
    """Give the unit of what was compared."""
    known = watchable().get(metric)
    return "" if known is None or known.unit == "1" else known.unit


def item(parts: Services, record: AlertRecord, standing: Standing, lang: str) -> AlertItem:
    """Write one alert."""
    return AlertItem(**_item(parts, record, standing, lang))


def detail(
    parts: Services,
    record: AlertRecord,
    standing: Standing,
    lang: str,
    *,
    changes: Sequence[Numbered],
    notices: Sequence[NoticeRow],
) -> AlertDetail:
    """Write one alert with its history."""
    rule = rule_of(parts, record.rule)
    return AlertDetail(
        **_item(parts, record, standing, lang),
        runbook=rule.runbook.pick(lang) if rule is not None and rule.runbook is not None else "",
        standard=rule.standard if rule is not None else "",
        changes=[change_item(parts, one, lang) for one in changes],
        notices=[notice_item(parts, one, lang) for one in notices],
    )


def change_item(parts: Services, numbered: Numbered, lang: str) -> ChangeItem:
    """Write one change."""
    change = numbered.change
    return ChangeItem(
        id=numbered.id,
        rule=change.rule,
        meter=change.meter,
        episode=change.episode,
        kind=change.kind,
        words=words.say(words.KINDS[change.kind], lang),
        at=parts.local(change.at),
        known_at=parts.local(change.known_at),
        before=change.before,
        after=change.after,
        why="" if change.why is None else words.say(words.WHYS[change.why], lang),
        metric=change.metric,
        unit=unit_of(change.metric),
        value=change.value,
        severity=change.severity.word,
        who=change.who,
        note=change.note,
        until=None if change.until is None else parts.local(change.until),
        drill=change.drill,
    )


def notice_item(parts: Services, row: NoticeRow, lang: str) -> NoticeItem:
    """Write one decision."""
    return NoticeItem(
        change=row.change,
        receiver=row.receiver,
        state=row.state,
        reason=reason_of(row, lang),
        due=parts.local(row.due),
        tries=row.tries,
        sent=None if row.sent is None else parts.local(row.sent),
    )


def reason_of(row: NoticeRow, lang: str) -> str:
    """Say why somebody is told or is not, and what stands in the way."""
    try:
        by = msgspec.json.decode(row.document, type=_By).by
    except msgspec.MsgspecError:  # of another version
        by = ""
    return words.reason(row.reason, by, lang)


def rule_of(parts: Services, name: str) -> Rule | None:
    """Give a rule as it holds, or one of our own making; None where it is no more."""
    return parts.alarms.rules().get(name) or OWN.get(name)


def condition_of(parts: Services, rule: str, meter: str, lang: str) -> str:
    """Say what holds on a meter; empty where the rule is no more."""
    known = parts.alarms.rules().get(rule)
    return "" if known is None else condition_words.words(known.permits.get(meter, known.when), lang)


def _item(parts: Services, record: AlertRecord, standing: Standing, lang: str) -> dict[str, Any]:
    rule = rule_of(parts, record.rule)
    meter = parts.registry.current().by_meter.get(record.meter)
    care = record.care

    def local(at: datetime | None) -> datetime | None:
        return None if at is None else parts.local(at)

    return {
        "rule": record.rule,
        "name": rule.name.pick(lang) if rule is not None else record.rule,
        "meter": record.meter,
        "meter_name": record.meter if meter is None else (lang != "zh" and meter.name_en) or meter.name,
        "enterprise": enterprise_of(parts, record.meter),
        "severity": record.severity.word,
        "phase": record.phase,
        "episode": record.episode,
        "since": parts.local(record.since),
        "raised_at": local(record.raised_at),
        "metric": record.metric,
        "unit": unit_of(record.metric),
        "value": record.value,
        "condition": condition_of(parts, record.rule, record.meter, lang),
        "why": words.say(words.WHYS[Why(record.why)], lang) if record.why else "",
        "acknowledged_at": local(care.acknowledged_at),
        "acknowledged_by": care.acknowledged_by,
        "note": care.note,
        "assigned_to": care.assigned_to,
        "shelved_until": local(care.shelved_until),
        "shelved_by": care.shelved_by,
        "shelf_reason": care.shelf_reason,
        "escalated": care.escalated,
        "drill": record.drill,
        "waiting": [one.deed for one in standing.waits(record.key)],
    }
