"""How well each meter was heard in a month: what came, what is measured, estimated or missing, and what waits."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api import data_quality
from api.answers import answers
from api.page import Cursor, Limit, Page, cut
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from park.coverage import Coverage
from park.meter_quality import Day, MeterQuality, of_enterprise
from park.term import read

router = APIRouter(tags=["accounts"])

MONTH = r"^(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])$"
SHARES: dict[str, Any] = {"measured": 0.97, "estimated": 0.02, "missing": 0.01}
DAY_EXAMPLE: dict[str, Any] = {
    "start": "2026-11-01T00:00:00+08:00", "missing": 0.01, "received": 5_702, "expected": 5_760,
}  # fmt: skip
METER: dict[str, Any] = {
    "meter": "e01-main",
    "enterprise": "e01",
    **SHARES,
    "received": 126_440,
    "expected": 127_800.0,
    "collected": 0.989,
    "lost_messages": 2,
    "late_days": 1,
    "open_reviews": 0,
    "quarantined": {"unknown_metric": 3},
    "flagged": {"p": ["fault"]},
    "days": [DAY_EXAMPLE],
}
ENTERPRISE: dict[str, Any] = {"enterprise": "e01", "meters": 6, **SHARES}


class DayQuality(BaseModel):
    """One local day of a meter."""

    model_config = ConfigDict(json_schema_extra={"examples": [DAY_EXAMPLE]})

    start: datetime
    missing: float | None = Field(description="By the accounts; by the readings for a meter that counts nothing.")
    received: int | None
    expected: float


class MeterItem(BaseModel):
    """One meter over the month, as far as it is over."""

    model_config = ConfigDict(json_schema_extra={"examples": [METER]})

    meter: str
    enterprise: str
    measured: float | None = Field(description="Share of the time; null for a meter that counts nothing.")
    estimated: float | None
    missing: float | None
    received: int | None = Field(
        description=f"Readings of its first metric; null on pages of more than {data_quality.MOST_COUNTED} meters."
    )
    expected: float = Field(description="As many as its period makes of the time.")
    collected: float | None = Field(description="Share of the expected that came, of the days counted.")
    lost_messages: int = Field(description="Messages of the month whose numbers (`seq`) never came.")
    late_days: int = Field(description="Days of the month that late readings made due again.")
    open_reviews: int = Field(description="Suspicions of the month that wait for a person.")
    quarantined: dict[str, int] | None = Field(
        description="Messages of the month that are held, by reason; null for whoever may not see the quarantine."
    )
    flagged: dict[str, list[str]] = Field(description="What is said against the newest value, by metric.")
    days: list[DayQuality]


class EnterpriseItem(BaseModel):
    """The meters of one enterprise that count, each with the same weight."""

    model_config = ConfigDict(json_schema_extra={"examples": [ENTERPRISE]})

    enterprise: str
    meters: int = Field(description="All of its meters.")
    measured: float | None
    estimated: float | None
    missing: float | None


class QualityPage(Page[MeterItem]):
    """One page of meters, and their month."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "period": "2026-11",
                    "start": "2026-11-01T00:00:00+08:00",
                    "end": "2026-11-23T07:45:00+08:00",
                    "enterprises": [ENTERPRISE],
                    "unregistered": {"unknown_meter": 240},
                    "items": [METER],
                    "next": None,
                }
            ]
        }
    )

    period: str
    start: datetime
    end: datetime = Field(description="Up to where the month is settled.")
    enterprises: list[EnterpriseItem] = Field(description="All that were asked for, on every page.")
    unregistered: dict[str, int] | None = Field(
        description="Messages of the month that are held and that no registered meter sent; null unless the whole "
        "park is asked for by whoever may see the quarantine."
    )


@router.get(
    "/quality",
    summary="How well meters were heard in a month",
    response_description="Meters by id, with each of their days.",
    responses=answers(401, 403, 404, 422, 503),
)
def listing(
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    period: Annotated[
        str | None,
        Query(pattern=MONTH, description="A local month; by default the running one.", examples=["2026-11"]),
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> QualityPage:
    """Say what share of each meter's readings came, and of its time is measured, estimated or missing, day by day.

    Beside it what is lost on the way, waits, is held or flagged.  A month that runs is cut at the last settled
    quarter of an hour.
    """
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    month = data_quality.read(parts, principal, None if period is None else read(period), enterprise)
    rows, following = cut(month.meters, cursor, limit, lambda one: one.meter.id)
    groups: dict[str, list[MeterQuality]] = {}
    for one in month.meters:
        groups.setdefault(one.meter.enterprise, []).append(one)
    return QualityPage(
        period=str(month.term),
        start=parts.local(month.start),
        end=parts.local(month.end),
        enterprises=[
            EnterpriseItem(enterprise=name, meters=len(some), **_shares(of_enterprise(some)))
            for name, some in groups.items()
        ],
        unregistered=None if month.unregistered is None else dict(month.unregistered),
        items=[_item(parts, one) for one in data_quality.counted(parts, month, rows)],
        next=following,
    )


def _item(parts: Services, one: MeterQuality) -> MeterItem:
    return MeterItem(
        meter=one.meter.id,
        enterprise=one.meter.enterprise,
        **_shares(one.coverage) | {"missing": one.missing},
        received=one.received,
        expected=one.expected,
        collected=one.rate,
        lost_messages=one.lost,
        late_days=one.late,
        open_reviews=one.reviews,
        quarantined=None if one.held is None else dict(one.held),
        flagged={metric: list(flags) for metric, flags in one.flagged.items()},
        days=[_day(parts, day) for day in one.days],
    )


def _day(parts: Services, day: Day) -> DayQuality:
    return DayQuality(start=parts.local(day.start), missing=day.missing, received=day.received, expected=day.expected)


def _shares(of: Coverage | None) -> dict[str, float | None]:
    if of is None:
        return {"measured": None, "estimated": None, "missing": None}
    return {"measured": of.measured, "estimated": of.estimated, "missing": of.missing}
