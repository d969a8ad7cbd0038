"""项目评估: a project before entry, what is expected of it, and where it would stand."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import evaluations, projects
from adapters.relational.evaluations import Head
from adapters.relational.projects import KeptProject
from api.console.evaluation_picture import chip
from api.console.evaluation_sheet import score_table
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.console.tongue import MISSING, number
from api.routes.projects import subject_of
from park.entered import is_blank, read_number
from park.evaluation.quantity import quantities
from park.principal import Right
from park.registry_notes import Notes

DIGITS = 6
Draw = Callable[[], Awaitable[None]]
ASKED = ("area_mu", "tax", "value_added", "output", "revenue", "rd", "employees", "energy_tce", "co2_t", "pollutant_t",
         "electricity_kwh", "water_m3")  # fmt: skip


async def build(visit: Visit, _request: Request) -> str:
    """Fill the page."""
    t = visit.t
    with tag("div", "page-head"):
        text("h1", t("room_projects"))
    text("p", t("eval_projects_sub"), "lead")
    body = tag("div", "stack")

    async def draw() -> None:
        parts = visit.board.services
        try:
            heads = await asyncio.to_thread(evaluations.listing, parts.engine)
            kept = await asyncio.to_thread(projects.listing, parts.engine)
        except OperationalError:
            body.clear()
            with body:
                text("p", t("database_down"), "notice", role="status")
            return
        body.clear()
        with body:
            if not heads:
                with tag("section", "panel"), tag("div", "empty"):
                    text("h2", t("eval_projects_empty_title"))
                    text("p", t("eval_projects_empty"))
                    text("a", t("room_evaluation"), "button", href="/evaluation")
                return
            if visit.who.may(Right.KEEP_ACCOUNTS):
                _form(visit, heads, draw)
            for one in kept:
                _project(visit, one, heads)

    await draw()
    return t("room_projects")


def _form(visit: Visit, heads: list[Head], draw: Draw) -> None:
    t, form = visit.t, Form()
    with panel(t("eval_project_new")):
        with tag("div", "bar-of-filters"):
            form.choice("evaluation", t("eval_against"), {str(head.id): _called(head) for head in heads})
            form.line("name", t("eval_project_name"))
            form.line("industry", t("col_industry"), hint="1523")
        with tag("div", "bar-of-filters"):
            for name in ASKED:
                base = quantities()[name]
                form.line(name, f"{t.pick(base.zh, base.en)} ({base.unit})")
        form.rest_here()

        async def score() -> None:
            notes = Notes({})
            expected = _expected(notes, form)
            if not form.word("name"):
                notes.add("name", "请填写项目名称。", "Name the project.")
            form.tell(notes.mistakes, t.language)
            if notes.mistakes:
                return
            try:
                await asyncio.to_thread(_score, visit, form, expected)
            except OperationalError:
                form.say(t("database_down"))
            else:
                await draw()

        button(t("eval_project_score"), score, "button main")


def _expected(notes: Notes, form: Form) -> dict[str, float]:
    """Read what was filled in; what was not is missing, and stays so."""
    found: dict[str, float] = {}
    for name in ASKED:
        if is_blank(form.word(name)):
            continue
        value = read_number(notes, name, form.word(name), unit=quantities()[name].unit, digits=DIGITS)
        if value is not None:
            found[name] = float(value)
    return found


def _score(visit: Visit, form: Form, expected: Mapping[str, float]) -> None:
    parts = visit.board.services
    against = evaluations.find(parts.engine, int(form.word("evaluation")))
    if against is not None:
        made = subject_of(form.word("name"), form.word("industry"), dict(expected))
        projects.save(parts.engine, made, against, who=visit.who.name, now=parts.clock())


def _project(visit: Visit, one: KeptProject, heads: list[Head]) -> None:
    t, result = visit.t, one.result
    head = next((head for head in heads if head.id == one.evaluation), None)
    at = t.moment(one.at, visit.board.services.clock())
    sub = " · ".join([_called(head) if head else str(one.evaluation), one.who, at])
    with panel(one.name, body="flush", sub=sub):
        with tag("div", "target"), tag("div", "target-head"):
            with tag("span"):
                chip(result.grade)
                place = MISSING if result.rank is None else t("eval_place", rank=result.rank, of=result.of)
                text("b", f" {number(result.total)} · {place}")
            text("span", result.reason.sentence(t.language), "sub")
        with tag("details", "inset"):
            text("summary", t("eval_project_steps"))
            score_table(t, result)


def _called(head: Head) -> str:
    return f"{head.scheme} {head.term} r{head.revision}"
