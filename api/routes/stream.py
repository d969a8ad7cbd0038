"""The live stream: server-sent events, as fast as a person can watch and no faster than a client can read."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api import language
from api.alert_events import AlertNews
from api.alert_view import CHANGE
from api.answers import answers
from api.follower import Batch
from api.live import MOST_FOLLOWERS
from api.problem import Problem
from api.security import Viewer, still_welcome
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meter
from park.metric import metrics
from park.principal import Principal
from park.quality import names

router = APIRouter(tags=["readings"])

HEARTBEAT = 15.0
"""Seconds of silence after which a comment keeps proxies from closing it; the principal is looked up as often."""
ALERTS_EVERY = 0.5
"""Seconds within which a change of an alert is said."""
EXAMPLE = (
    "retry: 3000\n\n"
    "event: readings\n"
    'data: {"items":[{"enterprise":"e01","meter":"e01-main","metric":"p","unit":"kW",'
    '"at":"2026-11-23T08:00:00+08:00","value":312.4,"quality":["good"]}],"skipped":0}\n\n'
    "event: alerts\n"
    f"data: {json.dumps({'items': [CHANGE]}, ensure_ascii=False)}\n\n"
    ": still here\n\n"
)


@router.get(
    "/stream",
    summary="Live values as they come",
    response_class=StreamingResponse,
    response_description="An endless stream of `readings` and `alerts` events.",
    responses=answers(401, 403, 404, 422, 429)
    | {200: {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
async def stream(
    request: Request,
    parts: Parts,
    principal: Viewer,
    *,
    enterprise: Annotated[str | None, Query(max_length=64, description="Only this enterprise's meters.")] = None,
    meter: Annotated[str | None, Query(max_length=64, description="Only this meter.")] = None,
) -> StreamingResponse:
    """Send changed values as `readings` events, at most five a second, the newest of each series.

    `skipped` counts values that were overtaken before they could be sent.  What happens to alerts comes as `alerts`
    events, every change in order.  A comment comes every 15 s of silence.
    Begin with `/readings/latest`, then follow here; reconnecting needs nothing but the same request.
    """
    if enterprise is not None:
        await run_in_threadpool(seen_enterprise, parts, principal, enterprise)
    if meter is not None:
        await run_in_threadpool(seen_meter, parts, principal, meter)
    if parts.live.followers >= MOST_FOLLOWERS:
        raise Problem("too_many_streams", most=MOST_FOLLOWERS, headers={"Retry-After": "30"})
    events = _events(request, parts, principal, enterprise, meter)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(
    request: Request, parts: Services, principal: Principal, enterprise: str | None, meter: str | None
) -> AsyncIterator[str]:
    yield "retry: 3000\n\n"
    looked = sent = parts.clock()
    idle, quiet = min(ALERTS_EVERY, HEARTBEAT), 0.0
    news = AlertNews(parts, principal, language.of(request), enterprise=enterprise, meter=meter)
    await run_in_threadpool(news.begin)
    async for batch in parts.live.follow(principal, idle=idle):
        now = parts.clock()
        if (now - looked).total_seconds() >= HEARTBEAT:
            looked = now
            if not await run_in_threadpool(still_welcome, request):
                return
        text = _event(parts, batch, enterprise, meter) + await run_in_threadpool(news.event)
        quiet += 0.0 if batch.readings else idle
        if text or quiet >= HEARTBEAT or (now - sent).total_seconds() >= HEARTBEAT:
            sent, quiet = now, 0.0
            yield text or ": still here\n\n"


def _event(parts: Services, batch: Batch, enterprise: str | None, meter: str | None) -> str:
    """Write one batch as an event, its items as `/readings/latest` has them; nothing where none was asked for.

    Without models: a large park changes thousands of values a second, for each who follows.
    """
    by_meter, units = parts.registry.peek().by_meter, metrics()
    items = [
        {
            "enterprise": place.enterprise,
            "meter": reading.meter,
            "metric": reading.metric,
            "unit": units[reading.metric].unit,
            "at": parts.local(reading.at),
            "value": reading.value,
            "quality": names(reading.quality),
        }
        for reading in batch.readings
        if (place := by_meter.get(reading.meter)) is not None
        and meter in {None, reading.meter}
        and enterprise in {None, place.enterprise}
    ]
    if not items:
        return ""
    return f"event: readings\ndata: {msgspec.json.encode({'items': items, 'skipped': batch.skipped}).decode()}\n\n"
