"""Closing terms: what stands in the way, what was frozen, and what became of it since."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from nicegui.element import Element
from sqlalchemy.exc import OperationalError

from adapters.relational import closings
from adapters.relational.closings import Closed, Pair
from adapters.relational.refusal import Refused
from api import overview
from api.close_term import do_close, in_the_way
from api.console import empty
from api.console.closing_table import closed_terms, restated
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.problem import Problem
from api.services import Services
from park.place import Park
from park.principal import Right
from park.term import Span, Term, month_of, quarter_of, read, year_of

MONTHS_BACK = 12
Draw = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The closed terms of a park, with how many figures of each became others; and those of the one looked into."""

    closed: tuple[tuple[Closed, int], ...]
    chosen: Closed | None
    pairs: tuple[Pair, ...]


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address names the park and the closing to look into."""
    t = visit.t
    pulse = await visit.board.pulse()
    parks = overview.scope(pulse.registry, visit.enterprise).parks
    with tag("div", "page-head"):
        text("h1", t("room_closing"))
        sub = text("span", "", "sub", role="status")
    if not parks:
        empty.registry(t)
        return t("room_closing")
    park = next((one for one in parks if one.id == request.query_params.get("park")), parks[0])
    sub.set_text(t.pick(park.name, park.name_en))
    text("p", t("fig_closing_lead"), "lead")
    told = text("p", "", "notice", role="status")
    told.set_visibility(visible=False)

    def announce(words: str) -> None:
        told.set_text(words)
        told.set_visibility(visible=True)

    body = tag("div", "stack")
    services = visit.board.services

    async def draw() -> None:
        try:
            kept = await asyncio.to_thread(_read, services, park.id, request.query_params.get("closing", ""))
        except OperationalError:
            sub.set_text(t("database_down"))
            return
        body.clear()
        with body:
            if visit.who.may(Right.KEEP_ACCOUNTS):
                await CloseForm(visit, park, {one.term for one, _ in kept.closed}, draw, announce).place_here()
            closed_terms(visit, kept.closed)
            if kept.chosen is not None:
                restated(visit, kept.chosen, kept.pairs)

    await draw()
    return t("room_closing")


def _read(services: Services, park: str, number: str) -> Kept:
    closed = closings.listing(services.engine, [park])
    asked = int(number) if number.isascii() and number.isdigit() else -1
    counted = tuple((one, closings.count_restated(services.engine, one.id)) for one in closed)
    chosen = next((one for one in closed if one.id == asked), None)
    if chosen is None:
        chosen = next((one for one, count in counted if count), None)
    pairs = () if chosen is None else tuple(closings.pairs(services.engine, chosen.id, restated=True))
    return Kept(counted, chosen, pairs)


class CloseForm:
    """Chooses a term, says what stands in its way, and closes it."""

    def __init__(
        self, visit: Visit, park: Park, closed: set[Term], draw: Draw, announce: Callable[[str], None]
    ) -> None:
        self._visit = visit
        self._announce = announce
        self._park = park
        self._closed = closed
        self._draw = draw
        self._form = Form()
        self._told: Element | None = None

    async def place_here(self) -> None:
        """Draw it; the term offered first is the month before, unless that is closed."""
        t = self._visit.t
        terms = self._terms()
        if not terms:
            return
        with panel(t("fig_close_term")):
            with tag("div", "bar-of-filters"):
                select = self._form.choice("term", t("fig_term"), {str(one): str(one) for one in terms})
                self._form.line("note", t("fig_close_note"))
                self._form.line("force", t("fig_close_force"))
                button(t("fig_close"), self._close, "button main")
            self._told = tag("ul", "reasons")
            self._form.rest_here()
        select.on("change", self._look)
        await self._look()

    def _terms(self) -> list[Term]:
        now = self._visit.board.services.clock()
        month = month_of(now, self._visit.t.zone)
        months = [Term(Span.MONTH, month.last - back) for back in range(1, MONTHS_BACK + 1)]
        longer = dict.fromkeys([*map(quarter_of, months), *map(year_of, months)])
        over = [one for one in longer if one.last < month.last]
        return [one for one in (*months, *over) if one not in self._closed]

    async def _look(self) -> None:
        """Say what stands in the way of the chosen term."""
        t = self._visit.t
        term = read(str(self._form.values["term"]))
        found = await asyncio.to_thread(in_the_way, self._visit.board.services, self._park, term)
        if self._told is None:
            return
        self._told.clear()
        self._form.show("force", visible=bool(found) and not any(one.final for one in found))
        with self._told:
            for one in found:
                text("li", one.sentence(t.language), "doubt")
            if not found:
                text("li", t("fig_close_ready"))

    async def _close(self) -> None:
        visit = self._visit
        values = self._form.values
        try:
            closed = await asyncio.to_thread(
                do_close,
                visit.board.services,
                self._park.id,
                read(str(values["term"])),
                who=visit.who.name,
                note=str(values["note"]),
                force=str(values["force"]),
                lang=visit.t.language,
            )
        except Problem as problem:
            self._form.say(" ".join(one.sentence for one in problem.mistakes) or _sentence(problem, visit.t.language))
            return
        await self._draw()
        self._announce(visit.t("fig_closed", term=closed.term, n=f"{closed.frozen:,}"))


def _sentence(problem: Problem, language: str) -> str:
    refused = problem.parts.get("refused")
    return refused.sentence(language) if isinstance(refused, Refused) else problem.key
