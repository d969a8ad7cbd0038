"""The roster: who is on duty when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import duty as store
from adapters.relational.duty import Listed
from api.answers import answers
from api.page import Page
from api.problem import Problem
from api.security import ParkViewer, RulesKeeper
from api.services import Parts, Services
from api.times import Instant
from park.duty import Shift

router = APIRouter(tags=["receivers"])

GIVEN: dict[str, Any] = {
    "receiver": "duty", "people": "王丽", "start": "2026-11-23T08:00:00+08:00", "end": "2026-11-23T20:00:00+08:00",
}  # fmt: skip


class ShiftDocument(BaseModel):
    """One shift."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [GIVEN]})

    receiver: str = Field(max_length=64, description="Which receiver reaches them.")
    people: str = Field(default="", max_length=200)
    start: Instant
    end: Instant = Field(description="Not included: the next shift begins here.")


class ShiftsDocument(BaseModel):
    """Shifts to put on the roster, all or none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"shifts": [GIVEN]}]})

    shifts: list[ShiftDocument] = Field(min_length=1, max_length=500)


class ShiftItem(BaseModel):
    """One shift on the roster."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": 12, "now": True, **GIVEN}]})

    id: int
    receiver: str
    people: str
    start: datetime
    end: datetime
    now: bool = Field(description="Whether it is on now.")


@router.get(
    "/roster",
    summary="The roster",
    response_description="Shifts that are on or to come, by beginning.",
    responses=answers(401, 403, 422, 503),
)
def listing(
    parts: Parts,
    _principal: ParkViewer,
    *,
    since: Annotated[Instant | None, Query(description="Also shifts that are over, back to this.")] = None,
) -> Page[ShiftItem]:
    """Give who is on duty when."""
    return Page(items=[_item(parts, one) for one in store.listing(parts.engine, since=since or parts.clock())])


@router.post(
    "/roster",
    summary="Put shifts on the roster",
    status_code=201,
    response_description="The shifts, with their numbers.",
    responses=answers(401, 403, 413, 422, 503),
)
def add(parts: Parts, principal: RulesKeeper, document: ShiftsDocument) -> Page[ShiftItem]:
    """Put shifts on the roster, all or none, with every mistake named."""
    shifts = [Shift(receiver=one.receiver, start=one.start, end=one.end, note=one.people) for one in document.shifts]
    made = store.add(parts.engine, shifts, who=principal.name, now=parts.clock())
    return Page(items=[_item(parts, one) for one in made])


@router.delete(
    "/roster/{id}",
    summary="Take a shift off the roster",
    status_code=204,
    response_description="It is off.",
    responses=answers(401, 403, 404, 422, 503),
)
def delete(parts: Parts, principal: RulesKeeper, id: Annotated[int, Path(ge=1, le=2**53)]) -> Response:  # noqa: A002  # the path's own word
    """Take a shift off."""
    if not store.remove(parts.engine, id, who=principal.name, now=parts.clock()):
        raise Problem("no_such", what="duty", id=id)
    return Response(status_code=204)


def _item(parts: Services, one: Listed) -> ShiftItem:
    shift = one.shift
    return ShiftItem(
        id=one.id,
        receiver=shift.receiver,
        people=shift.note,
        start=parts.local(shift.start),
        end=parts.local(shift.end),
        now=shift.holds(parts.clock()),
    )
