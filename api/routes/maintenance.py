"""Work that is announced: what it touches raises alerts that are written down and told to nobody."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import maintenance as store
from adapters.relational.maintenance import Announced
from api.answers import answers
from api.page import Page
from api.problem import Problem
from api.security import ParkViewer, RulesKeeper
from api.services import Parts, Services
from api.times import Instant
from park.maintenance import Maintenance

router = APIRouter(tags=["receivers"])

GIVEN: dict[str, Any] = {
    "start": "2026-11-23T09:00:00+08:00",
    "end": "2026-11-23T12:00:00+08:00",
    "reason": "1# 探测器标定",
    "enterprises": [],
    "meters": ["e01-h2s"],
    "rules": [],
}


class MaintenanceDocument(BaseModel):
    """Work to announce.  What is named must all fit; enterprises or meters must be named."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [GIVEN]})

    start: Instant
    end: Instant = Field(description="Within 31 days of the start.")
    reason: str = Field(max_length=500, description="It is given wherever nobody was told because of this.")
    enterprises: list[str] = Field(default_factory=list, max_length=1_000)
    meters: list[str] = Field(default_factory=list, max_length=10_000)
    rules: list[str] = Field(default_factory=list, max_length=1_000, description="Empty for all.")


class MaintenanceItem(BaseModel):
    """Work that was announced."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": 7, "who": "王丽", "at": "2026-11-23T08:00:00+08:00", "now": False, **GIVEN}]
        }
    )

    id: int
    start: datetime
    end: datetime
    reason: str
    who: str
    at: datetime = Field(description="When it was announced.")
    enterprises: list[str]
    meters: list[str]
    rules: list[str]
    now: bool = Field(description="Whether it goes on now.")


@router.get(
    "/maintenance",
    summary="Announced work",
    response_description="By beginning.",
    responses=answers(401, 403, 422, 503),
)
def listing(
    parts: Parts,
    _principal: ParkViewer,
    *,
    since: Annotated[Instant | None, Query(description="Also what was over by now, back to this.")] = None,
) -> Page[MaintenanceItem]:
    """Give the work that goes on or is to come."""
    return Page(items=[_item(parts, one) for one in store.listing(parts.engine, since=since or parts.clock())])


@router.post(
    "/maintenance",
    summary="Announce work",
    status_code=201,
    response_description="The work, with its number.",
    responses=answers(401, 403, 413, 422, 503),
)
def add(parts: Parts, principal: RulesKeeper, document: MaintenanceDocument) -> MaintenanceItem:
    """Announce work: in it, alerts of what it touches are written down with its reason and told to nobody."""
    given = Maintenance(
        start=document.start,
        end=document.end,
        reason=document.reason,
        enterprises=tuple(document.enterprises),
        meters=tuple(document.meters),
        rules=tuple(document.rules),
    )
    return _item(parts, announce(parts, given, who=principal.name))


@router.delete(
    "/maintenance/{id}",
    summary="End announced work",
    status_code=204,
    response_description="It is over; what still burns is told.",
    responses=answers(401, 403, 404, 422, 503),
)
def delete(parts: Parts, principal: RulesKeeper, id: Annotated[int, Path(ge=1, le=2**53)]) -> Response:  # noqa: A002  # the path's own word
    """End work before its time, or take it back before it has begun."""
    if not store.end(parts.engine, id, who=principal.name, now=parts.clock()):
        raise Problem("no_such", what="maintenance", id=id)
    return Response(status_code=204)


def announce(parts: Services, given: Maintenance, *, who: str) -> Announced:
    """Announce work on what the registry knows.  Raises EntryRefused with every mistake."""
    registry = parts.registry.current()
    return store.add(
        parts.engine,
        given,
        who=who,
        now=parts.clock(),
        known={"enterprises": registry.by_enterprise, "meters": registry.by_meter, "rules": parts.alarms.rules()},
    )


def _item(parts: Services, one: Announced) -> MaintenanceItem:
    work = one.work
    return MaintenanceItem(
        id=one.id,
        start=parts.local(work.start),
        end=parts.local(work.end),
        reason=work.reason,
        who=work.who,
        at=parts.local(one.at),
        enterprises=list(work.enterprises),
        meters=list(work.meters),
        rules=list(work.rules),
        now=work.start <= parts.clock() < work.end,
    )
