"""One rule: what it says, its examples, its switch and the limits of single meters; and its text, where made here."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import msgspec
from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters import rule_yaml
from adapters.relational import rules_store
from adapters.relational.refusal import EntryRefused
from adapters.relational.rules_store import Laid, Written
from api import rule_entry, rule_view
from api.console.alert_marks import mark
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from api.console.rule_editor import RuleEditor
from api.console.rule_lived import lived
from api.rule_change import lay
from api.services import Services
from park import condition_words
from park.message import lasting
from park.permit import Overlay, bounded
from park.principal import Right
from park.rule import Rule
from park.timeline import Timeline

NEW = "new"


class Look(NamedTuple):
    """What the page shows."""

    rule: Rule | None
    written: Written | None
    laid: Laid | None
    history: list[Written | Laid]
    timelines: tuple[Timeline, ...]
    meters: int


async def build(visit: Visit, request: Request) -> str:
    """Fill the page."""
    name = str(request.path_params["id"])[:64]
    if name == NEW and visit.who.may(Right.KEEP_RULES):
        with tag("div", "page-head"):
            with tag("p", "crumb"):
                link(visit.t("room_rules"), "/rules")
            text("h1", visit.t("rules_new"))
        RuleEditor(visit, None)
        return visit.t("rules_new")
    await Page(visit, name).here()
    return visit.t("room_rule")


class Page:
    """The page of one rule."""

    def __init__(self, visit: Visit, name: str) -> None:
        self._visit = visit
        self._name = name
        self._may = visit.who.may(Right.KEEP_RULES)

    async def here(self) -> None:
        """Put it here."""
        self._told = text("p", "", "notice", role="status")
        self._told.set_visibility(visible=False)
        self._box = tag("div")
        await self._show()

    async def _show(self) -> None:
        t = self._visit.t
        try:
            look = await asyncio.to_thread(_look, self._visit.board.services, self._name, self._visit.enterprise)
        except OperationalError:
            self._say(t("database_down"))
            return
        self._box.clear()
        with self._box:
            if look.rule is None:
                with tag("section", "panel"), tag("div", "empty"):
                    text("h2", t("room_rule"))
                    text("p", t("rules_unknown"))
                    link(t("room_rules"), "/rules")
                return
            self._draw(look.rule, look)

    def _draw(self, rule: Rule, look: Look) -> None:
        t = self._visit.t
        with tag("div", "page-head"):
            with tag("p", "crumb"):
                link(t("room_rules"), "/rules")
                text("span", f" / {rule.id}", "mono")
            mark(t, rule.severity, large=True)
            text("h1", rule.name.pick(t.language))
            text("span", t("rules_on") if rule.enabled else t("rules_off"), f"dot {'on' if rule.enabled else 'never'}")
            text("span", t(f"rules_source_{rule.source}"), "sub")
        with tag("div", "stack"):
            with tag("div", "half"):
                with panel(t("rules_facts")):
                    self._facts(rule, look.meters)
                with panel(t("rules_switch")):
                    self._switch(rule, look.laid)
            if look.timelines:
                with panel(t("rules_timelines"), sub=t("rules_timelines_sub")):
                    for timeline in look.timelines:
                        lived(self._visit, rule, timeline)
            if look.written is not None and self._may:
                RuleEditor(self._visit, look.written)
            if self._may:
                with panel(t("rules_history"), body="flush"):
                    self._history(look.history)

    def _facts(self, rule: Rule, meters: int) -> None:
        t = self._visit.t
        timing = rule.timing
        verified = t("rules_verified") if rule.verified else t("rules_unverified")
        facts = [
            ("rules_condition", condition_words.words(rule.when, t.language)),
            ("rules_standard", f"{rule.standard} ({verified})" if rule.standard else ""),
            ("rules_fact_hold", self._lasting(timing.hold)),
            ("rules_fact_clear", self._lasting(timing.clear_after)),
            ("rules_fact_silence", t(f"rules_silence_{timing.on_silence}")),
            ("rules_fact_latch", t("rules_latch") if timing.latch else t("rules_no_latch")),
            ("rules_fact_inhibits", ", ".join(rule.inhibits)),
            ("rules_fact_receivers", ", ".join(rule.receivers) or t("rules_all_receivers")),
            ("rules_meters", t("rules_meters_n", n=meters)),
            ("alerts_runbook", rule.runbook.pick(t.language) if rule.runbook is not None else ""),
        ]
        with tag("dl", "facts"):
            for key, words in facts:
                if words:
                    text("dt", t(key))
                    text("dd", words)

    def _lasting(self, time: timedelta) -> str:
        return lasting(time, self._visit.t.language) if time else self._visit.t("rules_at_once")

    def _switch(self, rule: Rule, laid: Laid | None) -> None:
        t = self._visit.t
        seen = self._visit.enterprise
        by_meter = self._visit.board.services.registry.peek().by_meter
        own = {
            meter: when
            for meter, when in rule.permits.items()
            if seen is None or (meter in by_meter and by_meter[meter].enterprise == seen)
        }
        form = self._form = Form()
        if not own:
            text("p", t("rules_limit_none"), "note")
        with tag("dl", "facts"):
            for meter, when in own.items():
                text("dt", meter, "mono")
                with tag("dd"):
                    text("span", condition_words.words(when, t.language))
                    if self._may and laid is not None and meter in laid.overlay.limits:
                        button(t("rules_limit_drop"), partial(self._limit, rule, laid, meter, drop=True), "quiet")
        if not self._may:
            return
        form.rest_here()
        with tag("div", "form-foot"):
            form.line("reason", t("rules_reason"))
            words = t("rules_switch_off") if rule.enabled else t("rules_switch_on")
            button(words, partial(self._toggle, rule, laid))
        if bounded(rule.when) is not None:
            with tag("div", "form-foot"):
                form.line("meter", t("rules_limit_meter"))
                form.line("limits", t("rules_limit_value"), hint="30 mg/m³")
                button(t("rules_limit_set"), partial(self._limit, rule, laid, None, drop=False))

    async def _toggle(self, rule: Rule, laid: Laid | None) -> None:
        overlay = laid.overlay if laid is not None else Overlay()
        await self._lay(rule, msgspec.structs.replace(overlay, enabled=not rule.enabled))

    async def _limit(self, rule: Rule, laid: Laid | None, meter: str | None, *, drop: bool) -> None:
        overlay = laid.overlay if laid is not None else Overlay()
        limits = dict(overlay.limits)
        name = meter or self._form.word("meter")
        if drop:
            limits.pop(name, None)
        elif name not in self._visit.board.services.registry.peek().by_meter:
            self._form.say(self._visit.t("rules_limit_meter") + f": {name or '—'}?")
            return
        else:
            limits[name] = self._form.word("limits")
        await self._lay(rule, msgspec.structs.replace(overlay, limits=limits))

    async def _lay(self, rule: Rule, overlay: Overlay) -> None:
        visit, t = self._visit, self._visit.t
        try:
            await asyncio.to_thread(
                lay, visit.board.services, rule.id, overlay, who=visit.who.name, reason=self._form.word("reason")
            )
        except EntryRefused as refused:
            self._form.tell(refused.mistakes, t.language)
            self._form.say(" ".join(one.sentence(t.language) for one in refused.mistakes))
            return
        except OperationalError:
            self._form.say(t("database_down"))
            return
        await self._show()
        self._say(t("rules_kept"))

    def _history(self, found: list[Written | Laid]) -> None:
        t = self._visit.t
        now = self._visit.board.services.clock()
        if not found:
            text("p", t("rules_history_none"), "note inset")
            return
        with tag("ol", "revisions"):
            for one in found:
                with tag("li"):
                    with tag("p"):
                        what = "rules_what_rule" if isinstance(one, Written) else "rules_what_adjustment"
                        text("b", t(what, n=one.revision))
                        text("span", t.moment(one.at, now), "num")
                        text("span", one.who)
                        text("span", one.reason)
                    if isinstance(one, Laid):
                        text("code", msgspec.json.encode(rule_view.plain(one.overlay)).decode())
                    elif one.written is None:
                        text("span", t("rules_withdrawn"), "mark")

    def _say(self, words: str) -> None:
        self._told.set_text(words)
        self._told.set_visibility(visible=True)


def _look(services: Services, name: str, enterprise: str | None) -> Look:
    rule = services.alarms.rules().get(name)
    meters = rule_view.watched_meters(services, enterprise).get(name, 0)
    if rule is None or (enterprise is not None and not meters):
        return Look(None, None, None, [], (), 0)
    written = rules_store.written(services.engine).get(name)
    if written is None:
        timelines = tuple(rule_yaml.shipped().timelines.get(name, ()))
    else:
        timelines = rule_entry.read(
            written.written or "", services.registry.current(), services.alarms.rules().values()
        ).timelines
    found: list[Written | Laid] = [
        *rules_store.history(services.engine, name),
        *rules_store.overlay_history(services.engine, name),
    ]
    found.sort(key=lambda one: one.at, reverse=True)
    return Look(rule, written, rules_store.overlays(services.engine).get(name), found, timelines, meters)
