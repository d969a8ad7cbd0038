"""Bringing in a file of statements: choose it, see every mistake and difference, and only then keep it."""

import asyncio
from collections.abc import Mapping

from fastapi import Request
from nicegui import ui
from nicegui.events import UploadEventArguments
from sqlalchemy.exc import OperationalError

from adapters.relational import statement_import
from adapters.relational.refusal import EntryRefused
from adapters.relational.statement_import import Preview
from adapters.sheet import LARGEST
from api.console.fields import labelled
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from api.console.statement_words import differences, figure
from api.console.statements import tabs
from park.mistake import Mistake
from park.statement import Statement, due

MOST_SHOWN = 200
PICK = "(event) => event.target.closest('.pick').querySelector('input[type=file]').click()"


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    pulse = await visit.board.pulse()
    with tag("div", "page-head"):
        text("h1", t("statements_tab_import"))
    tabs(visit, "import")
    names = {one.id: t.pick(one.name, one.name_en) for one in pulse.registry.enterprises}
    chosen = Chosen(visit, names)
    with tag("div", "stack"):
        with panel(t("statements_step_file"), sub=t("statements_step_file_sub")):
            text("p", t("statements_file_note"), "note")
            with tag("div", "form-foot"):
                for term in due(pulse.now, t.zone):
                    link(t("statements_template", term=term), f"/api/v1/statements/template?term={term}", "button")
                chosen.pick_here()
        chosen.results_here()
    return t("statements_tab_import")


class Chosen:
    """The file that was chosen, what it would do, and keeping it."""

    def __init__(self, visit: Visit, names: Mapping[str, str]) -> None:
        self._visit, self._names = visit, names
        self._content, self._name, self._reason = b"", "", ""

    def pick_here(self) -> None:
        """Put the button that chooses a file here; the framework's own uploader works unseen behind it."""
        t = self._visit.t
        with tag("div", "pick"):
            text("button", t("statements_choose"), "button main", type="button").on("click", js_handler=PICK)
            ui.upload(auto_upload=True, max_file_size=LARGEST, on_upload=self._take, on_rejected=self._too_large).props(
                'accept=".xlsx,.csv"'
            ).classes("visually-hidden")

    def results_here(self) -> None:
        """Put here what a file would do."""
        self._result = tag("div", "stack")

    def _too_large(self) -> None:
        self._result.clear()
        with self._result, tag("section", "panel"), tag("div", "empty"):
            text("p", self._visit.t("statements_too_large", n=LARGEST // 1024**2))

    async def _take(self, event: UploadEventArguments) -> None:
        self._content, self._name, self._reason = await event.file.read(), event.file.name, ""
        services = self._visit.board.services
        try:
            seen = await asyncio.to_thread(
                statement_import.preview, services.engine, self._content, now=services.clock()
            )
        except OperationalError:
            self._say(self._visit.t("database_down"))
            return
        self._show(seen)

    def _say(self, words: str) -> None:
        self._result.clear()
        with self._result:
            text("p", words, "notice", role="status")

    def _show(self, seen: Preview) -> None:
        t = self._visit.t
        self._result.clear()
        with self._result:
            if seen.mistakes:
                self._mistakes(seen.mistakes)
                return
            steps = seen.plan.steps
            counts = t(
                "statements_counts",
                added=len(seen.plan.added),
                changed=len(seen.plan.changed),
                unchanged=len(seen.plan.unchanged),
                blank=seen.blank,
            )
            with panel(t("statements_step_look", name=self._name), body="flush", sub=counts):
                if not steps:
                    text("p", t("statements_nothing_new"), "empty")
                    return
                for place, doubt in seen.doubts[:MOST_SHOWN]:
                    text("p", f"{place}: {doubt.sentence(t.language)}", "doubt inset")
                self._differences([(step.old, step.new) for step in steps])
                self._confirm(changed=bool(seen.plan.changed))

    def _mistakes(self, mistakes: tuple[Mistake, ...]) -> None:
        t = self._visit.t
        with panel(t("statements_has_mistakes", n=len(mistakes), name=self._name), body="flush"):
            text("p", t("statements_mend"), "note inset")
            with tag("div", "scroll"), tag("table", "grid tight"):
                with tag("thead"), tag("tr"):
                    text("th", t("statements_cell"))
                    text("th", t("statements_mistake"))
                with tag("tbody"):
                    for mistake in mistakes[:MOST_SHOWN]:
                        with tag("tr"):
                            text("td", mistake.path, "mono")
                            text("td", mistake.sentence(t.language))
            if len(mistakes) > MOST_SHOWN:
                text("p", t("and_more", n=f"{len(mistakes) - MOST_SHOWN:,}"), "note pager")

    def _differences(self, steps: list[tuple[Statement | None, Statement]]) -> None:
        t = self._visit.t
        with tag("div", "scroll"), tag("table", "grid tight"):
            with tag("thead"), tag("tr"):
                for key in ("col_enterprise", "statements_term", "statements_status", "statements_change"):
                    text("th", t(key))
            with tag("tbody"):
                for old, new in steps[:MOST_SHOWN]:
                    with tag("tr"):
                        text("td", self._names.get(new.enterprise, new.enterprise))
                        text("td", str(new.term), "mono")
                        state = t(f"statements_state_{new.status.value}")
                        if old is not None and old.status is not new.status:
                            state = f"{t(f'statements_state_{old.status.value}')} → {state}"
                        text("td", state)
                        words = [
                            f"{line.called(t.language)} "
                            + (figure(now) if old is None else f"{figure(then)} → {figure(now)}")
                            for line, then, now in differences(old, new)
                        ]
                        text("td", "; ".join(words))
        if len(steps) > MOST_SHOWN:
            text("p", t("and_more", n=f"{len(steps) - MOST_SHOWN:,}"), "note pager")

    def _confirm(self, *, changed: bool) -> None:
        t = self._visit.t
        with tag("div", "form-foot"):
            if changed:
                labelled(t("statements_reason"), self._say_why, classes="grow", placeholder=t("statements_reason_hint"))
            self._button = button(t("statements_take_in"), self._keep, "button main")
        self._told = text("p", "", "error-line inset", role="alert")

    def _say_why(self, words: str) -> None:
        self._reason = words

    async def _keep(self) -> None:
        if "disabled" in self._button.props:
            return
        t, services = self._visit.t, self._visit.board.services
        self._button.props["disabled"] = True
        try:
            done = await asyncio.to_thread(
                statement_import.take_in,
                services.engine,
                self._content,
                who=self._visit.who.name,
                now=services.clock(),
                reason=self._reason,
            )
        except EntryRefused as refused:
            self._told.set_text(" ".join(one.sentence(t.language) for one in refused.mistakes))
            return
        except OperationalError:
            self._told.set_text(t("database_down"))
            return
        finally:
            del self._button.props["disabled"]
        self._say(t("statements_taken", added=len(done.added), changed=len(done.changed)))
        with self._result:
            link(t("statements_to_grid"), "/statements", "button")
