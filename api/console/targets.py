"""年度目标: each item of the annual plan as a bar against what is wanted, the gap, and the form to enter progress."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import targets
from api.console import empty
from api.console.evaluation import select
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from api.console.targets_budget import budgets_panel
from api.console.targets_budget import read as read_budgets
from api.console.tongue import MISSING
from api.plan import Row, rows, share_over
from park.entered import is_blank, read_number
from park.place import Park
from park.principal import Right
from park.registry_notes import Notes
from park.target import Kind, State, Target, shown
from park.term import month_of

YEARS = 4
DIGITS = 6
MARKS = {State.REACHED: "on", State.ON_TRACK: "on", State.BEHIND: "off", State.UNKNOWN: "never"}
Draw = Callable[[], Awaitable[None]]
FIELDS = ("goal", "benchmark", "value")


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query names the park and the year."""
    t = visit.t
    pulse = await visit.board.pulse()
    with tag("div", "page-head"):
        text("h1", t("room_targets"))
        sub = text("span", "", "sub", role="status")
    parks = pulse.registry.parks
    if not parks:
        empty.registry(t)
        return t("room_targets")
    park = next((one for one in parks if one.id == request.query_params.get("park")), parks[0])
    this_year = month_of(pulse.now, visit.board.services.zone).year
    years = [this_year - back for back in range(YEARS)]
    asked = request.query_params.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else this_year
    with tag("form", "bar-of-filters no-print", method="get", action="/targets"):
        select("year", t("eval_year"), {str(one): str(one) for one in years}, str(year))
        if len(parks) > 1:
            select("park", t("eval_park"), {one.id: t.pick(one.name, one.name_en) for one in parks}, park.id)
        text("button", t("eval_look"), "button", type="submit")
    body = tag("div", "stack")

    async def draw() -> None:
        try:
            found = await asyncio.to_thread(rows, visit.board.services, park.id, year)
            budgeted = await asyncio.to_thread(read_budgets, visit, park.id, year)
        except OperationalError:
            sub.set_text(t("database_down"))
            return
        over = shown(share_over(visit.board.services, year) * 100)
        sub.set_text(t("eval_year_over", park=t.pick(park.name, park.name_en), share=over))
        body.clear()
        with body:
            _fill(visit, park, year, found, draw)
            budgets_panel(visit, park, year, budgeted, draw)

    await draw()
    return t("room_targets")


def _fill(visit: Visit, park: Park, year: int, found: list[Row], draw: Draw) -> None:
    t = visit.t
    counts = {state: sum(1 for row in found if row.standing.state is state) for state in State}
    with tag("div", "tiles"):
        for state in State:
            with tag("section", "tile"):
                text("h2", t(f"eval_state_{state}"))
                with tag("p", "big"):
                    text("span", str(counts[state]), "num")
                    text("span", t("eval_of_items", n=len(found)), "unit")
    if counts[State.UNKNOWN] == len(found):
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("eval_targets_empty_title"))
            text("p", t("eval_targets_empty"))
    with panel(t("eval_plan"), body="flush", sub=t("eval_plan_sub")):
        for row in found:
            with tag("div", "target"):
                _item(visit, row)
                if visit.who.may(Right.KEEP_ACCOUNTS):
                    _form(visit, park, year, row, draw)


def _item(visit: Visit, row: Row) -> None:
    t, item, standing = visit.t, row.item, row.standing
    with tag("div", "target-head"):
        text("b", t.pick(item.zh, item.en))
        text("span", t(f"eval_state_{standing.state}"), f"dot {MARKS[standing.state]}")
    unit = f" {item.unit}"
    with tag("div", "target-bar"):
        with tag("div", "track"):
            fill = tag("div", f"fill {standing.state}")
            fill.style(f"width: {_share(row) * 100:.0f}%")
        words = MISSING if standing.value is None else shown(standing.value) + unit
        wanted = MISSING if standing.wanted is None else shown(standing.wanted) + unit
        text("span", t("eval_value_of", value=words, wanted=wanted), "num")
    with tag("p", "note"):
        text("span", standing.reason.sentence(t.language))
        if standing.computed:
            text("span", " · " + t("eval_computed"))
        if item.text:
            text("span", " · " + t("eval_plan_says", words=t.pick(item.text, item.text_en)))
    if row.kept is not None:
        at = t.moment(row.kept.at, visit.board.services.clock())
        words = t("eval_entered", who=row.kept.who, at=at, n=row.kept.revision)
        text("p", f"{words} · {row.kept.target.note}" if row.kept.target.note else words, "note")


def _share(row: Row) -> float:
    """Say how far a bar reaches: value against what is wanted, within the bar."""
    value, wanted = row.standing.value, row.standing.wanted
    if value is None or wanted is None or value <= 0:
        return 0.0
    return 1.0 if wanted <= 0 else min(float(value / wanted), 1.0)


def _form(visit: Visit, park: Park, year: int, row: Row, draw: Draw) -> None:
    t, item, form = visit.t, row.item, Form()
    kept = row.kept.target if row.kept else Target()
    with tag("details", "no-print"):
        text("summary", t("eval_enter"))
        with tag("div", "bar-of-filters"):
            if item.kind is not Kind.RISE:
                label = "eval_lead" if item.kind is Kind.LEAD else "eval_goal"
                hint = "" if item.goal is None else shown(item.goal)
                form.line("goal", f"{t(label)} ({item.unit})", value=_text(kept, "goal"), hint=hint)
            if item.kind in {Kind.LEAD, Kind.RISE}:
                label = "eval_city" if item.kind is Kind.LEAD else "eval_last_year"
                form.line("benchmark", f"{t(label)} ({item.unit})", value=_text(kept, "benchmark"))
            form.line("value", f"{t('eval_progress')} ({item.unit})", value=_text(kept, "value"))
            form.line("note", t("eval_source"), value=kept.note)

            async def keep() -> None:
                notes = Notes({})
                numbers = {
                    name: None
                    if is_blank(form.word(name))
                    else read_number(notes, name, form.word(name), unit=item.unit, digits=DIGITS)
                    for name in FIELDS
                }
                form.tell(notes.mistakes, t.language)
                if notes.mistakes:
                    return
                entered = {item.name: Target(**numbers, note=form.word("note"))}
                try:
                    await asyncio.to_thread(_save, visit, park.id, year, entered)
                except OperationalError:
                    form.say(t("database_down"))
                else:
                    await draw()

            button(t("eval_save"), keep, "button main")
            form.rest_here()


def _save(visit: Visit, park: str, year: int, entered: dict[str, Target]) -> None:
    parts = visit.board.services
    targets.save(parts.engine, park, year, entered, who=visit.who.name, now=parts.clock())


def _text(target: Target, name: str) -> str:
    value = getattr(target, name)
    return "" if value is None else f"{value:f}"
