"""Enterprises."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import registry_store
from api import language
from api.answers import answers
from api.entry import check_enterprise, with_id
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.security import RegistryKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_enterprises
from park.place import Enterprise

router = APIRouter(tags=["registry"])

EXAMPLE: dict[str, Any] = {
    "id": "e01",
    "park": "hengkou",
    "name": "安康某富硒食品有限公司",
    "name_en": "Ankang Selenium Foods",
    "industry": "1392",
    "area_mu": 42.5,
    "contact": "王丽 139****0000",
}


class EnterpriseDocument(BaseModel):
    """An enterprise as the registry file has it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str = Field(description="Lower-case letters, digits, - and _; part of topics and addresses.")
    park: str = Field(description="Its park; may be left out where there is only one.")
    name: str
    name_en: str = ""
    industry: str = Field(default="", description="GB/T 4754 code.")
    area_mu: float | None = Field(default=None, description="Land it uses, in 亩; null where nobody has said.")
    contact: str = ""


class EnterpriseItem(EnterpriseDocument):
    """An enterprise and how many meters it has."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE | {"meters": 6}]})

    meters: int


@router.get(
    "/enterprises", summary="Enterprises", response_description="Enterprises by id.", responses=answers(401, 403, 422)
)
def enterprises(
    parts: Parts,
    principal: Viewer,
    *,
    park: Annotated[str | None, Query(max_length=64, description="Only this park's.")] = None,
    industry: Annotated[
        str | None, Query(max_length=8, description="Only this GB/T 4754 code, or what it begins.")
    ] = None,
    q: Annotated[str | None, Query(max_length=64, description="Part of the id or name.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[EnterpriseItem]:
    """Give the enterprises the principal sees."""
    word = (q or "").casefold()
    found = [
        one
        for one in seen_enterprises(parts, principal)
        if (park is None or one.park == park)
        and (industry is None or one.industry.startswith(industry))
        and any(word in text.casefold() for text in (one.id, one.name, one.name_en))
    ]
    items, following = cut(found, cursor, limit, lambda one: one.id)
    return Page(items=[_item(parts, one) for one in items], next=following)


@router.get(
    "/enterprises/{id}",
    summary="One enterprise",
    response_description="The enterprise.",
    responses=answers(401, 403, 404, 422),
)
def enterprise(parts: Parts, principal: Viewer, id: str) -> EnterpriseItem:  # noqa: A002  # the path's own word
    """Give one enterprise."""
    return _item(parts, seen_enterprise(parts, principal, id))


@router.put(
    "/enterprises/{id}",
    summary="Register or change an enterprise",
    response_description="The enterprise as it is now.",
    responses=answers(401, 403, 413, 422, 503)
    | {201: {"model": EnterpriseItem, "description": "It was registered for the first time."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/EnterpriseDocument"},
                    "example": EXAMPLE,
                }
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
) -> EnterpriseItem:
    """Register an enterprise, or put this in its place: what is left out is emptied.  Every mistake is named."""
    registry = parts.registry.refresh()
    wanted = with_id(document, id, ignored=("meters",))
    made = check_enterprise(registry, wanted, language.of(request))
    added = registry_store.save_enterprise(parts.engine, made, now=parts.clock(), who=principal.name)
    response.status_code = 201 if added else 200
    return _item(parts, parts.registry.refresh().by_enterprise[id])


@router.delete(
    "/enterprises/{id}",
    summary="Take an enterprise out of the registry",
    status_code=204,
    response_description="It is gone; its readings stay in the store.",
    responses=answers(401, 403, 404, 409, 422, 503),
)
def delete(parts: Parts, principal: RegistryKeeper, id: str) -> Response:  # noqa: A002  # the path's own word
    """Take out an enterprise that has no meters any more."""
    seen_enterprise(parts, principal, id)
    try:
        registry_store.delete_enterprise(parts.engine, id, now=parts.clock(), who=principal.name)
    except registry_store.RegistryRefused as refused:
        raise Problem("conflict", refused=refused) from None
    parts.registry.refresh()
    return Response(status_code=204)


def _item(parts: Services, one: Enterprise) -> EnterpriseItem:
    return EnterpriseItem(
        id=one.id,
        park=one.park,
        name=one.name,
        name_en=one.name_en,
        industry=one.industry,
        area_mu=one.area_mu,
        contact=one.contact,
        meters=sum(1 for _ in parts.registry.current().meters_of(one.id)),
    )
