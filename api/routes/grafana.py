"""What Grafana asks of us: an enterprise's own series in InfluxQL, and a place to say that the platform is silent."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from adapters.influx.influxql_tokens import NotConfined
from adapters.log import logger
from adapters.relational import audit
from adapters.relational.engine import writing
from api import language
from api.answers import answers
from api.problem import Problem
from api.security import ParkViewer, Viewer
from api.services import Parts, Services
from api.sight import seen_enterprise
from park.principal import Principal

router = APIRouter(tags=["grafana"])
log = logger(__name__)

FORM = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"q": {"type": "string"}, "db": {"type": "string"}}},
                "example": {"db": "park_1h", "q": 'SELECT mean("p") FROM "electricity" WHERE time > now() - 1d'},
            }
        }
    }
}
ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer as InfluxDB gives it, times in milliseconds.",
        "content": {"application/json": {"example": {"results": [{"statement_id": 0, "series": []}]}}},
    }
}


class PlatformAlert(BaseModel):
    """One of Grafana's own alerts; what else it sends is passed over."""

    status: Annotated[str, Field(max_length=16, description="`firing` or `resolved`.")]
    labels: Annotated[dict[str, str], Field(description="`alertname` and what else the rule says.")]
    annotations: Annotated[dict[str, str], Field(description="`summary`: what is silent and where to look.")] = {}
    startsAt: datetime  # noqa: N815  # Grafana's name
    fingerprint: Annotated[str, Field(max_length=64)] = ""


class PlatformAlerts(BaseModel):
    """What Grafana's webhook sends."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "alerts": [
                        {
                            "status": "firing",
                            "labels": {"alertname": "时序库没有新读数", "platform": "store"},
                            "annotations": {"summary": "10 分钟内没有任何读数入库"},
                            "startsAt": "2026-11-23T08:00:00+08:00",
                            "fingerprint": "57c6d9296de2ad39",
                        }
                    ]
                }
            ]
        }
    )

    alerts: Annotated[list[PlatformAlert], Field(max_length=100)]


class Asked(BaseModel):
    """A question as InfluxDB's `/query` takes it."""

    q: str
    db: str
    epoch: str


async def question(
    request: Request,
    q: Annotated[str, Query(description="InfluxQL: SELECT, SHOW MEASUREMENTS or SHOW TAG VALUES.")] = "",
    db: Annotated[str, Query(description="The bucket, for example `park_1h`.")] = "",
    epoch: Annotated[str, Query(description="Only `ms`.")] = "ms",
) -> Asked:
    """Read a question from the address and, where it was posted, from the form."""
    form = parse_qs((await request.body()).decode("utf-8", "replace")) if request.method == "POST" else {}
    return Asked(q=form.get("q", [q])[-1], db=form.get("db", [db])[-1], epoch=form.get("epoch", [epoch])[-1])


Question = Annotated[Asked, Depends(question)]


@router.get(
    "/grafana/{enterprise}/query",
    summary="An enterprise's series in InfluxQL",
    response_class=Response,
    responses=ANSWERED | answers(401, 403, 404, 409, 422, 503),
)
async def ask(request: Request, parts: Parts, principal: Viewer, enterprise: str, asked: Question) -> Response:
    """Answer as InfluxDB's `/query` does, with the series of this enterprise alone: for a data source of Grafana."""
    return await run_in_threadpool(_answer, request, parts, principal, enterprise, asked)


@router.post(
    "/grafana/{enterprise}/query",
    summary="An enterprise's series in InfluxQL, the question in a form",
    response_class=Response,
    responses=ANSWERED | answers(401, 403, 404, 409, 413, 422, 503),
    openapi_extra=FORM,
)
async def ask_by_form(request: Request, parts: Parts, principal: Viewer, enterprise: str, asked: Question) -> Response:
    """Answer the same question where it is too long for an address."""
    return await run_in_threadpool(_answer, request, parts, principal, enterprise, asked)


@router.post(
    "/platform-alerts",
    summary="Grafana says that the platform is silent",
    status_code=204,
    response_description="It is in the audit.",
    responses=answers(401, 403, 413, 422),
)
def hear(parts: Parts, principal: ParkViewer, told: PlatformAlerts) -> Response:
    """Write what Grafana's own alerts say into the audit and the log; a key of the viewer role is enough."""
    now = parts.clock()
    with writing(parts.engine) as connection:
        for one in told.alerts:
            name = one.labels.get("alertname", "?")[:200]
            facts = {"since": one.startsAt.isoformat(), "fingerprint": one.fingerprint}
            facts["summary"] = one.annotations.get("summary", "")[:1_000]
            action = "platform_alert.end" if one.status == "resolved" else "platform_alert.begin"
            audit.record(connection, at=now, who=principal.name, action=action, subject=name, after=facts)
            log.warning("grafana: platform alert", name=name, status=one.status, since=facts["since"])
    return Response(status_code=204)


def _answer(request: Request, parts: Services, principal: Principal, enterprise: str, asked: Asked) -> Response:
    seen = seen_enterprise(parts, principal, enterprise)
    passage = parts.passage
    if passage is None:
        raise Problem("no_influx")
    if asked.db not in passage.databases:
        raise Problem("which_bucket", known=", ".join(sorted(passage.databases)))
    if asked.epoch != "ms":
        raise Problem("epoch_ms")
    try:
        answer = passage.ask(asked.q, database=asked.db, enterprise=seen.id)
    except NotConfined as refused:
        raise Problem("not_confined", why=refused.sentence(language.of(request))) from None
    return Response(answer.body, answer.status, media_type="application/json")
