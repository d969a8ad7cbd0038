"""Energy over a run of days: a carrier's curve, where all of it goes as standard coal, and who uses most."""

import asyncio

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import overview
from api.console import energy_choice, energy_picture, energy_read, energy_table
from api.console.frame import Visit
from api.console.parts import link, tag, text
from park.telemetry import TelemetryError


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address names the days and the carrier."""
    t, services = visit.t, visit.board.services
    pulse = await visit.board.pulse()
    registry = overview.scope(pulse.registry, visit.enterprise)
    with tag("div", "page-head"):
        text("h1", t("room_energy"))
        sub = text("span", "", "sub", role="status")
    if not registry.meters:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("empty_registry_title"))
            text("p", t("empty_registry"))
            text("code", "smartpark registry import park.yaml")
        return t("room_energy")
    choice = energy_choice.read(visit, request, pulse.now)
    try:
        look = await asyncio.to_thread(energy_read.read, services, registry, choice)
    except OperationalError:
        sub.set_text(t("database_down"))
        return t("room_energy")
    except TelemetryError as error:
        sub.set_text(t("store_down", why=str(error)))
        return t("room_energy")
    sub.set_text(t("energy_until", days=look.choice.days, at=f"{look.end.astimezone(t.zone):%Y-%m-%d %H:%M}"))
    energy_choice.bar(visit, look.choice, look.carriers, pulse.now)
    with tag("div", "stack"):
        if look.total.now is None and all(one.tce is None for one in look.flows):
            _empty(visit)
        else:
            energy_picture.tiles(visit, look)
            energy_picture.curve(visit, look)
            energy_picture.sankey(visit, look)
            if visit.enterprise is None:
                energy_table.ranking(visit, look)
    return t("room_energy")


def _empty(visit: Visit) -> None:
    t = visit.t
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("energy_empty_title"))
        text("p", t("energy_empty"))
        with tag("p", "act"):
            link(t("fig_to_meters"), "/meters", "button")
