"""The figures of a term in one file, to be handed on: with coverage, revisions, factor sets and a hash on each page."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from adapters import pdf_report, report_sheet
from adapters.relational import figures
from adapters.relational.figures import Revision
from api import figure_report, language
from api.answers import answers
from api.console import industry
from api.problem import Problem
from api.report_answer import PAPER, WORKBOOK, attached, respond
from api.report_words import BASES, word
from api.routes.intensity import read_period, subject_of
from api.security import Viewer
from api.services import Parts, Services
from park.factor import Basis
from park.figure import Scope
from park.intensity import division_of
from park.report import Report, canonical, digest
from park.term import Term, month_of

router = APIRouter(tags=["figures"])
CONTENT: dict[str, Any] = {
    "scope": "park", "id": "hengkou", "period": "2026-10", "basis": "equivalent", "figures": []
}  # fmt: skip


@router.get(
    "/intensity/export",
    summary="The figures of a term as a workbook or a PDF",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503)
    | {
        200: {
            "description": "A park with its industries and enterprises, an industry with its enterprises, or one of "
            "these alone. `X-Content-SHA256` is the hash of what `format=json` gives, whatever the form.",
            "content": {
                report_sheet.MEDIA_TYPE: WORKBOOK,
                pdf_report.MEDIA_TYPE: PAPER,
                "application/json": {"schema": {"type": "object"}, "example": CONTENT},
            },
        }
    },
)
def export(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    scope: Annotated[Scope | None, Query(description="Park by default; for an enterprise's user their own.")] = None,
    id: Annotated[  # noqa: A002  # the interface's own word
        str | None, Query(max_length=64, description="A park, a division of industry (13), or an enterprise.")
    ] = None,
    period: Annotated[str | None, Query(max_length=12, description="As 2026-10; the month before.")] = None,
    basis: Annotated[Basis, Query(description="How electricity counts as standard coal.")] = Basis.EQUIVALENT,
    format: Annotated[  # noqa: A002  # the interface's own word
        Literal["xlsx", "pdf", "json"], Query(description="json is the canonical content that is hashed.")
    ] = "xlsx",
) -> Response:
    """Give figures as they are known now; each sheet and page says of what, by which rules, when and for whom."""
    lang = language.of(request)
    term = read_period(period, lang) if period is not None else month_of(parts.clock(), parts.zone).before()
    chosen, subject, title = subject_of(parts, principal, scope, id, lang)
    found = gather(parts, chosen, subject, term, basis)
    if not found:
        raise Problem("no_such", what="figure", id=f"{chosen}.{subject}.{term}")
    content = canonical(
        {
            "scope": chosen.value,
            "id": subject,
            "period": str(term),
            "basis": basis.value,
            "figures": figure_report.document(found),
        }
    )
    name = f"figures-{chosen}-{subject}-{term}-{basis}"
    if format == "json":
        return attached(content, format, name, digest(content))
    if chosen is Scope.INDUSTRY:
        title = f"{subject} {industry.name(subject, lang)}"
    facts = [
        (word("park", lang), park_of(parts, chosen, subject, lang)),
        (word("of", lang), title),
        (word("term", lang), str(term)),
        (word("basis", lang), BASES[basis].pick(lang)),
        *figure_report.facts(found, lang),
        (word("exported", lang), f"{parts.local(parts.clock()).isoformat(timespec='seconds')} {principal.name}"),
    ]
    report = Report(
        title=f"{word('intensity', lang)} {term} · {title}",
        facts=tuple(facts),
        tables=figure_report.tables(parts, found, lang),
        digest=digest(content),
    )
    return respond(report, format, name)


def gather(parts: Services, scope: Scope, subject: str, term: Term, basis: Basis) -> Sequence[Revision]:
    """Give the figures of a subject, then those of the industries and enterprises in it."""

    def of(which: Scope, ids: set[str]) -> list[Revision]:
        return figures.revisions_now(parts.engine, term=term, scope=which, ids=ids, basis=basis) if ids else []

    found = of(scope, {subject})
    if scope is Scope.ENTERPRISE:
        return found
    known = parts.registry.current()
    members = [one for one in known.enterprises if subject in {one.park, division_of(one.industry)}]
    if scope is Scope.PARK and len(known.parks) == 1:  # an industry's figures are of all parks
        found += of(Scope.INDUSTRY, {division_of(one.industry) for one in members} - {""})
    return found + of(Scope.ENTERPRISE, {one.id for one in members})


def park_of(parts: Services, scope: Scope, subject: str, lang: str) -> str:
    """Name the park a subject lies in; of an industry, every park it has enterprises in."""
    known = parts.registry.current()
    ids = {subject} if scope is Scope.PARK else set()
    ids |= {one.park for one in known.enterprises if subject == one.id and scope is Scope.ENTERPRISE}
    ids |= {one.park for one in known.enterprises if subject == division_of(one.industry) and scope is Scope.INDUSTRY}
    return ", ".join(figure_report.called(one.name, one.name_en, lang) for one in known.parks if one.id in ids)
