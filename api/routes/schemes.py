"""Evaluation schemes: the shipped examples and one's own."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import schemes
from adapters.relational.refusal import EntryRefused
from adapters.relational.schemes import KeptScheme
from api import language
from api.answers import answers
from api.mistake import Mistake
from api.page import Page
from api.problem import Problem
from api.security import AccountsKeeper, Viewer
from api.services import Parts, Services
from park.evaluation.scheme_dump import dump
from park.evaluation.shipped import shipped

router = APIRouter(tags=["evaluation"])
DOCUMENT: dict[str, Any] = dump(shipped()["custom"]) | {"id": "our-park-2026", "name": "本园 2026"}
KEPT: dict[str, Any] = {"revision": 1, "shipped": False, "who": "王丽", "at": "2026-11-23T08:00:00+08:00", "reason": ""}
Why = Annotated[str, Query(max_length=500, description="Why it is changed; required from the second revision on.")]


class SchemeItem(BaseModel):
    """A scheme in force."""

    model_config = ConfigDict(json_schema_extra={"examples": [KEPT | {"document": DOCUMENT}]})

    document: dict[str, Any] = Field(description="The scheme as it is written and sent back.")
    revision: int = Field(description="0 for one that comes with the platform.")
    shipped: bool
    who: str
    at: datetime | None
    reason: str


@router.get("/schemes", summary="Schemes", response_description="Those in force.", responses=answers(401, 403))
def listing(parts: Parts, _principal: Viewer) -> Page[SchemeItem]:
    """Give the schemes in force; enterprises may read by what they are judged."""
    return Page(items=[_item(parts, kept) for kept in schemes.current(parts.engine).values()])


@router.get(
    "/schemes/{id}", summary="One scheme", response_description="The scheme.", responses=answers(401, 403, 404, 422)
)
def one(parts: Parts, _principal: Viewer, id: str) -> SchemeItem:  # noqa: A002  # the path's own word
    """Give one scheme."""
    found = schemes.find(parts.engine, id)
    if found is None:
        raise Problem("no_such", what="scheme", id=id)
    return _item(parts, found)


@router.put(
    "/schemes/{id}",
    summary="Keep a scheme",
    response_description="The scheme as it is in force now.",
    responses=answers(401, 403, 413, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}, "example": DOCUMENT}},
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
    reason: Why = "",
) -> SchemeItem:
    """Keep a scheme as a new revision; every mistake is named with its place.  A shipped one cannot be changed."""
    if document.get("id", id) != id:
        words = f"id: {document['id']!s:.64} ≠ {id}"
        raise Problem("mistakes", mistakes=[Mistake(path="body.id", sentence=words)], count=1)
    try:
        kept = schemes.save(parts.engine, {**document, "id": id}, who=principal.name, now=parts.clock(), reason=reason)
    except EntryRefused as refused:
        lang = language.of(request)
        faults = [
            Mistake(path=f"body.{fault.path}" if fault.path else "body", sentence=fault.sentence(lang))
            for fault in refused.mistakes
        ]
        raise Problem("mistakes", mistakes=faults, count=len(faults)) from None
    return _item(parts, kept)


def _item(parts: Services, kept: KeptScheme) -> SchemeItem:
    return SchemeItem(
        document=dump(kept.scheme),
        revision=kept.revision,
        shipped=kept.revision == 0,
        who=kept.who,
        at=parts.local(kept.at) if kept.at else None,
        reason=kept.reason,
    )
