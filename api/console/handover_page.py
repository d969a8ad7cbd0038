"""Handing over: what is open and what happened in the shift, who takes over, and the log of those before."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import handover
from adapters.relational.handover import Handover
from adapters.relational.refusal import EntryRefused
from api import alert_words, shift_state
from api.console.alert_marks import mark
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from api.routes.handover import hand_over
from api.services import Services
from api.shift_state import Shift
from park.alert_change import Kind
from park.principal import Right
from park.severity import BY_WORD

MOST = 20


class Look(NamedTuple):
    """What the page shows."""

    shift: Shift
    log: list[Handover]


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_handover"))
    text("p", t("handover_lead"), "lead")
    await Page(visit).here()
    return t("room_handover")


class Page:
    """The shift that goes on, and the log."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._form = Form()

    async def here(self) -> None:
        """Put it here."""
        self._told = text("p", "", "notice", role="status")
        self._told.set_visibility(visible=False)
        self._box = tag("div", "stack")
        await self._show()

    async def _show(self) -> None:
        visit, t = self._visit, self._visit.t
        try:
            look = await asyncio.to_thread(_look, visit.board.services)
        except OperationalError:
            self._say(t("database_down"))
            return
        now = visit.board.services.clock()
        self._box.clear()
        with self._box:
            with panel(t("handover_present", since=t.moment(look.shift.since, now))):
                self._counts(look.shift.state["counts"])
                self._open(look.shift.state["open"], now)
                if visit.who.may(Right.ANSWER_ALERTS):
                    self._fields()
            with panel(t("handover_log"), body="flush"):
                self._log(look.log, now)

    def _counts(self, counts: Mapping[str, int]) -> None:
        with tag("dl", "chain"):
            for kind, count in counts.items():
                with tag("div"):
                    text("dt", alert_words.say(alert_words.KINDS[Kind(kind)], self._visit.t.language))
                    text("dd", str(count), "num")

    def _open(self, found: Sequence[Mapping[str, Any]], now: datetime) -> None:
        t = self._visit.t
        text("h3", t("handover_open", n=len(found)))
        if not found:
            text("p", t("handover_open_none"), "note")
            return
        rules = self._visit.board.services.alarms.rules()
        with tag("table", "grid tight cards"), tag("tbody"):
            for one in found:
                with tag("tr"):
                    with tag("td"):
                        mark(t, BY_WORD[one["severity"]])
                    with tag("td", "wide"):
                        name = rules[one["rule"]].name.pick(t.language) if one["rule"] in rules else one["rule"]
                        link(f"{name} · {one['meter']}", f"/alerts/{one['rule']}/{one['meter']}")
                        if one["drill"]:
                            text("span", t("alerts_drill"), "badge drill")
                    text("td", t("alerts_since", at=t.moment(datetime.fromisoformat(one["since"]), now)))
                    text("td", one["assigned_to"] or one["acknowledged_by"] or t("alerts_state_unanswered"), "wide")

    def _fields(self) -> None:
        t = self._visit.t
        form = self._form = Form()
        form.rest_here()
        with tag("div", "form-foot"):
            form.line("taken_by", t("handover_taken_by"))
            form.line("note", t("handover_note")).classes("grow")
            button(t("handover_write"), self._write, "button main")

    async def _write(self) -> None:
        visit, t, form = self._visit, self._visit.t, self._form

        def write() -> None:
            hand_over(visit.board.services, who=visit.who.name, taken_by=form.word("taken_by"), note=form.word("note"))

        try:
            await asyncio.to_thread(write)
        except EntryRefused as refused:
            form.tell(refused.mistakes, t.language)
            return
        except OperationalError:
            form.say(t("database_down"))
            return
        await self._show()
        self._say(t("handover_done"))

    def _log(self, log: list[Handover], now: datetime) -> None:
        t = self._visit.t
        if not log:
            text("p", t("handover_log_none"), "note inset")
            return
        with tag("ol", "revisions"):
            for one in log:
                with tag("li"):
                    with tag("p"):
                        text("b", t("handover_from_to", who=one.who, to=one.taken_by))
                        text("span", f"{t.moment(one.since, now)} – {t.moment(one.at, now)}", "num")
                        text("span", t("handover_open", n=len(one.state["open"])))
                    said = [
                        f"{alert_words.say(alert_words.KINDS[Kind(kind)], t.language)} {count}"
                        for kind, count in one.state["counts"].items()
                        if count
                    ]
                    text("p", t("comma").join(said), "note")
                    if one.note:
                        text("p", one.note)

    def _say(self, words: str) -> None:
        self._told.set_text(words)
        self._told.set_visibility(visible=True)


def _look(services: Services) -> Look:
    return Look(shift_state.now(services), handover.listing(services.engine, limit=MOST))
