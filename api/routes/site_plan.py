"""The plan of the site: its picture, and its points by state."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from adapters.relational import site_plan as store
from api import site_plan
from api.answers import answers
from api.problem import Problem
from api.security import ParkViewer, RegistryKeeper, Viewer
from api.services import Parts, Services
from park.principal import Principal
from park.site_plan import Place, Point, State

router = APIRouter(tags=["alerts"])

PICTURE: dict[str, Any] = {
    "media": "image/png", "width": 1600, "height": 900, "digest": "9f86d0…", "who": "王丽",
    "at": "2026-11-23T08:00:00+08:00",
}  # fmt: skip
POINT: dict[str, Any] = {
    "meter": "e01-h2s", "enterprise": "e01", "state": "burning", "rule": "h2s-1", "severity": "larger", "more": 0,
    "unanswered": True, "x": 0.42, "y": 0.31,
}  # fmt: skip
MOVED: dict[str, Any] = {"points": [{"meter": "e01-h2s", "x": 0.42, "y": 0.31}, {"meter": "e02-gas"}]}
BYTES = {"schema": {"type": "string", "format": "binary"}, "example": "(the picture's bytes)"}
MEDIA = ("image/png", "image/jpeg", "image/webp")
SENT = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"example": MOVED}, **dict.fromkeys(MEDIA, BYTES)},
    }
}
SHOWN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture as it was sent.", "content": dict.fromkeys(MEDIA, BYTES)}
}


class PictureItem(BaseModel):
    """The picture, without its bytes: those are at `/plan/picture`."""

    media: str
    width: int
    height: int
    digest: str = Field(description="SHA-256 of its bytes.")
    who: str
    at: datetime


class PointItem(BaseModel):
    """One meter on the plan, or an enterprise of which something burns as a whole."""

    meter: str = Field(description="Its id; an enterprise's own where the alert is of all of it.")
    enterprise: str
    state: State
    rule: str = Field(description="What burns: the gravest that nobody looks after, or the gravest; else empty.")
    severity: str = Field(description="How grave it is; empty where nothing burns.")
    more: int = Field(description="How many other alerts burn there.")
    unanswered: bool = Field(description="Whether nobody looks after one of them.")
    x: float | None = Field(description="Share of the picture from its left; null where the point has no place.")
    y: float | None = Field(description="Share of the picture from its top.")


class PlanItem(BaseModel):
    """The plan as one may see it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"picture": PICTURE, "points": [POINT]}]})

    picture: PictureItem | None = Field(description="Null where there is none, and for enterprise users.")
    points: list[PointItem]


class Moved(BaseModel):
    """Where one point is to be; without `x` and `y` it is taken off the plan."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    meter: str = Field(max_length=64)
    x: float | None = Field(default=None, ge=0, le=1)
    y: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def both_or_neither(self) -> "Moved":
        """Refuse half a place."""
        if (self.x is None) != (self.y is None):
            raise ValueError("x, y")
        return self

    @property
    def place(self) -> Place | None:
        """Where it is to be."""
        return None if self.x is None or self.y is None else Place(self.x, self.y)


class MovesDocument(BaseModel):
    """Points to move; those not named stay."""

    model_config = ConfigDict(extra="forbid")

    points: list[Moved] = Field(min_length=1, max_length=10_000)


MOVES = TypeAdapter(MovesDocument)


async def raw(request: Request) -> bytes:
    """Give the body as it came."""
    return await request.body()


@router.get(
    "/plan",
    summary="The plan of the site",
    response_description="Its picture and its points.",
    responses=answers(401, 403, 503),
)
def plan(parts: Parts, principal: Viewer) -> PlanItem:
    """Give every point as it stands, and where it is on the picture.

    An enterprise's own user sees the points of its own meters and no picture: that shows the others, too.
    """
    return _plan(parts, principal)


@router.get(
    "/plan/picture",
    summary="The picture of the plan",
    response_class=Response,
    responses=SHOWN | answers(401, 403, 404, 503),
)
def picture(parts: Parts, _principal: ParkViewer) -> Response:
    """Give the picture's bytes."""
    found = store.content(parts.engine)
    if found is None:
        raise Problem("no_such", what="picture", id="plan")
    media, content = found
    return Response(content, media_type=media, headers={"Cache-Control": "private, max-age=3600"})


@router.put(
    "/plan",
    summary="Set the picture, or move points",
    response_description="The plan as it is now.",
    openapi_extra=SENT,
    responses=answers(401, 403, 413, 422, 503),
)
def put(request: Request, parts: Parts, principal: RegistryKeeper, content: Annotated[bytes, Depends(raw)]) -> PlanItem:
    """Keep a picture (PNG, JPEG or WebP of 5 MB at most, told by its bytes), or, as JSON, move the points named."""
    now = parts.clock()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        moves = _moves(content)
        given = {one.meter: one.place for one in moves.points}
        registry = parts.registry.current()
        store.put_places(
            parts.engine, given, {*registry.by_meter, *registry.by_enterprise}, who=principal.name, now=now
        )
    else:
        store.put_picture(parts.engine, content, who=principal.name, now=now)
    return _plan(parts, principal)


@router.delete(
    "/plan/picture",
    summary="Take the picture away",
    status_code=204,
    response_description="There is none any more.",
    responses=answers(401, 403, 404, 503),
)
def delete(parts: Parts, principal: RegistryKeeper) -> Response:
    """Take the picture away; the places of points stay for the next one."""
    if not store.remove_picture(parts.engine, who=principal.name, now=parts.clock()):
        raise Problem("no_such", what="picture", id="plan")
    return Response(status_code=204)


def _moves(content: bytes) -> MovesDocument:
    try:
        return MOVES.validate_json(content)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        ) from None


def _plan(parts: Services, principal: Principal) -> PlanItem:
    now = parts.clock()
    drawn = site_plan.drawn(parts, principal)
    online = {meter.id: parts.live.online(meter.id, now) for meter in parts.registry.current().meters}
    found = site_plan.points(parts, principal, parts.alarms.look(), online, now)
    kept = drawn.picture
    return PlanItem(
        picture=None if kept is None else PictureItem(**{**kept._asdict(), "at": parts.local(kept.at)}),
        points=[_point(one, drawn.places.get(one.subject.id)) for one in found],
    )


def _point(one: Point, place: Place | None) -> PointItem:
    return PointItem(
        meter=one.subject.id,
        enterprise=one.enterprise,
        state=one.state,
        rule="" if one.alert is None else one.alert.rule,
        severity="" if one.alert is None else one.alert.severity.word,
        more=one.more,
        unanswered=one.waits,
        x=None if place is None else place.x,
        y=None if place is None else place.y,
    )
