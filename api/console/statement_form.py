"""One statement to read, enter or correct: every line with its unit and what the terms before said."""

import asyncio
from decimal import Decimal
from functools import partial

from fastapi import Request
from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy.exc import OperationalError

from adapters.relational import statements
from adapters.relational.refusal import EntryRefused
from api.console.fields import choosing, labelled, typing
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from api.console.statement_history import revisions
from api.console.statement_words import figure, plain
from api.console.statements import tabs
from park.entered import is_blank, read_number
from park.place import Enterprise
from park.principal import Right
from park.registry_notes import Notes
from park.statement import PLAIN, Line, Statement, Status, amounts, lines
from park.statement_doubt import doubts
from park.term import Span, Term
from park.term_words import read_words, term_words


async def build(visit: Visit, request: Request) -> str:
    """Fill the page, or say that there is no such enterprise or term."""
    t = visit.t
    pulse = await visit.board.pulse()
    one = pulse.registry.by_enterprise.get(request.path_params["enterprise"])
    term = read_words(request.path_params["term"])
    tabs(visit, "statements")
    if one is None or not visit.who.sees(one.id) or term is None or term.span not in PLAIN:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("refused_404_title"))
            text("p", t("refused_404"))
        return t("room_statements")
    form = Form(visit, one, term)
    await form.place_here()
    return f"{t.pick(one.name, one.name_en)} {term_words(term, t.language)}"


class Form:
    """The page of one enterprise and term."""

    def __init__(self, visit: Visit, enterprise: Enterprise, term: Term) -> None:
        self._visit, self._enterprise, self._term = visit, enterprise, term
        self._may = visit.who.may(Right.KEEP_STATEMENTS)
        self._typed: dict[str, str] = {}
        self._reason, self._status = "", Status.FLASH
        self._history: list[Statement] = []
        self._around: list[Statement] = []
        self._wrong: dict[str, TextElement] = {}

    async def place_here(self) -> None:
        """Put the form here."""
        self._said = text("p", "", "notice", role="status")
        self._said.set_visibility(visible=False)
        self._box = tag("div")
        await self._load()
        self._draw()

    @property
    def _newest(self) -> Statement | None:
        return self._history[-1] if self._history else None

    async def _load(self) -> None:
        """Read every revision, and the statements since the same term a year ago."""
        engine, term, own = self._visit.board.services.engine, self._term, self._enterprise.id
        self._history = await asyncio.to_thread(statements.history, engine, own, term)
        self._around = await asyncio.to_thread(
            statements.current, engine, first=term.year_ago(), last=term, enterprise=own
        )
        self._status = self._newest.status if self._newest else Status.FLASH
        self._typed, self._reason = {}, ""

    def _draw(self) -> None:
        t = self._visit.t
        self._box.clear()
        with self._box:
            self._head()
            with tag("div", "stack"):
                with panel(t("statements_lines"), body="flush", sub=t("statements_lines_sub")):
                    self._lines()
                    if self._may:
                        self._foot()
                revisions(self._visit, self._history)

    def _head(self) -> None:
        t, term, newest = self._visit.t, self._term, self._newest
        with tag("div", "page-head"):
            with tag("p", "crumb"):
                link(t("room_statements"), f"/statements?year={term.year}")
                text("span", f" / {self._enterprise.id}", "mono")
            text("h1", f"{t.pick(self._enterprise.name, self._enterprise.name_en)} · {term_words(term, t.language)}")
            state = newest.status.value if newest else "missing"
            text("span", t(f"statements_state_{state}"), f"badge {state}")
            if newest is not None:
                text("span", t("statements_revision", n=newest.revision), "sub")
            link(f"← {term.before()}", f"/statements/{self._enterprise.id}/{term.before()}", "sub")
            following = Term(term.span, term.last + term.length)
            link(f"{following} →", f"/statements/{self._enterprise.id}/{following}", "sub")

    def _lines(self) -> None:
        t, term = self._visit.t, self._term
        with tag("div", "scroll"), tag("table", "grid cards entry"):
            with tag("thead"), tag("tr"):
                text("th", t("statements_line"))
                text("th", t("statements_value"), "n")
                text("th", str(term.before()), "n")
                text("th", str(term.year_ago()), "n")
                if term.span is not Span.MONTH:
                    text("th", t("statements_from_parts"), "n")
            with tag("tbody"):
                for line in lines().values():
                    self._line(line)

    def _line(self, line: Line) -> None:
        t, newest = self._visit.t, self._newest
        now = newest.values.get(line.name) if newest else None
        earlier = {one.term: one.values.get(line.name) for one in self._around}
        with tag("tr"):
            with tag("td", "name wide"):
                text("span", line.called(t.language))
                text("small", line.unit)
                self._wrong[line.name] = text("p", "", "error-line", role="alert")
                self._wrong[line.name].set_visibility(visible=False)
            with tag("td", "n wide"):
                if self._may:
                    self._field(line, now)
                else:
                    text("span", figure(now))
            for other in (self._term.before(), self._term.year_ago()):
                text("td", figure(earlier.get(other)), "n labelled", data_label=str(other))
            if self._term.span is not Span.MONTH:
                self._from_parts(line, now)

    def _field(self, line: Line, now: Decimal | None) -> None:
        label = f"{line.called(self._visit.t.language)} ({line.unit})"
        typing(
            partial(self._typed.__setitem__, line.name),
            plain(now),
            "amount",
            inputmode="decimal",
            maxlength="40",
            aria_label=label,
        )

    def _from_parts(self, line: Line, now: Decimal | None) -> None:
        """Show what the months or quarters add up to, beside the term's own figure."""
        t = self._visit.t
        amount = amounts([one for one in self._around if one.term != self._term], line.name, self._term)
        cell = text("td", figure(amount.value), "n labelled", data_label=t("statements_from_parts"))
        if now is not None and amount.value is not None and now != amount.value:
            cell.classes("differs").props["title"] = t("statements_differs")
        elif amount.why is not None:
            cell.props["title"] = amount.why.sentence(t.language)

    def _foot(self) -> None:
        t = self._visit.t
        with tag("div", "form-foot"):
            states = {status.value: t(f"statements_state_{status.value}") for status in Status}
            choosing(t("statements_status"), states, self._status.value, self._choose)
            if self._newest is not None:
                labelled(t("statements_reason"), self._say_why, classes="grow", placeholder=t("statements_reason_hint"))
            self._save = button(t("statements_save"), self._keep, "button main")
        text("p", t("statements_form_note"), "note inset")

    def _choose(self, words: str) -> None:
        self._status = Status(words)

    def _say_why(self, words: str) -> None:
        self._reason = words

    async def _keep(self) -> None:
        """Read what was typed and keep it; every mistake is shown at its line."""
        if "disabled" in self._save.props:
            return
        for shown in self._wrong.values():
            shown.set_visibility(visible=False)
        notes = Notes({})
        given = Statement(self._enterprise.id, self._term, self._status, self._values(notes))
        if notes.mistakes:
            self._tell(EntryRefused(notes.mistakes))
            return
        services, before = self._visit.board.services, self._newest
        self._save.props["disabled"] = True
        try:
            done = await asyncio.to_thread(
                statements.save,
                services.engine,
                [given],
                who=self._visit.who.name,
                now=services.clock(),
                reason=self._reason,
                places=[{"": "", **{name: name for name in (*lines(), "reason", "status", "term")}}],
            )
        except EntryRefused as refused:
            self._tell(refused)
            return
        except OperationalError:
            self._say(self._visit.t("database_down"))
            return
        finally:
            del self._save.props["disabled"]
        await self._load()
        self._draw()
        t, newest = self._visit.t, self._newest
        kept = t("statements_kept", n=newest.revision if newest else 0) if done else t("statements_nothing_new")
        again = [one.sentence(t.language) for one in doubts(newest, before)] if newest and done else []
        self._say(" ".join([kept, *again]))

    def _values(self, notes: Notes) -> dict[str, Decimal | None]:
        """Read what was typed; a field that was emptied withdraws its value."""
        found: dict[str, Decimal | None] = {}
        for name, words in self._typed.items():
            line = lines()[name]
            if is_blank(words):
                if self._newest is not None and self._newest.values.get(name) is not None:
                    found[name] = None
                continue
            found[name] = read_number(notes, name, words, unit=line.unit, digits=line.digits, least=line.least)
        return found

    def _tell(self, refused: EntryRefused) -> None:
        language = self._visit.t.language
        rest = []
        for mistake in refused.mistakes:
            place = self._wrong.get(mistake.path)
            if place is None:
                rest.append(mistake.sentence(language))
                continue
            place.set_text(mistake.sentence(language))
            place.set_visibility(visible=True)
        self._say(" ".join([self._visit.t("statements_not_kept"), *rest]))

    def _say(self, words: str) -> None:
        self._said.set_text(words)
        self._said.set_visibility(visible=True)
