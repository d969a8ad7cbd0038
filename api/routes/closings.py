"""Closing a term (结账): what stands in the reports is frozen, and what becomes of it later is shown beside it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters import pdf_report, report_sheet
from adapters.relational import closings
from adapters.relational.closings import Closed, Pair
from api import figure_export, language
from api.answers import answers
from api.close_term import do_close
from api.figure_view import ReasonItem, reason_item
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.report_answer import PAPER, WORKBOOK, attached
from api.routes.intensity import read_period
from api.security import AccountsKeeper, ParkViewer
from api.services import Parts, Services

router = APIRouter(tags=["figures"])

EXAMPLE: dict[str, Any] = {
    "id": 3,
    "park": "hengkou",
    "term": "2026-10",
    "at": "2026-11-08T09:00:00+08:00",
    "who": "王丽",
    "note": "十月月报",
    "forced": "",
    "obstacles": [],
    "figures": 1204,
    "digest": "5f1c…",
    "restated": 2,
}
PAIR: dict[str, Any] = {
    "id": "enterprise.e01.energy.2026-10.equivalent",
    "indicator": "energy",
    "unit": "tce",
    "reported": 30.24,
    "reported_revision": 1,
    "now": 30.55,
    "revision": 2,
    "difference": 0.31,
    "reasons": [],
}
Number = Annotated[int, Path(ge=1, description="The number of the closing.")]


class ClosingWish(BaseModel):
    """What to close."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"park": "hengkou", "term": "2026-10", "note": "十月月报", "force": ""}]}
    )

    park: str = Field(max_length=64)
    term: str = Field(max_length=12, description="2026-10, 2026-Q3, 2026 …")
    note: str = Field(default="", max_length=500)
    force: str = Field(default="", max_length=500, description="Why to close in spite of what stands in the way.")


class ClosingItem(BaseModel):
    """A closed term."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int
    park: str
    term: str
    at: datetime
    who: str
    note: str
    forced: str = Field(description="Why it was closed in spite of `obstacles`; empty where there were none.")
    obstacles: list[str]
    figures: int = Field(description="How many were frozen.")
    digest: str = Field(description="SHA-256 of everything that was frozen.")
    restated: int = Field(description="How many of them became others since.")


class PairItem(BaseModel):
    """A figure as it stands in the reports and as it is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [PAIR]})

    id: str
    indicator: str
    unit: str
    reported: float | None
    reported_revision: int
    now: float | None
    revision: int
    difference: float | None
    reasons: list[ReasonItem] = Field(description="Why the newest revision differs from the one before.")


@router.get(
    "/closings",
    summary="Closed terms",
    response_description="The newest first.",
    responses=answers(401, 403, 422),
)
def listing(
    request: Request,
    parts: Parts,
    _principal: ParkViewer,
    park: Annotated[str | None, Query(max_length=64, description="Only this park's.")] = None,
) -> Page[ClosingItem]:
    """Give the terms that were closed, with how many of their figures became others since."""
    parks = [one.id for one in parts.registry.current().parks if park is None or one.id == park]
    lang = language.of(request)
    return Page(items=[closing_item(parts, one, lang) for one in closings.listing(parts.engine, parks)])


@router.post(
    "/closings",
    summary="Close a term",
    status_code=201,
    response_description="It is closed; what stands in it will not change.",
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
def close(request: Request, parts: Parts, principal: AccountsKeeper, wish: ClosingWish) -> ClosingItem:
    """Freeze the newest revision of every figure of a park and term for its reports.

    Refused while the term runs, and while reviews are open or statements missing or unverified, unless `force` says
    why to close nevertheless.  Every obstacle is named.
    """
    lang = language.of(request)
    term = read_period(wish.term, lang, "body.term")
    return closing_item(
        parts,
        do_close(parts, wish.park, term, who=principal.name, note=wish.note, force=wish.force, lang=lang),
        lang,
    )


@router.get(
    "/closings/{id}",
    summary="A closed term: what was reported, and what is known now",
    response_description="Figures by id; with `restated`, only those that became others.",
    responses=answers(401, 403, 404, 422),
)
def one(
    request: Request,
    parts: Parts,
    _principal: ParkViewer,
    id: Number,  # noqa: A002  # the path's own word
    *,
    restated: Annotated[bool, Query(description="Only figures that became others since.")] = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[PairItem]:
    """Give the frozen value of each figure beside the one of now, with the reason of the difference."""
    seen(parts, id)
    lang = language.of(request)
    pairs, following = cut(
        closings.pairs(parts.engine, id, restated=restated), cursor, limit, lambda pair: pair.frozen.figure.id
    )
    return Page(items=[pair_item(pair, lang) for pair in pairs], next=following)


@router.get(
    "/closings/{id}/export",
    summary="A closed term as evidence",
    response_class=Response,
    responses=answers(401, 403, 404, 422)
    | {
        200: {
            "description": "Every figure with coverage, state, revision, factor sets and a hash over the whole.",
            "content": {
                "application/json": {"schema": {"type": "object"}, "example": {"digest": "5f1c…", "items": [PAIR]}},
                "text/csv": {"schema": {"type": "string"}, "example": "figure,indicator,value,unit\n"},
                report_sheet.MEDIA_TYPE: WORKBOOK,
                pdf_report.MEDIA_TYPE: PAPER,
            },
        }
    },
)
def export(
    request: Request,
    parts: Parts,
    principal: ParkViewer,
    id: Number,  # noqa: A002  # the path's own word
    form: Annotated[
        Literal["csv", "json", "xlsx", "pdf"], Query(description="For a spreadsheet, a program, or to be printed.")
    ] = "csv",
) -> Response:
    """Give everything that was frozen in one file, with the hash that proves it was not changed since.

    `X-Content-SHA256` is the hash of the file; of a workbook or a PDF it is that of the same closing's `json`, and
    stands on each sheet and page.
    """
    closed = seen(parts, id)
    pairs = closings.pairs(parts.engine, id)
    content, digest = figure_export.write(
        parts,
        closed,
        pairs,
        form,
        language.of(request),
        exported=f"{parts.local(parts.clock()).isoformat()} {principal.name}",
    )
    return attached(content, form, f"closing-{closed.park}-{closed.term}", digest)


def seen(parts: Services, number: int) -> Closed:
    """Give one closing.  Raises Problem."""
    found = closings.find(parts.engine, number)
    if found is None:
        raise Problem("no_such", what="closing", id=number)
    return found


def closing_item(parts: Services, closed: Closed, lang: str) -> ClosingItem:
    """Write a closed term."""
    return ClosingItem(
        id=closed.id,
        park=closed.park,
        term=str(closed.term),
        at=parts.local(closed.at),
        who=closed.who,
        note=closed.note,
        forced=closed.forced,
        obstacles=[one.sentence(lang) for one in closed.obstacles],
        figures=closed.frozen,
        digest=closed.digest,
        restated=closings.count_restated(parts.engine, closed.id),
    )


def pair_item(pair: Pair, lang: str) -> PairItem:
    """Write what was reported beside what is known."""
    before, after = pair.frozen.figure.value, pair.now.figure.value
    return PairItem(
        id=pair.frozen.figure.id,
        indicator=pair.frozen.figure.indicator,
        unit=pair.frozen.figure.unit,
        reported=before,
        reported_revision=pair.frozen.revision,
        now=after,
        revision=pair.now.revision,
        difference=None if before is None or after is None else after - before,
        reasons=[reason_item(reason, lang) for reason in pair.now.reasons] if pair.restated else [],
    )
