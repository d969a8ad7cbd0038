"""The quality of a month's data: what is missing where, and why: lost, late, held, flagged, or to be reviewed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from nicegui.element import Element
from sqlalchemy.exc import OperationalError

from api import data_quality
from api.console import empty, month_form, quality_picture, quality_rows
from api.console.frame import Visit
from api.console.parts import tag, text
from api.console.tongue import MISSING
from api.data_quality import MOST_COUNTED, Month
from api.services import Services
from api.sight import seen_enterprises
from park.meter_quality import MeterQuality, of_enterprise, worst_first
from park.principal import Principal
from park.telemetry import TelemetryError
from park.term import Term

MONTHS_BACK = 24
MOST_ROWS = 40
"""Meters on the page, those that lack most first."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows."""

    month: Month
    enterprise: str
    """The chosen one; empty for all."""
    shown: list[MeterQuality]


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address names the month and the enterprise."""
    t, services = visit.t, visit.board.services
    asked = request.query_params
    with tag("div", "page-head"):
        text("h1", t("room_quality"))
        sub = text("span", "", "sub", role="status")
    if not services.registry.current().meters:
        empty.registry(t)
        return t("room_quality")
    text("p", t("quality_lead"), "lead")
    filters = tag("form", "bar-of-filters", method="get", action="/quality")
    body = tag("div", "stack")
    try:
        found = await asyncio.to_thread(
            look, services, visit.who, month_form.month_of(asked.get("month", "")), asked.get("enterprise", "")
        )
    except OperationalError:
        sub.set_text(t("database_down"))
    except TelemetryError as error:
        sub.set_text(t("store_down", why=str(error)))
    else:
        at = f"{found.month.end.astimezone(t.zone):%Y-%m-%d %H:%M}"
        sub.set_text(t("quality_until", month=found.month.term, at=at))
        _filters(visit, filters, found)
        with body:
            _fill(visit, found)
    return t("room_quality")


def look(services: Services, who: Principal, month: Term | None, enterprise: str) -> Look:
    """Read the page.  Raises what the stores raise."""
    chosen = enterprise if enterprise in {one.id for one in seen_enterprises(services, who)} else ""
    found = data_quality.read(services, who, month, chosen or None)
    if len(found.meters) <= MOST_COUNTED:
        return Look(found, chosen, worst_first(data_quality.counted(services, found, found.meters))[:MOST_ROWS])
    worst = worst_first(found.meters)[:MOST_ROWS]
    return Look(found, chosen, data_quality.counted(services, found, worst))


def _fill(visit: Visit, found: Look) -> None:
    t = visit.t
    meters = found.month.meters
    if found.month.start >= found.month.end or not meters:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("quality_nothing_title"))
            text("p", t("quality_nothing"))
        return
    more = t("quality_of", n=len(found.shown), of=len(meters)) if len(found.shown) < len(meters) else ""
    quality_picture.heat_map(t, found.shown, more or t("quality_map_sub"))
    _tiles(visit, meters)
    whose = {one.id: t.pick(one.name, one.name_en) for one in visit.board.services.registry.current().enterprises}
    if found.enterprise or visit.who.enterprise is not None:
        bars = [(one.meter.id, one.coverage) for one in found.shown]
        words = t("quality_bars_meters")
    else:
        groups = {name: [one for one in meters if one.meter.enterprise == name] for name in whose}
        bars = [(whose[name], of_enterprise(some)) for name, some in groups.items()]
        words = t("quality_bars_enterprises")
    told = sorted(((name, cover) for name, cover in bars if cover is not None), key=lambda one: -one[1].missing)
    quality_picture.bars(t, told[:MOST_ROWS], words)
    if len(meters) > MOST_COUNTED:
        text("p", t("quality_uncounted", n=MOST_COUNTED), "note")
    quality_rows.table(visit, found.shown, whose, more)
    quality_rows.held(visit, _held(found.month, meters))


def _tiles(visit: Visit, meters: Sequence[MeterQuality]) -> None:
    t = visit.t
    cover = of_enterprise(meters)
    counting = sum(one.coverage is not None for one in meters)
    waits = {"reviews": sum(one.reviews for one in meters), "late": sum(one.late for one in meters)}
    with tag("div", "tiles"):
        for key in ("measured", "estimated", "missing"):
            share = MISSING if cover is None else quality_picture.written(100 * getattr(cover, key))
            _tile(t(f"quality_tile_{key}"), share, "%" if cover else "", t("quality_tile_of", n=counting))
        if visit.enterprise is None:
            held = sum(sum((one.held or {}).values()) for one in meters)
            words = t("quality_tile_waits_of", held=f"{held:,}", **waits)
        else:
            held, words = 0, t("quality_tile_waits_own", **waits)
        _tile(t("quality_tile_waits"), f"{held + sum(waits.values()):,}", "", words)


def _tile(title: str, figure: str, unit: str, note: str) -> None:
    with tag("section", "tile"):
        text("h2", title)
        with tag("p", "big"):
            text("span", figure, "num")
            text("span", unit, "unit")
        text("p", note, "note")


def _held(month: Month, meters: Sequence[MeterQuality]) -> dict[str, int]:
    """Add up what is held by reason."""
    found: dict[str, int] = {}
    for reasons in (*(one.held or {} for one in meters), month.unregistered or {}):
        for reason, count in reasons.items():
            found[reason] = found.get(reason, 0) + count
    return found


def _filters(visit: Visit, form: Element, found: Look) -> None:
    t = visit.t
    months: dict[str, str] = {}
    month = found.month.newest
    for _ in range(MONTHS_BACK):
        months[str(month)] = str(month)
        month = month.before()
    with form:
        month_form.select("month", t("quality_month"), months, str(found.month.term))
        if visit.who.enterprise is None:
            seen = seen_enterprises(visit.board.services, visit.who)
            names = {one.id: t.pick(one.name, one.name_en) for one in seen}
            month_form.select("enterprise", t("quality_enterprise"), {"": t("quality_all")} | names, found.enterprise)
        text("button", t("quality_look"), "button", type="submit")
