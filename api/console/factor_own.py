"""Factors people added: the list with their revisions, the form to add one, and taking one back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from nicegui.element import Element
from sqlalchemy.exc import OperationalError

from adapters.relational import factors as store
from adapters.relational.refusal import Refused
from api.console.factor_form import FactorForm
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from park.factor_table import keys
from park.own_factor import OwnFactor
from park.policy import Policy
from park.principal import Right

Changed = Callable[[], Awaitable[None]]


class OwnFactors:
    """The panel of own factors; `changed` is told when one came, changed or went."""

    def __init__(self, visit: Visit, policy: Policy, changed: Changed) -> None:
        self._visit = visit
        self._changed = changed
        t = visit.t
        with panel(t("factor_own"), body="flush", sub=t("factor_own_sub")):
            self._told = text("p", "", "notice inset", role="status")
            self._told.set_visibility(visible=False)
            self._list = tag("ul")
            if visit.who.may(Right.KEEP_ACCOUNTS):
                with tag("details", "full inset"):
                    text("summary", t("factor_add"))
                    FactorForm(visit, policy, self._added)

    def show(self, entries: list[OwnFactor], names: Mapping[str, str]) -> None:
        """Fill in the list; `names` are those of parks and enterprises."""
        t = self._visit.t
        self._list.clear()
        with self._list:
            if not entries:
                with tag("li", "held"), tag("div"):
                    text("strong", t("factor_own_none_title"))
                    text("p", t("factor_own_none"), "note")
            for entry in sorted(entries, key=lambda one: (one.withdrawn, -one.number)):
                self._row(entry, names)

    def _row(self, entry: OwnFactor, names: Mapping[str, str]) -> None:
        visit, t, factor = self._visit, self._visit.t, entry.factor
        key = keys().get(factor.key)
        owner = factor.enterprise or factor.park
        whose = t("factor_everybody") if owner is None else names.get(owner, owner)
        with tag("li", "held"):
            with tag("div"):
                text("strong", t.pick(key.zh, key.en) if key else factor.key)
                text("span", f" {factor.value:.6g} {factor.unit} · ")
                text("span", t(f"factor_purpose_{factor.purpose}"))
                if entry.withdrawn:
                    text("span", f" · {t('factor_withdrawn')}", "mark")
                when = entry.at.astimezone(t.zone)
                said = t("factor_entry", owner=whose, n=entry.revision, who=entry.who, at=f"{when:%Y-%m-%d %H:%M}")
                text("p", said, "note")
                text("p", t("factor_evidence", source=factor.source), "note")
                if factor.formula():
                    text("p", factor.formula(), "note mono")
                if entry.reason:
                    text("p", t("factor_reason_was", reason=entry.reason), "note")
            if visit.who.may(Right.KEEP_ACCOUNTS) and not entry.withdrawn:
                with tag("div", "act"):
                    self._withdrawing(entry)

    def _withdrawing(self, entry: OwnFactor) -> None:
        """Put a button here that asks for the reason first."""
        t = self._visit.t
        said = {"reason": ""}

        def keep(words: str) -> None:
            said["reason"] = words

        with tag("span") as asking:
            field = tag("input", placeholder=t("factor_reason"), aria_label=t("factor_reason"), maxlength="400")
            field.on("input", lambda event: keep(str(event.args)), js_handler="(event) => emit(event.target.value)")
            button(t("factor_withdraw_sure"), partial(self._withdraw, entry.number, said))
        asking.set_visibility(visible=False)
        first: Element = button(t("factor_withdraw"), lambda: _swap(first, asking))

    async def _withdraw(self, number: int, said: dict[str, str]) -> None:
        t, services = self._visit.t, self._visit.board.services
        reason = said["reason"].strip()
        if not reason:
            self._tell(t("factor_reason_needed"))
            return
        try:
            await asyncio.to_thread(
                store.withdraw,
                services.engine,
                number,
                who=self._visit.who.name,
                now=services.clock(),
                reason=reason,
            )
        except OperationalError:
            self._tell(t("database_down"))
            return
        except Refused as refused:
            self._tell(refused.sentence(t.language))
            return
        self._tell(t("factor_gone"))
        await self._changed()

    async def _added(self) -> None:
        self._tell(self._visit.t("factor_kept"))
        await self._changed()

    def _tell(self, words: str) -> None:
        self._told.set_text(words)
        self._told.set_visibility(bool(words))


def _swap(away: Element, here: Element) -> None:
    away.set_visibility(visible=False)
    here.set_visibility(visible=True)
