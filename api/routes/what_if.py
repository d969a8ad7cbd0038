"""What if: an evaluation that is kept, with another weight or benchmark; and marks people set for enterprises."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import evaluation_flags
from adapters.relational.evaluation_flags import KeptFlag
from adapters.relational.evaluations import scheme_of
from api import language
from api.answers import answers
from api.mistake import Mistake
from api.page import Page
from api.problem import Problem
from api.reporting_term import Period
from api.routes.evaluations import found_scheme, seen
from api.security import AccountsKeeper, ParkViewer, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from api.terms import MOST, read_term
from park.evaluation.evaluate import evaluate
from park.evaluation.scheme import Benchmark, Grade
from park.evaluation.scheme_dump import dump
from park.evaluation.scheme_file import check
from park.evaluation.subject import Flag, Kind
from park.evaluation.whatif import Change, changed, compare

router = APIRouter(tags=["evaluation"])
SHIFT: dict[str, Any] = {
    "enterprise": "e01",
    "name": "安康某富硒食品有限公司",
    "cohort": "large",
    "total": [85.9, 91.2],
    "rank": [2, 1],
    "grade": ["B", "A"],
    "moved": True,
}
MARK: dict[str, Any] = {
    "enterprise": "e01",
    "kind": "adder",
    "mark": "green-factory",
    "reason": "省级绿色工厂 2025",
    "who": "王丽",
    "at": "2027-01-20T09:00:00+08:00",
}


class ChangeWish(BaseModel):
    """Another weight, benchmark or both."""

    model_config = ConfigDict(extra="forbid")

    cohort: Annotated[str, Field(max_length=64)]
    indicator: Annotated[str, Field(max_length=64)]
    weight: Annotated[float | None, Field(gt=0, le=100, allow_inf_nan=False)] = None
    benchmark: Annotated[float | None, Field(gt=0, allow_inf_nan=False, description="A fixed one.")] = None


class WhatIfWish(BaseModel):
    """Changes to the scheme of an evaluation; the weights of a cohort still add up to 100."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "evaluation": 3,
                    "changes": [
                        {"cohort": "large", "indicator": "tax_per_mu", "weight": 20},
                        {"cohort": "large", "indicator": "rd_share", "weight": 20},
                    ],
                }
            ]
        },
    )

    evaluation: Annotated[int, Field(ge=1, le=2**53)]
    changes: Annotated[list[ChangeWish], Field(min_length=1, max_length=100)]


class ShiftItem(BaseModel):
    """One enterprise before and after."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHIFT]})

    enterprise: str
    name: str
    cohort: str | None
    total: tuple[float | None, float | None]
    rank: tuple[int | None, int | None]
    grade: tuple[Grade | None, Grade | None]
    moved: bool = Field(description="Whether place or grade is another.")


class MarkBody(BaseModel):
    """One mark of a scheme for an enterprise."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "scheme": "huangyan-2023-example", "period": "2026", "enterprise": "e01", "kind": "adder",
                    "mark": "green-factory", "reason": "省级绿色工厂 2025", "standing": True,
                }
            ]
        },
    )  # fmt: skip

    scheme: Annotated[str, Field(max_length=64)]
    period: Period
    enterprise: Annotated[str, Field(max_length=64)]
    kind: Kind
    mark: Annotated[str, Field(max_length=64)]
    reason: Annotated[str, Field(max_length=500, description="It is printed on the sheet.")]
    standing: bool = Field(default=True, description="False takes the mark back.")


class MarkRow(BaseModel):
    """A mark in force."""

    model_config = ConfigDict(json_schema_extra={"examples": [MARK]})

    enterprise: str
    kind: Kind
    mark: str
    reason: str
    who: str
    at: datetime


@router.post(
    "/evaluations/what-if",
    summary="What another weight or benchmark would change",
    response_description="Each enterprise before and after; nothing is kept.",
    responses=answers(401, 403, 404, 413, 422),
)
def what_if(request: Request, parts: Parts, principal: ParkViewer, wish: WhatIfWish) -> Page[ShiftItem]:
    """Evaluate the same enterprises by a changed scheme, and set both side by side."""
    kept, lang = seen(parts, principal, wish.evaluation), language.of(request)
    rules = scheme_of(kept.inputs)
    known = {(cohort.key, item.key) for cohort in rules.cohorts for item in cohort.items}
    strange = [
        Mistake(
            path=f"body.changes[{place}]",
            sentence=f"{change.cohort} / {change.indicator}: " + ("方案没有这一项。" if lang == "zh" else "not there."),
        )
        for place, change in enumerate(wish.changes)
        if (change.cohort, change.indicator) not in known
    ]
    other = changed(rules, [_change(change) for change in wish.changes])
    faults = [
        Mistake(path=f"body.changes: {one.path}", sentence=one.sentence(lang)) for one in check(dump(other)).mistakes
    ]
    if strange or faults:
        raise Problem("mistakes", mistakes=[*strange, *faults], count=len(strange) + len(faults))
    shifts = compare(kept.result, evaluate(other, kept.inputs.subjects, months=kept.inputs.months))
    return Page(
        items=[
            ShiftItem(
                enterprise=shift.id,
                name=(shift.name or shift.name_en) if lang == "zh" else (shift.name_en or shift.name),
                cohort=shift.cohort,
                total=shift.total,
                rank=shift.rank,
                grade=shift.grade,
                moved=shift.moved,
            )
            for shift in shifts
        ]
    )


@router.get(
    "/evaluation-marks",
    summary="Adders, vetoes and exclusions that are set",
    response_description="Those in force.",
    responses=answers(401, 403, 404, 422),
)
def marks(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    scheme: Annotated[str, Query(max_length=64, description="The scheme's id.")],
    period: Annotated[str, Query(max_length=MOST, description="The term they are for, as 2026 or 2026-10.")],
) -> Page[MarkRow]:
    """Give the marks of a scheme and term; an enterprise's own user those of its own."""
    found_scheme(parts, scheme)
    term = read_term(period, "query.period", language.of(request))
    return Page(
        items=[
            _mark(parts, one)
            for one in evaluation_flags.current(parts.engine, scheme, term)
            if principal.sees(one.enterprise)
        ]
    )


@router.post(
    "/evaluation-marks",
    summary="Set a mark or take it back",
    status_code=201,
    response_description="What is in force now; the next run of the evaluation counts it.",
    responses=answers(401, 403, 404, 413, 422),
)
def mark(parts: Parts, principal: AccountsKeeper, wish: MarkBody) -> Page[MarkRow]:
    """Mark an enterprise with an adder, a veto or an exclusion of the scheme, with the reason."""
    rules = found_scheme(parts, wish.scheme).scheme
    seen_enterprise(parts, principal, wish.enterprise)
    evaluation_flags.set_flag(
        parts.engine,
        rules,
        wish.period,
        wish.enterprise,
        Flag(wish.kind, wish.mark, wish.reason),
        standing=wish.standing,
        who=principal.name,
        now=parts.clock(),
    )
    return Page(items=[_mark(parts, one) for one in evaluation_flags.current(parts.engine, rules.id, wish.period)])


def _mark(parts: Services, one: KeptFlag) -> MarkRow:
    return MarkRow(
        enterprise=one.enterprise,
        kind=one.kind,
        mark=one.mark,
        reason=one.reason,
        who=one.who,
        at=parts.local(one.at),
    )


def _change(wish: ChangeWish) -> Change:
    benchmark = None if wish.benchmark is None else Benchmark(fixed=wish.benchmark)
    return Change(wish.cohort, wish.indicator, wish.weight, benchmark)
