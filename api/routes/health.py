"""Whether it lives, whether it can work, and what it counts."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api import language, trouble
from api.answers import answers
from api.security import ParkViewer
from api.services import Parts, Services
from park.telemetry import TelemetryError

router = APIRouter(tags=["health"])

SENTENCES = {
    "database": (
        ("业务数据库可用。", "The database answers."),
        ("业务数据库无法访问; 请检查 SMARTPARK_DATABASE_URL 与数据文件夹的权限和剩余空间。",
         "The database does not answer; check SMARTPARK_DATABASE_URL, and the data folder's rights and free space."),
    ),
    "telemetry": (
        ("时序库可用。", "The telemetry store answers."),
        ("时序库无法访问; 请检查 SMARTPARK_TELEMETRY_URL。采集的报文暂存在本地, 不会丢失。",
         "The telemetry store does not answer; check SMARTPARK_TELEMETRY_URL. What is collected waits in the spool."),
    ),
    "broker": (
        ("消息服务器已连接。", "The broker is connected."),
        ("未连接消息服务器; 请检查 SMARTPARK_MQTT_URL、用户与密码。历史数据仍可查询。",
         "No connection to the broker; check SMARTPARK_MQTT_URL, user and password. History is still served."),
    ),
}  # fmt: skip


class Alive(BaseModel):
    """It lives."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "alive"}]})

    status: str


class Check(BaseModel):
    """One part it needs."""

    name: str
    ok: bool
    sentence: str


class Ready(BaseModel):
    """Whether every part it needs is there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"ready": True, "checks": [{"name": "database", "ok": True, "sentence": "业务数据库可用。"}]}]
        }
    )

    ready: bool
    checks: list[Check]


@router.get("/healthz", summary="Is the process alive?", response_description="It is.", openapi_extra={"security": []})
async def healthz() -> Alive:
    """Answer at once, asking nobody: for whoever restarts processes."""
    return Alive(status="alive")


@router.get(
    "/readyz",
    summary="Can it do its work?",
    response_description="Everything it needs is there.",
    openapi_extra={"security": []},
    responses={
        503: {"model": Ready, "description": "Something is missing; the sentences say what and how to mend it."}
    },
)
def readyz(request: Request, response: Response, parts: Parts) -> Ready:
    """Ask database, telemetry store and broker, and the collector where it runs beside, and say how each is."""
    zh = language.of(request) == "zh"
    asked: dict[str, Callable[[Services], bool]] = {"database": _database, "telemetry": _telemetry, "broker": _broker}
    checks = []
    for name, ask in asked.items():
        ok = ask(parts)
        checks.append(Check(name=name, ok=ok, sentence=SENTENCES[name][not ok][not zh]))
    stages = parts.troubled()
    if stages is not None:
        checks.append(Check(name="collector", ok=not stages, sentence=trouble.sentence(stages, language.of(request))))
    ready = all(check.ok for check in checks)
    if not ready:
        response.status_code = 503
    return Ready(ready=ready, checks=checks)


@router.get(
    "/metrics",
    summary="Counters for Prometheus",
    response_class=Response,
    response_description="Prometheus' text form.",
    responses=answers(401, 403)
    | {
        200: {
            "content": {"text/plain": {"schema": {"type": "string"}, "example": "smartpark_api_live_connected 1.0\n"}}
        }
    },
)
def counters(parts: Parts, _principal: ParkViewer) -> Response:
    """Give the API's counters to any key that sees the whole park."""
    return Response(parts.instruments.text(), media_type=CONTENT_TYPE_LATEST)


def _database(parts: Services) -> bool:
    try:
        with parts.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _telemetry(parts: Services) -> bool:
    meters = [meter.id for meter in parts.registry.peek().meters[:1]]
    try:
        parts.telemetry.latest(meters or ["-"])
    except TelemetryError:
        return False
    return True


def _broker(parts: Services) -> bool:
    return parts.live.connected()
