"""The review queue: what was found in the registers, and what a person decides about it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import suspicions
from adapters.relational.refusal import Refused
from adapters.relational.suspicions import Found, State
from api.answers import answers
from api.page import Cursor, Limit, Page
from api.problem import Problem
from api.routes.epochs import EXAMPLE_AT, Above, EpochItem, Note, Reading, written
from api.security import AccountsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meters
from park.declaration import Wish, decide
from park.epoch import Kind, Standing
from park.metric import metrics
from park.place import Meter
from park.principal import Principal
from park.suspicion import Suspicion

router = APIRouter(tags=["ledger"])

FOUND: dict[str, Any] = {
    "id": 12,
    "meter": "e01-main",
    "metric": "ep_imp",
    "at": EXAMPLE_AT,
    "kind": "reset",
    "state": "open",
    "before": {"at": "2026-11-20T09:59:45+08:00", "total": 50000.0},
    "after": {"at": EXAMPLE_AT, "total": 3.0},
    "booked": 3.0,
    "unit": "kWh",
    "evidence": {},
    "found_at": "2026-11-20T10:05:00+08:00",
}


class Decision(BaseModel):
    """Why it was decided so."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "电工现场确认停电清零"}]})

    note: Note


class Correction(Decision):
    """What was really the case."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"closing": 50003.2, "opening": 0, "note": "换表工单 118"}]}
    )

    closing: Reading = None
    opening: Reading = None
    multiplier: Above = None
    width: Above = None

    def wish(self, found: Suspicion) -> Wish:
        """Say it of what was found."""
        return Wish(
            found.kind,
            found.at,
            found.metric,
            closing=self.closing,
            opening=self.opening,
            multiplier=self.multiplier,
            width=self.width,
        )


class Point(BaseModel):
    """A reading of the register, multiplier applied."""

    at: datetime
    total: float


class SuspicionItem(BaseModel):
    """What was found in a register's readings and waits for a person."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOUND]})

    id: int
    meter: str
    metric: str
    at: datetime
    kind: Kind
    state: State
    before: Point = Field(description="The last reading that is believed.")
    after: Point = Field(description="The first after it.")
    booked: float = Field(description="What is booked meanwhile, marked estimated; two devices: nothing is.")
    unit: str
    evidence: dict[str, float | str]
    found_at: datetime


@router.get(
    "/epochs",
    summary="The review queue",
    response_description="What was found, the newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def queue(
    parts: Parts,
    principal: Viewer,
    *,
    state: Annotated[State, Query(description="Those that wait (`open`), were decided, or explained themselves.")] = (
        State.OPEN
    ),
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[SuspicionItem]:
    """Give what the ledger found in the registers and would not decide by itself."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    own = None
    if enterprise is not None or principal.enterprise is not None:
        own = [meter.id for meter in seen_meters(parts, principal, enterprise)]
    found, following = suspicions.queue(parts.engine, state=state, enterprise_meters=own, limit=limit, cursor=cursor)
    return Page(items=[_found(parts, one) for one in found], next=following)


@router.post(
    "/epochs/{number}/confirm",
    summary="Confirm what was found",
    status_code=201,
    response_description="The decision; what was booked as estimated is measured from now on.",
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def confirm(request: Request, parts: Parts, principal: AccountsKeeper, number: int, decision: Decision) -> EpochItem:
    """Say that it was so."""
    return _decided(request, parts, principal, number, Standing.CONFIRMED, decision.note)


@router.post(
    "/epochs/{number}/reject",
    summary="Reject what was found",
    status_code=201,
    response_description="The decision; the readings in question are not believed.",
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def reject(request: Request, parts: Parts, principal: AccountsKeeper, number: int, decision: Decision) -> EpochItem:
    """Say that nothing of the kind happened, so that the readings in question are wrong."""
    return _decided(request, parts, principal, number, Standing.REJECTED, decision.note)


@router.post(
    "/epochs/{number}/correct",
    summary="Correct what was found",
    status_code=201,
    response_description="The decision with its readings.",
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def correct(
    request: Request, parts: Parts, principal: AccountsKeeper, number: int, correction: Correction
) -> EpochItem:
    """Say what the display showed before and after, or which multiplier or width is the true one."""
    return _decided(request, parts, principal, number, Standing.CORRECTED, correction.note, correction)


def _decided(  # noqa: PLR0917  # one decision
    request: Request,
    parts: Services,
    principal: Principal,
    number: int,
    standing: Standing,
    note: str,
    said: Correction | None = None,
) -> EpochItem:
    """Write a decision down.  Raises Problem where there is nothing to decide, or with every mistake."""
    found, meter = seen_suspicion(parts, principal, number)
    if found.state is State.WITHDRAWN:
        raise Problem("conflict", refused=GONE)
    one = found.suspicion
    wish = None if said is None else said.wish(one)
    checked = decide(meter, one, standing, wish, note=note, who=principal.name, now=parts.clock())
    return written(request, parts, checked)


GONE = Refused(
    "后来的数据已能解释这一处, 无需再作决定; 请刷新列表。",
    "Later readings explained it: there is nothing left to decide. Load the list again.",
)


def seen_suspicion(parts: Services, principal: Principal, number: int) -> tuple[Found, Meter]:
    """Give one suspicion and its meter.  Raises Problem."""
    found = suspicions.one(parts.engine, number) if 0 < number < 1 << 63 else None
    meter = parts.registry.current().by_meter.get(found.suspicion.meter) if found is not None else None
    if found is None or meter is None or not principal.sees(meter.enterprise):
        raise Problem("no_such", what="suspicion", id=number)
    return found, meter


def _found(parts: Services, found: Found) -> SuspicionItem:

    one = found.suspicion
    return SuspicionItem(
        id=found.id,
        meter=one.meter,
        metric=one.metric,
        at=parts.local(one.at),
        kind=one.kind,
        state=found.state,
        before=Point(at=parts.local(one.before[0]), total=one.before[1]),
        after=Point(at=parts.local(one.after[0]), total=one.after[1]),
        booked=one.booked,
        unit=metrics()[one.metric].unit if one.metric in metrics() else "",
        evidence=dict(one.evidence),
        found_at=parts.local(found.found_at),
    )
