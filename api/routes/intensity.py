"""Energy, carbon and value of an enterprise, an industry or a park over a term, and what became of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import closings, figures
from adapters.relational.closings import Closed
from adapters.relational.figures import Revision
from api import language
from api.answers import answers
from api.figure_view import FIGURE, ChangeItem, FigureItem, change_item, figure_item
from api.mistake import Mistake
from api.problem import Problem
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from park.comparison import change
from park.factor import Basis
from park.figure import Scope
from park.intensity import division_of
from park.principal import Principal
from park.term import Term, month_of, read

router = APIRouter(tags=["figures"])

TERMS = {
    "zh": "{value} 不是期别; 写法如 2026-10、2026-Q3、2026、2026-10/ytd (年初至今)、2026-10/r12 (近 12 个月)。",
    "en": "{value} is no term; write 2026-10, 2026-Q3, 2026, 2026-10/ytd (year to date) or 2026-10/r12 (12 months).",
}
CLOSED = {"at": "2026-11-08T09:00:00+08:00", "who": "王丽", "restated": 2}
ANSWER: dict[str, Any] = {
    "scope": "park",
    "id": "hengkou",
    "name": "恒口示范区产业园",
    "period": "2026-10",
    "basis": "equivalent",
    "running": False,
    "closed": CLOSED,
    "items": [FIGURE | {"year_on_year": None, "before": None, "reported": None}],
}


class ReportedItem(BaseModel):
    """What stands in the reports of a closed term, where it became another since."""

    value: float | None
    revision: int


class IntensityItem(FigureItem):
    """A figure with its comparisons."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [FIGURE | {"year_on_year": None, "before": None, "reported": None}]}
    )

    year_on_year: ChangeItem | None = Field(description="同比, on the common panel.")
    before: ChangeItem | None = Field(description="环比: against the term of the same kind just before.")
    reported: ReportedItem | None = Field(description="What was frozen at closing, where it differs; else null.")


class ClosedItem(BaseModel):
    """That a term was closed."""

    at: Any
    who: str
    restated: int = Field(description="How many of these figures became others since.")


class Intensity(BaseModel):
    """Every figure of one subject and term."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER]})

    scope: Scope
    id: str
    name: str
    period: str
    basis: Basis
    running: bool
    closed: ClosedItem | None
    items: list[IntensityItem]


@router.get(
    "/intensity",
    summary="Energy, carbon and value over a term",
    response_description="Every figure by one electricity basis, each with its coverage and comparisons.",
    responses=answers(401, 403, 404, 422, 503),
)
def intensity(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    scope: Annotated[Scope | None, Query(description="Park by default; for an enterprise's user their own.")] = None,
    id: Annotated[  # noqa: A002  # the interface's own word
        str | None, Query(max_length=64, description="A park, a division of industry (13), or an enterprise.")
    ] = None,
    period: Annotated[
        str | None, Query(max_length=12, description="A term as 2026-10, 2026-Q3, 2026, 2026-10/ytd; the month before.")
    ] = None,
    basis: Annotated[Basis, Query(description="How electricity counts as standard coal.")] = Basis.EQUIVALENT,
    indicator: Annotated[list[str] | None, Query(description="Only these; all by default.")] = None,
) -> Intensity:
    """Give figures as they are known now, beside what was frozen where the term is closed.

    A value that cannot be had is null with its reason.  Industries and parks are ratios of sums over the enterprises
    that have all that is needed; who is left out stands in the figure.
    """
    lang = language.of(request)
    term = read_period(period, lang) if period is not None else month_of(parts.clock(), parts.zone).before()
    chosen, subject, title = subject_of(parts, principal, scope, id, lang)
    terms = [term, term.year_ago(), term.before()]
    found = figures.revisions_now(
        parts.engine, terms=terms, scope=chosen, ids=[subject], basis=basis, indicators=indicator or None
    )
    by = {(one.figure.term, one.figure.indicator): one for one in found}
    frozen, closed = _frozen(parts, chosen, subject, term)
    items = [_item(parts, one, by, frozen.get(one.figure.id), lang) for one in found if one.figure.term == term]
    return Intensity(
        scope=chosen,
        id=subject,
        name=title,
        period=str(term),
        basis=basis,
        running=term.end(parts.zone) > parts.clock(),
        closed=None
        if closed is None
        else ClosedItem(
            at=parts.local(closed.at), who=closed.who, restated=sum(item.reported is not None for item in items)
        ),
        items=items,
    )


def read_period(text: str, lang: str, path: str = "query.period") -> Term:
    """Read a term of any kind.  Raises Problem."""
    try:
        return read(text)
    except ValueError:
        sentence = TERMS[lang].format(value=repr(text[:12]))
        raise Problem("mistakes", mistakes=[Mistake(path=path, sentence=sentence)], count=1) from None


def subject_of(
    parts: Services, principal: Principal, scope: Scope | None, name: str | None, lang: str
) -> tuple[Scope, str, str]:
    """Settle whose figures are meant, and see that the principal may see them.  Raises Problem.

    Those of an industry or a park tell of every enterprise in it, so they are not an enterprise's to see.
    """
    own = principal.enterprise
    chosen = scope or (Scope.ENTERPRISE if own is not None else Scope.PARK)
    if chosen is Scope.ENTERPRISE:
        found = seen_enterprise(parts, principal, name or own or "")
        return chosen, found.id, _called(found.name, found.name_en, lang)
    if own is not None:
        raise Problem("whole_park", enterprise=own)
    registry = parts.registry.current()
    if chosen is Scope.INDUSTRY:
        division = name or ""
        if not any(division_of(one.industry) == division for one in registry.enterprises):
            raise Problem("no_such", what="industry", id=division)
        return chosen, division, division
    park = next((one for one in registry.parks if name is None or one.id == name), None)
    if park is None:
        raise Problem("no_such", what="park", id=name or "")
    return chosen, park.id, _called(park.name, park.name_en, lang)


def _item(
    parts: Services,
    one: Revision,
    by: dict[tuple[Term, str], Revision],
    frozen: Revision | None,
    lang: str,
) -> IntensityItem:
    figure = one.figure

    def against(term: Term) -> ChangeItem:
        then = by.get((term, figure.indicator))
        return change_item(change(figure, None if then is None else then.figure), str(term), lang)

    differs = frozen is not None and frozen.revision != one.revision
    return IntensityItem(
        **figure_item(parts, one, lang).model_dump(),
        year_on_year=against(figure.term.year_ago()),
        before=against(figure.term.before()),
        reported=ReportedItem(value=frozen.figure.value, revision=frozen.revision)
        if frozen is not None and differs
        else None,
    )


def _frozen(parts: Services, scope: Scope, subject: str, term: Term) -> tuple[dict[str, Revision], Closed | None]:
    """Give what stands in the reports of a closed term, where it became another since."""
    registry = parts.registry.current()
    enterprise = registry.by_enterprise.get(subject) if scope is Scope.ENTERPRISE else None
    park = enterprise.park if enterprise is not None else subject if scope is Scope.PARK else None
    closed = None if park is None else closings.of_term(parts.engine, park, term)
    if closed is None:
        return {}, None
    pairs = closings.pairs(parts.engine, closed.id, restated=True)
    return {pair.frozen.figure.id: pair.frozen for pair in pairs}, closed


def _called(name: str, name_en: str, lang: str) -> str:
    return name if lang == "zh" or not name_en else name_en
