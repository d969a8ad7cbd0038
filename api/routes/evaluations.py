"""亩均效益评价: running it, reading it, and asking what if."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters import pdf_report
from adapters.evaluation_sheet import roster
from adapters.relational import evaluations, schemes
from adapters.relational.evaluations import Kept
from adapters.relational.schemes import KeptScheme
from api import evaluation_report, evaluation_view, language
from api.answers import answers
from api.evaluation_body import EvaluationHead, EvaluationItem
from api.evaluation_inputs import gather
from api.figure_report import called
from api.page import Page
from api.problem import Problem
from api.report_answer import PAPER, respond
from api.reporting_term import Period
from api.security import AccountsKeeper, ParkViewer, Viewer
from api.services import Parts, Services
from api.terms import MOST, read_optional
from park.factor import Basis
from park.principal import Principal

router = APIRouter(tags=["evaluation"])
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Number = Annotated[int, Path(ge=1, le=2**53)]


class RunWish(BaseModel):
    """What to evaluate."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"park": "hengkou", "scheme": "huangyan-2023-example", "period": "2026", "reason": "年度评价"}]
        },
    )

    park: Annotated[str, Field(max_length=64)]
    scheme: Annotated[str, Field(max_length=64)]
    period: Period
    basis: Basis = Field(default=Basis.EQUIVALENT, description="How electricity is converted to standard coal.")
    reason: Annotated[str, Field(max_length=500)] = ""


@router.get(
    "/evaluations",
    summary="Evaluations that were kept",
    response_description="Heads, the newest first.",
    responses=answers(401, 403, 422),
)
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    scheme: Annotated[str | None, Query(max_length=64, description="Only by this scheme.")] = None,
    period: Annotated[str | None, Query(max_length=MOST, description="Only of this term, as 2026 or 2026-10.")] = None,
    park: Annotated[str | None, Query(max_length=64, description="Only of this park.")] = None,
) -> Page[EvaluationHead]:
    """Give every revision of every evaluation; an enterprise's own user those of its park."""
    term = read_optional(period, "query.period", language.of(request))
    own = _own_park(parts, principal)
    if own is not None and park not in {None, own}:
        return Page(items=[])
    found = evaluations.listing(parts.engine, park=own or park, scheme=scheme, term=term)
    return Page(items=[evaluation_view.head(parts, one) for one in found])


@router.get(
    "/evaluations/{id}",
    summary="One evaluation",
    response_description="Every result with each step of its arithmetic.",
    responses=answers(401, 403, 404, 422),
)
def one(request: Request, parts: Parts, principal: Viewer, id: Number) -> EvaluationItem:  # noqa: A002  # the path's own word
    """Give an evaluation as it was kept; an enterprise's own user sees its own result and place only."""
    return evaluation_view.whole(parts, principal, seen(parts, principal, id), language.of(request))


@router.post(
    "/evaluations",
    summary="Evaluate a park's enterprises and keep it",
    response_description="Made of the same as the last revision, that one.",
    responses=answers(401, 403, 404, 413, 422, 503)
    | {201: {"model": EvaluationItem, "description": "A new revision was kept."}},
)
def run(request: Request, response: Response, parts: Parts, principal: AccountsKeeper, wish: RunWish) -> EvaluationItem:
    """Evaluate from what is known now.  What is missing says why in the result, and nothing is taken for 0."""
    if all(known.id != wish.park for known in parts.registry.refresh().parks):
        raise Problem("no_such", what="park", id=wish.park)
    scheme = found_scheme(parts, wish.scheme)
    kept, new = evaluations.save(
        parts.engine,
        gather(parts, wish.park, scheme, wish.period, wish.basis),
        park=wish.park,
        term=wish.period,
        revision=scheme.revision,
        who=principal.name,
        now=parts.clock(),
        reason=wish.reason,
    )
    response.status_code = 201 if new else 200
    return evaluation_view.whole(parts, principal, kept, language.of(request))


@router.get(
    "/evaluations/{id}/roster.xlsx",
    summary="The roster of one evaluation as a workbook",
    response_class=Response,
    responses=answers(401, 403, 404, 422)
    | {
        200: {
            "description": "One row an enterprise, a sheet a cohort, with scheme, revision and digest on each.",
            "content": {SHEET: {"schema": {"type": "string", "format": "binary"}, "example": "PK…"}},
        }
    },
)
def sheet(request: Request, parts: Parts, principal: ParkViewer, id: Number) -> Response:  # noqa: A002  # the path's own word
    """Give the roster for people who work in a spreadsheet."""
    kept = seen(parts, principal, id)
    name = f"evaluation-{kept.park}-{kept.term}-r{kept.revision}.xlsx".replace("/", "-")
    content = roster(kept, language.of(request), parts.local(kept.at))
    return Response(content, media_type=SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get(
    "/evaluations/{id}/sheet.pdf",
    summary="The calculation sheet of one enterprise as a PDF",
    response_class=Response,
    responses=answers(401, 403, 404, 422)
    | {
        200: {
            "description": "Every step of the arithmetic, with room to sign; scheme, revision and hashes on each page.",
            "content": {pdf_report.MEDIA_TYPE: PAPER},
        }
    },
)
def paper(
    request: Request,
    parts: Parts,
    principal: Viewer,
    id: Number,  # noqa: A002  # the path's own word
    enterprise: Annotated[
        str | None, Query(max_length=64, description="Whose; for an enterprise's user their own by default.")
    ] = None,
) -> Response:
    """Give the calculation as it was kept, to be printed; an enterprise's own user gets only its own."""
    kept = seen(parts, principal, id)
    name = enterprise or principal.enterprise or ""
    found = kept.result.of(name) if principal.sees(name) else None
    if found is None:
        raise Problem("no_such", what="enterprise", id=name)
    lang = language.of(request)
    park = next((one for one in parts.registry.current().parks if one.id == kept.park), None)
    report = evaluation_report.sheet(
        kept,
        found,
        park=kept.park if park is None else called(park.name, park.name_en, lang),
        by=principal.name,
        at=parts.local(parts.clock()),
        run=parts.local(kept.at),
        lang=lang,
    )
    return respond(report, "pdf", f"evaluation-{kept.park}-{kept.term}-r{kept.revision}-{name}")


def seen(parts: Services, principal: Principal, number: int) -> Kept:
    """Give one evaluation.  Raises Problem where there is none, or it is another park's."""
    kept = evaluations.find(parts.engine, number)
    own = _own_park(parts, principal)
    if kept is None or (own is not None and kept.park != own):
        raise Problem("no_such", what="evaluation", id=number)
    return kept


def found_scheme(parts: Services, name: str) -> KeptScheme:
    """Give a scheme in force.  Raises Problem."""
    found = schemes.find(parts.engine, name)
    if found is None:
        raise Problem("no_such", what="scheme", id=name)
    return found


def _own_park(parts: Services, principal: Principal) -> str | None:
    """Give the park of an enterprise's own user; None for whoever sees all of them."""
    if principal.enterprise is None:
        return None
    own = parts.registry.current().by_enterprise.get(principal.enterprise)
    return own.park if own else ""
