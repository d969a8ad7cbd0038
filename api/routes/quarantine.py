"""What was not let in, why, and trying it again."""

import base64
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.relational import quarantine
from api import language
from api.answers import answers
from api.page import Cursor, Limit, Page
from api.payload_text import unspoken
from api.problem import Problem
from api.security import QuarantineKeeper, QuarantineViewer
from api.services import Parts, Services
from park.reason import Reason, sentence

router = APIRouter(tags=["quarantine"])

EXAMPLE_AT = "2026-11-23T08:00:00+08:00"
SHOWN_BYTES = 4_096


class HeldItem(BaseModel):
    """One message that was not let in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 912,
                    "at": EXAMPLE_AT,
                    "topic": "park/v1/hengkou/e01/e01-new/data",
                    "meter": "e01-new",
                    "reason": "unknown_meter",
                    "subject": "e01-new",
                    "sentence": "设备 e01-new 不在台账中; 登记后在此回放, 数据即可补入。",
                    "size": 58,
                    "text": '{"v":1,"ts":1795420800000,"m":{"p":12.4}}',
                    "base64": None,
                }
            ]
        }
    )

    id: int
    at: datetime = Field(description="When it reached us.")
    topic: str
    meter: str | None = Field(description="The meter its topic names; null where the topic cannot be read.")
    reason: str
    subject: str = Field(description="The part it is about.")
    sentence: str = Field(description="What was wrong and how to mend it.")
    size: int = Field(description="Bytes of the payload.")
    text: str | None = Field(description=f"The payload, its first {SHOWN_BYTES} bytes, where it is UTF-8 text.")
    base64: str | None = Field(description=f"The payload, its first {SHOWN_BYTES} bytes, where it is not text.")


class GroupItem(BaseModel):
    """All messages of one meter held for one reason."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason": "unknown_meter",
                    "meter": "e01-new",
                    "count": 240,
                    "bytes": 13920,
                    "first": EXAMPLE_AT,
                    "last": "2026-11-23T09:00:00+08:00",
                    "sentence": "设备 e01-new 不在台账中; 登记后在此回放, 数据即可补入。",
                }
            ]
        }
    )

    reason: str
    meter: str | None
    count: int
    bytes: int
    first: datetime
    last: datetime
    sentence: str = Field(description="Of the newest message.")


class ReplayWish(BaseModel):
    """Which messages to try again: those that fit everything given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "unknown_meter", "meter": "e01-new"}, {"ids": [912]}]},
    )

    reason: Reason | None = None
    meter: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    ids: Annotated[list[int], Field(min_length=1, max_length=10_000)] | None = None
    everything: bool = Field(default=False, description="Must be true to try all that is held.")

    @model_validator(mode="after")
    def _narrowed(self) -> "ReplayWish":
        """Refuse a wish that forgot to say what for: an empty body must not replay a million messages."""
        if not self.everything and self.reason is None and self.meter is None and self.ids is None:
            raise PydanticCustomError("replay_all", "say reason, meter or ids, or everything: true")
        return self


class ReplayItem(BaseModel):
    """One request to try messages again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 3,
                    "at": EXAMPLE_AT,
                    "who": "admin",
                    "reason": "unknown_meter",
                    "meter": "e01-new",
                    "ids": None,
                    "finished_at": "2026-11-23T08:00:02+08:00",
                    "replayed": 240,
                    "refused_again": 0,
                }
            ]
        }
    )

    id: int
    at: datetime
    who: str
    reason: str | None
    meter: str | None
    ids: list[int] | None
    finished_at: datetime | None = Field(description="Null until the collector is done with it.")
    replayed: int | None = Field(description="How many came in.")
    refused_again: int | None = Field(description="How many were refused again.")


@router.get(
    "/quarantine",
    summary="Messages that were not let in",
    response_description="Messages, the newest first.",
    responses=answers(401, 403, 422, 503),
)
def listing(
    request: Request,
    parts: Parts,
    principal: QuarantineViewer,
    *,
    reason: Annotated[str | None, Query(max_length=32, description="Only this reason.")] = None,
    meter: Annotated[str | None, Query(max_length=64, description="Only this meter.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[HeldItem]:
    """Give each message as it came, with what was wrong and how to mend it."""
    rows, following = quarantine.listing(
        parts.engine, reason=reason, meter=meter, enterprise=principal.enterprise, limit=limit, cursor=cursor
    )
    lang = language.of(request)
    return Page(items=[_held(parts, row, lang) for row in rows], next=following)


@router.get(
    "/quarantine/summary",
    summary="How much is held, by reason and meter",
    response_description="Groups, what came last first.",
    responses=answers(401, 403, 422, 503),
)
def summary(
    request: Request,
    parts: Parts,
    _principal: QuarantineViewer,
    reason: Annotated[str | None, Query(max_length=32, description="Only this reason, as unknown_meter.")] = None,
) -> Page[GroupItem]:
    """Count what is held; the groups of reason `unknown_meter` are the devices that wait for registration."""
    lang = language.of(request)
    return Page(
        items=[
            GroupItem(
                reason=group.reason,
                meter=group.meter,
                count=group.count,
                bytes=group.bytes,
                first=parts.local(group.first),
                last=parts.local(group.last),
                sentence=sentence(group.reason, group.subject, lang),
            )
            for group in quarantine.summary(parts.engine)
            if reason is None or group.reason == reason
        ]
    )


@router.post(
    "/quarantine/replay",
    summary="Try messages again",
    status_code=202,
    response_description="The collector has been asked; look at the replay for how it went.",
    responses=answers(401, 403, 413, 422, 503),
)
def replay(parts: Parts, principal: QuarantineKeeper, wish: ReplayWish) -> ReplayItem:
    """Ask the collector to try held messages again, after their meter was registered or their metric mended.

    Doing it twice is harmless: a reading's identity is its meter, metric and time.
    """
    number = quarantine.request_replay(
        parts.engine,
        who=principal.name,
        now=parts.clock(),
        reason=wish.reason.value if wish.reason else None,
        meter=wish.meter,
        ids=wish.ids,
    )
    return _replay(parts, number)


@router.get(
    "/quarantine/replays/{number}",
    summary="How a replay went",
    response_description="The replay as it stands.",
    responses=answers(401, 403, 404, 422, 503),
)
def replay_status(parts: Parts, _principal: QuarantineViewer, number: int) -> ReplayItem:
    """Say whether the collector is done, how many messages came in and how many were refused again."""
    return _replay(parts, number)


def _replay(parts: Services, number: int) -> ReplayItem:
    found = quarantine.replay_status(parts.engine, number) if 0 < number < 1 << 63 else None
    if found is None:
        raise Problem("no_such", what="replay", id=number)
    return ReplayItem(
        id=found.id,
        at=parts.local(found.at),
        who=found.who,
        reason=found.reason,
        meter=found.meter,
        ids=list(found.ids) if found.ids is not None else None,
        finished_at=parts.local(found.finished_at) if found.finished_at else None,
        replayed=found.replayed,
        refused_again=found.refused_again,
    )


def _held(parts: Services, row: quarantine.Held, lang: str) -> HeldItem:
    shown = row.payload[:SHOWN_BYTES]
    text: str | None = None
    try:
        text = shown.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut in two by our own limit is no reason to show the whole as bytes.
        if len(row.payload) > SHOWN_BYTES and error.start >= SHOWN_BYTES - 3:
            text = shown[: error.start].decode("utf-8")
    return HeldItem(
        id=row.id,
        at=parts.local(row.at),
        topic=row.topic,
        meter=row.meter,
        reason=row.reason,
        subject=row.subject,
        sentence=sentence(row.reason, row.subject, lang),
        size=row.size,
        text=None if text is None else unspoken(text),
        base64=None if text is not None else base64.b64encode(shown).decode(),
    )
