"""Consumption: what a meter or an enterprise used in each stretch of time, and how much of it was measured."""

from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api import consumed
from api.answers import answers
from api.consumed import Used
from api.problem import Problem
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meter, seen_meters
from api.times import Instant
from api.virtual_reading import books
from park.interval import SLOT
from park.place import Meter
from park.principal import Principal
from park.stretch import Width, edges
from park.subject import subjects
from park.term import Span
from park.window import DAY, day_start

router = APIRouter(tags=["ledger"])

MOST_SPAN = timedelta(days=3_660)
MOST_SLOTS = 10_000
EXAMPLE: dict[str, Any] = {
    "start": "2026-11-23T08:00:00+08:00",
    "end": "2026-11-23T08:15:00+08:00",
    "amount": 78.25,
    "measured": 1.0,
    "estimated": 0.0,
    "missing": 0.0,
}


class Every(StrEnum):
    """How long a stretch is."""

    QUARTER = "15m"
    HOUR = "1h"
    DAY = "1d"
    MONTH = "1mo"


WIDTHS: dict[Every, Width] = {
    Every.QUARTER: SLOT, Every.HOUR: timedelta(hours=1), Every.DAY: DAY, Every.MONTH: Span.MONTH,
}  # fmt: skip


class IntervalItem(BaseModel):
    """One stretch of time.  What is not known is null, and never 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    start: datetime
    end: datetime
    amount: float | None = Field(description="Null where nothing is known; else what was used in the known part.")
    measured: float = Field(description="The share of the time that was measured, 0 to 1.")
    estimated: float = Field(description="The share that is estimated: over a gap, or waiting for review.")
    missing: float = Field(description="The rest.")


class Consumption(BaseModel):
    """What one meter or one enterprise used of one carrier, in order of time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"meter": "e01-main", "enterprise": "e01", "carrier": "electricity", "unit": "kWh", "items": [EXAMPLE]}
            ]
        }
    )

    meter: str | None = Field(description="Null where all of an enterprise is added up.")
    enterprise: str
    carrier: str
    unit: str
    items: list[IntervalItem]


@router.get(
    "/intervals",
    summary="Consumption in stretches of time",
    response_description="Every stretch asked for, with its coverage.",
    responses=answers(401, 403, 404, 422, 503),
)
def intervals(
    parts: Parts,
    principal: Viewer,
    *,
    meter: Annotated[str | None, Query(max_length=64, description="Of this meter; this or `enterprise`.")] = None,
    enterprise: Annotated[
        str | None, Query(max_length=64, description="Of this enterprise: its boundary meters, less what they export.")
    ] = None,
    carrier: Annotated[
        str | None,
        Query(max_length=64, description="electricity, water …, electricity_export, or a pollutant for its mass."),
    ] = None,
    start: Annotated[Instant | None, Query(description="From here on; by default the beginning of the day.")] = None,
    end: Annotated[Instant | None, Query(description="Up to here; by default now.")] = None,
    every: Annotated[Every, Query(description="Length of a stretch, aligned to the site's midnight.")] = Every.HOUR,
) -> Consumption:
    """Give what was used, worked out of registers or integrated flows, and how much of the time was measured.

    The first and the last stretch are cut where the range begins and ends.  Only boundary meters count for an
    enterprise: sub-meters are a part of them, and a virtual boundary meter stands in place of those it names.
    """
    owner, meters = _meters(parts, principal, meter, enterprise)
    name = carrier or _carrier(meters)
    unit = consumed.unit(name)
    if unit is None:
        raise Problem("no_such", what="carrier", id=name)
    begin, finish = _span(parts, start, end)
    cuts = edges(begin, finish, WIDTHS[every], parts.zone)
    if len(cuts) - 1 > MOST_SLOTS:
        raise Problem("too_many_slots", every=every.value, slots=len(cuts) - 1, most=MOST_SLOTS)
    width, store = WIDTHS[every], parts.telemetry
    found = (
        consumed.of_meter(store, meters, name, begin, finish, every=width)
        if meter is not None
        else consumed.of_enterprise(store, books(parts), owner, name, start=begin, end=finish, every=width)
    )
    items = [
        _item(parts, consumed.instant(first), consumed.instant(last), found.get(consumed.instant(first)))
        for first, last in pairwise(cuts)
    ]
    return Consumption(meter=meter, enterprise=owner, carrier=name, unit=unit, items=items)


def _meters(
    parts: Services, principal: Principal, meter: str | None, enterprise: str | None
) -> tuple[str, list[Meter]]:
    if (meter is None) == (enterprise is None):
        raise Problem("meter_or_enterprise")
    if meter is not None:
        found = seen_meter(parts, principal, meter)
        return found.enterprise, [found]
    assert enterprise is not None, "one of the two is given"  # noqa: S101  # for the type alone
    return seen_enterprise(parts, principal, enterprise).id, seen_meters(parts, principal, enterprise)


def _carrier(meters: list[Meter]) -> str:
    """Choose what is meant where nothing is said: what is accounted for first."""
    found = next((one for meter in meters for one in subjects(meter)), None)
    if found is None:
        raise Problem("which_carrier")
    return found.carrier


def _span(parts: Services, start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    finish = end or parts.clock()
    begin = start or day_start(finish, parts.zone)
    if begin >= finish:
        raise Problem("range_order", start=parts.local(begin).isoformat(), end=parts.local(finish).isoformat())
    if finish - begin > MOST_SPAN:
        raise Problem("range_wide", most=f"{MOST_SPAN.days} d")
    return begin, finish


def _item(parts: Services, start: datetime, end: datetime, used: Used | None) -> IntervalItem:
    coverage = consumed.NOTHING if used is None else used.coverage
    return IntervalItem(
        start=parts.local(start),
        end=parts.local(end),
        amount=None if used is None else used.amount,
        measured=coverage.measured,
        estimated=coverage.estimated,
        missing=coverage.missing,
    )
