"""Who is on duty when, and where work goes on."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import duty, maintenance, receivers
from adapters.relational.duty import Listed
from adapters.relational.maintenance import Announced
from adapters.relational.refusal import EntryRefused
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.routes.maintenance import announce
from api.services import Services
from park.duty import Shift
from park.maintenance import Maintenance
from park.mistake import Mistake
from park.principal import Right
from park.receiver import Receiver

FORM = "%Y-%m-%d %H:%M"
MOST_DAYS = 62


class Look(NamedTuple):
    """What the page shows."""

    shifts: tuple[Listed, ...]
    works: tuple[Announced, ...]
    receivers: list[Receiver]


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_roster"))
        now = text("span", "", "sub", role="status")
    text("p", t("roster_lead"), "lead")
    await Page(visit, now.set_text).here()
    return t("room_roster")


class Page:
    """Two lists with a form each."""

    def __init__(self, visit: Visit, say_now: Callable[[str], object]) -> None:
        self._visit = visit
        self._say_now = say_now
        self._may = visit.who.may(Right.KEEP_RULES)
        self._shift, self._work = Form(), Form()

    async def here(self) -> None:
        """Put it here."""
        self._box = tag("div", "stack")
        await self._show()

    async def _show(self) -> None:
        t, now = self._visit.t, self._visit.board.services.clock()
        try:
            look = await asyncio.to_thread(_look, self._visit.board.services, now)
        except OperationalError:
            self._say_now(t("database_down"))
            return
        names = {one.id: one.name for one in look.receivers}
        present = [
            one.shift.note or names.get(one.shift.receiver, one.shift.receiver)
            for one in look.shifts
            if one.shift.holds(now)
        ]
        self._say_now(t("roster_now", who=t("comma").join(present)) if present else t("roster_nobody"))
        self._box.clear()
        with self._box:
            with panel(t("roster_shifts"), body="flush"):
                self._shifts(look.shifts, names, now)
                if self._may:
                    self._shift_form(names, now)
            with panel(t("maintenance_title"), body="flush"):
                self._works(look.works, now)
                if self._may:
                    self._work_form(now)

    def _shifts(self, shifts: tuple[Listed, ...], names: dict[str, str], now: datetime) -> None:
        t = self._visit.t
        if not shifts:
            text("p", t("roster_none"), "note inset")
            return
        with tag("div", "scroll"), tag("table", "grid tight cards"), tag("tbody"):
            for one in shifts:
                shift = one.shift
                with tag("tr"):
                    text("td", names.get(shift.receiver, shift.receiver), "name wide")
                    text("td", shift.note)
                    text("td", f"{self._local(shift.start)} → {self._local(shift.end)}", "wide")
                    with tag("td"):
                        if shift.holds(now):
                            text("span", t("roster_now", who=""), "dot on")
                    with tag("td", "act"):
                        if self._may:
                            button(t("roster_remove"), partial(self._write, self._shift, _remover(self._visit, one.id)))

    def _shift_form(self, names: dict[str, str], now: datetime) -> None:
        t = self._visit.t
        form = self._shift = Form()
        if not names:
            text("p", t("roster_no_receivers"), "note inset")
            return
        with tag("div", "form-foot"):
            form.rest_here()
            form.choice("receiver", t("roster_receiver"), names)
            form.line("people", t("roster_people"))
            start = now.astimezone(self._visit.t.zone).replace(hour=8, minute=0)
            form.line("start", t("roster_start"), value=f"{start:{FORM}}")
            form.line("end", t("roster_end"), value=f"{start + timedelta(hours=12):{FORM}}")
            form.line("days", t("roster_repeat"), value="1")
            button(t("roster_add"), self._add_shifts, "button main")

    async def _add_shifts(self) -> None:
        form, services = self._shift, self._visit.board.services
        mistakes: list[Mistake] = []
        start, end = self._time(form, "start", mistakes), self._time(form, "end", mistakes)
        days = form.word("days")
        if not days.isdecimal() or not 1 <= int(days) <= MOST_DAYS:
            words = self._visit.t("receivers_no_number")
            mistakes.append(Mistake("days", None, words, words))
        if mistakes or start is None or end is None:
            form.tell(mistakes, self._visit.t.language)
            return
        shifts = [
            Shift(
                receiver=form.word("receiver"),
                start=start + timedelta(days=day),
                end=end + timedelta(days=day),
                note=form.word("people"),
            )
            for day in range(int(days))
        ]
        who = self._visit.who.name
        await self._write(form, lambda: duty.add(services.engine, shifts, who=who, now=services.clock()))

    def _works(self, works: tuple[Announced, ...], now: datetime) -> None:
        t = self._visit.t
        if not works:
            text("p", t("maintenance_none"), "note inset")
            return
        with tag("div", "scroll"), tag("table", "grid tight cards"), tag("tbody"):
            for one in works:
                work = one.work
                with tag("tr"):
                    text("td", " ".join((*work.enterprises, *work.meters, *work.rules)), "mono wide")
                    text("td", work.reason, "wide")
                    text("td", f"{self._local(work.start)} → {self._local(work.end)}", "wide")
                    text("td", work.who)
                    with tag("td"):
                        if work.start <= now < work.end:
                            text("span", t("maintenance_goes_on"), "dot on")
                    with tag("td", "act"):
                        if self._may:
                            ender = _ender(self._visit, one.id)
                            button(t("maintenance_end"), partial(self._write, self._work, ender))

    def _work_form(self, now: datetime) -> None:
        t = self._visit.t
        form = self._work = Form()
        local = now.astimezone(t.zone)
        with tag("div", "form-foot"):
            form.rest_here()
            form.line("meters", t("maintenance_meters"))
            form.line("enterprises", t("maintenance_enterprises"))
            form.line("start", t("roster_start"), value=f"{local:{FORM}}")
            form.line("end", t("roster_end"), value=f"{local + timedelta(hours=4):{FORM}}")
            form.line("reason", t("maintenance_reason"))
            button(t("maintenance_add"), self._announce, "button main")

    async def _announce(self) -> None:
        form = self._work
        mistakes: list[Mistake] = []
        start, end = self._time(form, "start", mistakes), self._time(form, "end", mistakes)
        if mistakes or start is None or end is None:
            form.tell(mistakes, self._visit.t.language)
            return
        given = Maintenance(
            start=start,
            end=end,
            reason=form.word("reason"),
            meters=_words(form.word("meters")),
            enterprises=_words(form.word("enterprises")),
        )
        services, who = self._visit.board.services, self._visit.who.name
        await self._write(form, lambda: announce(services, given, who=who))

    async def _write(self, form: Form, write: Callable[[], object]) -> None:
        """Write something down and show it, or say what is wrong."""
        t = self._visit.t
        try:
            await asyncio.to_thread(write)
        except EntryRefused as refused:
            places = {one.path: one.path.rpartition(".")[2] for one in refused.mistakes}
            form.tell(refused.mistakes, t.language, places)
            return
        except OperationalError:
            form.say(t("database_down"))
            return
        await self._show()

    def _time(self, form: Form, name: str, mistakes: list[Mistake]) -> datetime | None:
        """Read a local time."""
        try:
            naive = datetime.strptime(form.word(name), FORM)  # noqa: DTZ007  # the site's zone is put to it below
        except ValueError:
            words = self._visit.t("desk_no_time")
            mistakes.append(Mistake(name, None, words, words))
            return None
        return naive.replace(tzinfo=self._visit.t.zone)

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(self._visit.t.zone):{FORM}}"


def _remover(visit: Visit, number: int) -> Callable[[], object]:
    services, who = visit.board.services, visit.who.name
    return lambda: duty.remove(services.engine, number, who=who, now=services.clock())


def _ender(visit: Visit, number: int) -> Callable[[], object]:
    services, who = visit.board.services, visit.who.name
    return lambda: maintenance.end(services.engine, number, who=who, now=services.clock())


def _words(given: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in given.split(","))))


def _look(services: Services, now: datetime) -> Look:
    return Look(
        duty.listing(services.engine, since=now),
        maintenance.listing(services.engine, since=now),
        [one.receiver for one in receivers.listing(services.engine)],
    )
