"""Economic statements over a year at a glance: who reported which term, as flash or verified, and who lacks."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from fastapi import Request
from nicegui import ui
from nicegui.element import Element

from adapters.relational import statements
from api.console.frame import Visit
from api.console.parts import button, link, tag, text
from api.console.statement_words import mark, share
from api.console.tongue import Tongue
from park.amount import finer
from park.place import Enterprise
from park.principal import Right
from park.statement import Statement, Status
from park.term import MONTHS, YEARS, Span, Term, month_of, year_of

ON_ONE_PAGE = 50
YEARS_BACK = 6
Key = tuple[str, Term]


@dataclass(frozen=True, slots=True)
class Year:
    """What one year's grid shows."""

    columns: tuple[Term, ...]
    """Each quarter's months and itself, and the year last."""
    kept: Mapping[Key, Statement]
    now: Term
    """The month it is."""

    def state(self, enterprise: str, term: Term) -> str:
        """Say how a cell stands: verified, flash, summed from its parts, missing, or later where it is not over."""
        found = self.kept.get((enterprise, term))
        if found is not None:
            return found.status.value
        if term.last >= self.now.last:
            return "later"
        parts = [self.state(enterprise, part) for part in finer(term)]
        return "summed" if parts and "missing" not in parts else "missing"


async def build(visit: Visit, request: Request) -> str:
    """Fill the page."""
    t = visit.t
    pulse = await visit.board.pulse()
    now = month_of(pulse.now, t.zone)
    year = year_of(chosen_year(request.query_params.get("year", ""), now))
    own = [one for one in pulse.registry.enterprises if visit.who.sees(one.id)]
    engine = visit.board.services.engine
    found = await asyncio.to_thread(statements.current, engine, first=year, last=year, enterprise=visit.enterprise)
    shown = Year(_columns(year), {one.key: one for one in found}, now)
    with tag("div", "page-head"):
        text("h1", t("room_statements"))
        text("span", t("statements_count", n=f"{len(found):,}", year=year), "sub", role="status")
    tabs(visit, "statements")
    if not own:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("statements_no_enterprise_title"))
            text("p", t("statements_no_enterprise"))
            text("code", "smartpark registry import park.yaml")
        return t("room_statements")
    _bar(visit, year, now)
    with tag("div", "stack"):
        if not found:
            _what_next(visit, own[0], now.before())
        _progress(visit, shown, own)
        Grid(visit, shown, own).place_here()
    return t("room_statements")


def chosen_year(asked: str, now: Term) -> Term:
    """Give a month of the year that was asked for; that of last month where none was."""
    if asked.isascii() and asked.isdigit() and int(asked) in YEARS:
        return Term(Span.MONTH, int(asked) * MONTHS + MONTHS - 1)
    return now.before()


def tabs(visit: Visit, here: str) -> None:
    """Draw the ways between what is reported, what is entered, and bringing in a file."""
    t = visit.t
    entries = {"statements": "/statements", "activities": "/statements/activities"}
    if visit.who.may(Right.KEEP_STATEMENTS):
        entries["import"] = "/statements/import"
    with tag("nav", "ways", aria_label=t("room_statements")):
        for key, target in entries.items():
            entry = link(t(f"statements_tab_{key}"), target)
            if key == here:
                entry.props["aria-current"] = "page"


def _columns(year: Term) -> tuple[Term, ...]:
    quarters = [Term(Span.QUARTER, last) for last in range(year.first + 2, year.last + 1, 3)]
    return (*(term for quarter in quarters for term in (*quarter.months(), quarter)), year)


def _bar(visit: Visit, year: Term, now: Term) -> None:
    t = visit.t
    with tag("div", "bar-of-filters no-print"):
        with tag("label", "field"):
            text("span", t("statements_year"))
            with tag("select") as select:
                for number in range(now.year, now.year - YEARS_BACK, -1):
                    option = text("option", str(number), value=str(number))
                    if number == year.year:
                        option.props["selected"] = True
        select.on("change", js_handler="(event) => location.assign('/statements?year=' + event.target.value)")
        link(t("statements_export"), f"/api/v1/statements/export?first={year}&last={year}", "button")
        if visit.who.may(Right.KEEP_STATEMENTS):
            month = now.before()
            link(t("statements_template", term=month), f"/api/v1/statements/template?term={month}", "button")
            link(t("statements_tab_import"), "/statements/import", "button main")


def _what_next(visit: Visit, first: Enterprise, month: Term) -> None:
    t = visit.t
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("statements_empty_title"))
        text("p", t("statements_empty"))
        if visit.who.may(Right.KEEP_STATEMENTS):
            with tag("p"):
                link(t("statements_enter_first", term=month), f"/statements/{first.id}/{month}")


def _progress(visit: Visit, year: Year, own: Sequence[Enterprise]) -> None:
    """Draw how many enterprises have reported each month, verified below flash."""
    t = visit.t
    with tag("section", "panel"):
        with tag("header", "panel-head"):
            text("h2", t("statements_progress"))
            with tag("span", "legend"):
                for key in ("verified", "flash", "missing"):
                    with tag("span"):
                        text("i", "", f"swatch {key}")
                        text("span", t(f"statements_state_{key}"))
        with tag("div", "panel-body"), tag("ol", "months"):
            for month in (term for term in year.columns if term.span is Span.MONTH):
                states = [year.state(one.id, month) for one in own]
                verified, flash = states.count("verified"), states.count("flash")
                with tag("li", "" if month.last < year.now.last else "ahead"):
                    words = t("statements_of", n=verified + flash, of=len(own))
                    with tag("div", "column", role="img", aria_label=f"{month} {words}", title=f"{month} {words}"):
                        tag("i", "flash").style(f"height: {share(flash, len(own))}")
                        tag("i", "verified").style(f"height: {share(verified, len(own))}")
                    text("b", f"{verified + flash}/{len(own)}" if month.last < year.now.last else "")
                    text("small", t("statements_month", n=month.last % MONTHS + 1))


class Grid:
    """The enterprises and their terms, a page of them at a time; those that lack something may come first."""

    def __init__(self, visit: Visit, year: Year, own: Sequence[Enterprise]) -> None:
        self._visit, self._year, self._own = visit, year, own
        self._page, self._words, self._lacking = 0, "", False

    def place_here(self) -> None:
        """Put the grid here."""
        t = self._visit.t
        with tag("section", "panel"):
            with tag("header", "panel-head"):
                text("h2", t("statements_grid"))
                field = tag("input", "find", type="search", placeholder=t("search_hint"), aria_label=t("search"))
                field.on(
                    "input", lambda event: self._find(str(event.args)), throttle=0.3, leading_events=False,
                    js_handler="(event) => emit(event.target.value)",
                )  # fmt: skip
                self._only = button(t("statements_only_lacking"), self._toggle, "quiet", aria_pressed="false")
            self._body: Element = tag("div", "scroll")
            with tag("div", "pager") as self._pager:
                self._back = button(t("previous"), lambda: self._turn(-1))
                self._where = text("span")
                self._on = button(t("next"), lambda: self._turn(1))
        self._draw()

    def _find(self, words: str) -> None:
        self._words, self._page = words.casefold(), 0
        self._draw()

    def _toggle(self) -> None:
        self._lacking, self._page = not self._lacking, 0
        self._only.props["aria-pressed"] = str(self._lacking).lower()
        self._draw()

    def _turn(self, by: int) -> None:
        self._page += by
        self._draw()

    def _fits(self, one: Enterprise) -> bool:
        if self._lacking and not any(
            self._year.state(one.id, term) == "missing" for term in self._year.columns if term.span is Span.MONTH
        ):
            return False
        names = f"{one.id} {one.name} {one.name_en}".casefold()
        return all(word in names for word in self._words.split())

    def _draw(self) -> None:
        t = self._visit.t
        found = [one for one in self._own if self._fits(one)]
        start = self._page * ON_ONE_PAGE
        shown = found[start : start + ON_ONE_PAGE]
        self._pager.set_visibility(len(found) > ON_ONE_PAGE)
        self._where.set_text(t("rows", first=start + 1, last=start + len(shown), of=f"{len(found):,}"))
        self._back.set_visibility(self._page > 0)
        self._on.set_visibility(start + ON_ONE_PAGE < len(found))
        self._body.clear()
        with self._body:
            if shown:
                ui.html(table(t, self._year, shown), sanitize=False)
            else:
                text("p", t("statements_none_found"), "empty")


def table(t: Tongue, year: Year, shown: Sequence[Enterprise]) -> str:
    """Write the grid as one piece: a thousand cells are one element to the browser's connection."""
    heads = "".join(f'<th scope="col" class="{one.span}">{escape(_head(t, one))}</th>' for one in year.columns)
    rows = []
    for one in shown:
        name = t.pick(one.name, one.name_en)
        cells = "".join(_cell(t, year, one, term) for term in year.columns)
        rows.append(f'<tr><th scope="row"><span>{escape(name)}</span><small>{escape(one.id)}</small></th>{cells}</tr>')
    head = f'<tr><th scope="col">{escape(t("col_enterprise"))}</th>{heads}</tr>'
    return f'<table class="terms"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def _head(t: Tongue, term: Term) -> str:
    if term.span is Span.MONTH:
        return t("statements_month", n=term.last % MONTHS + 1)
    return str(term) if term.span is Span.YEAR else str(term)[-2:]


def _cell(t: Tongue, year: Year, one: Enterprise, term: Term) -> str:
    state = year.state(one.id, term)
    kept = year.kept.get((one.id, term))
    words = f"{t.pick(one.name, one.name_en)} {term} {t(f'statements_state_{state}')}"
    if kept is not None:
        words += f" · {t('statements_revision', n=kept.revision)}"
    letter = mark(t, Status(state)) if kept is not None else "Σ" if state == "summed" else ""
    return (
        f'<td class="{term.span}"><a class="state {state}" href="/statements/{one.id}/{term}" title="{escape(words)}"'
        f' aria-label="{escape(words)}">{escape(letter)}</a></td>'
    )
