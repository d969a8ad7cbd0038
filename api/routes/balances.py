"""Balances: what is lost between boundary meters and sub-meters."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import language
from api.answers import answers
from api.page import Cursor, Limit, Page, cut
from api.problem import Problem
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from api.times import Instant
from api.virtual_reading import read_balances, settled
from park.balance import Balance, Entry
from park.balance_reason import Reason, Verdict
from park.carrier import carriers
from park.interval import SLOT
from park.stretch import Width
from park.term import Span
from park.window import DAY, month_start

router = APIRouter(tags=["ledger"])

MOST = {True: timedelta(days=3_660), False: timedelta(days=366)}
"""The widest range of windows of months, and of days."""
MOST_PARK = timedelta(days=31)
"""The widest range of days where every enterprise is asked for."""


class Every(StrEnum):
    """How long a window is."""

    DAY = "1d"
    MONTH = "1mo"


WIDTHS: dict[Every, Width] = {Every.DAY: DAY, Every.MONTH: Span.MONTH}
MAIN: dict[str, Any] = {"meter": "e01-main", "virtual": False, "amount": 128400.0, "measured": 1.0, "estimated": 0.0}
EXAMPLE: dict[str, Any] = {
    "enterprise": "e01",
    "carrier": "electricity",
    "unit": "kWh",
    "start": "2026-10-01T00:00:00+08:00",
    "end": "2026-11-01T00:00:00+08:00",
    "boundary": [MAIN],
    "generation": [],
    "subs": [MAIN | {"meter": "e01-line1", "amount": 124548.0}],
    "supplied": 128400.0,
    "distributed": 124548.0,
    "loss": 3852.0,
    "rate": 0.03,
    "low": 0.0,
    "high": 0.05,
    "measured": 1.0,
    "estimated": 0.0,
    "missing": 0.0,
    "verdict": "ok",
    "reason": "within",
    "why": "损耗率 3 % 在 0 % 至 5 % 之内。",
}


class EntryItem(BaseModel):
    """What one meter counted, less what went out through it."""

    model_config = ConfigDict(json_schema_extra={"examples": [MAIN]})

    meter: str
    virtual: bool
    amount: float | None = Field(description="Null where nothing is known.")
    measured: float
    estimated: float


class BalanceItem(BaseModel):
    """One enterprise's balance of one carrier in one window."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    enterprise: str
    carrier: str
    unit: str
    start: datetime
    end: datetime
    boundary: list[EntryItem]
    generation: list[EntryItem]
    subs: list[EntryItem]
    supplied: float | None = Field(description="Boundary meters net of exports, and own generation; null if unknown.")
    distributed: float | None = Field(description="All sub-meters; null where one of them is not known.")
    loss: float | None
    rate: float | None = Field(description="The loss as a share of what was supplied.")
    low: float | None = Field(description="The park's bounds for the rate; null where it set none.")
    high: float | None
    measured: float = Field(description="The least share of the time measured of any of the meters.")
    estimated: float
    missing: float
    verdict: Verdict
    reason: Reason
    why: str


@router.get(
    "/balance",
    summary="Boundary meters against sub-meters",
    response_description="A balance for each window, enterprise and carrier with a boundary or sub-meter.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    carrier: Annotated[str | None, Query(max_length=64, description="Only of this carrier.")] = None,
    verdict: Annotated[Verdict | None, Query(description="Only those that say this.")] = None,
    start: Annotated[Instant | None, Query(description="From here on; by default the beginning of the month.")] = None,
    end: Annotated[Instant | None, Query(description="Up to here; at most, and by default, what is settled.")] = None,
    every: Annotated[Every, Query(description="Length of a window, from local midnight on.")] = Every.MONTH,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[BalanceItem]:
    """Say what is lost of each carrier, whether that lies within the park's bounds, or why nobody can tell.

    A window that is not over is cut at the last settled quarter of an hour.
    """
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    if carrier is not None and carrier not in carriers():
        raise Problem("no_such", what="carrier", id=carrier)
    begin, finish = _span(parts, start, end, every, whole=enterprise is None and principal.enterprise is None)
    found = read_balances(parts, principal, begin, finish, every=WIDTHS[every], enterprise=enterprise, carrier=carrier)
    chosen = [one for one in found if verdict in {None, one.verdict}]
    rows, following = cut(
        chosen, cursor, limit, lambda one: f"{one.start:%Y%m%d%H%M} {one.enterprise} {one.carrier.name}"
    )
    lang = language.of(request)
    return Page(items=[item(parts, one, lang) for one in rows], next=following)


def item(parts: Services, one: Balance, lang: str) -> BalanceItem:
    """Write one balance."""
    return BalanceItem(
        enterprise=one.enterprise,
        carrier=one.carrier.name,
        unit=one.carrier.unit,
        start=parts.local(one.start),
        end=parts.local(one.end),
        boundary=[_entry(entry) for entry in one.boundary],
        generation=[_entry(entry) for entry in one.generation],
        subs=[_entry(entry) for entry in one.subs],
        supplied=one.supplied,
        distributed=one.distributed,
        loss=one.loss,
        rate=one.rate,
        low=None if one.bound is None else one.bound.low,
        high=None if one.bound is None else one.bound.high,
        measured=one.coverage.measured,
        estimated=one.coverage.estimated,
        missing=one.coverage.missing,
        verdict=one.verdict,
        reason=one.reason,
        why=one.sentence(lang),
    )


def _entry(entry: Entry) -> EntryItem:
    return EntryItem(
        meter=entry.meter,
        virtual=entry.virtual,
        amount=entry.amount,
        measured=entry.coverage.measured,
        estimated=entry.coverage.estimated,
    )


def _span(
    parts: Services, start: datetime | None, end: datetime | None, every: Every, *, whole: bool
) -> tuple[datetime, datetime]:
    last = settled(parts, parts.clock())
    finish = last if end is None else min(end, last)
    begin = start or month_start(finish - SLOT, parts.zone).astimezone(UTC)
    if begin >= finish:
        raise Problem("range_order", start=parts.local(begin).isoformat(), end=parts.local(finish).isoformat())
    most = MOST_PARK if whole and every is Every.DAY else MOST[every is Every.MONTH]
    if finish - begin > most:
        raise Problem("range_wide", most=f"{most.days} d")
    return begin, finish
