"""Energy, carbon and value over a term: the figures at a glance, twelve months of them, and who they are made of."""

import asyncio

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import overview
from api.console import intensity_choice, intensity_look, intensity_picture, intensity_table
from api.console.figure_marks import subject
from api.console.frame import Visit
from api.console.parts import link, tag, text
from park.figure import Scope
from park.term import Term


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address says whose figures, of which term, by which basis."""
    t = visit.t
    pulse = await visit.board.pulse()
    registry = overview.scope(pulse.registry, visit.enterprise)
    with tag("div", "page-head"):
        text("h1", t("room_intensity"))
        sub = text("span", "", "sub", role="status")
    if not registry.enterprises:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("empty_registry_title"))
            text("p", t("empty_registry"))
            text("code", "smartpark registry import park.yaml")
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
        _empty(visit, choice.term)
        return t("room_intensity")
    with tag("div", "stack"):
        intensity_picture.tiles(visit, look)
        intensity_picture.trends(visit, look)
        if choice.scope is not Scope.ENTERPRISE:
            intensity_table.ranking(visit, look, registry)
            intensity_table.left_out(visit, look, registry)
        intensity_table.every_indicator(visit, look)
    return t("room_intensity")


def _empty(visit: Visit, term: Term) -> None:
    t = visit.t
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("fig_empty_title", term=term))
        text("p", t("fig_empty"))
        with tag("p", "act"):
            link(t("fig_to_meters"), "/meters", "button")
            link(t("fig_to_statements"), "/statements", "button main")
