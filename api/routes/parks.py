"""Parks."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import registry_store
from api import language
from api.answers import answers
from api.entry import check_park, with_id
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.security import RegistryKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprises
from park.place import Park
from park.principal import Principal

router = APIRouter(tags=["registry"])

EXAMPLE: dict[str, Any] = {"id": "hengkou", "name": "恒口示范区产业园", "name_en": "Hengkou Industrial Park"}


class ParkDocument(BaseModel):
    """A park as the registry file has it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: str = Field(description="Lower-case letters, digits, - and _; part of topics and addresses.")
    name: str
    name_en: str = ""


class ParkItem(ParkDocument):
    """A park and how many of its enterprises the principal sees."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE | {"enterprises": 24}]})

    enterprises: int


@router.get("/parks", summary="Parks", response_description="The parks, by id.", responses=answers(401, 403, 422))
def parks(parts: Parts, principal: Viewer, limit: Limit = 100, cursor: Cursor = None) -> Page[ParkItem]:
    """Give the parks the principal sees something of."""
    items, following = cut(_seen(parts, principal), cursor, limit, lambda one: one.id)
    return Page(items=[_item(parts, principal, one) for one in items], next=following)


@router.get("/parks/{id}", summary="One park", response_description="The park.", responses=answers(401, 403, 404, 422))
def park(parts: Parts, principal: Viewer, id: str) -> ParkItem:  # noqa: A002  # the path's own word
    """Give one park."""
    return _item(parts, principal, _find(parts, principal, id))


@router.put(
    "/parks/{id}",
    summary="Register or change a park",
    response_description="The park as it is now.",
    responses=answers(401, 403, 413, 422, 503)
    | {201: {"model": ParkItem, "description": "It was registered for the first time."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/ParkDocument"}, "example": EXAMPLE}
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
) -> ParkItem:
    """Register a park, or put this in its place."""
    made = check_park(with_id(document, id, ignored=("enterprises",)), language.of(request))
    added = registry_store.save_park(parts.engine, made, now=parts.clock(), who=principal.name)
    response.status_code = 201 if added else 200
    parts.registry.refresh()
    return _item(parts, principal, _find(parts, principal, id))


@router.delete(
    "/parks/{id}",
    summary="Take a park out of the registry",
    status_code=204,
    response_description="It is gone.",
    responses=answers(401, 403, 404, 409, 422, 503),
)
def delete(parts: Parts, principal: RegistryKeeper, id: str) -> Response:  # noqa: A002  # the path's own word
    """Take out a park that has no enterprises any more."""
    _find(parts, principal, id)
    try:
        registry_store.delete_park(parts.engine, id, now=parts.clock(), who=principal.name)
    except registry_store.RegistryRefused as refused:
        raise Problem("conflict", refused=refused) from None
    parts.registry.refresh()
    return Response(status_code=204)


def _seen(parts: Services, principal: Principal) -> list[Park]:
    own = {enterprise.park for enterprise in seen_enterprises(parts, principal)}
    return [one for one in parts.registry.current().parks if principal.enterprise is None or one.id in own]


def _find(parts: Services, principal: Principal, number: str) -> Park:
    found = next((one for one in _seen(parts, principal) if one.id == number), None)
    if found is None:
        raise Problem("no_such", what="park", id=number)
    return found


def _item(parts: Services, principal: Principal, one: Park) -> ParkItem:
    count = sum(enterprise.park == one.id for enterprise in seen_enterprises(parts, principal))
    return ParkItem(id=one.id, name=one.name, name_en=one.name_en, enterprises=count)
