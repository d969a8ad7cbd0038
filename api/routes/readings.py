"""Readings: as they were stored, or one value a window; and the newest of each series."""

from datetime import datetime, timedelta
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api import cursor as cursors
from api.answers import answers
from api.page import Cursor, Page, cut
from api.problem import Problem
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meter, seen_meters
from api.times import Every, Instant, write_every
from park.instant import from_ms, to_ms
from park.metric import metrics
from park.quality import names
from park.reading import Reading
from park.telemetry import Aggregate

router = APIRouter(tags=["readings"])

DAY = timedelta(days=1)
MOST_RAW = timedelta(days=366)
MOST_WINDOWED = timedelta(days=3_660)
MOST_SLOTS = 10_000
MOST_READINGS = 10_000
EXAMPLE_AT = "2026-11-23T08:00:00+08:00"

Start = Annotated[Instant | None, Query(description="From here on, included; by default a day before `end`.")]
End = Annotated[Instant | None, Query(description="Up to here, not included; by default now.")]


class ReadingItem(BaseModel):
    """One stored reading."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"at": EXAMPLE_AT, "value": 998871.25, "quality": ["good"]}]}
    )

    at: datetime = Field(description="The device's own time.")
    value: float = Field(description="In the metric's unit, multiplier applied.")
    quality: list[str] = Field(description="What is known against it; `good` where nothing is.")


class SlotItem(BaseModel):
    """One window's value; a window without readings is left out, never 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"start": EXAMPLE_AT, "value": 312.4}]})

    start: datetime = Field(description="Where the window begins, aligned to the site's midnight.")
    value: float = Field(description="In the metric's unit; for `count` the number of readings.")


class Readings(BaseModel):
    """The readings of one metric of one meter, in order of time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "meter": "e01-main",
                    "metric": "ep_imp",
                    "unit": "kWh",
                    "items": [{"at": EXAMPLE_AT, "value": 998871.25, "quality": ["good"]}],
                    "next": None,
                },
                {
                    "meter": "e01-main",
                    "metric": "p",
                    "unit": "kW",
                    "items": [{"start": EXAMPLE_AT, "value": 312.4}],
                    "next": None,
                },
            ]
        }
    )

    meter: str
    metric: str
    unit: str
    items: list[ReadingItem] | list[SlotItem]
    next: str | None = Field(default=None, description="Hand it back as `cursor` for the next page; null on the last.")


class LatestItem(BaseModel):
    """The newest reading of one series."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "enterprise": "e01",
                    "meter": "e01-main",
                    "metric": "p",
                    "unit": "kW",
                    "at": EXAMPLE_AT,
                    "value": 312.4,
                    "quality": ["good"],
                }
            ]
        }
    )

    enterprise: str
    meter: str
    metric: str
    unit: str
    at: datetime
    value: float
    quality: list[str]


@router.get(
    "/readings",
    summary="Readings of one metric of one meter",
    response_description="Readings in order of time, or one value a window where `every` is given.",
    responses=answers(401, 403, 404, 422, 503),
)
def readings(
    parts: Parts,
    principal: Viewer,
    *,
    meter: Annotated[str, Query(max_length=64, description="The meter's id.", examples=["e01-main"])],
    metric: Annotated[str, Query(max_length=64, description="The metric's name.", examples=["p"])],
    start: Start = None,
    end: End = None,
    every: Annotated[Every | None, Query(description="Length of a window: 15m, 1h, 1d …")] = None,
    aggregate: Annotated[
        Aggregate | None, Query(description="How a window becomes a value; `mean` by default.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_READINGS, description="Most readings on one page.")] = 1_000,
    cursor: Cursor = None,
) -> Readings:
    """Give stored readings of `start` ≤ time < `end`.

    With `every` and `aggregate` each window becomes one value; windows without readings are left out.  A register's
    values are totals: what was used between two of them is their difference, and `/intervals` works that out.
    """
    registered = seen_meter(parts, principal, meter)
    if metric not in registered.metrics and metric not in metrics():
        raise Problem("no_such", what="metric", id=metric)
    begin, finish = _span(parts, start, end, MOST_RAW if every is None else MOST_WINDOWED)
    answer = Readings(meter=meter, metric=metric, unit=metrics()[metric].unit, items=[])
    if every is None:
        if aggregate is not None:
            raise Problem("aggregate_alone")
        last = cursors.read_number(cursor)
        if last is not None:
            begin = max(begin, _instant(last + 1))
        found = parts.telemetry.readings(meter, metric, begin, finish, limit=limit + 1) if begin < finish else []
        answer.items = [
            ReadingItem(at=parts.local(one.at), value=one.value, quality=list(names(one.quality)))
            for one in found[:limit]
        ]
        answer.next = cursors.write(to_ms(found[limit - 1].at)) if len(found) > limit else None
        return answer
    slots = ceil((finish - begin) / every)
    if slots > MOST_SLOTS:
        raise Problem("too_many_slots", every=write_every(every), slots=slots, most=MOST_SLOTS)
    windows = parts.telemetry.aggregate(
        [meter], metric, begin, finish, every=every, how=aggregate or Aggregate.MEAN
    ).get(meter, [])
    answer.items = [SlotItem(start=parts.local(slot.start), value=slot.value) for slot in windows]
    return answer


@router.get(
    "/readings/latest",
    summary="The newest reading of each series",
    response_description="One item for each meter and metric.",
    responses=answers(401, 403, 404, 422, 503),
)
def latest(
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's meters.")] = None,
    meter: Annotated[str | None, Query(max_length=64, description="Only this meter.")] = None,
    metric: Annotated[str | None, Query(max_length=64, description="Only this metric.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_READINGS, description="Most items on one page.")] = 1_000,
    cursor: Cursor = None,
) -> Page[LatestItem]:
    """Give what each meter said last, from memory; a silent meter's last word stays, so look at its time."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    wanted = {one.id: one for one in seen_meters(parts, principal, enterprise)}
    if meter is not None:
        seen_meter(parts, principal, meter)
        wanted = {name: one for name, one in wanted.items() if name == meter}
    found = [one for one in newest(parts, list(wanted)) if metric is None or one.metric == metric]
    items, following = cut(found, cursor, limit, lambda one: f"{one.meter} {one.metric}")
    return Page(items=[latest_item(parts, wanted[one.meter].enterprise, one) for one in items], next=following)


def newest(parts: Services, meters: list[str]) -> list[Reading]:
    """Give the newest readings: from memory, and from the store as well while the broker does not talk to us."""
    held = parts.live.latest(meters)
    if not parts.live.connected():
        for reading in parts.telemetry.latest(meters):
            key = (reading.meter, reading.metric)
            if key not in held or held[key].at < reading.at:
                held[key] = reading
    return list(held.values())


def latest_item(parts: Services, enterprise: str, reading: Reading) -> LatestItem:
    """Write one newest reading."""
    return LatestItem(
        enterprise=enterprise,
        meter=reading.meter,
        metric=reading.metric,
        unit=metrics()[reading.metric].unit,
        at=parts.local(reading.at),
        value=reading.value,
        quality=list(names(reading.quality)),
    )


def _span(parts: Services, start: datetime | None, end: datetime | None, most: timedelta) -> tuple[datetime, datetime]:
    """Settle the range that is asked for.  Raises Problem where it is empty or too wide."""
    finish = end or parts.clock()
    begin = start or finish - DAY
    if begin >= finish:
        raise Problem("range_order", start=parts.local(begin).isoformat(), end=parts.local(finish).isoformat())
    if finish - begin > most:
        raise Problem("range_wide", most=f"{most.days} d")
    return begin, finish


def _instant(ms: int) -> datetime:
    try:
        return from_ms(ms)
    except ValueError:
        raise Problem("bad_cursor") from None
