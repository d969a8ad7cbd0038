"""One figure explained: the formula with its numbers, inputs, factors, who is in it, and every revision."""

import asyncio
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.exc import OperationalError

from adapters.relational import figures
from adapters.relational.figures import Revision
from api.console import explain_inputs
from api.console.figure_marks import amount, cover_bar, shares, state, subject, unit
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.figure_factors import factors_of
from api.services import Services
from park.figure import Figure, Named, Scope, Used
from park.figure import parts as parts_of
from park.footprint_line import written
from park.indicator import indicators, quantities
from park.principal import Principal

MOST_LEFT = 100


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows."""

    one: Revision
    all: tuple[Revision, ...]
    factors: tuple[Used, ...]


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the address names the figure, its query an earlier revision."""
    t = visit.t
    wanted = request.path_params.get("id", "")
    number = request.query_params.get("revision", "")
    name = _open_to(visit.who, wanted)
    look = None
    if name is not None:
        try:
            look = await asyncio.to_thread(
                _read, visit.board.services, wanted, int(number) if number.isascii() and number.isdigit() else None
            )
        except OperationalError:
            text("p", t("database_down"), "notice", role="status")
            return t("room_explain")
    if look is None:
        with tag("section", "panel"), tag("div", "empty"):
            text("h2", t("fig_gone_title"))
            text("p", t("fig_gone"))
            with tag("p"):
                link(t("room_intensity"), "/intensity")
        return t("room_explain")
    _fill(visit, look)
    return indicators()[look.one.figure.indicator].called(t.language)


def _open_to(who: Principal, wanted: str) -> Named | None:
    """Read an id; None for what is none, or is not this person's to see."""
    try:
        found = parts_of(wanted)
    except ValueError:
        return None
    allowed = who.sees(found.subject) if found.scope is Scope.ENTERPRISE else who.enterprise is None
    return found if allowed and found.indicator in indicators() else None


def _read(services: Services, wanted: str, number: int | None) -> Look | None:
    all_of_it = figures.revisions(services.engine, wanted)
    one = next((each for each in all_of_it if number is None or each.revision == number), None)
    if one is None:
        return None
    return Look(one, tuple(all_of_it), tuple(factors_of(services.engine, one)))


def _fill(visit: Visit, look: Look) -> None:
    t = visit.t
    figure = look.one.figure
    registry = visit.board.services.registry.current()
    whose = subject(registry, figure.scope, figure.subject, t)
    with tag("div", "page-head"):
        with tag("p", "crumb"):
            text("a", t("room_intensity"), href=_back(figure))
            text("span", f" / {whose} / {figure.term}", "")
        text("h1", indicators()[figure.indicator].called(t.language))
        basis = "" if figure.basis is None else f" · {t(f'fig_basis_{figure.basis}')}"
        text("span", f"{whose} · {figure.term}{basis}", "sub")
    if look.one.revision != look.all[0].revision:
        with tag("p", "notice"):
            text("span", t("fig_older", n=look.one.revision) + " ")
            link(t("fig_newest"), f"/explain/{figure.id}")
    with tag("div", "stack"):
        _headline(visit, look)
        explain_inputs.inputs(visit, figure)
        _factors(visit, look)
        _panel(visit, figure)
        _revisions(visit, look)


def _back(figure: Figure) -> str:
    basis = "equivalent" if figure.basis is None else figure.basis.value
    return f"/intensity?of={figure.scope}:{figure.subject}&term={figure.term}&basis={basis}"


def _headline(visit: Visit, look: Look) -> None:
    t = visit.t
    figure = look.one.figure
    formula = indicators()[figure.indicator].formula
    words = {name: quantities()[name].called(t.language) for name in formula.names}
    numbers = {one.name: f"{written(one.value)} {unit(one.unit)}" for one in figure.inputs if one.value is not None}
    policy = "" if figure.policy is None else t("fig_policy", n=figure.policy)
    if figure.policy == 0:
        policy = t("fig_policy_none")
    with panel(t("fig_formula"), sub=policy):
        with tag("p", "big"):
            text("span", amount(figure.value) if figure.value is not None else t("fig_not_yet"), "num")
            text("span", unit(figure.unit) if figure.value is not None else "", "unit")
            state(figure, look.one.revision, t)
        if figure.why is not None:
            text("p", figure.why.sentence(t.language), "lead plain")
        if not formula.plain:
            text("p", f"{indicators()[figure.indicator].called(t.language)} = {formula.written(words)}", "formula")
            if figure.value is not None and numbers.keys() == set(formula.names):
                text("p", f"= {formula.written(numbers)} = {written(figure.value)} {unit(figure.unit)}", "formula")
        with tag("p", "pair"):
            cover_bar(figure.coverage, t)
            text("span", shares(figure.coverage, t), "note")
        for note in figure.notes:
            text("p", note.sentence(t.language), "doubt")


def _factors(visit: Visit, look: Look) -> None:
    t = visit.t
    if not look.factors:
        return
    with panel(t("fig_factors"), body="flush"), tag("div", "scroll"), tag("table", "grid cards"):
        with tag("thead"), tag("tr"):
            for key in ("fig_col_factor", "fig_col_value", "fig_col_year", "fig_col_published", "fig_col_source"):
                text("th", t(key), "n" if key == "fig_col_value" else "", scope="col")
            text("th", t("fig_col_why"), scope="col")
        with tag("tbody"):
            for one in look.factors:
                with tag("tr"):
                    with tag("td"):
                        text("span", explain_inputs.carrier(one.key, t))
                        text("small", one.set, "")
                    with tag("td", "n"):
                        text("span", f"{one.value:g}")
                        text("span", unit(one.unit), "unit")
                    text("td", "" if one.data_year is None else str(one.data_year))
                    text("td", one.published)
                    with tag("td", "name wide"):
                        text("span", one.source)
                        if not one.verified:
                            text("small", t("fig_open"), "mark")
                    text("td", t.pick(one.zh, one.en), "name note wide")


def _panel(visit: Visit, figure: Figure) -> None:
    t = visit.t
    if figure.panel is None:
        return
    registry = visit.board.services.registry.current()
    left = figure.panel.left
    with (
        panel(t("fig_panel"), sub=t("fig_panel_sub", n=len(figure.panel.included), left=len(left))),
        tag("ul", "reasons"),
    ):
        for one in left[:MOST_LEFT]:
            with tag("li", "pair"):
                text("b", subject(registry, Scope.ENTERPRISE, one.enterprise, t))
                text("span", one.why.sentence(t.language), "note")


def _revisions(visit: Visit, look: Look) -> None:
    t = visit.t
    with panel(t("fig_revisions"), body="flush"), tag("ul", "revisions"):
        for place, one in enumerate(look.all):
            before = look.all[place + 1].figure.value if place + 1 < len(look.all) else None
            value = one.figure.value
            with tag("li"):
                with tag("p"):
                    link(
                        t("fig_revised", n=one.revision) if one.revision else t("fig_running"),
                        f"/explain/{one.figure.id}?revision={one.revision}",
                    )
                    text("b", f"{amount(value)} {unit(one.figure.unit) if value is not None else ''}")
                    if value is not None and before is not None:
                        moved = value - before
                        text("span", ("+" if moved > 0 else "") + amount(moved), "note")
                    state(one.figure, one.revision, t)
                    text("span", t.moment(one.at, visit.board.services.clock()), "note")
                with tag("ul", "reasons"):
                    for reason in one.reasons:
                        text("li", reason.sentence(t.language))
                    if not one.reasons:
                        text("li", t("fig_first") if one.revision else t("fig_in_place"))
