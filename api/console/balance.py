"""Balance and losses: a month's boundary meters against their sub-meters, and the virtual meters both may be."""

import asyncio

from fastapi import Request
from nicegui.element import Element
from sqlalchemy.exc import OperationalError

from api.console import balance_picture, balance_rows, empty, month_form
from api.console.balance_read import Look, look, names
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.virtual_panel import VirtualPanel
from park.balance_reason import Reason
from park.carrier import carriers
from park.telemetry import TelemetryError

MONTHS_BACK = 24


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address names the month and the carrier."""
    t, services = visit.t, visit.board.services
    asked = request.query_params
    with tag("div", "page-head"):
        text("h1", t("room_balance"))
        sub = text("span", "", "sub", role="status")
    if not services.registry.current().meters:
        empty.registry(t)
        return t("room_balance")
    filters = tag("form", "bar-of-filters", method="get", action="/balance")
    body = tag("div", "stack")

    async def draw() -> None:
        try:
            found = await asyncio.to_thread(
                look, services, visit.who, month_form.month_of(asked.get("month", "")), asked.get("carrier", "")
            )
        except OperationalError:
            sub.set_text(t("database_down"))
            return
        except TelemetryError as error:
            sub.set_text(t("store_down", why=str(error)))
            return
        sub.set_text(t("balance_until", month=found.month, at=f"{found.end.astimezone(t.zone):%Y-%m-%d %H:%M}"))
        _filters(visit, filters, found)
        body.clear()
        with body:
            _fill(visit, found, draw)

    await draw()
    return t("room_balance")


def _fill(visit: Visit, found: Look, draw: object) -> None:
    t = visit.t
    whose = names(found, t)
    balance_picture.tiles(visit, found)
    if found.balances and all(one.reason is Reason.NO_SUBS for one in found.balances):
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("balance_empty_title"))
            text("p", t("balance_empty"))
            text("code", "smartpark registry import park.yaml")
    else:
        balance_picture.picture(visit, found, whose)
        balance_rows.table(visit, found, whose)
    balance_rows.not_comparable(visit, found, whose)
    VirtualPanel(visit, found, whose, draw)  # type: ignore[arg-type]  # the page's own


def _filters(visit: Visit, form: Element, found: Look) -> None:
    t = visit.t
    months = {}
    month = found.newest
    for _ in range(MONTHS_BACK):
        months[str(month)] = str(month)
        month = month.before()
    kinds = {name: t.pick(carriers()[name].zh, carriers()[name].en) for name in found.carriers}
    form.clear()
    with form:
        month_form.select("month", t("balance_month"), months, str(found.month))
        month_form.select("carrier", t("balance_carrier"), kinds, found.carrier)
        text("button", t("balance_look"), "button", type="submit")
