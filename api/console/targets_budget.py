"""Budgets on the page of annual targets: what each enterprise used beside the share of the year that is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

from sqlalchemy.exc import OperationalError

from adapters.relational import budgets
from adapters.relational.refusal import EntryRefused
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, link, panel, tag, text
from api.console.tongue import MISSING, number, percent
from park.budget import DIGITS, Budget, Kind, Progress, State
from park.entered import is_blank, read_number
from park.place import Park
from park.principal import Right
from park.registry_notes import Notes

Draw = Callable[[], Awaitable[None]]
MARKS = {State.WITHIN: "on", State.AHEAD: "off", State.OVER: "off", State.UNKNOWN: "never"}


def read(visit: Visit, park: str, year: int) -> list[Progress]:
    """Give the budgets of a park for a year, who is furthest ahead first; blocks for the database."""
    parts = visit.board.services
    registry = parts.registry.current()
    found = budgets.standing(parts.engine, registry, year, now=parts.clock(), zone=parts.zone)
    here = [one for one in found if registry.by_enterprise[one.budget.enterprise].park == park]
    return sorted(here, key=lambda one: -1.0 if one.pace is None else one.pace, reverse=True)


def budgets_panel(visit: Visit, park: Park, year: int, standing: list[Progress], draw: Draw) -> None:
    """Draw the budgets of a year, and the forms to enter them."""
    t, keeps = visit.t, visit.who.may(Right.KEEP_ACCOUNTS)
    with panel(t("budget_panel"), body="flush", sub=t("budget_sub")):
        if not standing:
            with tag("div", "empty"):
                text("h2", t("budget_none_title", year=year))
                text("p", t("budget_none") if keeps else t("budget_none_yet"))
        for one in standing:
            with tag("div", "target budget"):
                _row(visit, one)
                if keeps:
                    _revise(visit, one.budget, draw)
        if keeps:
            _new(visit, park, year, draw)


def _row(visit: Visit, one: Progress) -> None:
    t, kept, parts = visit.t, one.budget, visit.board.services
    enterprise = parts.registry.current().by_enterprise[kept.enterprise]
    with tag("div", "target-head"):
        with tag("span"):
            text("b", t.pick(enterprise.name, enterprise.name_en))
            text("span", f" · {t(f'budget_kind_{kept.kind}')}", "of")
        text("span", t(f"budget_state_{one.state}"), f"dot {MARKS[one.state]}")
    with tag("div", "target-bar"):
        with tag("div", "track"):
            fill = tag("div", "fill behind" if one.state in {State.AHEAD, State.OVER} else "fill")
            fill.style(f"width: {min(max(one.used or 0.0, 0.0), 1.0) * 100:.1f}%")
            line = tag("div", "gone")
            line.style(f"left: {one.gone * 100:.1f}%")
        budget = MISSING if kept.amount is None else f"{kept.amount:,f}"
        text("span", f"{MISSING if one.value is None else number(one.value)} / {budget} {kept.kind.unit}", "num")
    words = [t("budget_gone", gone=_share(one.gone))]
    if one.used is not None:
        words.insert(0, t("budget_used", used=_share(one.used)))
    if one.pace is not None:
        words.append(t("budget_pace", pace=_share(one.pace)))
    if one.figure is not None:
        words.append(t("budget_known", share=percent(one.coverage.measured + one.coverage.estimated)))
    with tag("p", "note"):
        text("span", " · ".join(words))
        if one.figure is not None:
            text("span", " · ")
            link(t("budget_figure"), f"/explain/{one.figure}")
    if one.why is not None:
        text("p", one.why.sentence(t.language), "note")
    if kept.at is not None:
        entered = t("eval_entered", who=kept.who, at=t.moment(kept.at, parts.clock()), n=kept.revision)
        text("p", f"{entered} · {kept.reason}", "note")


def _share(share: float) -> str:
    return f"{share * 100:.1f}"


def _revise(visit: Visit, kept: Budget, draw: Draw) -> None:
    t, form = visit.t, Form()
    with tag("details", "no-print"):
        text("summary", t("budget_revise"))
        with tag("div", "bar-of-filters"):
            was = "" if kept.amount is None else f"{kept.amount:f}"
            label = t("budget_amount", unit=kept.kind.unit)
            form.line("amount", label, value=was, hint=t("budget_back_hint"))
            form.line("reason", t("budget_reason"), hint=t("budget_reason_hint"))

            async def keep() -> None:
                await _keep(visit, form, kept.enterprise, kept.year, kept.kind, draw=draw, back=True)

            button(t("eval_save"), keep, "button main")
            form.rest_here()


def _new(visit: Visit, park: Park, year: int, draw: Draw) -> None:
    t, form = visit.t, Form()
    members = {
        one.id: t.pick(one.name, one.name_en)
        for one in visit.board.services.registry.current().enterprises
        if one.park == park.id
    }
    if not members:
        return
    with tag("details", "inset no-print budget-new"):
        text("summary", t("budget_new"))
        with tag("div", "bar-of-filters"):
            form.choice("enterprise", t("col_enterprise"), members)
            form.choice(
                "kind", t("budget_kind"), {one.value: f"{t(f'budget_kind_{one}')} ({one.unit})" for one in Kind}
            )
            form.line("amount", t("budget_amount_new"))
            form.line("reason", t("budget_reason"), hint=t("budget_reason_hint"))

            async def keep() -> None:
                await _keep(visit, form, form.word("enterprise"), year, Kind(form.word("kind")), draw=draw, back=False)

            button(t("eval_save"), keep, "button main")
            form.rest_here()


async def _keep(visit: Visit, form: Form, enterprise: str, year: int, kind: Kind, *, draw: Draw, back: bool) -> None:
    """Keep what a form holds, or say under its fields what is wrong; `back` lets an empty amount take it back."""
    notes, parts, written = Notes({}), visit.board.services, form.word("amount")
    amount: Decimal | None = None
    if not (back and is_blank(written)):
        amount = read_number(notes, "amount", written, unit=kind.unit, digits=DIGITS)
    entered = Budget(enterprise, year, kind, amount, form.word("reason"))
    try:
        if not notes.mistakes:
            await asyncio.to_thread(
                budgets.save, parts.engine, [entered], who=visit.who.name, now=parts.clock(), place=""
            )
    except EntryRefused as refused:
        places = {mistake.path: mistake.path.rpartition(".")[2] for mistake in refused.mistakes}
        form.tell(refused.mistakes, visit.t.language, places)
    except OperationalError:
        form.say(visit.t("database_down"))
    else:
        form.tell(notes.mistakes, visit.t.language)
        if not notes.mistakes:
            await draw()
