"""What each meter published, and what came of it: received, let in, stored; what is missing, and since when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import meter_account
from adapters.relational.meter_account import Standing, Totals
from api.answers import answers
from api.page import Cursor, Limit, Page, cut
from api.security import Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meter, seen_meters

router = APIRouter(tags=["accounts"])

COUNTS = {
    "published": 5_762, "missing": 2, "received": 5_760, "unnumbered": 0, "duplicates": 3, "restarts": 1, "held": 0,
    "accepted": 11_520, "refused": 0, "stored": 11_520,
}  # fmt: skip
EXAMPLE: dict[str, Any] = {
    "meter": "e01-main",
    "since": "2026-11-22T08:00:00+08:00",
    "heard_at": "2026-11-23T08:00:00+08:00",
    **COUNTS,
}
GAP: dict[str, Any] = {
    "first": 18_232,
    "last": 18_233,
    "missing": 2,
    "before": "2026-11-23T07:30:00+08:00",
    "after": "2026-11-23T07:30:45+08:00",
}
DOUBLE: dict[str, Any] = {
    "first": 17_001,
    "last": 17_003,
    "since": "2026-11-23T02:25:10+08:00",
    "until": "2026-11-23T02:25:10+08:00",
}


class Counts(BaseModel):
    """Messages and readings, as far as the store has confirmed them."""

    published: int = Field(description="Messages sent, as their numbers (`seq`) tell: received and missing.")
    missing: int = Field(description="Numbers that never came.")
    received: int = Field(description="Messages received, none twice.")
    unnumbered: int = Field(description="Received without a number, or with one that could not be read.")
    duplicates: int = Field(description="Messages that came again; they change nothing.")
    restarts: int = Field(description="Times the numbers began anew: the device restarted, or its counter rolled over.")
    held: int = Field(description="Messages in quarantine, in whole or in part.")
    accepted: int = Field(description="Readings let in.")
    refused: int = Field(description="Readings refused; their messages are held.")
    stored: int = Field(description="Readings the store confirmed.")


class AccountItem(Counts):
    """One meter's account."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meter: str
    since: datetime | None = Field(description="When its first message came; null: none ever came.")
    heard_at: datetime | None = Field(description="When the last message came that the account knows.")


class GapItem(BaseModel):
    """Numbers missing one after the other."""

    model_config = ConfigDict(json_schema_extra={"examples": [GAP]})

    first: int
    last: int
    missing: int
    before: datetime = Field(description="When the message before them came.")
    after: datetime = Field(description="When the message after them came.")


class DoubleItem(BaseModel):
    """Numbers that came again one after the other."""

    model_config = ConfigDict(json_schema_extra={"examples": [DOUBLE]})

    first: int
    last: int
    since: datetime
    until: datetime


class AccountDetail(AccountItem):
    """One meter's account, with its gaps and duplicates by name."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [EXAMPLE | {"gaps": [GAP], "unlisted": 0, "doubles": [DOUBLE]}]}
    )

    gaps: list[GapItem] = Field(description="The newest gaps, the oldest of them first.")
    unlisted: int = Field(description="Missing numbers in gaps too old to be listed.")
    doubles: list[DoubleItem] = Field(description="The newest duplicates, the oldest of them first.")


class Summary(Counts):
    """The accounts of all meters seen, added up."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**COUNTS, "meters": 150, "meters_with_gaps": 1}]})

    meters: int
    meters_with_gaps: int


@router.get(
    "/accounts",
    summary="Accounts of the meters",
    response_description="An account for each meter, by id.",
    responses=answers(401, 403, 404, 422, 503),
)
def accounts(
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
    gaps: Annotated[
        bool | None, Query(description="Only those with (true) or without (false) missing numbers.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[AccountItem]:
    """Say of every meter what it published and what came of it; a meter never heard has nothing but zeros."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    meters = [meter.id for meter in seen_meters(parts, principal, enterprise)]
    known = {standing.meter: standing for standing in meter_account.several(parts.engine, meters)}
    wanted = [name for name in meters if gaps is None or (name in known and known[name].totals.missing > 0) is gaps]
    items, following = cut(wanted, cursor, limit, str)
    return Page(items=[AccountItem(**_item(parts, name, known.get(name))) for name in items], next=following)


@router.get(
    "/accounts/summary",
    summary="All accounts added up",
    response_description="The sums.",
    responses=answers(401, 403, 404, 422, 503),
)
def summary(
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's.")] = None,
) -> Summary:
    """Add up the accounts of the meters the principal sees."""
    if enterprise is not None:
        seen_enterprise(parts, principal, enterprise)
    meters = [meter.id for meter in seen_meters(parts, principal, enterprise)]
    totals, with_gaps = meter_account.totals(parts.engine, meters)
    return Summary(**_counts(totals), meters=len(meters), meters_with_gaps=with_gaps)


@router.get(
    "/meters/{id}/account",
    summary="One meter's account",
    response_description="What it published and what came of it.",
    responses=answers(401, 403, 404, 422, 503),
)
def account(parts: Parts, principal: Viewer, id: str) -> AccountDetail:  # noqa: A002  # the path's own word
    """Say what a meter published, what of it came, and name what is missing and what came twice."""
    meter = seen_meter(parts, principal, id)
    standing = meter_account.one(parts.engine, meter.id)
    named = standing.gaps if standing else ()
    return AccountDetail(
        **_item(parts, meter.id, standing),
        gaps=[
            GapItem(
                first=gap.first,
                last=gap.last,
                missing=gap.missing,
                before=parts.local(gap.before),
                after=parts.local(gap.after),
            )
            for gap in named
        ],
        unlisted=standing.totals.missing - sum(gap.missing for gap in named) if standing else 0,
        doubles=[
            DoubleItem(first=one.first, last=one.last, since=parts.local(one.since), until=parts.local(one.until))
            for one in (standing.doubles if standing else ())
        ],
    )


def _item(parts: Services, meter: str, standing: Standing | None) -> dict[str, Any]:
    return {
        "meter": meter,
        "since": parts.local(standing.since) if standing else None,
        "heard_at": parts.local(standing.heard) if standing else None,
        **_counts(standing.totals if standing else Totals()),
    }


def _counts(totals: Totals) -> dict[str, int]:
    return {name: getattr(totals, name) for name in COUNTS}
