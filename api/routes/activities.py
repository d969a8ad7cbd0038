"""What is entered rather than metered: fuels, process emissions, green power."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import activities
from adapters.relational.refusal import EntryRefused
from api import entered, language
from api.answers import answers
from api.entered import Kept, Number, Written
from api.page import Cursor, Limit, Page, cut
from api.security import StatementsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from api.terms import First, Last, read_optional, read_term
from park.activity import FUEL_DIGITS, Activity, items
from park.registry_notes import Notes, join, show
from park.term_words import read_words

router = APIRouter(tags=["statements"])

ENTERED: dict[str, Any] = {
    "enterprise": "e01",
    "term": "2026-10",
    "item": "diesel",
    "amount": 12.35,
    "unit": "t",
    "evidence": "发票 20261031-07",
}
EXAMPLE = ENTERED | {"revision": 1, "who": "王丽", "at": "2026-11-23T08:00:00+08:00", "reason": ""}


class ItemItem(BaseModel):
    """One thing that can be entered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "diesel", "sort": "fuel", "unit": "t", "zh": "柴油", "en": "Diesel"}],
        }
    )

    name: str
    sort: str = Field(description="fuel, process or green_power.")
    unit: str
    zh: str
    en: str


class ActivityItem(BaseModel):
    """One revision of an entered activity."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    enterprise: str
    term: str
    item: str
    amount: Number | None = Field(description="Null where it was withdrawn.")
    unit: str
    evidence: str
    revision: int
    who: str
    at: datetime
    reason: str


class ActivityDocument(BaseModel):
    """An activity to keep."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ENTERED]})

    enterprise: str = Field(max_length=64)
    term: str = Field(max_length=20, description="2026-10, 2026-Q3 or 2026.")
    item: str = Field(max_length=64, description="A name from GET /activities/items.")
    amount: Written = Field(
        description="A number, or its digits as text; null withdraws it. 0 says that none was used."
    )
    unit: str = Field(max_length=24, description="The item's unit, or one that converts to it.")
    evidence: str = Field(default="", max_length=500, description="Needed for process emissions and green power.")


class ActivitiesDocument(BaseModel):
    """Activities to keep, all of them or none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"items": [ENTERED], "reason": ""}]})

    items: list[ActivityDocument] = Field(min_length=1, max_length=20_000)
    reason: str = Field(default="", max_length=500, description="Asked for where a kept activity changes.")


@router.get(
    "/activities",
    summary="Entered activities",
    response_description="The newest revision of each, by enterprise, term and item.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    item: Annotated[str | None, Query(max_length=64, description="Only this item, as diesel.")] = None,
    first: First = None,
    last: Last = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[ActivityItem]:
    """Give the fuels, process emissions and green power that enterprises entered."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    lang = language.of(request)
    found = activities.current(
        parts.engine,
        first=read_optional(first, "query.first", lang),
        last=read_optional(last, "query.last", lang),
        enterprise=enterprise or principal.enterprise,
    )
    wanted = [one for one in found if item is None or one.item == item]
    page, following = cut(wanted, cursor, limit, _place)
    return Page(items=[_item(parts, one) for one in page], next=following)


@router.get(
    "/activities/items",
    summary="What can be entered",
    response_description="Every item: carriers first, then process emissions and green power.",
    responses=answers(401, 403),
)
def table(_principal: Viewer) -> Page[ItemItem]:
    """Give the names and units of what is entered rather than metered."""
    return Page(
        items=[
            ItemItem(name=one.name, sort=one.sort.value, unit=one.unit, zh=one.zh, en=one.en)
            for one in items().values()
        ]
    )


@router.post(
    "/activities",
    summary="Keep activities",
    response_description="All are kept.",
    responses=answers(401, 403, 413, 422, 503),
)
def post(parts: Parts, principal: StatementsKeeper, document: ActivitiesDocument) -> Kept:
    """Keep activities as new revisions, all of them or none, with every mistake named; repeating it changes nothing.

    What a boundary meter counts already is refused: it would be counted twice.
    """
    given = _read(document)
    places = [{"": f"body.items[{number}]"} for number in range(len(given))]
    plan = activities.save(
        parts.engine, given, who=principal.name, now=parts.clock(), reason=document.reason, places=places
    )
    return Kept(added=len(plan.added), changed=len(plan.changed), unchanged=len(plan.unchanged))


@router.get(
    "/activities/{enterprise}/{term}/{item}/revisions",
    summary="Every revision of an activity",
    response_description="Revisions, the first one first.",
    responses=answers(401, 403, 404, 422, 503),
)
def revisions(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str, Path(max_length=64)],
    term: Annotated[str, Path(max_length=20)],
    item: Annotated[str, Path(max_length=64)],
) -> Page[ActivityItem]:
    """Give what was entered for one term and item, and each time why it was changed and by whom."""
    seen_enterprise(parts, principal, enterprise)
    wanted = read_term(term, "path.term", language.of(request))
    return Page(items=[_item(parts, one) for one in activities.history(parts.engine, enterprise, wanted, item)])


def _item(parts: Services, one: Activity) -> ActivityItem:
    return ActivityItem(
        enterprise=one.enterprise,
        term=str(one.term),
        item=one.item,
        amount=entered.number(one.amount),
        unit=one.unit,
        evidence=one.evidence,
        revision=one.revision,
        who=one.who,
        at=parts.local(entered.when(one.at)),
        reason=one.reason,
    )


def _place(one: Activity) -> str:
    return f"{one.enterprise} {one.term.last:06} {one.term.first:06} {one.item}"


def _read(document: ActivitiesDocument) -> list[Activity]:
    notes, found = Notes({}), []
    for place, one in enumerate(document.items):
        here = f"body.items[{place}]"
        term = read_words(one.term)
        if term is None:
            notes.add(
                join(here, "term"),
                f"{show(one.term)} 不是期别; 写法如 2026-10 (月)、2026-Q3 (季)、2026 (年)。",
                f"{show(one.term)} is no term; write 2026-10, 2026-Q3 or 2026.",
            )
        amount = entered.read(notes, join(here, "amount"), one.amount, unit=one.unit, digits=FUEL_DIGITS)
        if term is not None:
            found.append(Activity(one.enterprise, term, one.item, amount, one.unit, one.evidence.strip()))
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)
    return found
