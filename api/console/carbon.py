"""CO2 over a term: by scope, electricity by location and by market, who it is made of and with which factors."""

import asyncio

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import overview
from api.console import carbon_look, carbon_picture, carbon_table, empty, intensity_choice
from api.console.figure_marks import subject
from api.console.frame import Visit
from api.console.parts import tag, text
from park.figure import Scope


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address says whose CO2, of which term."""
    t = visit.t
    pulse = await visit.board.pulse()
    registry = overview.scope(pulse.registry, visit.enterprise)
    with tag("div", "page-head"):
        text("h1", t("room_carbon"))
        sub = text("span", "", "sub", role="status")
    if not registry.enterprises:
        empty.registry(t)
        return t("room_carbon")
    choice = intensity_choice.read(visit, request, registry, pulse.now, "/carbon")
    sub.set_text(subject(registry, choice.scope, choice.subject, t))
    intensity_choice.bar(visit, registry, choice, pulse.now, bases=False)
    try:
        look = await asyncio.to_thread(carbon_look.read, visit.board.services.engine, registry, choice)
    except OperationalError:
        sub.set_text(t("database_down"))
        return t("room_carbon")
    if not look.now:
        empty.figures(t, choice.term)
        return t("room_carbon")
    with tag("div", "stack"):
        carbon_picture.tiles(visit, look)
        carbon_picture.trend(visit, look)
        if choice.scope is not Scope.ENTERPRISE:
            carbon_table.members(visit, look, registry)
        carbon_table.factors(visit, look)
    return t("room_carbon")
