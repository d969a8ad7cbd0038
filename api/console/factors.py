"""Factors and policy: what electricity is worth this year, what applies to each carrier and why, and people's own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import overview
from api.console import empty, factor_picture, factor_rows
from api.console.factor_known import Known, names, read
from api.console.factor_own import OwnFactors
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.policy_form import PolicyPanel
from park.carrier import carrier_of
from park.term import MONTHS, Span, Term, month_of

YEARS_BACK = 8
ALWAYS = {"electricity"}
"""Shown even where no meter counts it: every park has some."""
Draw = Callable[[], Awaitable[None]]


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address names the park and the year."""
    t = visit.t
    pulse = await visit.board.pulse()
    parks = overview.scope(pulse.registry, visit.enterprise).parks
    with tag("div", "page-head"):
        text("h1", t("room_factors"))
        sub = text("span", "", "sub", role="status")
    if not parks:
        empty.registry(t)
        return t("room_factors")
    park = next((one for one in parks if one.id == request.query_params.get("park")), parks[0])
    sub.set_text(t.pick(park.name, park.name_en))
    this_year = month_of(pulse.now).year
    year = _year(request.query_params.get("year", ""), this_year)
    with tag("form", "bar-of-filters", method="get", action="/factors"):
        _select("year", t("factor_year"), {str(one): str(one) for one in range(this_year, this_year - YEARS_BACK, -1)},
                str(year))  # fmt: skip
        if len(parks) > 1:
            _select("park", t("factor_park"), {one.id: t.pick(one.name, one.name_en) for one in parks}, park.id)
        text("button", t("factor_look"), "button", type="submit")
    body = tag("div", "stack")

    async def draw() -> None:
        try:
            known = await asyncio.to_thread(read, visit.board.services, park.id, visit.enterprise)
        except OperationalError:
            sub.set_text(t("database_down"))
            return
        body.clear()
        with body:
            _fill(visit, known, Term(Span.YEAR, year * MONTHS + MONTHS - 1), draw)

    await draw()
    return t("room_factors")


def _fill(visit: Visit, known: Known, term: Term, draw: Draw) -> None:
    registry = visit.board.services.registry.current()
    mine = overview.scope(registry, visit.enterprise).meters
    used = {one.name for meter in mine if (one := carrier_of(meter)) is not None}
    factor_picture.tiles(visit, known, term)
    with tag("div", "half"):
        factor_picture.grids(visit, known)
        PolicyPanel(visit, known.policy, draw)
    factor_rows.applying(visit, known, term, used | ALWAYS)
    OwnFactors(visit, known.policy, draw).show(known.own, names(registry, visit.t))
    factor_rows.every_set(visit, known)


def _year(word: str, otherwise: int) -> int:
    with suppress(ValueError):
        found = int(word)
        if otherwise - YEARS_BACK < found <= otherwise:
            return found
    return otherwise


def _select(name: str, label: str, options: dict[str, str], value: str) -> None:
    with tag("label", "field"):
        text("span", label)
        with tag("select", name_=name):
            for key, words in options.items():
                option = text("option", words, value=key)
                if key == value:
                    option.props["^selected"] = True
