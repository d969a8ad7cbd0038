"""The swap of a meter, in two steps: what the old one showed last, then what the new one showed first."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import epochs
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from api.console.review_case import read_numbers
from api.console.tongue import UNITS, number
from park.declaration import Wish, declare, registers
from park.epoch import Kind
from park.metric import metrics
from park.mistake import Mistake
from park.place import Meter
from park.principal import Right
from park.reading import Reading
from park.swap import Booked, Seen, Shown, booked, doubts, seen
from park.telemetry import TelemetryError

AROUND: Final = timedelta(days=2)
"""How far from the swap a stored reading still says something about it."""
FIRST: Final = ("closing",)
SECOND: Final = ("opening", "multiplier", "width")


async def build(visit: Visit, request: Request) -> str:
    """Fill the page."""
    t = visit.t
    pulse = await visit.board.pulse()
    meter = pulse.registry.by_meter.get(str(request.path_params["meter"]))
    with tag("div", "page-head"):
        if meter is not None:
            with tag("p", "crumb"):
                text("a", meter.id, "mono", href=f"/meters/{meter.id}")
        text("h1", t("room_swap"))
        if meter is not None:
            text("span", t.pick(meter.name, meter.name_en), "sub")
    if meter is None or not registers(meter):
        with tag("section", "panel"), tag("div", "empty"):
            text("p", t("epoch_no_meter" if meter is None else "epoch_no_register"))
        return t("room_swap")
    text("p", t("swap_lead"), "lead")
    Swap(visit, meter)
    return t("room_swap")


class Swap:
    """Both steps; the second is shown when the first is done."""

    def __init__(self, visit: Visit, meter: Meter) -> None:
        """Put them here."""
        self._visit = visit
        self._meter = meter
        self._form = Form()
        self._readings: list[Reading] = []
        t, form = visit.t, self._form
        now = visit.board.services.clock().astimezone(t.zone)
        form.rest_here()
        with tag("div", "stack"):
            with panel(t("swap_old"), sub=t("swap_old_sub")):
                with tag("div", "form-foot"):
                    named = {n: t.pick(metrics()[n].zh, metrics()[n].en) for n in registers(meter)}
                    form.choice("metric", t("epoch_register"), named)
                    form.line("at", t("swap_at"), value=f"{now:%Y-%m-%dT%H:%M}", kind="datetime-local")
                    form.line("closing", t("epoch_closing"))
                self._before = text("p", "", "note", role="status")
                with tag("div", "bar-of-filters") as self._onward:
                    button(t("swap_next"), self._next, "button main")
            with tag("div") as self._second, panel(t("swap_new"), sub=t("swap_new_sub")):
                self._after = text("p", "", "note", role="status")
                with tag("div", "form-foot"):
                    for name in SECOND:
                        form.line(name, t(f"epoch_{name}"), hint=t(f"swap_{name}_hint"))
                    form.line("note", t("review_note"), hint=t("swap_note_hint"))
                self._books = text("p", "", "note", role="status")
                with tag("div", "bar-of-filters") as self._last:
                    button(t("swap_look"), self._look, "button")
                    button(t("swap_declare"), self._declare, "button main")
        self._second.set_visibility(visible=False)

    @property
    def _unit(self) -> str:
        unit = metrics()[self._form.word("metric")].unit
        return UNITS.get(unit, unit)

    def _at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self._form.word("at")).replace(tzinfo=self._visit.t.zone)
        except ValueError:
            return None

    async def _next(self) -> None:
        """See the first step, and show the second with what came after."""
        found, mistakes = await self._seen(FIRST)
        if found is None or mistakes:
            return
        self._second.set_visibility(visible=True)
        self._onward.set_visibility(visible=False)

    async def _seen(self, names: tuple[str, ...]) -> tuple[Seen | None, list[Mistake]]:
        """Read what is stored around the swap, say it, and say what contradicts it."""
        t, form = self._visit.t, self._form
        at = self._at()
        if at is None:
            mistakes = [Mistake("at", None, t("epoch_no_time"), t("epoch_no_time"))]
            form.tell(mistakes, t.language)
            return None, mistakes
        numbers, mistakes = read_numbers(self._visit, form, list(names))
        try:
            store, metric = self._visit.board.services.telemetry, form.word("metric")
            readings = await asyncio.to_thread(store.readings, self._meter.id, metric, at - AROUND, at + AROUND)
        except TelemetryError as error:
            form.say(t("store_down", why=str(error)))
            return None, mistakes
        found = seen(self._meter, readings, at, numbers.get("multiplier"))
        self._before.set_text(self._shown("swap_before", found.before))
        self._after.set_text(self._shown("swap_after", found.after))
        mistakes += doubts(found, numbers.get("closing"), numbers.get("opening"))
        form.tell(mistakes, t.language)
        return found, mistakes

    def _shown(self, key: str, shown: Shown | None) -> str:
        t = self._visit.t
        if shown is None:
            return t(f"{key}_none")
        value = f"{shown.value:,.6g} {self._unit}".strip()
        return t(key, value=value, at=t.moment(shown.at, self._visit.board.services.clock()))

    async def _look(self) -> tuple[Seen | None, dict[str, float]]:
        """Say what would be booked."""
        found, mistakes = await self._seen((*FIRST, *SECOND))
        if found is None or mistakes:
            self._books.set_text("")
            return None, {}
        numbers, _ = read_numbers(self._visit, self._form, [*FIRST, *SECOND])
        would = booked(self._meter, found, numbers.get("closing"), numbers.get("opening"), numbers.get("multiplier"))
        self._books.set_text(self._told(would))
        return found, numbers

    def _told(self, would: Booked) -> str:
        t = self._visit.t
        words: Callable[[float | None], str] = lambda amount: f"{number(amount)} {self._unit}".strip()  # noqa: E731
        return t("swap_books", until=words(would.until), since=words(would.since))

    async def _declare(self) -> None:
        """Write it down, or say every mistake at its place."""
        visit, t, form = self._visit, self._visit.t, self._form
        found, numbers = await self._look()
        at = self._at()
        if found is None or at is None:
            return
        services = visit.board.services
        wish = Wish(Kind.REPLACEMENT, at, form.word("metric"), note=form.word("note"), **numbers)
        checked = declare(self._meter, wish, who=visit.who.name, now=services.clock())
        mistakes = list(checked.mistakes)
        if not form.word("note"):
            mistakes.append(Mistake("note", None, t("swap_no_note"), t("swap_no_note")))
        form.tell(mistakes, t.language)
        if mistakes or checked.epoch is None:
            return
        try:
            await asyncio.to_thread(epochs.record, services.engine, checked.epoch, now=services.clock())
        except OperationalError:
            form.say(t("database_down"))
            return
        self._last.clear()
        with self._last:
            text("span", t("swap_done"), "note", role="status")
            link(t("swap_see"), f"/meters/{self._meter.id}", "button main")
            if visit.who.may(Right.SEE):
                link(t("review_history"), f"/review/{self._meter.id}", "button")
