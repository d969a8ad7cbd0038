"""What is entered rather than metered: fuels bought, process emissions, green power, each with its evidence."""

import asyncio
from collections.abc import Mapping
from functools import partial

from fastapi import Request
from nicegui.element import Element
from sqlalchemy.exc import OperationalError

from adapters.relational import activities
from adapters.relational.refusal import EntryRefused
from api.console.fields import choosing, labelled, put
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.console.statement_words import figure
from api.console.statements import tabs
from park.activity import FUEL_DIGITS, Activity, Item, items
from park.activity_check import metered
from park.entered import is_blank, read_number
from park.place import Enterprise
from park.principal import Right
from park.registry_notes import Notes
from park.term import month_of
from park.term_words import read_words

MOST_SHOWN = 300
FIRST_ITEM = "diesel"


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query may name the enterprise."""
    t = visit.t
    pulse = await visit.board.pulse()
    own = {one.id: one for one in pulse.registry.enterprises if visit.who.sees(one.id)}
    chosen = request.query_params.get("enterprise", "")
    with tag("div", "page-head"):
        text("h1", t("statements_tab_activities"))
    text("p", t("activities_sub"), "lead")
    tabs(visit, "activities")
    page = Page(visit, own, metered(pulse.registry), chosen if chosen in own else next(iter(own), ""))
    page.typed["term"] = str(month_of(pulse.now, t.zone).before())
    await page.place_here()
    return t("statements_tab_activities")


class Page:
    """The form, and what was entered before."""

    def __init__(
        self, visit: Visit, own: Mapping[str, Enterprise], counted: set[tuple[str, str]], enterprise: str
    ) -> None:
        self._visit, self._own, self._counted = visit, own, counted
        self.typed = {"enterprise": enterprise, "item": FIRST_ITEM, "unit": items()[FIRST_ITEM].unit}
        """What stands in the form."""
        self._fields: dict[str, Element] = {}

    async def place_here(self) -> None:
        """Put the form and the list here."""
        t = self._visit.t
        with tag("div", "stack"):
            if self._visit.who.may(Right.KEEP_STATEMENTS) and self._own:
                with panel(t("activities_enter"), sub=t("activities_enter_sub")):
                    self._form()
            self._list = tag("section", "panel")
        await self._show()

    def _form(self) -> None:
        t = self._visit.t
        with tag("div", "form-foot"):
            names = {one.id: t.pick(one.name, one.name_en) for one in self._own.values()}
            self._select("enterprise", t("col_enterprise"), names)
            self._input("term", t("statements_term"), hint="2026-10 / 2026-Q3 / 2026")
            self._select("item", t("activities_item"), {name: one.called(t.language) for name, one in items().items()})
            self._input("amount", t("activities_amount"))
            self._input("unit", t("activities_unit"))
            self._input("evidence", t("activities_evidence"), hint=t("activities_evidence_hint"))
            self._input("reason", t("statements_reason"), hint=t("activities_reason_hint"))
            self._save = button(t("statements_save"), self._keep, "button main")
        self._said = text("p", "", "note", role="status")

    def _input(self, name: str, label: str, *, hint: str = "") -> None:
        hear = partial(self._hear, name)
        self._fields[name] = labelled(label, hear, self.typed.get(name, ""), placeholder=hint)

    def _select(self, name: str, label: str, options: Mapping[str, str]) -> None:
        choosing(label, options, self.typed[name], partial(self._hear, name))

    async def _hear(self, name: str, words: str) -> None:
        self.typed[name] = words
        if name == "item":
            self.typed["unit"] = items()[words].unit
            put(self._fields["unit"], self.typed["unit"])
        if name in {"item", "enterprise"}:
            self._warn()
        if name == "enterprise":
            await self._show()

    def _warn(self) -> None:
        """Say at once where a meter counts the item already."""
        t, item = self._visit.t, items()[self.typed["item"]]
        counted = (self.typed["enterprise"], item.name) in self._counted
        self._said.set_text(t("activities_metered", item=item.called(t.language)) if counted else "")

    async def _keep(self) -> None:
        if "disabled" in self._save.props:
            return
        t, services, notes = self._visit.t, self._visit.board.services, Notes({})
        given = self._read(notes)
        if given is None:
            self._said.set_text(" ".join(one.sentence(t.language) for one in notes.mistakes))
            return
        self._save.props["disabled"] = True
        try:
            done = await asyncio.to_thread(
                activities.save,
                services.engine,
                [given],
                who=self._visit.who.name,
                now=services.clock(),
                reason=self.typed.get("reason", ""),
            )
        except EntryRefused as refused:
            self._said.set_text(" ".join(one.sentence(t.language) for one in refused.mistakes))
            return
        except OperationalError:
            self._said.set_text(t("database_down"))
            return
        finally:
            del self._save.props["disabled"]
        self._said.set_text(t("statements_kept", n=done.steps[0].new.revision) if done else t("statements_nothing_new"))
        for name in ("amount", "evidence", "reason"):
            self.typed[name] = ""
            put(self._fields[name], "")
        await self._show()

    def _read(self, notes: Notes) -> Activity | None:
        """Read what stands in the form; an empty amount withdraws what was entered."""
        typed, item = self.typed, items()[self.typed["item"]]
        term = read_words(typed.get("term", ""))
        if term is None:
            notes.add("term", "期别请写 2026-10、2026-Q3 或 2026。", "Write the term as 2026-10, 2026-Q3 or 2026.")
            return None
        words = typed.get("amount", "")
        amount = None if is_blank(words) else read_number(notes, "amount", words, unit=item.unit, digits=FUEL_DIGITS)
        if notes.mistakes:
            return None
        evidence = typed.get("evidence", "").strip()
        return Activity(typed["enterprise"], term, item.name, amount, typed["unit"].strip(), evidence)

    async def _show(self) -> None:
        t, engine = self._visit.t, self._visit.board.services.engine
        enterprise = self.typed["enterprise"]
        found = await asyncio.to_thread(activities.current, engine, enterprise=enterprise) if enterprise else []
        found.sort(key=lambda one: (one.term, one.item), reverse=True)
        self._list.clear()
        with self._list:
            with tag("header", "panel-head"):
                one = self._own.get(enterprise)
                text("h2", t("activities_entered"))
                text("span", t.pick(one.name, one.name_en) if one else "", "sub")
            if not found:
                with tag("div", "empty"):
                    text("h2", t("activities_empty_title"))
                    text("p", t("activities_empty"))
                return
            with tag("div", "panel-body flush"), tag("table", "grid cards"):
                with tag("thead"), tag("tr"):
                    for key in ("statements_term", "activities_item", "activities_amount", "activities_evidence"):
                        text("th", t(key), "n" if key == "activities_amount" else "")
                    text("th", t("statements_history"))
                with tag("tbody"):
                    for activity in found[:MOST_SHOWN]:
                        self._row(activity, items()[activity.item])

    def _row(self, one: Activity, item: Item) -> None:
        t = self._visit.t
        with tag("tr"):
            text("td", str(one.term), "mono")
            text("td", item.called(t.language))
            with tag("td", "n"):
                text("span", figure(one.amount))
                text("span", one.unit, "unit")
            text("td", one.evidence, "wide")
            when = f"{one.at.astimezone(t.zone):%Y-%m-%d %H:%M}" if one.at else ""
            words = f"{t('statements_revision', n=one.revision)} · {one.who} · {when}"
            text("td", f"{words} · {one.reason}" if one.reason else words, "note wide")
