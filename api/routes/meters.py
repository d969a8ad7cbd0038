"""Meters: the registry's devices, and whether they are heard."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import registry_store
from api import language
from api.answers import answers
from api.entry import check_meter, with_id
from api.page import Cursor, Limit, Page, cut
from api.security import RegistryKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meter, seen_meters
from park.metric import Medium
from park.place import Meter, Role
from park.registry_dump import meter as dump

router = APIRouter(tags=["registry"])

EXAMPLE: dict[str, Any] = {
    "id": "e01-main",
    "enterprise": "e01",
    "medium": "electricity",
    "role": "boundary",
    "name": "一号变总表",
    "name_en": "Transformer 1",
    "period": "15s",
    "metrics": ["ep_imp", "p"],
    "units": {},
    "multiplier": [{"from": "2024-01-01", "value": 12000}],
    "register": {"width": 1000000, "rated": "2000 kW"},
    "codec": "native",
}
ADDED = ("park", "now")
"""What an answer says beside the document; sent back, it changes nothing."""


class Since(BaseModel):
    """A multiplier from a day on."""

    since: str = Field(alias="from", description="A date (the site's midnight) or a time.")
    value: float


class RegisterDocument(BaseModel):
    """The counter inside."""

    width: float | None = Field(default=None, description="Where it starts from 0 again, in its own counts.")
    rated: str = Field(default="", description="The most it can move in an hour, as `2000 kW`.")


class MeterDocument(BaseModel):
    """A meter as the registry file has it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str = Field(description="Lower-case letters, digits, - and _; part of topics and addresses.")
    enterprise: str
    medium: Medium
    role: Role
    name: str
    name_en: str = ""
    period: str = Field(description="How often it reports: 15s, 5m, 1h.")
    metrics: list[str] = Field(description="Names from the metric table.")
    units: dict[str, str] = Field(
        default_factory=dict, description="Units it reports in, where not the canonical ones."
    )
    multiplier: float | list[Since] = Field(
        default_factory=list, description="CT×PT or pulse weight; a list where it changed."
    )
    register_: RegisterDocument = Field(default_factory=RegisterDocument, alias="register")
    codec: str | dict[str, dict[str, Any]] = Field(
        default="native", description='How it speaks; with what it needs: {"hj212": {"mn": "…"}}.'
    )


class Now(BaseModel):
    """Whether a meter is heard."""

    online: bool | None = Field(description="Null: never heard, and nothing stored.")
    heard_at: datetime | None = Field(description="When its last message came, since this service started.")


class MeterItem(MeterDocument):
    """A meter and whether it is heard."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                EXAMPLE | {"park": "hengkou", "now": {"online": True, "heard_at": "2026-11-23T08:00:00+08:00"}}
            ]
        }
    )

    park: str
    now: Now


@router.get("/meters", summary="Meters", response_description="Meters by id.", responses=answers(401, 403, 404, 422))
def meters(
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    medium: Annotated[Medium | None, Query(description="Only this medium.")] = None,
    role: Annotated[Role | None, Query(description="Only this role.")] = None,
    online: Annotated[bool | None, Query(description="Only those heard (true) or not heard (false) now.")] = None,
    q: Annotated[str | None, Query(max_length=64, description="Part of the id or name.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[MeterItem]:
    """Give the meters the principal sees."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    word, moment = (q or "").casefold(), parts.clock()
    found = [
        one
        for one in seen_meters(parts, principal, enterprise)
        if (medium is None or one.medium is medium)
        and (role is None or one.role is role)
        and any(word in text.casefold() for text in (one.id, one.name, one.name_en))
        and (online is None or bool(parts.live.online(one.id, moment)) is online)
    ]
    items, following = cut(found, cursor, limit, lambda one: one.id)
    return Page(items=[_item(parts, one) for one in items], next=following)


@router.get(
    "/meters/{id}", summary="One meter", response_description="The meter.", responses=answers(401, 403, 404, 422)
)
def meter(parts: Parts, principal: Viewer, id: str) -> MeterItem:  # noqa: A002  # the path's own word
    """Give one meter."""
    return _item(parts, seen_meter(parts, principal, id))


@router.put(
    "/meters/{id}",
    summary="Register or change a meter",
    response_description="The meter as it is now.",
    responses=answers(401, 403, 413, 422, 503)
    | {201: {"model": MeterItem, "description": "It was registered for the first time."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/MeterDocument"}, "example": EXAMPLE}
            },
        }
    },
)
def put(
    request: Request,
    response: Response,
    parts: Parts,
    principal: RegistryKeeper,
    *,
    id: str,  # noqa: A002  # the path's own word
    document: Annotated[dict[str, Any], Body()],
) -> MeterItem:
    """Register a meter, or put this in its place: what is left out is emptied.  Every mistake is named.

    What waits in quarantine for it comes in after `POST /quarantine/replay`.
    """
    registry = parts.registry.refresh()
    made = check_meter(registry, with_id(document, id, ignored=ADDED), language.of(request))
    added = registry_store.save_meter(parts.engine, made, now=parts.clock(), who=principal.name)
    response.status_code = 201 if added else 200
    return _item(parts, parts.registry.refresh().by_meter[id])


@router.delete(
    "/meters/{id}",
    summary="Take a meter out of the registry",
    status_code=204,
    response_description="It is gone; its readings stay in the store.",
    responses=answers(401, 403, 404, 422, 503),
)
def delete(parts: Parts, principal: RegistryKeeper, id: str) -> Response:  # noqa: A002  # the path's own word
    """Take a meter out.  What it sends from now on is quarantined as of an unknown meter."""
    seen_meter(parts, principal, id)
    registry_store.delete_meter(parts.engine, id, now=parts.clock(), who=principal.name)
    parts.registry.refresh()
    return Response(status_code=204)


def _item(parts: Services, one: Meter) -> MeterItem:
    heard = parts.live.heard(one.id)
    now = Now(
        online=parts.live.online(one.id, parts.clock()), heard_at=parts.local(heard) if heard is not None else None
    )
    return MeterItem.model_validate(dump(one) | {"park": one.park, "now": now})
