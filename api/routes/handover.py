"""The log of shifts: what one told the next."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import handover
from adapters.relational.handover import LONGEST_NOTE, Handover
from api import cursor as cursors
from api import shift_state
from api.answers import answers
from api.page import Cursor, Limit, Page
from api.security import AlertAnswerer, ParkViewer
from api.services import Parts, Services

router = APIRouter(tags=["alerts"])

STATE: dict[str, Any] = {
    "counts": {"raised": 4, "cleared": 3, "acknowledged": 4, "shelved": 0, "escalated": 1, "closed": 0},
    "open": [
        {"rule": "h2s-1", "meter": "e01-h2s", "enterprise": "e01", "severity": "larger",
         "since": "2026-11-23T00:00:00+00:00", "acknowledged_by": "王丽", "assigned_to": "李强",
         "shelved_until": None, "drill": False}
    ],
}  # fmt: skip


class HandoverDocument(BaseModel):
    """Handing over."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"taken_by": "李强", "note": "2# 探测器明日送检。"}]}
    )

    taken_by: str = Field(min_length=1, max_length=200, description="Who takes over.")
    note: str = Field(default="", max_length=LONGEST_NOTE)


class ShiftState(BaseModel):
    """What would be handed over now."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"since": "2026-11-22T20:00:00+08:00", "complete": True, **STATE}]}
    )

    since: datetime
    complete: bool = Field(description="Whether every change was counted.")
    counts: dict[str, int]
    open: list[dict[str, Any]]


class HandoverItem(BaseModel):
    """One handing over, with how things stood."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 3, "at": "2026-11-23T08:00:00+08:00", "since": "2026-11-22T20:00:00+08:00", "who": "王丽",
                    "taken_by": "李强", "note": "2# 探测器明日送检。", **STATE,
                }
            ]
        }
    )  # fmt: skip

    id: int
    at: datetime
    since: datetime
    who: str
    taken_by: str
    note: str
    counts: dict[str, int]
    open: list[dict[str, Any]]


@router.get(
    "/handovers",
    summary="The log of shifts",
    response_description="The newest first.",
    responses=answers(401, 403, 422, 503),
)
def listing(parts: Parts, _principal: ParkViewer, *, limit: Limit = 50, cursor: Cursor = None) -> Page[HandoverItem]:
    """Give what each shift told the next, with what was open then."""
    found = handover.listing(parts.engine, before=cursors.read_number(cursor), limit=limit + 1)
    following = cursors.write(found[limit - 1].id) if len(found) > limit else None
    return Page(items=[_item(parts, one) for one in found[:limit]], next=following)


@router.get(
    "/handovers/now",
    summary="What there is to hand over",
    response_description="What is open, and what happened since the last handing over.",
    responses=answers(401, 403, 503),
)
def present(parts: Parts, _principal: ParkViewer) -> ShiftState:
    """Give what would be written down now."""
    shift = shift_state.now(parts)
    return ShiftState(since=parts.local(shift.since), complete=not shift.cut, **shift.state)


@router.post(
    "/handovers",
    summary="Hand over",
    status_code=201,
    response_description="It is in the log.",
    responses=answers(401, 403, 413, 422, 503),
)
def add(parts: Parts, principal: AlertAnswerer, document: HandoverDocument) -> HandoverItem:
    """Write down who takes over, and what is open and happened in the shift.  The log is only ever added to."""
    return _item(parts, hand_over(parts, who=principal.name, taken_by=document.taken_by, note=document.note))


def hand_over(parts: Services, *, who: str, taken_by: str, note: str) -> Handover:
    """Hand over now.  Raises EntryRefused."""
    shift = shift_state.now(parts)
    return handover.write(
        parts.engine, since=shift.since, who=who, taken_by=taken_by, note=note, state=shift.state, now=parts.clock()
    )


def _item(parts: Services, one: Handover) -> HandoverItem:
    return HandoverItem(
        id=one.id,
        at=parts.local(one.at),
        since=parts.local(one.since),
        who=one.who,
        taken_by=one.taken_by,
        note=one.note,
        counts=one.state["counts"],
        open=one.state["open"],
    )
