"""Virtual meters in the console: each with its formula and what it came to; making, changing and taking back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from nicegui.element import Element
from sqlalchemy.exc import OperationalError

from adapters.relational import virtual_meters as store
from adapters.relational.refusal import Refused
from api.console import fields
from api.console.balance_read import Look
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.console.tongue import MISSING, number, percent
from api.console.virtual_form import VirtualForm
from park.carrier import carriers
from park.measured import Measured
from park.principal import Right
from park.virtual_meter import VirtualMeter

Draw = Callable[[], Awaitable[None]]


class VirtualPanel:
    """The panel; `draw` fills the whole page anew, because a virtual meter may be a boundary or a sub-meter."""

    def __init__(self, visit: Visit, look: Look, names: Mapping[str, str], draw: Draw) -> None:
        self._visit = visit
        self._look = look
        self._names = names
        self._draw = draw
        t = visit.t
        keeps = visit.who.may(Right.KEEP_ACCOUNTS)
        with panel(t("virtual_panel"), body="flush", sub=t("virtual_panel_sub")):
            self._told = text("p", "", "notice inset", role="status")
            self._told.set_visibility(visible=False)
            with tag("ul"):
                if not look.virtual:
                    with tag("li", "held"), tag("div"):
                        text("strong", t("virtual_none_title"))
                        text("p", t("virtual_none"), "note")
                for one, known in look.virtual:
                    self._row(one, known, keeps=keeps)
            if keeps:
                with tag("details", "inset virtual-new"):
                    text("summary", t("virtual_new"))
                    VirtualForm(visit, look, names, None, self._done)

    def _row(self, one: VirtualMeter, known: Measured, *, keeps: bool) -> None:
        visit, t = self._visit, self._visit.t
        carrier = carriers()[one.carrier]
        with tag("li", "held"):
            with tag("div"):
                text("strong", one.name)
                text("span", f" {one.id}", "mono of")
                text("p", f"= {one.formula}", "mono virtual-formula")
                amount = MISSING if known.amount is None else f"{number(known.amount)} {carrier.unit}"
                start = self._look.day[0].astimezone(t.zone)
                share = percent(known.coverage.measured)
                text("p", t("virtual_came_to", day=f"{start:%Y-%m-%d}", amount=amount, share=share), "note")
                facts = [self._names.get(one.enterprise, one.enterprise), t.pick(carrier.zh, carrier.en),
                         t(f"role_{one.role}")]  # fmt: skip
                if one.since or one.until:
                    facts.append(f"{one.since or '…'} – {one.until or '…'}")
                facts.append(t("virtual_revision", n=one.revision, who=one.who))
                text("p", " · ".join(facts), "note")
            if keeps:
                with tag("div", "act"):
                    self._withdrawing(one)
                with tag("details", "full"):
                    text("summary", t("virtual_change"))
                    VirtualForm(visit, self._look, self._names, one, self._done)

    def _withdrawing(self, one: VirtualMeter) -> None:
        """Put a button here that asks for the reason first."""
        t = self._visit.t
        said = {"reason": ""}
        with tag("span") as asking:
            fields.typing(partial(said.__setitem__, "reason"), placeholder=t("virtual_reason"),
                          aria_label=t("virtual_reason"))  # fmt: skip
            button(t("virtual_withdraw_sure"), partial(self._withdraw, one.id, said))
        asking.set_visibility(visible=False)
        first: Element = button(t("virtual_withdraw"), lambda: _swap(first, asking))

    async def _withdraw(self, name: str, said: Mapping[str, str]) -> None:
        t, services = self._visit.t, self._visit.board.services
        try:
            await asyncio.to_thread(
                store.withdraw,
                services.engine,
                name,
                who=self._visit.who.name,
                now=services.clock(),
                reason=said["reason"],
            )
        except OperationalError:
            self._tell(t("database_down"))
        except Refused as refused:
            self._tell(refused.sentence(t.language))
        else:
            await self._done()

    async def _done(self) -> None:
        await self._draw()

    def _tell(self, words: str) -> None:
        self._told.set_text(words)
        self._told.set_visibility(bool(words))


def _swap(away: Element, here: Element) -> None:
    away.set_visibility(visible=False)
    here.set_visibility(visible=True)
