"""One figure: its formula, what it was made of down to the readings, its factors, and every revision."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import figures
from adapters.relational.figures import Revision
from api import language
from api.answers import answers
from api.figure_factors import factors_of
from api.figure_inputs import (
    FactorItem,
    InputItem,
    PanelItem,
    factor_items,
    input_items,
    panel_item,
)
from api.figure_view import (
    COVERAGE,
    FIGURE,
    FigureItem,
    ReasonItem,
    RevisionItem,
    figure_item,
    reason_item,
    revision_items,
)
from api.problem import Problem
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from park.figure import Named, Scope
from park.figure import parts as parts_of
from park.footprint_line import written
from park.indicator import indicators, quantities
from park.principal import Principal

router = APIRouter(tags=["figures"])

ANSWER: dict[str, Any] = FIGURE | {
    "scope": "park",
    "subject": "hengkou",
    "period": "2026-10",
    "basis": "equivalent",
    "formula": "energy / value_added",
    "formula_words": "综合能源消费量 ÷ 工业增加值",
    "formula_numbers": "30.24 ÷ 413.7 = 0.0731",
    "policy": 0,
    "notes": [],
    "inputs": [
        {
            "name": "energy",
            "title": "综合能源消费量",
            "value": 30.24,
            "unit": "tce",
            "coverage": COVERAGE,
            "figure": None,
            "link": None,
            "items": [],
        }
    ],
    "factors": [
        {
            "id": "gb2589-2020/electricity",
            "key": "electricity",
            "purpose": "energy_equivalent",
            "value": 0.3024,
            "unit": "kgce/kWh",
            "set": "发电煤耗",
            "region": "national",
            "data_year": 2024,
            "published": "2025-01-25",
            "source": "国家能源局",
            "verified": True,
            "why": "截至 2026-11-05 已发布、且不晚于 2026 年的最新一年。",
        }
    ],
    "panel": {"included": ["e01", "e02"], "left": [{"enterprise": "e03", "why": "暂不可算: 缺 2026-10 的填报。"}]},
    "reasons": [],
}


class FigureWhole(FigureItem):
    """A figure with everything it was made of."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER]})

    scope: Scope
    subject: str
    period: str
    basis: str | None
    formula: str
    formula_words: str
    formula_numbers: str = Field(description="The formula with its numbers; empty where there is no value.")
    policy: int | None = Field(description="The revision of the park's policy it was made by.")
    notes: list[str]
    inputs: list[InputItem]
    factors: list[FactorItem]
    panel: PanelItem | None = Field(description="Whose quantities were added up; null for one enterprise.")
    reasons: list[ReasonItem] = Field(description="Why it differs from the revision before.")


class Revisions(BaseModel):
    """Every revision of a figure, the newest first."""

    items: list[RevisionItem]


@router.get(
    "/figures/{id}",
    summary="One figure, explained",
    response_description="Formula, inputs, factors with source, coverage, and links down to the readings.",
    responses=answers(401, 403, 404, 422),
)
def figure(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    id: str,  # noqa: A002  # the path's own word
    revision: Annotated[int | None, Query(ge=0, description="An earlier revision; the newest by default.")] = None,
) -> FigureWhole:
    """Give everything a figure was made of, as it was at the time of that revision.

    Dimensions were proved when the formula was registered.  An input that is a figure itself links to it; its factors
    stand here as well.
    """
    named(parts, principal, id)
    found = figures.one(parts.engine, id, revision)
    if found is None:
        raise Problem("no_such", what="figure", id=id)
    return whole(parts, found, language.of(request))


@router.get(
    "/figures/{id}/revisions",
    summary="What a figure was, and why it became another",
    response_description="Every revision, the newest first.",
    responses=answers(401, 403, 404, 422),
)
def revisions(
    request: Request,
    parts: Parts,
    principal: Viewer,
    id: str,  # noqa: A002  # the path's own word
) -> Revisions:
    """Give the chain of revisions with the reason and the difference of each; none is ever overwritten."""
    named(parts, principal, id)
    found = figures.revisions(parts.engine, id)
    if not found:
        raise Problem("no_such", what="figure", id=id)
    return Revisions(items=revision_items(parts, found, language.of(request)))


def named(parts: Services, principal: Principal, text: str) -> Named:
    """Read an id and see that the principal may see what it is of.  Raises Problem."""
    try:
        found = parts_of(text)
    except ValueError:
        raise Problem("no_such", what="figure", id=text[:200]) from None
    if found.scope is Scope.ENTERPRISE:
        seen_enterprise(parts, principal, found.subject)
    elif principal.enterprise is not None:
        raise Problem("whole_park", enterprise=principal.enterprise)
    if found.indicator not in indicators():
        raise Problem("no_such", what="figure", id=text[:200])
    return found


def whole(parts: Services, found: Revision, lang: str) -> FigureWhole:
    """Write a figure with everything it was made of."""
    one = found.figure
    formula = indicators()[one.indicator].formula
    numbers = {item.name: f"{written(item.value)} {item.unit}" for item in one.inputs if item.value is not None}
    told = ""
    if one.value is not None and numbers.keys() == set(formula.names):
        told = f"{formula.written(numbers)} = {written(one.value)} {one.unit}"
    return FigureWhole(
        **figure_item(parts, found, lang).model_dump(),
        scope=one.scope,
        subject=one.subject,
        period=str(one.term),
        basis=None if one.basis is None else one.basis.value,
        formula=one.formula,
        formula_words=formula.written({one_of: quantities()[one_of].called(lang) for one_of in formula.names}),
        formula_numbers=told,
        policy=one.policy,
        notes=[note.sentence(lang) for note in one.notes],
        inputs=input_items(parts, one, lang),
        factors=factor_items(factors_of(parts.engine, found), lang),
        panel=panel_item(one, lang),
        reasons=[reason_item(reason, lang) for reason in found.reasons],
    )
