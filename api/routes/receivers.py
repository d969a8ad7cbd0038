"""Who is told of alerts.  How they are reached goes in and never comes out again."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import deliveries, receivers
from adapters.relational.deliveries import Delivery
from adapters.relational.receivers import Listed
from api.answers import answers
from api.page import Page
from api.problem import Problem
from api.security import ParkViewer, RulesKeeper
from api.services import Parts, Services
from park.receiver import Hours, Receiver, Way
from park.severity import BY_WORD

router = APIRouter(tags=["receivers"])

GIVEN: dict[str, Any] = {
    "name": "安全值班群", "way": "apprise", "enabled": True, "least": "general", "enterprises": [], "rules": [],
    "cleared": True, "quiet": {"start": "22:00", "end": "07:00", "weekdays": []}, "group_s": 60, "most_an_hour": 30,
    "language": "zh", "on_duty_only": False, "escalates_to": "", "escalate_after_s": 600,
}  # fmt: skip
SeverityWord = Literal["notice", "general", "larger", "major", "critical"]
Id = Annotated[str, Path(max_length=64, description="1 to 64 of a-z, 0-9, - and _.")]
MOST = 7 * 86_400


class QuietHours(BaseModel):
    """When somebody is not disturbed; where it ends before it begins, over midnight.  Never for major and above."""

    model_config = ConfigDict(extra="forbid")

    start: time
    end: time
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        default_factory=list, description="Monday is 0; empty is every day."
    )


class ReceiverFields(BaseModel):
    """What people see of a receiver."""

    name: str = Field(max_length=200)
    way: Way
    enabled: bool = True
    least: SeverityWord = Field(default="general", description="Nothing less grave is told.")
    enterprises: list[str] = Field(default_factory=list, max_length=1_000, description="Empty for all.")
    rules: list[str] = Field(default_factory=list, max_length=1_000, description="Empty for all.")
    cleared: bool = Field(default=True, description="Whether it is also told that something is over.")
    quiet: QuietHours | None = None
    group_s: float = Field(
        default=0, ge=0, le=MOST, description="What comes so soon after a notice goes with the next."
    )
    most_an_hour: int = Field(default=0, ge=0, le=10_000, description="0 for no bound.")
    language: Literal["zh", "en"] = "zh"
    on_duty_only: bool = Field(default=False, description="Told only while the roster names it.")
    escalates_to: str = Field(default="", max_length=64)
    escalate_after_s: float = Field(default=600, ge=10, le=MOST)


class ReceiverDocument(ReceiverFields):
    """A receiver to keep."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [GIVEN | {"address": "dingtalk://令牌", "secret": None}]}
    )

    address: str | None = Field(
        default=None, max_length=2_000, description="An apprise URL, or a webhook's. Left out, it stays as it is."
    )
    secret: str | None = Field(
        default=None, max_length=500, description="What a webhook is signed with. Left out, it stays as it is."
    )


class ReceiverItem(ReceiverFields):
    """A receiver as it stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "duty", **GIVEN, "reached": True, "signed": False, "sent": "2026-11-23T08:00:00+08:00",
                 "waiting": 0, "failed": 0}
            ]
        }
    )  # fmt: skip

    id: str
    reached: bool = Field(description="Whether an address is kept; which, nobody is told.")
    signed: bool = Field(description="Whether a secret is kept.")
    sent: datetime | None = Field(description="When something last arrived there.")
    waiting: int = Field(description="How much waits to be sent.")
    failed: int = Field(description="How much could not be delivered since.")


@router.get(
    "/receivers",
    summary="Who is told",
    response_description="Every receiver, by id, and how its deliveries stand.",
    responses=answers(401, 403, 503),
)
def listing(parts: Parts, _principal: ParkViewer) -> Page[ReceiverItem]:
    """Give the receivers.  The console and the alert topics are always told and are not among them."""
    stand = deliveries.standing(parts.engine)
    return Page(items=[_item(parts, one, stand.get(one.receiver.id)) for one in receivers.listing(parts.engine)])


@router.put(
    "/receivers/{id}",
    summary="Keep a receiver",
    response_description="The receiver, without how it is reached.",
    responses=answers(401, 403, 413, 422, 503),
)
def put(parts: Parts, principal: RulesKeeper, *, id: Id, document: ReceiverDocument) -> ReceiverItem:  # noqa: A002  # the path's own word
    """Add a receiver or change it.  Its address and secret are kept apart, out of answers, audit and logs."""
    kept = receivers.save(
        parts.engine,
        receiver_of(id, document),
        address=document.address,
        secret=document.secret,
        who=principal.name,
        now=parts.clock(),
    )
    return _item(parts, kept, deliveries.standing(parts.engine).get(id))


@router.delete(
    "/receivers/{id}",
    summary="Take a receiver out",
    status_code=204,
    response_description="It is told no more.",
    responses=answers(401, 403, 404, 422, 503),
)
def delete(parts: Parts, principal: RulesKeeper, id: Id) -> Response:  # noqa: A002  # the path's own word
    """Take a receiver out.  One that another escalates to stays until that changes."""
    if not receivers.remove(parts.engine, id, who=principal.name, now=parts.clock()):
        raise Problem("no_such", what="receiver", id=id)
    return Response(status_code=204)


def receiver_of(name: str, given: ReceiverFields) -> Receiver:
    """Make the receiver of what was given."""
    quiet = given.quiet
    return Receiver(
        id=name,
        name=given.name.strip(),
        way=given.way,
        enabled=given.enabled,
        least=BY_WORD[given.least],
        enterprises=tuple(given.enterprises),
        rules=tuple(given.rules),
        cleared=given.cleared,
        quiet=None if quiet is None else Hours(quiet.start, quiet.end, tuple(quiet.weekdays)),
        group=timedelta(seconds=given.group_s),
        most_an_hour=given.most_an_hour,
        language=given.language,
        on_duty_only=given.on_duty_only,
        escalates_to=given.escalates_to,
        escalate_after=timedelta(seconds=given.escalate_after_s),
    )


def _item(parts: Services, listed: Listed, delivery: Delivery | None) -> ReceiverItem:
    one = listed.receiver
    quiet = one.quiet
    known = delivery or Delivery(None, 0, 0)
    return ReceiverItem(
        id=one.id,
        name=one.name,
        way=one.way,
        enabled=one.enabled,
        least=one.least.word,
        enterprises=list(one.enterprises),
        rules=list(one.rules),
        cleared=one.cleared,
        quiet=None if quiet is None else QuietHours(start=quiet.start, end=quiet.end, weekdays=list(quiet.weekdays)),
        group_s=one.group.total_seconds(),
        most_an_hour=one.most_an_hour,
        language="en" if one.language == "en" else "zh",
        on_duty_only=one.on_duty_only,
        escalates_to=one.escalates_to,
        escalate_after_s=one.escalate_after.total_seconds(),
        reached=listed.reached,
        signed=listed.signed,
        sent=None if known.sent is None else parts.local(known.sent),
        waiting=known.waiting,
        failed=known.failed,
    )
