"""Budgets of energy and carbon: what enterprises may use in a year, and how far ahead of the year they are."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import budgets
from adapters.relational.refusal import EntryRefused
from api import entered, language
from api.answers import answers
from api.entered import Number, Written
from api.page import Page
from api.security import AccountsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_enterprises
from park.budget import DIGITS, Budget, Kind, Progress
from park.principal import Principal
from park.registry_notes import Notes

ZERO = Decimal(0)
router = APIRouter(tags=["evaluation"])
GIVEN: dict[str, Any] = {"enterprise": "e01", "kind": "energy", "amount": 1500}
EXAMPLE: dict[str, Any] = GIVEN | {
    "year": 2026,
    "unit": "tce",
    "value": 980.4,
    "used": 0.6536,
    "gone": 0.5205,
    "pace": 1.2557,
    "why": None,
    "measured": 0.97,
    "estimated": 0.02,
    "link": "/api/v1/figures/enterprise.e01.energy.2026-07~ytd.equivalent",
    "revision": 1,
    "reason": "示范区能耗双控〔2026〕3 号",
    "who": "王丽",
    "at": "2026-01-12T09:00:00+08:00",
}
Year = Annotated[int, Query(ge=2000, le=2199, description="The budgets' year.")]


class BudgetWish(BaseModel):
    """One budget to keep."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [GIVEN]})

    enterprise: str = Field(max_length=64)
    kind: Kind = Field(description="energy in tce, co2 in tCO2.")
    amount: Written = Field(description="A number, or its digits as text; null takes the budget back.")


class BudgetsWish(BaseModel):
    """Budgets to keep, all of them or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"items": [GIVEN], "reason": "示范区能耗双控〔2026〕3 号"}]},
    )

    items: Annotated[list[BudgetWish], Field(min_length=1, max_length=2_000)]
    reason: str = Field(max_length=500, description="On what ground, as the document that sets them.")


class BudgetItem(BaseModel):
    """A budget as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    enterprise: str
    year: int
    kind: Kind
    amount: Number
    unit: str
    value: float | None = Field(description="What is used by now, as the figure of the year to date says.")
    used: float | None = Field(description="The share of the budget that is used.")
    gone: float = Field(description="The share of the year that is gone, 0 to 1.")
    pace: float | None = Field(description="Share used over share gone: above 1 is ahead of the year.")
    why: str | None = Field(description="Why there is no pace.")
    measured: float
    estimated: float
    link: str | None = Field(description="The figure that says what is used.")
    revision: int
    reason: str
    who: str
    at: datetime


@router.get(
    "/budgets",
    summary="Energy and carbon budgets",
    response_description="Those in force for the year, by enterprise.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    year: Year,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
) -> Page[BudgetItem]:
    """Give each budget with what is used by now, and that beside the share of the year that is gone."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    page = _page(parts, principal, year, language.of(request))
    return Page(items=[one for one in page.items if enterprise in {None, one.enterprise}])


@router.put(
    "/budgets",
    summary="Enter budgets",
    response_description="Every budget of the year as it stands now.",
    responses=answers(401, 403, 413, 422, 503),
)
def put(
    request: Request, parts: Parts, principal: AccountsKeeper, *, year: Year, wish: BudgetsWish
) -> Page[BudgetItem]:
    """Enter budgets of a year, all or none; each change is a revision with its reason."""
    notes = Notes({})
    given = [
        Budget(
            one.enterprise,
            year,
            one.kind,
            entered.read(notes, f"body.items[{place}].amount", one.amount, unit=one.kind.unit, digits=DIGITS),
            wish.reason,
        )
        for place, one in enumerate(wish.items)
    ]
    if not wish.reason.strip():
        notes.add("body.reason", "请写明依据, 如下达文件的文号。", "Say on what ground, as the document's number.")
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)
    budgets.save(parts.engine, given, who=principal.name, now=parts.clock(), place="body.items")
    return _page(parts, principal, year, language.of(request))


def _page(parts: Services, principal: Principal, year: int, lang: str) -> Page[BudgetItem]:
    seen = {one.id for one in seen_enterprises(parts, principal)}
    standing = budgets.standing(parts.engine, parts.registry.current(), year, now=parts.clock(), zone=parts.zone)
    return Page(items=[_item(parts, one, lang) for one in standing if one.budget.enterprise in seen])


def _item(parts: Services, one: Progress, lang: str) -> BudgetItem:
    kept = one.budget
    return BudgetItem(
        enterprise=kept.enterprise,
        year=kept.year,
        kind=kept.kind,
        amount=entered.known_number(kept.amount or ZERO),
        unit=kept.kind.unit,
        value=one.value,
        used=one.used,
        gone=one.gone,
        pace=one.pace,
        why=one.why.sentence(lang) if one.why else None,
        measured=one.coverage.measured,
        estimated=one.coverage.estimated,
        link=f"/api/v1/figures/{one.figure}" if one.figure else None,
        revision=kept.revision,
        reason=kept.reason,
        who=kept.who,
        at=parts.local(entered.when(kept.at)),
    )
