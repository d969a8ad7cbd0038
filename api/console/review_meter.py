"""Declaring what happened to a meter's register: a swap, a reset, a rollover, another multiplier."""

import asyncio
from datetime import datetime

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import epochs
from api.console.epoch_table import table
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.console.review_case import read_numbers
from park.declaration import NUMBERS, WRITTEN, Wish, declare, registers
from park.epoch import Kind
from park.metric import metrics
from park.mistake import Mistake
from park.place import Meter

TOLD = tuple(kind for kind in Kind if kind is not Kind.TWO_DEVICES)
"""What a person can declare; two devices under one id are for us to find."""
CHOSEN = "(event) => emit(event.target.value)"


async def build(visit: Visit, request: Request) -> str:
    """Fill the page."""
    t, services = visit.t, visit.board.services
    meter = services.registry.current().by_meter.get(str(request.path_params["meter"]))
    with tag("div", "page-head"):
        with tag("p", "crumb"):
            text("a", t("room_review"), href="/review")
            if meter is not None:
                text("span", " / ")
                text("a", meter.id, "mono", href=f"/meters/{meter.id}")
        text("h1", t("room_review_meter"))
        if meter is not None:
            text("span", t.pick(meter.name, meter.name_en), "sub")
    if meter is None or not registers(meter):
        with tag("section", "panel"), tag("div", "empty"):
            text("p", t("epoch_no_meter" if meter is None else "epoch_no_register"))
        return t("room_review_meter")
    told = text("p", "", "notice", role="status")
    told.set_visibility(visible=False)
    with tag("div", "stack"):
        with panel(t("epoch_declare"), sub=t("epoch_declare_sub")):
            page = Declare(visit, meter)
        with panel(t("review_history"), body="flush"):
            history = tag("div")

    async def show() -> None:
        found = await asyncio.to_thread(epochs.history, services.engine, meter.id)
        history.clear()
        with history:
            table(t, found, services.clock(), meters=False)

    async def save() -> None:
        done = await page.save()
        if done:
            told.set_text(t("review_done", what=done))
            told.set_visibility(visible=True)
            await show()

    with page.foot:
        button(t("epoch_save"), save, "button main")
    await show()
    return t("room_review_meter")


class Declare:
    """The form; what does not belong to the kind chosen is hidden."""

    def __init__(self, visit: Visit, meter: Meter) -> None:
        self._visit = visit
        self._meter = meter
        self._form = Form()
        t, form = visit.t, self._form
        now = visit.board.services.clock().astimezone(t.zone)
        table_of = metrics()
        form.rest_here()
        with tag("div", "bar-of-filters"):
            kind = form.choice("kind", t("epoch_kind"), {each.value: t(f"epoch_kind_{each}") for each in TOLD})
            named = {name: t.pick(table_of[name].zh, table_of[name].en) for name in registers(meter)}
            form.choice("metric", t("epoch_register"), named)
            form.line("at", t("epoch_at"), value=f"{now:%Y-%m-%dT%H:%M}", kind="datetime-local")
        with tag("div", "bar-of-filters"):
            for name in NUMBERS:
                form.line(name, t(f"epoch_{name}"))
            form.line("note", t("review_note"), hint=t("review_note_hint"))
        self.foot = tag("div", "bar-of-filters")
        kind.on("change", lambda event: self._choose(Kind(str(event.args))), js_handler=CHOSEN)
        self._choose(TOLD[0])

    def _choose(self, kind: Kind) -> None:
        for name in NUMBERS:
            self._form.show(name, visible=name in WRITTEN[kind])

    async def save(self) -> str | None:
        """Write it down and say what was; None where something is wrong, which is then said at its place."""
        t, form, services = self._visit.t, self._form, self._visit.board.services
        kind, now = Kind(form.word("kind")), services.clock()
        numbers, mistakes = read_numbers(self._visit, form, [name for name in NUMBERS if name in WRITTEN[kind]])
        if not form.word("note"):
            mistakes.append(Mistake("note", None, "请填写说明。", "Say why."))
        try:
            at = datetime.fromisoformat(form.word("at")).replace(tzinfo=t.zone)
        except ValueError:
            mistakes.append(Mistake("at", None, t("epoch_no_time"), t("epoch_no_time")))
            at = now
        wish = Wish(kind, at, form.word("metric"), note=form.word("note"), **numbers)
        checked = declare(self._meter, wish, who=self._visit.who.name, now=now)
        mistakes += checked.mistakes
        form.tell(mistakes, t.language)
        if mistakes or checked.epoch is None:
            return None
        try:
            await asyncio.to_thread(epochs.record, services.engine, checked.epoch, now=now)
        except OperationalError:
            form.say(t("database_down"))
            return None
        return f"{self._meter.id} {t(f'epoch_kind_{kind}')}"
