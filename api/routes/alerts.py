"""Alerts: what burns, what came before, who was told, and what people ask to be done.

What is asked for is written down and in force a moment later, when the rules service has done it; until then it waits.
"""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import alerts
from api import alert_answer, alert_view, language
from api import cursor as cursors
from api.alert_view import AlertDetail, AlertItem, ChangeItem, sees
from api.answers import answers
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.security import AlertAnswerer, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meter
from api.times import Instant
from park.alert import Phase
from park.alert_record import AlertRecord
from park.care import LONGEST_NOTE, Action, Deed
from park.principal import Principal
from park.rulebook import Key
from park.severity import BY_WORD, Severity

router = APIRouter(tags=["alerts"])

HISTORY = 200
Words = Annotated[str, Path(max_length=64)]
SeverityWord = Literal["notice", "general", "larger", "major", "critical"]


class AskDocument(BaseModel):
    """What goes with a deed: a comment and a shelf need a note, a shelf its end, who takes it a name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"note": "已派人到现场", "until": "2026-11-23T16:00:00+08:00", "to": "李强"}]},
    )

    note: str = Field(default="", max_length=LONGEST_NOTE)
    until: Instant | None = Field(default=None, description="When a shelf ends; within 7 days.")
    to: str = Field(default="", max_length=200, description="Whom an alert is given to.")


class ActionItem(BaseModel):
    """What was asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 41, "at": "2026-11-23T08:00:30+08:00", "who": "王丽", "rule": "h2s-1", "meter": "e01-h2s",
                    "deed": "acknowledge", "note": "已派人到现场", "until": None, "to": "", "waiting": True,
                }
            ]
        }
    )  # fmt: skip

    id: int
    at: datetime
    who: str
    rule: str
    meter: str
    deed: Deed
    note: str
    until: datetime | None
    to: str
    waiting: bool = Field(description="Whether it is not in force yet; it will be within a second or so.")


class SummaryItem(BaseModel):
    """How the alerts stand in a few numbers, and whether anybody watches."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "open": 2, "unacknowledged": 1, "shelved": 0, "by_severity": {"larger": 1, "general": 1},
                    "worst": "larger", "drills": 0, "rules": 41, "meters": 312, "behind_ms": 180,
                    "watched_at": "2026-11-23T08:00:28+08:00", "heard": "2026-11-23T08:00:27+08:00",
                    "last": 1763856000000000,
                }
            ]
        }
    )  # fmt: skip

    open: int
    unacknowledged: int
    shelved: int
    by_severity: dict[str, int]
    worst: str | None
    drills: int = Field(description="How many of the open ones are drills.")
    rules: int | None = Field(description="How many rules watch; null where the watch never said.")
    meters: int | None
    watched_at: datetime | None = Field(description="When the rules service last said that it watches.")
    heard: datetime | None = Field(description="When it last heard a device.")
    behind_ms: int | None
    last: int = Field(description="The number of the newest change.")


@router.get(
    "/alerts",
    summary="Alerts",
    response_description="The gravest first, and of those the oldest.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    phase: Annotated[list[Phase] | None, Query(description="Only in these phases; else all that are open.")] = None,
    severity: Annotated[SeverityWord, Query(description="The least severity.")] = "notice",
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    meter: Annotated[str | None, Query(max_length=64, description="Only on this meter.")] = None,
    rule: Annotated[str | None, Query(max_length=64, description="Only of this rule.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[AlertItem]:
    """Give the alerts that are open: burning, clearing, or over and waiting to be closed."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    if meter is not None:
        seen_meter(parts, principal, meter)
    least = BY_WORD[severity]
    standing = parts.alarms.look()
    found = standing.open if phase is None else tuple(alerts.alerts(parts.engine, phases=phase))
    wanted = [
        one
        for one in found
        if one.severity >= least
        and meter in {None, one.meter}
        and rule in {None, one.rule}
        and enterprise in {None, alert_view.enterprise_of(parts, one.meter)}
        and sees(parts, principal, one.meter)
    ]
    rows, following = cut(wanted, cursor, limit, _place)
    lang = language.of(request)
    return Page(items=[alert_view.item(parts, one, standing, lang) for one in rows], next=following)


@router.get(
    "/alerts/summary",
    summary="How the alerts stand",
    response_description="A few numbers.",
    responses=answers(401, 403, 503),
)
def summary(parts: Parts, principal: Viewer) -> SummaryItem:
    """Count what is open, and say whether the watch is alive: no alert and nobody watching are not the same."""
    standing = parts.alarms.look()
    found = [one for one in standing.open if sees(parts, principal, one.meter)]
    now = parts.clock()
    watched = standing.watched
    counts = {level.word: sum(one.severity is level for one in found) for level in Severity}
    heard = None if watched is None or watched.heard is None else parts.local(watched.heard)
    return SummaryItem(
        open=len(found),
        unacknowledged=sum(one.care.acknowledged_at is None and not one.care.shelved(now) for one in found),
        shelved=sum(one.care.shelved(now) for one in found),
        by_severity={word: count for word, count in counts.items() if count},
        worst=max((one.severity for one in found), default=None) and found[0].severity.word,
        drills=sum(one.drill for one in found),
        rules=None if watched is None else watched.rules,
        meters=None if watched is None else watched.meters,
        watched_at=None if watched is None else parts.local(watched.at),
        heard=heard,
        behind_ms=None if watched is None else watched.behind_ms,
        last=standing.last,
    )


@router.get(
    "/alerts/changes",
    summary="What happened to alerts",
    response_description="Changes, the newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def changes(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    start: Annotated[Instant | None, Query(description="Only what was known from then on.")] = None,
    end: Annotated[Instant | None, Query(description="Only what was known before.")] = None,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    meter: Annotated[str | None, Query(max_length=64, description="Only on this meter.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[ChangeItem]:
    """Give the history of all alerts; it is only ever added to."""
    lang = language.of(request)
    found = alerts.changes(
        parts.engine,
        meters=_meters(parts, principal, enterprise, meter),
        since=start,
        until=end,
        before=cursors.read_number(cursor),
        limit=limit + 1,
    )
    following = cursors.write(found[limit - 1].id) if len(found) > limit else None
    return Page(items=[alert_view.change_item(parts, one, lang) for one in found[:limit]], next=following)


@router.get(
    "/alerts/{rule}/{meter}",
    summary="One alert",
    response_description="As it stands, with its history and who was told.",
    responses=answers(401, 403, 404, 422, 503),
)
def one(request: Request, parts: Parts, principal: Viewer, rule: Words, meter: Words) -> AlertDetail:
    """Give the alert of one rule on one meter: every change, and for each whom it was told to, or why not."""
    record = seen_alert(parts, principal, rule, meter)
    history = alerts.changes(parts.engine, key=record.key, limit=HISTORY)
    told = [] if principal.enterprise is not None else alerts.notices(parts.engine, [one.id for one in history])
    lang = language.of(request)
    return alert_view.detail(parts, record, parts.alarms.look(), lang, changes=history, notices=told)


@router.post(
    "/alerts/{rule}/{meter}/{deed}",
    summary="Answer an alert",
    status_code=202,
    response_description="It is written down, and in force within a second or so.",
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def answer(
    parts: Parts,
    principal: AlertAnswerer,
    *,
    rule: Words,
    meter: Words,
    deed: Annotated[Deed, Path(description="What is to be done.")],
    document: AskDocument,
) -> ActionItem:
    """Acknowledge an alert, give it to somebody, comment on it, shelve it until a time, end that, or close it.

    None of this changes what is true: a shelved or acknowledged alert burns until its cause is gone.
    """
    record = seen_alert(parts, principal, rule, meter)
    [made] = alert_answer.ask(
        parts, [record], deed, who=principal.name, note=document.note, until=document.until, to=document.to
    )
    return _action(parts, made)


def seen_alert(parts: Services, principal: Principal, rule: str, meter: str) -> AlertRecord:
    """Give one alert that there ever was.  Raises Problem."""
    record = alerts.one(parts.engine, Key(rule, meter))
    if record is None or not sees(parts, principal, meter):
        raise Problem("no_such", what="alert", id=f"{rule} {meter}")
    return record


def _meters(parts: Services, principal: Principal, enterprise: str | None, meter: str | None) -> list[str] | None:
    if meter is not None:
        seen_meter(parts, principal, meter)
        return [meter]
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    wanted = enterprise or principal.enterprise
    if wanted is None:
        return None
    return [wanted, *(one.id for one in parts.registry.current().meters_of(wanted))]


def _place(one: AlertRecord) -> str:
    return f"{9 - int(one.severity)} {one.since:%Y-%m-%dT%H:%M:%S.%f} {one.rule} {one.meter}"


def _action(parts: Services, made: Action) -> ActionItem:
    return ActionItem(
        id=made.id,
        at=parts.local(made.at),
        who=made.who,
        rule=made.rule,
        meter=made.meter,
        deed=made.deed,
        note=made.note,
        until=None if made.until is None else parts.local(made.until),
        to=made.to,
        waiting=True,
    )
