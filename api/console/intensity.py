"""Energy, carbon and value over a term: the figures at a glance, twelve months of them, and who they are made of."""

import asyncio

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import overview
from api.console import empty, intensity_choice, intensity_look, intensity_picture, intensity_table
from api.console.figure_marks import subject
from api.console.frame import Visit
from api.console.parts import tag, text
from park.figure import Scope


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address says whose figures, of which term, by which basis."""
    t = visit.t
    pulse = await visit.board.pulse()
    registry = overview.scope(pulse.registry, visit.enterprise)
    with tag("div", "page-head"):
        text("h1", t("room_intensity"))
        sub = text("span", "", "sub", role="status")
    if not registry.enterprises:
        empty.registry(t)
        return t("room_intensity")
    choice = intensity_choice.read(visit, request, registry, pulse.now)
    sub.set_text(subject(registry, choice.scope, choice.subject, t))
    intensity_choice.bar(visit, registry, choice, pulse.now)
    try:
        look = await asyncio.to_thread(intensity_look.read, visit.board.services.engine, registry, choice)
    except OperationalError:
        sub.set_text(t("database_down"))
        return t("room_intensity")
    if not look.now:
        empty.figures(t, choice.term)
        return t("room_intensity")
    with tag("div", "stack"):
        intensity_picture.tiles(visit, look)
        intensity_picture.trends(visit, look)
        if choice.scope is not Scope.ENTERPRISE:
            intensity_table.ranking(visit, look, registry)
            intensity_table.left_out(visit, look, registry)
        intensity_table.every_indicator(visit, look)
    return t("room_intensity")
