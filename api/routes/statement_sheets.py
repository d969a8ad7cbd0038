"""Statements as a workbook: a template to fill in, an export, a look at a file, and taking it in."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from adapters import statement_sheet
from adapters.relational import statement_import, statements
from adapters.statement_sheet import MEDIA_TYPE, Key
from api import entered, language
from api.answers import answers
from api.entered import Kept, Number
from api.mistake import Mistake
from api.security import StatementsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_enterprises
from api.terms import First, Last, read_optional, read_term
from park.revision import Step
from park.statement import PLAIN, Statement, Status, due

router = APIRouter(tags=["statements"])

WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The workbook.",
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string", "format": "binary"},
                "example": "(an .xlsx workbook: 企业编号, 企业名称, 期别, 状态, 工业增加值 …)",
            }
        },
    }
}
BODY = {
    "requestBody": {
        "content": {"multipart/form-data": {"example": {"file": "(an .xlsx workbook, or .csv in UTF-8 or GB 18030)"}}}
    }
}
SHOWN = 1_000
STEP: dict[str, Any] = {
    "enterprise": "e01",
    "term": "2026-10",
    "revision": 2,
    "status": "verified",
    "values": {"value_added": 1234.5, "tax": 86.2},
    "before": {"value_added": 1210, "tax": 86.2},
    "before_status": "flash",
}


class StepItem(BaseModel):
    """One statement that would be kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [STEP]})

    enterprise: str
    term: str
    revision: int
    status: Status
    values: dict[str, Number | None]
    before: dict[str, Number | None] | None = Field(description="What is kept now; null for a first one.")
    before_status: Status | None


class PreviewItem(BaseModel):
    """What taking in a file would do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ok": False,
                    "mistakes": [{"path": "月报!B7", "sentence": "'1,2345' 不是数字; 请只写数字 …"}],
                    "doubts": [],
                    "added": 0,
                    "changed": 0,
                    "unchanged": 0,
                    "blank": 3,
                    "items": [],
                }
            ]
        }
    )

    ok: bool = Field(description="Whether the file can be taken in.")
    mistakes: list[Mistake] = Field(description="Every mistake, with its cell and how to mend it.")
    doubts: list[Mistake] = Field(description="What looks wrong and may be right, with its cell.")
    added: int
    changed: int = Field(description="Where this is not 0, a reason is needed.")
    unchanged: int
    blank: int = Field(description="Rows that were not filled in.")
    items: list[StepItem] = Field(description=f"What would be kept, the first {SHOWN} of it.")


@router.get(
    "/statements/template",
    summary="A workbook to fill in",
    response_class=Response,
    responses=WORKBOOK | answers(401, 403, 404, 422, 503),
)
def template(
    request: Request,
    parts: Parts,
    principal: StatementsKeeper,
    *,
    term: Annotated[
        list[str] | None,
        Query(max_length=24, description="Terms to enter; by default the last month, quarter and year that are over."),
    ] = None,
    enterprise: Annotated[list[str] | None, Query(max_length=2_000, description="Only these enterprises.")] = None,
) -> Response:
    """Give a row for each enterprise and term, a sheet for months, quarters and years, with what is kept filled in."""
    lang = language.of(request)
    wanted = [read_term(text, "query.term", lang) for text in term] if term else [*due(parts.clock(), parts.zone)]
    chosen = [seen_enterprise(parts, principal, one) for one in enterprise or []] or seen_enterprises(parts, principal)
    keys = [(one.id, which) for which in sorted(set(wanted)) if which.span in PLAIN for one in chosen]
    return _workbook(parts, keys, statements.current(parts.engine, first=min(wanted), last=max(wanted)), lang)


@router.get(
    "/statements/export",
    summary="Statements as a workbook",
    response_class=Response,
    responses=WORKBOOK | answers(401, 403, 404, 422, 503),
)
def export(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    first: First = None,
    last: Last = None,
) -> Response:
    """Give what is kept in the form of the template, so that it can be corrected and taken in again."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    lang = language.of(request)
    found = statements.current(
        parts.engine,
        first=read_optional(first, "query.first", lang),
        last=read_optional(last, "query.last", lang),
        enterprise=enterprise or principal.enterprise,
    )
    return _workbook(parts, [one.key for one in found], found, lang)


@router.post(
    "/statements/preview",
    summary="Look at a file before it is taken in",
    response_description="What it would do; nothing has been done.",
    responses=answers(401, 403, 413, 422, 503),
    openapi_extra=BODY,
)
def preview(request: Request, parts: Parts, _principal: StatementsKeeper, file: UploadFile) -> PreviewItem:
    """Name every mistake of a file with its cell and how to mend it, and say what would be new and what changed."""
    seen = statement_import.preview(parts.engine, file.file.read(), now=parts.clock())
    lang = language.of(request)
    return PreviewItem(
        ok=not seen.mistakes,
        mistakes=[Mistake(path=one.path, sentence=one.sentence(lang)) for one in seen.mistakes],
        doubts=[Mistake(path=place, sentence=one.sentence(lang)) for place, one in seen.doubts],
        added=len(seen.plan.added),
        changed=len(seen.plan.changed),
        unchanged=len(seen.plan.unchanged),
        blank=seen.blank,
        items=[_step(step) for step in seen.plan.steps[:SHOWN]],
    )


@router.post(
    "/statements/import",
    summary="Take in a file of statements",
    response_description="All of it is kept.",
    responses=answers(401, 403, 413, 422, 503),
    openapi_extra=BODY,
)
def take_in(
    parts: Parts,
    principal: StatementsKeeper,
    file: UploadFile,
    reason: Annotated[
        str, Query(max_length=500, description="Why kept statements change; needed only where some do.")
    ] = "",
) -> Kept:
    """Keep what a file says, all of it or nothing, with every mistake named; repeating it changes nothing."""
    plan = statement_import.take_in(
        parts.engine, file.file.read(), who=principal.name, now=parts.clock(), reason=reason
    )
    return Kept(added=len(plan.added), changed=len(plan.changed), unchanged=len(plan.unchanged))


def _workbook(parts: Services, keys: Sequence[Key], kept: Sequence[Statement], lang: str) -> Response:
    known = parts.registry.current().by_enterprise
    content = statement_sheet.write(keys, enterprises=known, statements=kept, language=lang)
    name = {"Content-Disposition": 'attachment; filename="statements.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=name)


def _step(step: Step[Statement]) -> StepItem:
    old, new = step.old, step.new
    return StepItem(
        enterprise=new.enterprise,
        term=str(new.term),
        revision=new.revision,
        status=new.status,
        values=entered.numbers(new.values),
        before=None if old is None else entered.numbers(old.values),
        before_status=None if old is None else old.status,
    )
