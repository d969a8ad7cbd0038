"""The plan: every meter as a point by its state, on the site's picture or in a box for each enterprise."""

import asyncio
from datetime import datetime, timedelta

from fastapi import Request
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from api import site_plan
from api.console import site_plan_marks as marks
from api.console.alert_watch import WatchStrip
from api.console.assets import address
from api.console.board import Pulse
from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.site_plan import Drawn
from park.principal import Right
from park.site_plan import Point, State, rooms

LOOK_EVERY = timedelta(seconds=5)
"""How soon a page sees what another has moved."""


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    page = SitePlan(visit)
    await page.here()
    return visit.t("room_plan")


class SitePlan:
    """The points, each written anew only where something about it changed."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._drawn = Drawn(None, {})
        self._looked: datetime | None = None
        self._shown: dict[str, str] = {}
        self._boxes: dict[str, ui.html] = {}
        self._keeps = visit.who.may(Right.KEEP_REGISTRY) and visit.enterprise is None

    async def here(self) -> None:
        """Put the plan here."""
        visit, t = self._visit, self._visit.t
        ui.add_head_html(
            f'<link rel="stylesheet" href="{address("plan.css")}"><script src="{address("plan.js")}" defer></script>'
        )
        pulse = await visit.board.pulse()
        await self._look(pulse.now)
        with tag("div", "page-head"):
            text("h1", t("room_plan"))
            self._count = text("span", "", "sub", role="status")
        watch = WatchStrip(visit)
        if self._keeps:
            self._tools()
        self._legend = ui.html("", sanitize=False).classes("plan-legend")
        if not pulse.registry.meters:
            with tag("section", "panel"), tag("div", "empty"):
                text("h2", t("site_plan_empty_title"))
                text("p", t("site_plan_empty"))
        elif self._drawn.picture is None:
            self._automatic(pulse)
        else:
            self._picture()

        async def tick(now: Pulse) -> None:
            standing = await visit.board.standing()
            await watch.tell(standing, now.now)
            await self._look(now.now)
            services = visit.board.services
            self._tell(site_plan.points(services, visit.who, standing, now.online, now.now))

        visit.every_second(tick)

    def _tools(self) -> None:
        t = self._visit.t
        with tag("div", "bar-of-filters no-print"):
            if self._drawn.picture is not None:
                end = t("site_plan_move_end")
                move = text("button", t("site_plan_move"), "button", type="button", data_plan="move", data_other=end)
                move.props["aria-pressed"] = "false"
            with tag("label", "button plan-file"):
                text("span", t("site_plan_upload"))
                tag("input", "visually-hidden", type="file", accept="image/png,image/jpeg,image/webp", data_plan="file")
            if self._drawn.picture is not None:
                sure = t("site_plan_remove_sure")
                text("button", t("site_plan_remove"), "button", type="button", data_plan="remove", data_sure=sure)
            text("span", t("site_plan_upload_hint"), "sub plan-hint")
            text("span", t("site_plan_move_hint"), "sub plan-moving")
        text("p", "", "notice plan-said", role="alert", hidden="")

    def _automatic(self, pulse: Pulse) -> None:
        t = self._visit.t
        text("p", t("site_plan_auto"), "lead plain")
        seen = [one for one in pulse.registry.enterprises if self._visit.who.sees(one.id)]
        by_id = pulse.registry.by_enterprise
        with tag("div", "plan-grid"):
            for name, share in rooms(seen).items():
                owner = by_id[name]
                with tag("section", "plan-room", style=f"--room: {share:.3f}", data_enterprise=name):
                    text("h2", t.pick(owner.name, owner.name_en))
                    self._boxes[name] = ui.html("", sanitize=False).classes("plan-points")

    def _picture(self) -> None:
        t, kept = self._visit.t, self._drawn.picture
        if kept is None:
            return
        text("p", t("site_plan_drawn"), "lead plain")
        with tag("div", "plan-scroll"), tag("div", "plan-sheet", style=f"aspect-ratio: {kept.width} / {kept.height}"):
            tag("img", src=f"/api/v1/plan/picture?{kept.digest[:12]}", alt=t("site_plan_picture"), draggable="false")
            self._boxes["placed"] = ui.html("", sanitize=False).classes("plan-over")
        with panel(t("site_plan_unplaced"), "plan-tray", sub=t("site_plan_unplaced_sub") if self._keeps else ""):
            self._boxes["unplaced"] = ui.html("", sanitize=False).classes("plan-points")

    async def _look(self, now: datetime) -> None:
        """See what was drawn; while the store is away, the last look goes on serving."""
        if self._looked is not None and now - self._looked < LOOK_EVERY:
            return
        services, before = self._visit.board.services, self._drawn.picture
        try:
            self._drawn = await asyncio.to_thread(site_plan.drawn, services, self._visit.who)
        except SQLAlchemyError:
            return
        if self._looked is not None and self._drawn.picture != before:
            self._visit.client.open("/plan")
        self._looked = now

    def _tell(self, found: list[Point]) -> None:
        t = self._visit.t
        burning = sum(one.state is State.BURNING for one in found)
        self._count.set_text(t("site_plan_counts", n=f"{len(found):,}", m=burning))
        self._write("legend", self._legend, marks.legend(t, found))
        parts: dict[str, list[str]] = {name: [] for name in self._boxes}
        for one in found:
            place = self._drawn.places.get(one.subject.id)
            if "placed" in parts:
                where = "unplaced" if place is None else "placed"
            else:
                where, place = one.enterprise, None
            if where in parts:
                parts[where].append(marks.point(self._visit, one, place))
        for name, written in parts.items():
            self._write(name, self._boxes[name], "".join(written))

    def _write(self, name: str, box: ui.html, written: str) -> None:
        if self._shown.get(name) != written:
            self._shown[name] = written
            box.set_content(written)
