"""Policies: what a park decided where the rules leave a choice."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import policies as store
from api import language
from api.answers import answers
from api.entry_mistakes import checked
from api.page import Page
from api.problem import Problem
from api.security import AccountsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprises
from park.factor import Basis
from park.policy import Policy
from park.policy_entry import dump
from park.principal import Principal

router = APIRouter(tags=["factors"])

EXAMPLE: dict[str, Any] = dump(Policy("hengkou"))


class PolicyDocument(BaseModel):
    """A policy as it is entered; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE | {"reason": "按市里评价口径"}]})

    basis: Basis | None = Field(default=None, description="Which value of electricity leads; both are computed.")
    region: str | None = Field(default=None, description="Whose grid factor: shaanxi, northwest, national …")
    fallback: bool | None = Field(default=None, description="Whether a wider grid serves where the region has none.")
    sets: list[str] | None = Field(default=None, description="The sets factors are taken from.")
    counted: list[str] | None = Field(default=None, description="Media that count in the total of energy.")
    self_generated: bool | None = Field(default=None, description="Whether own power used on the spot counts.")
    residual: str | None = Field(default=None, description="electricity_residual or electricity_fossil.")
    feed_water_kj_kg: float | None = Field(default=None, description="Heat of feed water, taken off that of steam.")
    final_coverage: float | None = Field(default=None, description="Measured share from which on a figure is final.")
    losses: dict[str, list[float]] | None = Field(default=None, description="Bounds of loss by carrier, as shares.")
    reason: str | None = Field(default=None, description="Why it was decided.")


class PolicyItem(BaseModel):
    """One revision of a park's policy; revision 0 is the default, which nobody decided."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [EXAMPLE | {"park": "hengkou", "revision": 0, "who": "", "at": None, "reason": ""}]
        }
    )

    park: str
    revision: int
    basis: Basis
    region: str
    fallback: bool
    sets: list[str]
    counted: list[str]
    self_generated: bool
    residual: str
    feed_water_kj_kg: float
    final_coverage: float
    losses: dict[str, list[float]]
    who: str
    at: datetime | None
    reason: str


@router.get(
    "/policies/{id}",
    summary="A park's policy",
    response_description="The policy in force.",
    responses=answers(401, 403, 404, 422, 503),
)
def policy(parts: Parts, principal: Viewer, id: str) -> PolicyItem:  # noqa: A002  # the path's own word
    """Give the policy that figures are made by."""
    _known(parts, principal, id)
    return _item(parts, store.current(parts.engine, id))


@router.get(
    "/policies/{id}/revisions",
    summary="Every revision of a park's policy",
    response_description="Revisions, the newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def revisions(parts: Parts, principal: Viewer, id: str) -> Page[PolicyItem]:  # noqa: A002  # the path's own word
    """Give each decision with who took it, when and why."""
    _known(parts, principal, id)
    return Page(items=[_item(parts, one) for one in store.history(parts.engine, id)])


@router.put(
    "/policies/{id}",
    summary="Decide a park's policy",
    response_description="The policy in force.",
    responses=answers(401, 403, 404, 413, 422, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/PolicyDocument"},
                    "example": EXAMPLE | {"reason": "按市里评价口径"},
                }
            },
        }
    },
)
def put(
    request: Request,
    parts: Parts,
    principal: AccountsKeeper,
    *,
    id: str,  # noqa: A002  # the path's own word
    document: Annotated[dict[str, Any], Body()],
) -> PolicyItem:
    """Decide: the next revision.  What is left out stays; the same again makes none.  Figures are restated."""
    _known(parts, principal, id)
    given = {name: value for name, value in document.items() if name not in {"park", "revision", "who", "at"}}
    made = checked(
        lambda: store.save(parts.engine, id, given, who=principal.name, now=parts.clock()), language.of(request)
    )
    return _item(parts, made)


def _known(parts: Services, principal: Principal, park: str) -> None:
    """Refuse a park that is not there, or of which the principal sees nothing."""
    there = any(one.id == park for one in parts.registry.current().parks)
    own = principal.enterprise is None or any(one.park == park for one in seen_enterprises(parts, principal))
    if not there or not own:
        raise Problem("no_such", what="park", id=park[:64])


def _item(parts: Services, one: Policy) -> PolicyItem:
    at = parts.local(one.at) if one.at is not None else None
    plain = {"park": one.park, "revision": one.revision} | dump(one)
    return PolicyItem.model_validate(plain | {"who": one.who, "at": at, "reason": one.reason})
