"""Devices that speak and that nobody registered: what they send, a draft of their entry, and taking them on."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from api import commission_view as view
from api import language
from api.answers import answers
from api.mistake import Mistake
from api.page import Page
from api.payload_text import readable
from api.problem import Problem
from api.routes.meters import MeterDocument
from api.security import QuarantineViewer, RegistryKeeper
from api.services import Parts, Services
from park import period
from park.metric import metrics
from park.reading import Reading
from park.reason import sentence
from park.registry_dump import meter as dump

router = APIRouter(tags=["registry"])

EXAMPLE_ID = "9f1c0b7a52d3e684"
EXAMPLE_AT = "2026-11-23T08:00:00+08:00"
DOCUMENT: dict[str, Any] = {
    "id": "tele-plug7-sensor",
    "enterprise": "e01",
    "medium": "electricity",
    "role": "sub",
    "name": "",
    "period": "15s",
    "metrics": ["ep_imp", "p"],
    "codec": {"json": {"map": "tasmota", "topic": "tele/plug7/SENSOR"}},
}
FILLED = DOCUMENT | {"id": "e01-plug7", "name": "七号插座"}


class Seen(BaseModel):
    """One metric as it was last sent."""

    metric: str
    value: float = Field(description="In the canonical unit, before any multiplier.")
    unit: str
    at: datetime


class StrangerItem(BaseModel):
    """One sender that nobody registered, and what it seems to say."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": EXAMPLE_ID,
                    "name": "tele/plug7/SENSOR",
                    "topics": ["tele/plug7/SENSOR"],
                    "count": 240,
                    "first": EXAMPLE_AT,
                    "last": "2026-11-23T09:00:00+08:00",
                    "period": "15s",
                    "codec": "json",
                    "seen": [{"metric": "p", "value": 1.5, "unit": "kW", "at": "2026-11-23T09:00:00+08:00"}],
                    "strange": {},
                    "sentence": None,
                    "sample": '{"Time":"2026-11-23T09:00:00","ENERGY":{"Power":1500}}',
                }
            ]
        }
    )

    id: str
    name: str = Field(description="How it calls itself: a meter's id, a node, else its topic.")
    topics: list[str]
    count: int = Field(description="Its messages in the quarantine.")
    first: datetime
    last: datetime
    period: str = Field(description="How often it seems to report.")
    codec: str | None = Field(description="The codec its messages look most like; null where none fits.")
    seen: list[Seen] = Field(description="What that codec reads in its newest messages.")
    strange: dict[str, float] = Field(description="Numbers under names that are no metric of ours, the last of each.")
    sentence: str | None = Field(description="Why something of it would not be let in, and how to mend it.")
    sample: str = Field(description="Its newest message; bytes as hex.")


class DraftWish(BaseModel):
    """What a person knows of the names a sender uses."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"names": {"Meter/P": "p"}}, {}]})

    names: dict[str, str] = Field(
        default_factory=dict, max_length=200, description="Strange names and the metrics they stand for."
    )


class DraftItem(BaseModel):
    """A drafted registry entry; nothing is registered by it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "document": DOCUMENT,
                    "asked": ["name", "role", "multiplier"],
                    "left_out": [],
                    "mistakes": [{"path": "body.name", "sentence": "缺少 name; 请补上。"}],
                }
            ]
        }
    )

    document: dict[str, Any] = Field(description="The entry as `PUT /meters/{id}` and the registry file have it.")
    asked: list[str] = Field(description="Keys that no message tells, for a person to say.")
    left_out: list[str] = Field(description="Metrics it sends that a meter of this medium does not have.")
    mistakes: list[Mistake] = Field(description="What still stands in the way of registering it.")


class TakenItem(BaseModel):
    """A sender that is registered now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"meter": FILLED, "replay": 3}]})

    meter: MeterDocument
    replay: int = Field(description="The replay of what was held of it; see `GET /quarantine/replays/{number}`.")


@router.get(
    "/commissioning",
    summary="Devices that speak and that nobody registered",
    response_description="Senders, the one heard last first.",
    responses=answers(401, 403, 503),
)
def strangers(request: Request, parts: Parts, _principal: QuarantineViewer) -> Page[StrangerItem]:
    """Give what each sends and how it would be read; the newest fifty are read."""
    lang = language.of(request)
    found = [view.looked_at(parts, sender) for sender in view.waiting(parts)[: view.MOST_GUESSED]]
    return Page(items=[_item(parts, stranger, lang) for stranger in found], next=None)


@router.post(
    "/commissioning/{id}/draft",
    summary="Draft the registry entry of a sender",
    response_description="The entry, what is still to be said, and what stands in the way.",
    responses=answers(401, 403, 404, 413, 422, 503),
)
def drafted(
    request: Request,
    parts: Parts,
    _principal: RegistryKeeper,
    id: str,  # noqa: A002  # the path's own word
    wish: DraftWish,
) -> DraftItem:
    """Draft it out of what the sender's newest messages say.  Nothing is registered."""
    registry = parts.registry.refresh()
    made = view.drafted(parts, _stranger(parts, id), registry, wish.names)
    lang = language.of(request)
    return DraftItem(
        document=made.document,
        asked=list(made.asked),
        left_out=list(made.left_out),
        mistakes=_told(view.checked(registry, made.document), lang),
    )


@router.post(
    "/commissioning/{id}/meter",
    summary="Register a sender, and let in what was held of it",
    status_code=201,
    response_description="The meter, and the replay that was asked for.",
    responses=answers(401, 403, 404, 413, 422, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/MeterDocument"}, "example": FILLED}
            },
        }
    },
)
def taken_on(
    request: Request,
    parts: Parts,
    principal: RegistryKeeper,
    id: str,  # noqa: A002  # the path's own word
    document: Annotated[dict[str, Any], Body()],
) -> TakenItem:
    """Register it under the entry given, checked whole, and have the collector try its held messages again."""
    stranger = _stranger(parts, id)
    checked = view.checked(parts.registry.refresh(), document)
    if checked.meter is None:
        mistakes = _told(checked, language.of(request))
        raise Problem("mistakes", mistakes=mistakes, count=len(mistakes))
    number = view.take_on(parts, stranger, checked.meter, principal.name)
    return TakenItem(meter=MeterDocument.model_validate(dump(checked.meter)), replay=number)


def _stranger(parts: Services, number: str) -> view.Stranger:
    found = view.find(parts, number)
    if found is None:
        raise Problem("no_such", what="sender", id=number[:64])
    return found


def _told(checked: view.Checked, lang: str) -> list[Mistake]:
    return [Mistake(path=f"body.{each.path}".rstrip("."), sentence=each.sentence(lang)) for each in checked.mistakes]


def _item(parts: Services, stranger: view.Stranger, lang: str) -> StrangerItem:
    sender, guess = stranger.sender, stranger.guess
    refusal = None if guess is None else guess.refusal
    return StrangerItem(
        id=sender.id,
        name=sender.name,
        topics=list(sender.topics),
        count=sender.messages,
        first=parts.local(sender.first),
        last=parts.local(sender.last),
        period=period.write(sender.period),
        codec=None if guess is None else guess.codec,
        seen=[] if guess is None else [_seen(parts, reading) for reading in guess.readings.values()],
        strange={} if guess is None else dict(guess.strange),
        sentence=None if refusal is None else sentence(refusal.reason, refusal.subject, lang),
        sample=readable(stranger.samples[-1].payload) if stranger.samples else "",
    )


def _seen(parts: Services, reading: Reading) -> Seen:
    unit = metrics()[reading.metric].unit
    return Seen(metric=reading.metric, value=reading.value, unit=unit, at=parts.local(reading.at))
