"""Epochs of a register: what people declare of it, every revision of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational import epochs
from api import language
from api.answers import answers
from api.mistake import Mistake
from api.page import Page
from api.problem import Problem
from api.security import AccountsKeeper, Viewer
from api.services import Parts, Services
from api.sight import seen_meter
from api.times import Instant
from park.declaration import Checked, Wish, declare
from park.epoch import Epoch, Kind, Standing
from park.mistake import Mistake as Fault

router = APIRouter(tags=["ledger"])

EXAMPLE_AT = "2026-11-20T10:00:00+08:00"
EXAMPLE: dict[str, Any] = {
    "id": 7,
    "meter": "e01-main",
    "metric": "ep_imp",
    "at": EXAMPLE_AT,
    "kind": "replacement",
    "standing": "declared",
    "closing": 5021.5,
    "opening": 0.1,
    "multiplier": None,
    "width": None,
    "note": "到期轮换, 工单 2026-118",
    "who": "王丽",
    "recorded_at": "2026-11-20T11:00:00+08:00",
    "in_force": True,
}
Reading = Annotated[float | None, Field(ge=0, allow_inf_nan=False)]
Above = Annotated[float | None, Field(gt=0, allow_inf_nan=False)]
Note = Annotated[str, Field(min_length=1, max_length=500, description="Why, and on what evidence: it is kept.")]


class EpochWish(BaseModel):
    """What happened to a register; readings are those of the display, before any multiplier."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"kind": "replacement", "at": EXAMPLE_AT, "closing": 5021.5, "opening": 0.1, "note": "到期轮换"},
                {"kind": "multiplier", "at": EXAMPLE_AT, "multiplier": 200, "note": "更换电流互感器"},
            ]
        },
    )

    kind: Kind
    at: Instant
    metric: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="The register; may be left out where the meter has only one."
    )
    closing: Reading = Field(default=None, description="What the display showed last before it.")
    opening: Reading = Field(default=None, description="What the display showed first after it.")
    multiplier: Above = Field(default=None, description="The true multiplier from here on.")
    width: Above = Field(default=None, description="Where the register begins again from 0, in its own counts.")
    note: Note


class EpochItem(BaseModel):
    """One revision of an epoch."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int
    meter: str
    metric: str
    at: datetime
    kind: Kind
    standing: Standing = Field(description="Declared by a person, or decided about what was found.")
    closing: float | None
    opening: float | None
    multiplier: float | None
    width: float | None
    note: str
    who: str
    recorded_at: datetime | None
    in_force: bool = Field(description="False for a revision that a newer one replaced.")


@router.get(
    "/meters/{id}/epochs",
    summary="What was declared of a meter's registers",
    response_description="Every revision, the newest first.",
    responses=answers(401, 403, 404, 422, 503),
)
def of_meter(parts: Parts, principal: Viewer, id: str) -> Page[EpochItem]:  # noqa: A002  # the path's own word
    """Give what people declared and decided; of one event the newest revision is in force, none is ever changed."""
    meter = seen_meter(parts, principal, id)
    return Page(items=[_item(parts, *revision) for revision in epochs.history(parts.engine, meter.id)])


@router.post(
    "/meters/{id}/epochs",
    summary="Declare a replacement, reset, rollover or multiplier",
    status_code=201,
    response_description="It is written down; figures follow within minutes.",
    responses=answers(401, 403, 404, 413, 422, 503),
)
def post(
    request: Request,
    parts: Parts,
    principal: AccountsKeeper,
    id: str,  # noqa: A002  # the path's own word
    wish: EpochWish,
) -> EpochItem:
    """Write down what happened to a register.  Saying it again with the same time and kind revises it.

    A multiplier is entered in the registry as well, from its time or from now on, whichever is later.
    """
    meter = seen_meter(parts, principal, id)
    said = Wish(**wish.model_dump())
    return written(request, parts, declare(meter, said, who=principal.name, now=parts.clock()))


def written(request: Request, parts: Services, checked: Checked) -> EpochItem:
    """Write an epoch down.  Raises Problem with every mistake that keeps it from being one."""
    if checked.epoch is None:
        mistakes = told(checked.mistakes, language.of(request))
        raise Problem("mistakes", mistakes=mistakes, count=len(mistakes))
    number = epochs.record(parts.engine, checked.epoch, now=parts.clock())
    parts.registry.refresh()
    return _item(parts, number, checked.epoch, in_force=True)


def told(faults: Sequence[Fault], lang: str) -> list[Mistake]:
    """Say mistakes at their places in the body."""
    return [Mistake(path=f"body.{fault.path}".rstrip("."), sentence=fault.sentence(lang)) for fault in faults]


def _item(parts: Services, number: int, epoch: Epoch, in_force: bool) -> EpochItem:  # noqa: FBT001  # a Recorded's own order
    return EpochItem(
        id=number,
        meter=epoch.meter,
        metric=epoch.metric,
        at=parts.local(epoch.at),
        kind=epoch.kind,
        standing=epoch.standing,
        closing=epoch.closing,
        opening=epoch.opening,
        multiplier=epoch.multiplier,
        width=epoch.width,
        note=epoch.note,
        who=epoch.who,
        recorded_at=None if epoch.recorded_at is None else parts.local(epoch.recorded_at),
        in_force=in_force,
    )
