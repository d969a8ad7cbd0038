"""Factors: what a unit of a carrier is worth in standard coal and CO2, which one applies, and people's own."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import factors as store
from adapters.relational import policies
from api import language
from api.answers import answers
from api.entry_mistakes import checked, key_of, term_of
from api.factor_item import DOCUMENT, EXAMPLE, FactorDocument, FactorItem, OwnFactorItem, item, own_item, seen
from api.mistake import Mistake
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.security import AccountsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_enterprises
from park.factor import Purpose
from park.factor_book import NoFactor
from park.own_factor import OwnFactor
from park.policy import Policy
from park.principal import Principal
from park.window import SITE

router = APIRouter(tags=["factors"])

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/FactorDocument"}, "example": DOCUMENT}
        },
    }
}
__all__ = ["FactorDocument", "router"]


class SelectionItem(BaseModel):
    """The factor that applies, or why none does."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "factor": EXAMPLE,
                    "why": "采用 生态环境部、国家统计局 电力二氧化碳排放因子 陕西 2023 年数据 (2025-12-31 发布): "
                    "截至 2026-11-23 已发布、且不晚于 2026 年的最新一年。",
                    "policy": 0,
                }
            ]
        }
    )

    factor: FactorItem | None = Field(description="Null where none applies; `why` says how to mend it.")
    why: str
    policy: int = Field(description="The revision of the park's policy it was chosen by.")


class WithdrawWish(BaseModel):
    """Why an entry is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "检测报告作废"}]})

    reason: Annotated[str, Field(min_length=1, max_length=2_000)]


@router.get("/factors", summary="Factors", response_description="Factors by id.", responses=answers(401, 403, 422, 503))
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    key: Annotated[str | None, Query(max_length=64, description="Only of this carrier.")] = None,
    purpose: Annotated[Purpose | None, Query(description="Only for this.")] = None,
    set: Annotated[str | None, Query(max_length=64, description="Only of this set.")] = None,  # noqa: A002  # the wire's word
    region: Annotated[str | None, Query(max_length=64, description="Only of this region.")] = None,
    data_year: Annotated[int | None, Query(description="Only of this data year.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[FactorItem]:
    """Give the factors that are shipped and those people added, as far as the principal may see them."""
    wanted = {"key": key, "purpose": purpose, "set": set, "region": region, "data_year": data_year}
    found = [
        one
        for one in seen(parts, principal, store.book(parts.engine).factors)
        if all(value is None or getattr(one, name) == value for name, value in wanted.items())
    ]
    lang = language.of(request)
    rows, following = cut(found, cursor, limit, lambda one: one.id)
    return Page(items=[item(one, lang) for one in rows], next=following)


@router.get(
    "/factors/selection",
    summary="Which factor applies",
    response_description="The factor and the reason, or why there is none.",
    responses=answers(401, 403, 404, 422, 503),
)
def selection(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    carrier: Annotated[str, Query(max_length=64, description="The carrier, or another key of a factor.")],
    term: Annotated[str, Query(max_length=16, description="As 2026-10, 2026-Q3, 2026, 2026-10/ytd, 2026-10/r12.")],
    purpose: Annotated[Purpose, Query(description="What the amount is turned into.")],
    enterprise: Annotated[str | None, Query(max_length=64, description="Whose own factors go first.")] = None,
    park: Annotated[str | None, Query(max_length=64, description="Whose policy; that of the only park.")] = None,
) -> SelectionItem:
    """Say which factor a figure of a term would take if it were made now, and why it is this one."""
    lang = language.of(request)
    when, key = term_of(term, lang), key_of(carrier)
    policy = _policy(parts, principal, enterprise, park)
    try:
        chosen = store.book(parts.engine).select(
            key, purpose, policy=policy, term=when, as_of=parts.clock(), enterprise=enterprise or principal.enterprise
        )
    except NoFactor as gap:
        return SelectionItem(factor=None, why=gap.sentence(lang), policy=policy.revision)
    return SelectionItem(factor=item(chosen.factor, lang), why=chosen.sentence(lang), policy=policy.revision)


@router.get(
    "/factors/own",
    summary="Factors people added",
    response_description="The newest revision of each entry.",
    responses=answers(401, 403, 422, 503),
)
def own(
    request: Request, parts: Parts, principal: Viewer, limit: Limit = 100, cursor: Cursor = None
) -> Page[OwnFactorItem]:
    """Give the newest revision of each entry; those that were taken back say so."""
    lang = language.of(request)
    open_ones = {one.id for one in seen(parts, principal, [own.factor for own in store.current(parts.engine)])}
    found = [one for one in store.current(parts.engine) if one.factor.id in open_ones]
    rows, following = cut(found, cursor, limit, lambda one: f"{one.number:09}")
    return Page(items=[own_item(parts, one, lang) for one in rows], next=following)


@router.post(
    "/factors",
    summary="Add a factor",
    status_code=201,
    response_description="The entry, at its first revision.",
    responses=answers(401, 403, 404, 413, 422, 503),
    openapi_extra=BODY,
)
def add(
    request: Request, parts: Parts, principal: AccountsKeeper, document: Annotated[dict[str, Any], Body()]
) -> OwnFactorItem:
    """Add a measured factor of a park or an enterprise, or an official one that came out later.

    Figures of the terms it applies to are restated.  Every mistake is named.
    """
    lang = language.of(request)
    now = parts.clock()
    ready = _ready(parts, principal, document)
    made = checked(
        lambda: store.add(parts.engine, ready, today=now.astimezone(SITE).date(), who=principal.name, now=now), lang
    )
    return own_item(parts, made, lang)


@router.put(
    "/factors/own/{number}",
    summary="Correct a factor",
    response_description="The entry, at its next revision.",
    responses=answers(401, 403, 404, 413, 422, 503),
    openapi_extra=BODY,
)
def revise(
    request: Request, parts: Parts, principal: AccountsKeeper, number: int, document: Annotated[dict[str, Any], Body()]
) -> OwnFactorItem:
    """Correct an entry: the next revision, with its reason.  The same again makes none."""
    lang = language.of(request)
    now = parts.clock()
    ready = _ready(parts, principal, document)
    reason = str(document.get("reason") or "").strip()
    if not reason:
        sentence = "修订必须写明原因。" if lang == "zh" else "A revision needs its reason."
        raise Problem("mistakes", mistakes=[Mistake(path="body.reason", sentence=sentence)], count=1)
    made = checked(
        lambda: store.revise(
            parts.engine,
            number,
            ready,
            today=now.astimezone(SITE).date(),
            who=principal.name,
            now=now,
            reason=reason,
        ),
        lang,
    )
    return own_item(parts, _found(made, number), lang)


@router.post(
    "/factors/own/{number}/withdraw",
    summary="Take a factor back",
    response_description="The entry, taken back.",
    responses=answers(401, 403, 404, 413, 422, 503),
)
def withdraw(
    request: Request, parts: Parts, principal: AccountsKeeper, number: int, wish: WithdrawWish
) -> OwnFactorItem:
    """Take an entry back: from now on no figure takes it, and those that did are restated."""
    made = store.withdraw(parts.engine, number, who=principal.name, now=parts.clock(), reason=wish.reason)
    return own_item(parts, _found(made, number), language.of(request))


@router.get(
    "/factors/own/{number}/revisions",
    summary="Every revision of a factor",
    response_description="Revisions, the newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def revisions(request: Request, parts: Parts, principal: Viewer, number: int) -> Page[OwnFactorItem]:
    """Give each revision with who made it, when and why."""
    found = store.history(parts.engine, number)
    if not found or not seen(parts, principal, [found[0].factor]):
        raise Problem("no_such", what="factor", id=number)
    lang = language.of(request)
    return Page(items=[own_item(parts, one, lang) for one in found])


def _found(made: OwnFactor | None, number: int) -> OwnFactor:
    if made is None:
        raise Problem("no_such", what="factor", id=number)
    return made


def _ready(parts: Services, principal: Principal, document: Mapping[str, Any]) -> dict[str, Any]:
    """Give the document without its reason, its owner known to the registry, feed water as the policy has it."""
    ready = {name: value for name, value in document.items() if name != "reason" and value is not None}
    registry = parts.registry.current()
    park = ready.get("park")
    if isinstance(park, str) and all(one.id != park for one in registry.parks):
        raise Problem("no_such", what="park", id=park[:64])
    enterprise = ready.get("enterprise")
    if isinstance(enterprise, str) and enterprise:
        park = seen_enterprise(parts, principal, enterprise).park
    steam = ready.get("steam")
    if isinstance(steam, dict) and "feed_water" not in steam and isinstance(park, str) and park:
        ready["steam"] = steam | {"feed_water": policies.current(parts.engine, park).feed_water_kj_kg}
    return ready


def _policy(parts: Services, principal: Principal, enterprise: str | None, park: str | None) -> Policy:
    """Give the policy a question is about.  Raises Problem."""
    if enterprise is not None:
        park = seen_enterprise(parts, principal, enterprise).park
    known = {one.park for one in seen_enterprises(parts, principal)}
    if principal.enterprise is None:
        known |= {one.id for one in parts.registry.current().parks}
    if park is None and len(known) == 1:
        [park] = known
    if park is None or park not in known:
        raise Problem("no_such", what="park", id=(park or "")[:64])
    return policies.current(parts.engine, park)
