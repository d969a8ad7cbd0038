"""The live stream: server-sent events, as fast as a person can watch and no faster than a client can read."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.answers import answers
from api.follower import Batch
from api.live import MOST_FOLLOWERS
from api.problem import Problem
from api.routes.readings import latest_item
from api.security import Viewer, still_welcome
from api.services import Parts, Services
from api.sight import seen_enterprise, seen_meter
from park.principal import Principal

router = APIRouter(tags=["readings"])

HEARTBEAT = 15.0
"""Seconds of silence after which a comment keeps proxies from closing it; the principal is looked up as often."""
EXAMPLE = (
    "retry: 3000\n\n"
    "event: readings\n"
    'data: {"items":[{"enterprise":"e01","meter":"e01-main","metric":"p","unit":"kW",'
    '"at":"2026-11-23T08:00:00+08:00","value":312.4,"quality":["good"]}],"skipped":0}\n\n'
    ": still here\n\n"
)


@router.get(
    "/stream",
    summary="Live values as they come",
    response_class=StreamingResponse,
    response_description="An endless stream of `readings` events.",
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

    `skipped` counts values that were overtaken before they could be sent.  A comment comes every 15 s of silence.
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
    async for batch in parts.live.follow(principal, idle=HEARTBEAT):
        now = parts.clock()
        if (now - looked).total_seconds() >= HEARTBEAT:
            looked = now
            if not await run_in_threadpool(still_welcome, request):
                return
        text = _event(parts, batch, enterprise, meter)
        if text or not batch.readings or (now - sent).total_seconds() >= HEARTBEAT:
            sent = now
            yield text or ": still here\n\n"


def _event(parts: Services, batch: Batch, enterprise: str | None, meter: str | None) -> str:
    """Write one batch as an event; nothing where none of it was asked for."""
    by_meter = parts.registry.peek().by_meter
    items = [
        latest_item(parts, by_meter[reading.meter].enterprise, reading).model_dump(mode="json")
        for reading in batch.readings
        if reading.meter in by_meter
        and (meter is None or reading.meter == meter)
        and (enterprise is None or by_meter[reading.meter].enterprise == enterprise)
    ]
    if not items:
        return ""
    data = json.dumps({"items": items, "skipped": batch.skipped}, ensure_ascii=False, separators=(",", ":"))
    return f"event: readings\ndata: {data}\n\n"
