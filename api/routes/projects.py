"""Projects before entry, scored by the same engine against the enterprises that are there."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import evaluations, projects
from adapters.relational.projects import KeptProject
from api import evaluation_view, language
from api.answers import answers
from api.evaluation_body import RESULT, ResultItem
from api.mistake import Mistake
from api.page import Page
from api.problem import Problem
from api.routes.evaluations import seen
from api.security import AccountsKeeper, ParkViewer
from api.services import Parts, Services
from park.coverage import NOTHING
from park.evaluation.quantity import Quantity, quantities
from park.evaluation.said import Said
from park.evaluation.subject import Subject
from park.registry_notes import near

router = APIRouter(tags=["evaluation"])
EXPECTED = Said("项目申报的预期值", "expected by the applicant")
EXPECTS: dict[str, Any] = {
    "area_mu": 30.0, "tax": 600.0, "value_added": 4200.0, "revenue": 15000.0, "energy_tce": 1500.0, "employees": 180.0,
}  # fmt: skip
Amount = Annotated[float, Field(allow_inf_nan=False)]


class ProjectWish(BaseModel):
    """A project and what is expected of it in a year of full production."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"evaluation": 3, "name": "年产 5 万吨富硒饮料项目", "industry": "1523", "quantities": EXPECTS}
            ]
        },
    )

    evaluation: Annotated[
        int | None, Field(ge=1, le=2**53, description="Whom to hold it against; the latest of its park and scheme.")
    ] = None
    park: Annotated[str, Field(max_length=64)] = ""
    scheme: Annotated[str, Field(max_length=64)] = ""
    name: Annotated[str, Field(min_length=1, max_length=200)]
    industry: Annotated[str, Field(max_length=8)] = ""
    quantities: dict[str, Amount] = Field(description="By the names of the table of quantities, in its units.")


class ProjectItem(BaseModel):
    """A project as it was scored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 1, "park": "hengkou", "name": "年产 5 万吨富硒饮料项目", "evaluation": 3, "who": "王丽",
                    "at": "2027-02-02T10:00:00+08:00", "quantities": EXPECTS, "result": RESULT,
                }
            ]
        }
    )  # fmt: skip

    id: int
    park: str
    name: str
    evaluation: int
    quantities: dict[str, float]
    who: str
    at: datetime
    result: ResultItem


@router.get(
    "/projects",
    summary="Projects that were scored",
    response_description="The newest first.",
    responses=answers(401, 403, 422),
)
def listing(
    request: Request,
    parts: Parts,
    _principal: ParkViewer,
    *,
    park: Annotated[str | None, Query(max_length=64, description="Only of this park.")] = None,
) -> Page[ProjectItem]:
    """Give the projects with the results they had then."""
    lang = language.of(request)
    return Page(items=[_item(parts, kept, lang) for kept in projects.listing(parts.engine, park)])


@router.post(
    "/projects/score",
    summary="Score a project before entry",
    status_code=201,
    response_description="Its score, and the place it would take.",
    responses=answers(401, 403, 404, 413, 422),
)
def score(request: Request, parts: Parts, principal: AccountsKeeper, wish: ProjectWish) -> ProjectItem:
    """Hold a project against a kept evaluation, whose enterprises it does not move.  What is left out is missing."""
    lang = language.of(request)
    strange = [
        Mistake(path=f"body.quantities.{name[:60]}", sentence=near(name, quantities())[lang != "zh"])
        for name in wish.quantities
        if name not in quantities()
    ]
    if strange:
        raise Problem("mistakes", mistakes=strange, count=len(strange))
    if wish.evaluation is not None:
        against = seen(parts, principal, wish.evaluation)
    else:
        latest = evaluations.latest(parts.engine, wish.park, wish.scheme)
        if latest is None:
            raise Problem("no_such", what="evaluation", id=f"{wish.park} {wish.scheme}".strip() or "—")
        against = latest
    made = subject_of(wish.name, wish.industry, wish.quantities)
    kept = projects.save(parts.engine, made, against, who=principal.name, now=parts.clock())
    return _item(parts, kept, lang)


def subject_of(name: str, industry: str, expected: dict[str, float]) -> Subject:
    """Make a project of what is expected of it; what nobody expects anything of is missing, not 0."""
    not_said = Said("申报材料没有", "the application does not say")
    given = {
        key: Quantity(expected[key], NOTHING, None, EXPECTED) if key in expected else Quantity(None, NOTHING, not_said)
        for key in quantities()
    }
    return Subject("project", name, "", industry, given)


def _item(parts: Services, kept: KeptProject, lang: str) -> ProjectItem:
    return ProjectItem(
        id=kept.id,
        park=kept.park,
        name=kept.name,
        evaluation=kept.evaluation,
        quantities={key: one.value for key, one in kept.inputs.quantities.items() if one.value is not None},
        who=kept.who,
        at=parts.local(kept.at),
        result=evaluation_view.result(kept.result, lang),
    )
