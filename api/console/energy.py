"""Energy over a run of days: a carrier's curve, where all of it goes as standard coal, and who uses most."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import overview
from api.console import empty, energy_choice, energy_picture, energy_read, energy_table
from api.console.board import Pulse
from api.console.energy_read import Look
from api.console.frame import Visit
from api.console.parts import link, tag, text
from park.telemetry import TelemetryError

PATIENCE = 1.5
"""Seconds that the page waits for the store before it is sent without its pictures."""


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address names the days and the carrier."""
    t, services = visit.t, visit.board.services
    pulse = await visit.board.pulse()
    registry = overview.scope(pulse.registry, visit.enterprise)
    with tag("div", "page-head"):
        text("h1", t("room_energy"))
        sub = text("span", "", "sub", role="status")
    if not registry.meters:
        empty.registry(t)
        return t("room_energy")
    choice = energy_choice.read(visit, request, pulse.now)
    body = tag("div")
    reading = asyncio.create_task(asyncio.to_thread(energy_read.read, services, registry, choice))

    def draw() -> None:
        try:
            look = reading.result()
        except OperationalError:
            sub.set_text(t("database_down"))
            return
        except TelemetryError as error:
            sub.set_text(t("store_down", why=str(error)))
            return
        sub.set_text(t("energy_until", days=look.choice.days, at=f"{look.end.astimezone(t.zone):%Y-%m-%d %H:%M}"))
        with body:
            _fill(visit, look, pulse.now)

    await asyncio.wait({reading}, timeout=PATIENCE)
    if reading.done():
        draw()
    else:
        sub.set_text(t("energy_reading"))
        _draw_later(visit, reading, draw)
    return t("room_energy")


def _draw_later(visit: Visit, reading: "asyncio.Task[Look]", draw: Callable[[], None]) -> None:
    """Draw when the store has answered: the page is there meanwhile, and nobody waits before an empty window."""
    waits = True

    def tick(_: Pulse) -> None:
        nonlocal waits
        if waits and reading.done():
            waits = False
            draw()

    visit.every_second(tick)


def _fill(visit: Visit, look: Look, now: datetime) -> None:
    energy_choice.bar(visit, look.choice, look.carriers, now)
    with tag("div", "stack"):
        if look.total.now is None and all(one.tce is None for one in look.flows):
            _empty(visit)
            return
        energy_picture.tiles(visit, look)
        energy_picture.curve(visit, look)
        energy_picture.sankey(visit, look)
        if visit.enterprise is None:
            energy_table.ranking(visit, look)


def _empty(visit: Visit) -> None:
    t = visit.t
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("energy_empty_title"))
        text("p", t("energy_empty"))
        with tag("p", "act"):
            link(t("fig_to_meters"), "/meters", "button")
