"""Economic statements: what enterprises report, kept as revisions; and what it adds up to over a term."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import statements
from adapters.relational.refusal import EntryRefused
from api import entered, language
from api.answers import answers
from api.entered import AmountItem, Kept, Number, Written, amount_item
from api.page import Cursor, Limit, Page, cut
from api.security import StatementsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from api.terms import First, Last, read_optional, read_term
from park.registry_notes import Notes, join, near, show
from park.statement import Statement, Status, amounts, lines
from park.term_words import read_words

router = APIRouter(tags=["statements"])

ENTERED: dict[str, Any] = {
    "enterprise": "e01",
    "term": "2026-10",
    "status": "flash",
    "values": {"value_added": 1234.5, "output": 5210.38, "tax": 86.2, "employees": 212},
}
EXAMPLE = ENTERED | {
    "revision": 2,
    "who": "王丽",
    "at": "2026-11-23T08:00:00+08:00",
    "reason": "企业更正总产值",
}
MOST = 20_000


class LineItem(BaseModel):
    """One line of a statement."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "value_added", "unit": "万元", "zh": "工业增加值", "en": "Value added", "fold": "sum"}
            ]
        }
    )

    name: str
    unit: str
    zh: str
    en: str
    fold: str = Field(description="What a longer term makes of its parts: sum, mean, or entered (nothing).")


class StatementItem(BaseModel):
    """One revision of a statement."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    enterprise: str
    term: str
    status: Status
    revision: int
    values: dict[str, Number | None] = Field(description="By line; null where it was withdrawn.")
    who: str
    at: datetime
    reason: str = Field(description="Why it differs from the revision before.")


class StatementDocument(BaseModel):
    """A statement to keep."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ENTERED]})

    enterprise: str = Field(max_length=64)
    term: str = Field(max_length=20, description="2026-10, 2026-Q3 or 2026.")
    status: Status = Status.FLASH
    values: dict[str, Written] = Field(
        description="By line. What is left out stays as it was; null withdraws it. Numbers, or their digits as text."
    )


class StatementsDocument(BaseModel):
    """Statements to keep, all of them or none."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"items": [ENTERED], "reason": "企业更正总产值"}]}
    )

    items: list[StatementDocument] = Field(min_length=1, max_length=MOST)
    reason: str = Field(default="", max_length=500, description="Asked for where a kept statement changes.")


@router.get(
    "/statements",
    summary="Statements",
    response_description="The newest revision of each, by enterprise and term.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    first: First = None,
    last: Last = None,
    status: Annotated[Status | None, Query(description="Only this status.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[StatementItem]:
    """Give what enterprises reported; a term without a statement has none here, which is not 0."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    lang = language.of(request)
    found = statements.current(
        parts.engine,
        first=read_optional(first, "query.first", lang),
        last=read_optional(last, "query.last", lang),
        enterprise=enterprise or principal.enterprise,
    )
    wanted = [one for one in found if status is None or one.status is status]
    items, following = cut(wanted, cursor, limit, _place)
    return Page(items=[item(parts, one) for one in items], next=following)


@router.get(
    "/statements/lines",
    summary="The lines of a statement",
    response_description="Every line, in the order of the form.",
    responses=answers(401, 403),
)
def table(_principal: Viewer) -> Page[LineItem]:
    """Give the names, units and meaning of what a statement holds."""
    return Page(
        items=[
            LineItem(name=one.name, unit=one.unit, zh=one.zh, en=one.en, fold=one.fold.value)
            for one in lines().values()
        ]
    )


@router.post(
    "/statements",
    summary="Keep statements",
    response_description="All are kept.",
    responses=answers(401, 403, 413, 422, 503),
)
def post(parts: Parts, principal: StatementsKeeper, document: StatementsDocument) -> Kept:
    """Keep statements as new revisions, all of them or none, with every mistake named; repeating it changes nothing.

    What was verified cannot become flash again.
    """
    given = _read(document)
    places = [{"": f"body.items[{number}]"} for number in range(len(given))]
    plan = statements.save(
        parts.engine, given, who=principal.name, now=parts.clock(), reason=document.reason, places=places
    )
    return Kept(added=len(plan.added), changed=len(plan.changed), unchanged=len(plan.unchanged))


@router.get(
    "/statements/{enterprise}/{term}/revisions",
    summary="Every revision of a statement",
    response_description="Revisions, the first one first.",
    responses=answers(401, 403, 404, 422, 503),
)
def revisions(
    request: Request,
    parts: Parts,
    principal: Viewer,
    enterprise: Annotated[str, Path(max_length=64)],
    term: Annotated[str, Path(max_length=20)],
) -> Page[StatementItem]:
    """Give what was reported for one term, and each time why it was changed and by whom."""
    seen_enterprise(parts, principal, enterprise)
    found = statements.history(parts.engine, enterprise, read_term(term, "path.term", language.of(request)))
    return Page(items=[item(parts, one) for one in found])


@router.get(
    "/statements/{enterprise}/amounts",
    summary="What the statements of an enterprise add up to",
    response_description="Every line over the term.",
    responses=answers(401, 403, 404, 422, 503),
)
def sums(
    request: Request,
    parts: Parts,
    principal: Viewer,
    enterprise: Annotated[str, Path(max_length=64)],
    term: Annotated[str, Query(max_length=12, description="2026-10, 2026-Q3, 2026, 2026-10/ytd or 2026-10/r12.")],
) -> Page[AmountItem]:
    """Add up each line: a quarter is its own statement or its three months, and a month is never part of a quarter's.

    Where it cannot be said, the reason and the missing statements are.
    """
    seen_enterprise(parts, principal, enterprise)
    lang = language.of(request)
    wanted = read_term(term, "query.term", lang)
    found = statements.current(parts.engine, first=wanted, last=wanted, enterprise=enterprise)
    return Page(
        items=[amount_item(name, line.unit, amounts(found, name, wanted), lang) for name, line in lines().items()]
    )


def item(parts: Services, one: Statement) -> StatementItem:
    """Write one statement."""
    return StatementItem(
        enterprise=one.enterprise,
        term=str(one.term),
        status=one.status,
        revision=one.revision,
        values=entered.numbers(one.values),
        who=one.who,
        at=parts.local(entered.when(one.at)),
        reason=one.reason,
    )


def _place(one: Statement) -> str:
    return f"{one.enterprise} {one.term.last:06} {one.term.first:06}"


def _read(document: StatementsDocument) -> list[Statement]:
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
        values = {}
        for name, value in one.values.items():
            line, path = lines().get(name), join(here, f"values.{name[:64]}")
            if line is None:
                zh, en = near(name, lines())
                notes.add(path, f"没有 {show(name)} 这个指标; {zh}", f"There is no line {show(name)}; {en}")
                continue
            values[name] = entered.read(notes, path, value, unit=line.unit, digits=line.digits, least=line.least)
        if term is not None:
            found.append(Statement(one.enterprise, term, one.status, values))
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)
    return found
