"""The quality of alarms after ISA-18.2: whether they are such that people can act on them."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from adapters import alarm_sheet
from api import alarm_quality_view, alarm_report, language
from api.alarm_quality_view import QualityItem
from api.answers import answers
from api.problem import Problem
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from api.times import Instant
from park.alarm_quality import Quality
from park.principal import Principal

router = APIRouter(tags=["alerts"])

LONGEST = timedelta(days=366)
USUAL = timedelta(days=30)
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The workbook.",
        "content": {
            alarm_sheet.MEDIA_TYPE: {
                "schema": {"type": "string", "format": "binary"},
                "example": "(an .xlsx workbook: 总览, 告警源, 抖动, 久未消除, 泛滥, 班次, 月份)",
            }
        },
    }
}
Start = Annotated[Instant | None, Query(description="From then on; by default 30 days before the end.")]
End = Annotated[Instant | None, Query(description="Until then; by default now.")]
Operators = Annotated[int, Query(ge=1, le=50, description="How many people look at alarms at a time.")]
Of = Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")]


@router.get(
    "/alerts/report",
    summary="The quality of alarms",
    response_description="The figures of ISA-18.2 beside their targets.",
    responses=answers(401, 403, 404, 422, 503),
)
def report(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    start: Start = None,
    end: End = None,
    operators: Operators = 1,
    enterprise: Of = None,
) -> QualityItem:
    """Say how many alarms came, in floods or chattering, from where, and how people dealt with them; no drills."""
    lang = language.of(request)
    quality = _read(parts, principal, (start, end), operators=operators, enterprise=enterprise)
    return alarm_quality_view.item(parts, quality, lang)


@router.get(
    "/alerts/report.xlsx",
    summary="The quality of alarms as a workbook",
    response_class=Response,
    responses=WORKBOOK | answers(401, 403, 404, 422, 503),
)
def workbook(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    start: Start = None,
    end: End = None,
    operators: Operators = 1,
    enterprise: Of = None,
) -> Response:
    """Give the same report as sheets: summary, sources, chattering, stale, floods, shifts and months."""
    lang = language.of(request)
    quality = _read(parts, principal, (start, end), operators=operators, enterprise=enterprise)
    content = alarm_sheet.write(quality, lambda key: alarm_report.names(parts, key, lang), lang, parts.zone)
    name = f"alarms-{parts.local(quality.start):%Y%m%d}-{parts.local(quality.end):%Y%m%d}.xlsx"
    return Response(
        content, media_type=alarm_sheet.MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _read(
    parts: Services,
    principal: Principal,
    span: tuple[datetime | None, datetime | None],
    *,
    operators: int,
    enterprise: str | None,
) -> Quality:
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    until = span[1] or parts.clock()
    since = span[0] or until - USUAL
    if since >= until:
        raise Problem("range_order", start=parts.local(since).isoformat(), end=parts.local(until).isoformat())
    if until - since > LONGEST:
        raise Problem("range_wide", most="366 d")
    return alarm_report.read(parts, principal, since, until, operators=operators, enterprise=enterprise)
