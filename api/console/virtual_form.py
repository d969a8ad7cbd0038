"""The form of one virtual meter: the formula is read as it is typed, and what it comes to is said beneath it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy.exc import OperationalError

from adapters.relational import virtual_meters as store
from adapters.relational.refusal import EntryRefused, Refused
from api import virtual_reading
from api.console import fields
from api.console.balance_read import Look
from api.console.frame import Visit
from api.console.parts import button, tag, text
from api.console.tongue import MISSING, number, percent
from park.carrier import carrier_of, carriers
from park.measured import Measured
from park.mistake import Mistake
from park.telemetry import TelemetryError
from park.virtual_check import METERED
from park.virtual_entry import dump
from park.virtual_meter import ROLES, VirtualMeter

CALM = 0.35
"""Seconds without a letter typed before a formula is tried."""
MOST_CHIPS = 24


class VirtualForm:
    """One form; `old` is what it changes, None where it makes one."""

    def __init__(
        self,
        visit: Visit,
        look: Look,
        names: Mapping[str, str],
        old: VirtualMeter | None,
        done: Callable[[], Awaitable[None]],
    ) -> None:
        self._visit = visit
        self._look = look
        self._old = old
        self._done = done
        self._typed = 0
        t = visit.t
        first = next(iter(names), "")
        self._values: dict[str, str] = {"id": "", "enterprise": first, "carrier": look.carrier,
                                        "role": ROLES[0].value, "name": "", "formula": "", "since": "", "until": "",
                                        "reason": ""}  # fmt: skip
        if old is not None:
            self._values |= {key: value or "" for key, value in dump(old).items()}
        self._notes: dict[str, TextElement] = {}
        self._rest = text("p", "", "error", role="alert")
        self._rest.set_visibility(visible=False)
        with tag("div", "bar-of-filters"):
            if old is None:
                self._line("id", hint="e01-net")
            self._line("name")
            self._choice("enterprise", names)
            self._choice("carrier", {name: t.pick(carriers()[name].zh, carriers()[name].en) for name in METERED})
            self._choice("role", {role.value: t(f"role_{role}") for role in ROLES})
            self._line("since", kind="month")
            self._line("until", kind="month")
        with tag("div", "bar-of-filters"):
            self._formula = self._line("formula", hint="e01-main + e01-pv - 30 % * e02-main", wide=True)
        self._chips = tag("p", "virtual-chips")
        self._worth = text("p", t("virtual_formula_hint"), "note", role="status")
        with tag("div", "bar-of-filters"):
            if old is not None:
                self._line("reason", wide=True)
            button(t("virtual_save"), self._save, "button main")
        self._offer()

    def _line(self, name: str, *, hint: str = "", kind: str = "text", wide: bool = False) -> Element:
        t = self._visit.t
        with tag("div", "virtual-wide" if wide else ""):
            more = {"placeholder": hint} if hint else {}
            longest = {"maxlength": "1000"} if name == "formula" else {}
            field = fields.labelled(
                t(f"virtual_{name}"), partial(self._keep, name), self._values[name], "grow" if wide else "",
                type=kind, **more, **longest,
            )  # fmt: skip
            self._note(name)
        return field

    def _choice(self, name: str, options: Mapping[str, str]) -> None:
        with tag("div"):
            fields.choosing(self._visit.t(f"virtual_{name}"), options, self._values[name], partial(self._keep, name))
            self._note(name)

    def _note(self, name: str) -> None:
        self._notes[name] = text("span", "", "mark", role="alert")
        self._notes[name].set_visibility(visible=False)

    async def _keep(self, name: str, words: str) -> None:
        """Keep what was typed; with the formula, wait until the hand is calm and try it."""
        self._values[name] = words
        if name in {"carrier", "enterprise"}:
            self._offer()
        if name in {"formula", "carrier"} and self._values["formula"].strip():
            self._typed += 1
            mine = self._typed
            await asyncio.sleep(CALM)
            if mine == self._typed:
                await self._try()

    async def _try(self) -> None:
        """Read the formula, and say what it came to on the last whole day or where it is mistaken."""
        t = self._visit.t
        try:
            found, known = await asyncio.to_thread(self._tried)
        except (OperationalError, TelemetryError):
            self._worth.set_text(t("database_down"))
            return
        self._tell("formula", found)
        self._worth.set_visibility(known is not None)
        if known is not None:
            unit = carriers()[self._values["carrier"]].unit
            amount = MISSING if known.amount is None else f"{number(known.amount)} {unit}"
            day = f"{self._look.day[0].astimezone(t.zone):%Y-%m-%d}"
            share = percent(known.coverage.measured)
            self._worth.set_text(t("virtual_would_come_to", day=day, amount=amount, share=share))

    def _tried(self) -> tuple[list[Mistake], Measured | None]:
        services = self._visit.board.services
        made, found = virtual_reading.examined(services, self._document())
        wrong = [mistake for mistake in found if mistake.path.startswith("formula")]
        if wrong:
            return wrong, None
        book = virtual_reading.books(services, made)
        return [], virtual_reading.values(services, book, [made], self._look.day)[0]

    async def _save(self) -> None:
        t, services = self._visit.t, self._visit.board.services
        try:
            made, found = await asyncio.to_thread(virtual_reading.examined, services, self._document())
            if not found and self._old is None and any(one.id == made.id for one in self._look.book.virtual):
                found = [
                    Mistake("id", None, f"虚拟表 {made.id} 已存在。", f"There already is a virtual meter {made.id}.")
                ]
            if not found:
                await asyncio.to_thread(
                    store.save, services.engine, made, who=self._visit.who.name, now=services.clock()
                )
        except EntryRefused as refused:
            found = list(refused.mistakes)
        except Refused as refused:
            found = [Mistake("", None, refused.zh, refused.en)]
        except OperationalError:
            found = [Mistake("", None, t("database_down"), t("database_down"))]
        for name in self._notes:
            self._tell(name, [mistake for mistake in found if _field(mistake) == name])
        rest = [mistake.sentence(t.language) for mistake in found if _field(mistake) not in self._notes]
        self._rest.set_text(" ".join(rest))
        self._rest.set_visibility(bool(rest))
        if not found:
            await self._done()

    def _document(self) -> dict[str, str]:
        return {key: value for key, value in self._values.items() if value.strip()}

    def _tell(self, name: str, mistakes: Iterable[Mistake]) -> None:
        words = " ".join(mistake.sentence(self._visit.t.language) for mistake in mistakes)
        self._notes[name].set_text(words)
        self._notes[name].set_visibility(bool(words))

    def _offer(self) -> None:
        """Offer the meters of the carrier, the enterprise's own first; a press puts one at the formula's end."""
        own = self._values["enterprise"]
        registry = self._look.book.registry
        park = registry.by_enterprise[own].park if own in registry.by_enterprise else ""
        fit = [
            meter
            for meter in registry.meters
            if meter.park == park and (kind := carrier_of(meter)) is not None and kind.name == self._values["carrier"]
        ]
        ids = [meter.id for meter in sorted(fit, key=lambda meter: meter.enterprise != own)]
        ids += [one.id for one in self._look.book.virtual if one.carrier == self._values["carrier"]]
        self._chips.clear()
        with self._chips:
            for name in [each for each in ids if self._old is None or each != self._old.id][:MOST_CHIPS]:
                button(name, partial(self._put, name), "quiet mono")

    async def _put(self, name: str) -> None:
        before = self._values["formula"].rstrip()
        joint = "" if not before or before[-1] in "+-*/(" else " +"
        words = f"{before}{joint} {name}".strip()
        fields.put(self._formula, words)
        await self._keep("formula", words)


def _field(mistake: Mistake) -> str:
    return mistake.path.partition(":")[0]
