"""The park's annual plan: targets, progress and gap."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import targets
from api import language
from api.answers import answers
from api.mistake import Mistake
from api.page import Page
from api.plan import Row, rows
from api.problem import Problem
from api.security import AccountsKeeper, ParkViewer
from api.services import Parts, Services
from park.registry_notes import near
from park.target import Kind, State, Target, plan_items

router = APIRouter(tags=["evaluation"])
EXAMPLE: dict[str, Any] = {
    "item": "output_growth",
    "name": "工业总产值增速",
    "unit": "%",
    "kind": "lead",
    "text": "高于全市工业增速 3 个百分点",
    "goal": 3.0,
    "benchmark": 6.1,
    "wanted": 9.1,
    "value": 8.6,
    "computed": False,
    "gap": -0.5,
    "state": "behind",
    "reason": "还差 0.5 个百分点",
    "note": "统计公报 2026 三季度",
    "revision": 2,
    "who": "王丽",
    "at": "2026-10-20T09:00:00+08:00",
}
Amount = Annotated[Decimal | None, Field(max_digits=18, decimal_places=6, allow_inf_nan=False)]
Place = Annotated[str, Query(max_length=64, description="The park's id.")]
Year = Annotated[int, Query(ge=2000, le=2199, description="The plan's year.")]


class TargetWish(BaseModel):
    """What is entered for one item; what is left out is not entered."""

    model_config = ConfigDict(extra="forbid")

    item: Annotated[str, Field(max_length=64)]
    goal: Amount = Field(default=None, description="Of what must lead: the percentage points above the benchmark.")
    benchmark: Amount = Field(default=None, description="The city's growth, or last year's value.")
    value: Amount = Field(default=None, description="The progress; left out where the platform computes it.")
    note: Annotated[str, Field(max_length=500)] = ""


class PlanWish(BaseModel):
    """Some items of a year's plan; the others stay as they are."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"items": [{"item": "output_growth", "goal": 3, "benchmark": 6.1, "value": 8.6}]}]
        },
    )

    items: Annotated[list[TargetWish], Field(min_length=1, max_length=100)]


class TargetItem(BaseModel):
    """One item as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    item: str
    name: str
    unit: str
    kind: Kind
    text: str = Field(description="What the plan says.")
    goal: float | None
    benchmark: float | None
    wanted: float | None = Field(description="What the value is held against.")
    value: float | None
    computed: bool = Field(description="Whether the value is the platform's own.")
    gap: float | None = Field(description="Of a percentage in points.")
    state: State
    reason: str
    note: str
    revision: int = Field(description="0 where nothing was entered.")
    who: str
    at: datetime | None


@router.get(
    "/targets", summary="The annual plan", response_description="Every item.", responses=answers(401, 403, 404, 422)
)
def listing(request: Request, parts: Parts, _principal: ParkViewer, *, park: Place, year: Year) -> Page[TargetItem]:
    """Give each item of the plan with what is wanted, how far it has come, the gap and the reason."""
    _known(parts, park)
    return _page(parts, park, year, language.of(request))


@router.put(
    "/targets",
    summary="Enter targets or progress",
    response_description="The whole plan as it stands now.",
    responses=answers(401, 403, 404, 413, 422),
)
def put(
    request: Request, parts: Parts, principal: AccountsKeeper, *, park: Place, year: Year, wish: PlanWish
) -> Page[TargetItem]:
    """Enter some items, all or none; each change is a revision."""
    _known(parts, park)
    lang = language.of(request)
    strange = [
        Mistake(path=f"body.items[{place}].item", sentence=near(one.item, plan_items())[lang != "zh"])
        for place, one in enumerate(wish.items)
        if one.item not in plan_items()
    ]
    if strange:
        raise Problem("mistakes", mistakes=strange, count=len(strange))
    entered = {one.item: Target(one.goal, one.benchmark, one.value, one.note) for one in wish.items}
    targets.save(parts.engine, park, year, entered, who=principal.name, now=parts.clock())
    return _page(parts, park, year, lang)


def _page(parts: Services, park: str, year: int, lang: str) -> Page[TargetItem]:
    return Page(items=[_item(parts, row, lang) for row in rows(parts, park, year)])


def _item(parts: Services, row: Row, lang: str) -> TargetItem:
    zh, item, standing, kept = lang == "zh", row.item, row.standing, row.kept
    target = kept.target if kept else Target()
    return TargetItem(
        item=item.name,
        name=item.zh if zh else item.en,
        unit=item.unit,
        kind=item.kind,
        text=item.text if zh else item.text_en,
        goal=_float(target.goal if target.goal is not None else item.goal),
        benchmark=_float(target.benchmark),
        wanted=_float(standing.wanted),
        value=_float(standing.value),
        computed=standing.computed,
        gap=_float(standing.gap),
        state=standing.state,
        reason=standing.reason.sentence(lang),
        note=target.note,
        revision=kept.revision if kept else 0,
        who=kept.who if kept else "",
        at=parts.local(kept.at) if kept else None,
    )


def _known(parts: Services, park: str) -> None:
    if all(one.id != park for one in parts.registry.current().parks):
        raise Problem("no_such", what="park", id=park)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
