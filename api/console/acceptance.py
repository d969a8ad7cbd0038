"""Device acceptance: choose a meter, watch item by item what it does, pull the plug, and keep the sealed report."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from fastapi import Request
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from adapters.relational import acceptances as kept_acceptances
from adapters.relational.acceptances import Kept
from api.acceptances import MOST, TooMany
from api.console.acceptance_run import RunPanel
from api.console.board import Pulse
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from park.principal import Right

MINUTES: Final = ("5", "15", "30", "60")
USUAL: Final = "15"
SHOWN: Final = 50


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; `?meter=` in its address is chosen already."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_acceptance"))
    text("p", t("acceptance_lead"), "lead")
    told = text("p", "", "error notice", role="alert")
    told.set_visibility(visible=False)

    def say(words: str) -> None:
        told.set_text(words)
        told.set_visibility(bool(words))

    page = Page(visit, say)
    with tag("div", "stack"):
        if visit.who.may(Right.KEEP_REGISTRY):
            page.begin_here(str(request.query_params.get("meter", "")))
        await page.here()
    visit.every_second(page.tick)
    return t("room_acceptance")


class Page:
    """What goes on, and what was concluded."""

    def __init__(self, visit: Visit, say: Callable[[str], None]) -> None:
        self._visit = visit
        self._say = say
        self._parts = visit.board.services
        self._panels: dict[str, RunPanel] = {}
        self._form = Form()

    def begin_here(self, meter: str) -> None:
        """Put the form to begin one here."""
        t = self._visit.t
        with panel(t("acceptance_begin"), sub=t("acceptance_begin_sub")), tag("div", "form-foot"):
            field = self._form.line("meter", t("acceptance_meter"), value=meter, hint="e01-main")
            field.props["list"] = "acceptance-meters"
            with tag("datalist", id="acceptance-meters"):
                for one in self._parts.registry.current().meters:
                    text("option", t.pick(one.name, one.name_en), value=one.id)
            self._form.choice("minutes", t("acceptance_minutes"), {each: each for each in MINUTES}, value=USUAL)
            button(t("acceptance_start"), self._begin, "button main")
            self._form.rest_here()

    async def here(self) -> None:
        """Put what goes on and what was concluded here."""
        self._running = tag("div", "stack")
        t = self._visit.t
        with panel(t("acceptance_reports"), body="flush"):
            self._reports = tag("div")
        await self._show_reports()

    async def tick(self, _pulse: Pulse) -> None:
        """Bring what goes on up to date; others may have begun or ended one."""
        if not self._visit.who.may(Right.KEEP_REGISTRY):
            return
        runs = {run.id: run for run in self._parts.acceptances.running()}
        for gone in [name for name in self._panels if name not in runs]:
            self._panels.pop(gone).box.delete()
            await self._show_reports()
        for name, run in runs.items():
            if name not in self._panels:
                with self._running:
                    self._panels[name] = RunPanel(self._visit, run, self._conclude(name), self._drop(name))
            await self._panels[name].show()

    async def _begin(self) -> None:
        t = self._visit.t
        name = self._form.word("meter")
        meter = self._parts.registry.current().by_meter.get(name)
        if meter is None or not self._visit.who.sees(meter.enterprise):
            self._form.say(t("acceptance_no_meter", id=name or "—"))
            return
        if any(run.meter.id == name for run in self._parts.acceptances.running()):
            self._form.say(t("acceptance_goes_on", id=name))
            return
        self._form.say("")
        lasts = timedelta(minutes=float(self._form.word("minutes")))
        try:
            await asyncio.to_thread(self._parts.acceptances.start, meter, lasts, self._visit.who.name)
        except TooMany:
            self._form.say(t("acceptance_too_many", n=MOST))
            return
        await self.tick(await self._visit.board.pulse())

    def _conclude(self, name: str) -> Callable[[], Awaitable[None]]:
        async def conclude() -> None:
            run = self._parts.acceptances.find(name)
            if run is None:
                return
            try:
                await asyncio.to_thread(self._parts.acceptances.conclude, run, self._visit.who.name)
            except (SQLAlchemyError, OSError):
                self._say(self._visit.t("database_down"))
                return
            await self.tick(await self._visit.board.pulse())

        return conclude

    def _drop(self, name: str) -> Callable[[], Awaitable[None]]:
        async def drop() -> None:
            run = self._parts.acceptances.find(name)
            if run is not None:
                self._parts.acceptances.drop(run)
            await self.tick(await self._visit.board.pulse())

        return drop

    async def _show_reports(self) -> None:
        t = self._visit.t
        try:
            found, _ = await asyncio.to_thread(
                kept_acceptances.listing, self._parts.engine, enterprise=self._visit.enterprise, limit=SHOWN
            )
        except SQLAlchemyError:
            self._say(t("database_down"))
            return
        self._reports.clear()
        with self._reports:
            if not found:
                text("p", t("acceptance_none"), "note inset")
                return
            with tag("div", "scroll"), tag("table", "grid cards"):
                with tag("thead"), tag("tr"):
                    for key in ("acceptance_meter", "acceptance_result", "acceptance_when", "acceptance_by"):
                        text("th", t(key))
                    text("th")
                with tag("tbody"):
                    for one in found:
                        with tag("tr"):
                            self._report(one)

    def _report(self, one: Kept) -> None:
        t = self._visit.t
        meter = self._parts.registry.peek().by_meter.get(one.meter)
        with tag("td", "name wide"):
            link(t.pick(meter.name, meter.name_en) if meter else one.meter, f"/meters/{one.meter}")
            text("small", one.meter, "mono")
        with tag("td", "wide"):
            text(
                "span",
                t("acceptance_accepted" if one.accepted else "acceptance_refused"),
                "badge verified" if one.accepted else "badge bad",
            )
            bad = [each["name"][t.language] for each in one.document["findings"] if each["verdict"] == "fail"]
            if bad:
                text("small", ", ".join(bad))
        text("td", t.moment(one.at, self._parts.clock()))
        text("td", one.who)
        with tag("td", "act"):
            for form in ("pdf", "html"):
                name = f"acceptance-{one.meter}-{one.id}.{form}"
                link(form.upper(), f"/api/v1/acceptances/{one.id}/report?format={form}", "button").props["download"] = (
                    name
                )
            if self._visit.who.may(Right.KEEP_REGISTRY):
                button(t("acceptance_again"), lambda: ui.navigate.to(f"/acceptance?meter={one.meter}"))
