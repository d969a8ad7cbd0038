"""The duty desk: what burns, the gravest first and of those the oldest, each with one click to acknowledge it."""

import asyncio
from datetime import datetime

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api import alert_answer, alert_view, alert_words
from api.alarms import Standing
from api.console.alarm import seen, unanswered
from api.console.alert_recent import Recent
from api.console.alert_row import AlertRow
from api.console.alert_watch import WatchStrip
from api.console.board import Pulse
from api.console.fields import choosing
from api.console.frame import Visit
from api.console.parts import button, tag, text
from api.problem import Problem, body
from park.alert_record import AlertRecord
from park.care import Deed
from park.principal import Right
from park.rulebook import Key
from park.severity import BY_WORD, Severity

MOST = 200
"""Rows on the page at once; the gravest come first."""
STATES = ("all", "unanswered", "acknowledged", "shelved")


async def build(visit: Visit, request: Request) -> str:
    """Fill the page."""
    await Desk(visit, request.query_params.get("enterprise", "")).here()
    return visit.t("room_alerts")


class Desk:
    """The list and what narrows it."""

    def __init__(self, visit: Visit, enterprise: str) -> None:
        self._visit = visit
        self._rows: dict[Key, AlertRow] = {}
        self._chosen = {"severity": Severity.NOTICE.word, "enterprise": enterprise, "state": "all"}
        self._may = visit.who.may(Right.ANSWER_ALERTS)
        self._wanted: list[AlertRecord] = []

    async def here(self) -> None:
        """Put the desk here."""
        visit, t = self._visit, self._visit.t
        with tag("div", "page-head"):
            text("h1", t("room_alerts"))
            self._count = text("span", "", "sub", role="status")
        watch = WatchStrip(visit)
        self._told = text("p", "", "notice", role="status")
        self._told.set_visibility(visible=False)
        pulse = await visit.board.pulse()
        self._filters(pulse)
        with tag("div", "stack"):
            self._list = tag("ol", "alert-list", aria_label=t("room_alerts"))
            with tag("section", "panel alert-calm") as self._calm, tag("div", "empty"):
                self._calm_title = text("h2", t("alerts_calm_title"))
                self._calm_words = text("p", "")
            recent = Recent(visit)

        async def tick(now: Pulse) -> None:
            standing = await visit.board.standing()
            await watch.tell(standing, now.now)
            if standing is not None:
                self._tell(standing, now.now)
            await recent.tell(standing)

        visit.every_second(tick)

    def _filters(self, pulse: Pulse) -> None:
        t = self._visit.t
        levels = {
            level.word: t("alerts_all_severities")
            if level is Severity.NOTICE
            else t("alerts_from", level=alert_words.severity(level, t.language))
            for level in Severity
        }
        with tag("div", "bar-of-filters no-print"):
            choosing(
                t("alerts_severity"), levels, self._chosen["severity"], lambda word: self._choose("severity", word)
            )
            if self._visit.enterprise is None:
                names = {one.id: t.pick(one.name, one.name_en) for one in pulse.registry.enterprises}
                options = {"": t("alerts_all_enterprises")} | names
                chosen = self._chosen["enterprise"]
                choosing(t("alerts_enterprise"), options, chosen, lambda word: self._choose("enterprise", word))
            states = {state: t(f"alerts_state_{state}") for state in STATES}
            choosing(t("alerts_state"), states, "all", lambda word: self._choose("state", word))
            if self._may:
                self._all = button("", self._acknowledge_all)
                self._all.set_visibility(visible=False)

    async def _choose(self, part: str, word: str) -> None:
        self._chosen[part] = word
        standing = await self._visit.board.standing()
        if standing is not None:
            self._tell(standing, self._visit.board.services.clock())

    def _tell(self, standing: Standing, now: datetime) -> None:
        t = self._visit.t
        found = seen(self._visit, standing)
        waiting = unanswered(found, standing, now)
        self._count.set_text(t("alerts_open", n=len(found), m=len(waiting)))
        unkept = {one.key for one in waiting}
        self._wanted = [one for one in found if self._fits(one, unkept, now)][:MOST]
        self._fill(standing, now)
        self._calm.set_visibility(not self._wanted)
        others = len(found) - len(self._wanted)
        self._calm_words.set_text(t("alerts_calm_filtered", n=others) if others else "")
        if self._may:
            open_here = [one for one in self._wanted if one.key in unkept]
            self._all.set_text(t("alerts_acknowledge_all", n=len(open_here)))
            self._all.set_visibility(len(open_here) > 1)

    def _fits(self, record: AlertRecord, unkept: set[Key], now: datetime) -> bool:
        owner = alert_view.enterprise_of(self._visit.board.services, record.meter)
        shelved = record.care.shelved(now)
        held = {
            "all": True,
            "unanswered": record.key in unkept,
            "acknowledged": record.care.acknowledged_at is not None,
            "shelved": shelved,
        }[self._chosen["state"]]
        return (
            held and record.severity >= BY_WORD[self._chosen["severity"]] and self._chosen["enterprise"] in {"", owner}
        )

    def _fill(self, standing: Standing, now: datetime) -> None:
        """Make rows that are new, take out those that are gone, and put all in their order."""
        wanted = {one.key for one in self._wanted}
        for key in [key for key in self._rows if key not in wanted]:
            self._rows.pop(key).box.delete()
        for place, record in enumerate(self._wanted):
            row = self._rows.get(record.key)
            if row is None:
                with self._list:
                    row = self._rows[record.key] = AlertRow(self._visit, self._acknowledge if self._may else None)
            if self._list.default_slot.children[place] is not row.box:
                row.box.move(self._list, target_index=place)
            row.tell(record, standing.waits(record.key), now)

    async def _acknowledge(self, record: AlertRecord, note: str) -> None:
        await self._ask([record], note)

    async def _acknowledge_all(self) -> None:
        standing = await self._visit.board.standing()
        if standing is not None:
            await self._ask(unanswered(self._wanted, standing, self._visit.board.services.clock()), "")

    async def _ask(self, records: list[AlertRecord], note: str) -> None:
        t = self._visit.t
        words = await ask(self._visit, records, Deed.ACKNOWLEDGE, note=note)
        done = t("alerts_done", what=alert_words.say(alert_words.DEEDS[Deed.ACKNOWLEDGE], t.language))
        self._told.set_text(words or done)
        self._told.set_visibility(visible=True)


async def ask(
    visit: Visit,
    records: list[AlertRecord],
    deed: Deed,
    *,
    note: str = "",
    until: datetime | None = None,
    to: str = "",
) -> str:
    """Ask for a deed; give what is wrong in words, empty where all is well.  Who may not, asks in vain."""
    if not visit.who.may(Right.ANSWER_ALERTS):
        return visit.t("alerts_answer_not_yours")
    services = visit.board.services

    def write() -> None:
        alert_answer.ask(services, records, deed, who=visit.who.name, note=note, until=until, to=to)

    try:
        await asyncio.to_thread(write)
    except Problem as problem:
        return str(body(problem.key, "", visit.t.language, mistakes=(), **problem.parts)["detail"])
    except OperationalError:
        return visit.t("database_down")
    visit.board.forget_alerts()
    return ""
