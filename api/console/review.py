"""The review queue: what was found in the registers, each with a picture and three buttons; then what was said."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import epochs, ledger_days, suspicions
from adapters.relational.epochs import Recorded
from adapters.relational.ledger_days import Broken
from adapters.relational.suspicions import Found
from api.console import register_chart
from api.console.epoch_table import table
from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.console.review_case import Case
from api.console.tongue import number
from api.services import Services
from park.reading import Reading
from park.telemetry import TelemetryError

MOST = 10
"""Suspicions on the page at once: each has a chart."""
HISTORY = 30


class Look(NamedTuple):
    """What the page shows."""

    found: list[Found]
    readings: dict[int, list[Reading]]
    waiting: int
    broken: list[Broken]
    history: list[Recorded]


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_review"))
        count = text("span", "", "sub", role="status")
    text("p", t("review_lead"), "lead")
    told = text("p", "", "notice", role="status")
    told.set_visibility(visible=False)
    body = tag("div", "stack")

    async def show() -> None:
        try:
            seen = await asyncio.to_thread(_look, visit.board.services)
        except OperationalError:
            count.set_text(t("database_down"))
            return
        count.set_text(t("review_open", n=seen.waiting))
        body.clear()
        with body:
            _draw(visit, seen, decided)

    async def decided(words: str) -> None:
        told.set_text(words)
        told.set_visibility(visible=True)
        await show()

    await show()
    return t("room_review")


def _look(services: Services) -> Look:
    found, _ = suspicions.queue(services.engine, limit=MOST)
    readings: dict[int, list[Reading]] = {}
    for one in found:
        try:
            readings[one.id] = register_chart.read(services.telemetry, one.suspicion)
        except TelemetryError:
            readings[one.id] = []
    return Look(
        found=found,
        readings=readings,
        waiting=sum(suspicions.count_open(services.engine).values()),
        broken=ledger_days.broken(services.engine),
        history=epochs.newest(services.engine, HISTORY),
    )


def _draw(visit: Visit, seen: Look, decided: Callable[[str], Awaitable[None]]) -> None:
    t, services = visit.t, visit.board.services
    by_meter = services.registry.current().by_meter
    for one in seen.broken:
        day = f"{one.day.astimezone(t.zone):%Y-%m-%d}"
        text("p", t("review_broken", meter=f"{one.meter} {one.metric}", day=day, off=number(one.off)), "error")
    known = [found for found in seen.found if found.suspicion.meter in by_meter]
    for found in known:
        Case(visit, found, by_meter[found.suspicion.meter], seen.readings[found.id], decided)
    if seen.waiting > len(seen.found):
        text("p", t("review_more", n=seen.waiting - len(seen.found)), "note")
    if not known:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("review_none_title"))
            text("p", t("review_none"))
    with panel(t("review_history"), body="flush"):
        table(t, seen.history, services.clock(), meters=True)
