"""Writing a rule: text, checked as it is typed, with every mistake at its line and what the rule would watch."""

import asyncio

from nicegui.element import Element
from nicegui.events import GenericEventArguments
from sqlalchemy.exc import OperationalError

from adapters.relational import rules_store
from adapters.relational.refusal import EntryRefused
from adapters.relational.rules_store import Written
from api import rule_entry, rule_view
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.rule_body import TEXT
from park import condition_words
from park.mistake import Mistake

VALUE = "(event) => emit(event.target.value)"
AFTER = 0.6
"""Seconds without a key before the text is looked at."""


class RuleEditor:
    """The text of a rule made here, or of a new one."""

    def __init__(self, visit: Visit, written: Written | None) -> None:
        self._visit = visit
        self._old = written
        self._text = (written.written if written is not None else None) or TEXT
        t = visit.t
        with panel(t("rules_editor"), sub=t("rules_editor_sub")):
            field = tag("textarea", "rule-text", spellcheck="false", aria_label=t("rules_editor"), maxlength="65536")
            self._begin(field)
            self._good = text("p", "", "rule-good", role="status")
            self._wrong = tag("ul", "rule-mistakes", role="alert")
            self._form = Form()
            self._form.rest_here()
            with tag("div", "form-foot"):
                if written is not None:
                    self._form.line("reason", t("rules_reason"))
                self._save = button(t("rules_save"), self._keep, "button main")
                if written is not None:
                    button(t("rules_withdraw"), self._withdraw)
        field.on("input", self._typed, js_handler=VALUE, throttle=AFTER, leading_events=False)

    def _begin(self, field: Element) -> None:
        field.props[".defaultValue"] = self._text  # its property would undo what is typed at each redraw

    async def _typed(self, event: GenericEventArguments) -> None:
        self._text = str(event.args)[: rule_entry.LONGEST]
        await self._check()

    async def _check(self) -> rule_entry.Written:
        services, t = self._visit.board.services, self._visit.t
        read = await asyncio.to_thread(
            lambda: rule_entry.read(self._text, services.registry.current(), services.alarms.rules().values())
        )
        rule = read.rule
        mistakes = [*read.mistakes, *(self._misplaced(rule.id) if rule is not None else [])]
        self._wrong.clear()
        with self._wrong:
            for one in mistakes:
                with tag("li"):
                    place = t("rules_line", n=one.line) if one.line is not None else one.path
                    text("span", place, "mono", title=one.path)
                    text("span", one.sentence(t.language))
        good = ""
        if rule is not None and not mistakes:
            watched = await asyncio.to_thread(rule_view.bound_meters, rule, services.registry.current())
            said = condition_words.words(rule.when, t.language)
            good = t("rules_good", condition=said, n=len(watched), k=len(read.timelines))
        self._good.set_text(good)
        return rule_entry.Written(None if mistakes else rule, read.timelines, tuple(mistakes))

    def _misplaced(self, name: str) -> list[Mistake]:
        """Find an id that is another rule's, or not this one's any more."""
        if self._old is not None and name != self._old.id:
            return [Mistake("rules[0].id", None, f"编号应为 {self._old.id}。", f"The id must stay {self._old.id}.")]
        if self._old is None and name in self._visit.board.services.alarms.rules():
            return [
                Mistake(
                    "rules[0].id",
                    None,
                    f"规则 {name} 已存在; 请换一个编号。",
                    f"There is a rule {name}; take another id.",
                )
            ]
        return []

    async def _keep(self) -> None:
        read = await self._check()
        if read.rule is not None:
            await self._write(read.rule.id, self._text)

    async def _withdraw(self) -> None:
        if self._old is not None:
            await self._write(self._old.id, None)

    async def _write(self, name: str, written: str | None) -> None:
        visit, t = self._visit, self._visit.t
        services = visit.board.services

        def save() -> None:
            reason = self._form.word("reason")
            rules_store.save(services.engine, name, written, who=visit.who.name, now=services.clock(), reason=reason)
            services.alarms.refresh_rules()

        try:
            await asyncio.to_thread(save)
        except EntryRefused as refused:
            self._form.tell(refused.mistakes, t.language)
            return
        except OperationalError:
            self._form.say(t("database_down"))
            return
        visit.client.open("/rules" if written is None else f"/rules/{name}")
