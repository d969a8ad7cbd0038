"""亩均评价: how the enterprises are graded, at a glance first, then ranked, then what if."""

import asyncio
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import evaluations
from adapters.relational.refusal import Refused
from api.console import empty, evaluation_picture, evaluation_sheet
from api.console.evaluation_marks import marks_panel
from api.console.evaluation_read import Look, read
from api.console.evaluation_table import ranking
from api.console.evaluation_what_if import WhatIfPanel
from api.console.frame import Visit
from api.console.parts import button, tag, text
from api.evaluation_inputs import gather, lacking
from park.evaluation.indicator import indicators
from park.evaluation.quantity import quantities
from park.evaluation.result import State
from park.factor import Basis
from park.principal import Right


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query names park, scheme, term and basis.  An enterprise's own user gets its own sheet."""
    t = visit.t
    pulse = await visit.board.pulse()
    asked, whole = dict(request.query_params), visit.enterprise is None
    try:
        look = await asyncio.to_thread(read, visit.board.services, pulse.registry, asked, preview=whole)
    except OperationalError:
        text("p", t("database_down"), "notice", role="status")
        return t("room_evaluation")
    with tag("div", "page-head"):
        text("h1", t("room_evaluation"))
        if look is not None:
            text("span", t.pick(look.park.name, look.park.name_en), "sub")
    if look is None:
        empty.registry(t)
        return t("room_evaluation")
    _filters(visit, look)
    if visit.enterprise is not None:
        _own(visit, look, visit.enterprise)
        return t("room_evaluation")
    _standing(visit, look)
    with tag("div", "stack"):
        _whole(visit, look)
    return t("room_evaluation")


def _whole(visit: Visit, look: Look) -> None:
    """Draw the picture, or what to enter next, and below it the ranking and what may be done."""
    result = look.result
    graded = result is not None and any(one.state is State.GRADED for one in result.results)
    if result is None or not graded:
        _empty(visit, look)
    else:
        evaluation_picture.draw(visit, look, result)
    if result is None or not result.results:
        return
    ranking(visit, look, result)
    if graded:
        WhatIfPanel(visit, look, result)
    marks_panel(visit, look)


def address(look: Look, path: str = "/evaluation") -> str:
    """Give the address of what is shown."""
    named = {"scheme": look.scheme.scheme.id, "period": str(look.term), "basis": look.basis.value, "park": look.park.id}
    return f"{path}?{urlencode(named)}"


def _filters(visit: Visit, look: Look) -> None:
    t = visit.t
    with tag("form", "bar-of-filters no-print", method="get", action="/evaluation"):
        names = {key: t.pick(kept.scheme.name, kept.scheme.name_en) for key, kept in look.schemes.items()}
        select("scheme", t("eval_scheme"), names, look.scheme.scheme.id)
        select("period", t("eval_term"), {str(one): str(one) for one in look.terms}, str(look.term))
        bases = {Basis.EQUIVALENT.value: t("eval_basis_equivalent"), Basis.CALORIFIC.value: t("eval_basis_calorific")}
        select("basis", t("eval_basis"), bases, look.basis.value)
        if len(look.parks) > 1:
            select("park", t("eval_park"), {one.id: t.pick(one.name, one.name_en) for one in look.parks}, look.park.id)
        text("button", t("eval_look"), "button", type="submit")
        if look.kept is not None and visit.enterprise is None:
            text("a", t("eval_roster"), "button", href=f"/api/v1/evaluations/{look.kept.id}/roster.xlsx")


def select(name: str, label: str, options: dict[str, str], value: str) -> None:
    """Put a choice of a form here."""
    with tag("label", "field"):
        text("span", label)
        with tag("select", name_=name):
            for key, words in options.items():
                option = text("option", words, value=key)
                if key == value:
                    option.props["selected"] = True


def _standing(visit: Visit, look: Look) -> None:
    """Say whether this is kept, and let who may keep it."""
    t = visit.t
    for said in look.result.notes if look.result else ():
        text("p", said.sentence(t.language), "notice")
    note = t.pick(look.rules.note, look.rules.note_en)
    if note:
        text("p", note, "lead eval-note")
    with tag("div", "bar-of-filters no-print"):
        kept = look.kept
        if kept is None:
            text("span", t("eval_preview"), "mark", role="status")
        else:
            at = t.moment(kept.at, visit.board.services.clock())
            words = t("eval_kept", n=kept.revision, who=kept.who, at=at, why=kept.reason or t("eval_no_reason"))
            text("span", words, "sub", role="status")
            if look.stale:
                text("span", t("eval_stale"), "mark")
        if visit.who.may(Right.KEEP_ACCOUNTS) and (kept is None or look.stale):
            _keeper(visit, look)


def _keeper(visit: Visit, look: Look) -> None:
    t, told = visit.t, text("span", "", "mark", role="alert")
    reason = tag("input", "eval-reason", type="text", maxlength="200", placeholder=t("eval_reason"))
    said = {"reason": ""}
    reason.on("input", lambda event: said.update(reason=str(event.args)), js_handler="(e) => emit(e.target.value)")

    async def keep() -> None:
        try:
            await asyncio.to_thread(_keep, visit, look, said["reason"])
        except Refused as refused:
            told.set_text(refused.sentence(t.language))
        except OperationalError:
            told.set_text(t("database_down"))
        else:
            visit.client.open(address(look))

    button(t("eval_keep_again" if look.kept else "eval_keep"), keep, "button main")


def _keep(visit: Visit, look: Look, reason: str) -> None:
    parts = visit.board.services
    evaluations.save(
        parts.engine,
        gather(parts, look.park.id, look.scheme, look.term, look.basis),
        park=look.park.id,
        term=look.term,
        revision=look.scheme.revision,
        who=visit.who.name,
        now=parts.clock(),
        reason=reason,
    )


def _own(visit: Visit, look: Look, enterprise: str) -> None:
    """Show an enterprise its own sheet, where there is one."""
    own = look.kept.result.of(enterprise) if look.kept else None
    if own is None:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", visit.t("eval_own_none_title"))
            text("p", visit.t("eval_own_none"))
        return
    evaluation_sheet.draw(visit, look, own)


def _empty(visit: Visit, look: Look) -> None:
    """Say what to enter next: what most enterprises lack of what the scheme needs."""
    t = visit.t
    needed = _needed(look)
    counts = lacking(visit.board.services.registry.current().enterprises, look.inputs) if look.inputs else {}
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("eval_empty_title", term=str(look.term)))
        text("p", t("eval_empty"))
        with tag("ul", "eval-lack"):
            for name, base in quantities().items():
                if name in needed and counts.get(name):
                    place = {"statement": "/statements", "registry": "/enterprises", "figure": "/intensity"}[
                        base.origin
                    ]
                    with tag("li"):
                        words = t("eval_lack", what=t.pick(base.zh, base.en), n=counts[name])
                        text("a", words, href=place)


def _needed(look: Look) -> set[str]:
    items = [indicators()[item.key] for cohort in look.rules.cohorts for item in cohort.items]
    names = {name for item in items for name in (item.numerator, item.denominator)}
    by_revenue = any(cohort.members.revenue_at_least is not None for cohort in look.rules.cohorts)
    return names | ({"revenue"} if by_revenue else set())
