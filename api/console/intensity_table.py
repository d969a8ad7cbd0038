"""Who the figures are made of: enterprises ranked, those left out and what to enter next, and every indicator."""

from api.console.figure_marks import amount, cover_bar, direction, rate, state, subject, unit
from api.console.frame import Visit
from api.console.intensity_look import Look
from api.console.parts import link, panel, tag, text
from api.console.tongue import MISSING
from park.figure import Scope
from park.indicator import indicators
from park.principal import Right
from park.registry import Registry
from park.term import Span

MOST = 50
COLUMNS = ("energy", "co2", "value_added", "energy_intensity", "energy_productivity")
BY = "energy_intensity"


def ranking(visit: Visit, look: Look, registry: Registry) -> None:
    """Draw the enterprises by what they use, with a bar each."""
    t = visit.t
    used = {key[0]: one.figure.value for key, one in look.members.items() if key[1] == "energy"}
    order = sorted(used, key=lambda enterprise: (-(used[enterprise] or -1.0), enterprise))
    largest = max((value for value in used.values() if value is not None), default=0.0)
    with (
        panel(t("fig_ranking"), body="flush", sub=t("fig_ranking_sub")),
        tag("div", "scroll"),
        tag("table", "grid cards pairs"),
    ):
        with tag("thead"), tag("tr"):
            text("th", t("col_enterprise"), scope="col")
            for column in COLUMNS:
                text("th", indicators()[column].called(t.language), "n", scope="col")
            text("th", t("fig_col_coverage"), scope="col")
        with tag("tbody"):
            for enterprise in order[:MOST]:
                _ranked(visit, look, enterprise, subject(registry, Scope.ENTERPRISE, enterprise, t), largest)
    if len(order) > MOST:
        text("p", t("fig_more", n=len(order) - MOST), "note")


def _ranked(visit: Visit, look: Look, enterprise: str, called: str, largest: float) -> None:
    t = visit.t
    with tag("tr"):
        with tag("td", "name wide"):
            link(called, look.choice.address(of=f"enterprise:{enterprise}"))
            value = look.members[enterprise, "energy"].figure.value
            with tag("div", "track"):
                share = max(value or 0.0, 0.0) / largest * 100 if largest > 0 else 0.0
                tag("div", "fill").style(f"width: {share:.0f}%")
        for column in COLUMNS:
            one = look.members.get((enterprise, column))
            with tag("td", "n labelled", data_label=indicators()[column].called(t.language)):
                if one is None:
                    text("span", MISSING)
                    continue
                cell = link(amount(one.figure.value), f"/explain/{one.figure.id}")
                if one.figure.why is not None:
                    cell.props["title"] = one.figure.why.sentence(t.language)
                text("span", unit(one.figure.unit) if one.figure.value is not None else "", "unit")
        with tag("td", "labelled", data_label=t("fig_col_coverage")):
            cover_bar(look.members[enterprise, "energy"].figure.coverage, t)


def left_out(visit: Visit, look: Look, registry: Registry) -> None:
    """Name the enterprises that are in neither side of the ratio, why, and where to mend that."""
    t = visit.t
    one = look.now.get(BY)
    if one is None or one.figure.panel is None or not one.figure.panel.left:
        return
    term = look.choice.term
    plain = term.span in {Span.MONTH, Span.QUARTER, Span.YEAR}
    with panel(t("fig_left"), body="flush", sub=t("fig_left_sub")), tag("ul"):
        for left in one.figure.panel.left[:MOST]:
            with tag("li", "held"):
                with tag("div"):
                    text("b", subject(registry, Scope.ENTERPRISE, left.enterprise, t))
                    text("p", left.why.sentence(t.language), "note")
                if plain and left.why.key.startswith("statement") and visit.who.may(Right.KEEP_STATEMENTS):
                    with tag("div", "act"):
                        link(t("fig_enter", term=term), f"/statements/{left.enterprise}/{term}", "button")


def every_indicator(visit: Visit, look: Look) -> None:
    """List every figure of the term."""
    t = visit.t
    with (
        panel(t("fig_all"), body="flush", sub=t("fig_all_sub")),
        tag("div", "scroll"),
        tag("table", "grid cards pairs"),
    ):
        with tag("thead"), tag("tr"):
            text("th", t("fig_col_indicator"), scope="col")
            text("th", t("fig_col_value"), "n", scope="col")
            text("th", t("fig_col_year_on_year"), "n", scope="col")
            text("th", t("fig_col_before"), "n", scope="col")
            text("th", t("fig_col_coverage"), scope="col")
            text("th", t("fig_col_state"), scope="col")
        with tag("tbody"):
            for name, indicator in indicators().items():
                if name in look.now:
                    _row(visit, look, name, indicator.called(t.language))


def _row(visit: Visit, look: Look, name: str, called: str) -> None:
    t = visit.t
    one = look.now[name]
    figure = one.figure
    with tag("tr"):
        with tag("td", "name wide"):
            text("span", called)
            if figure.why is not None:
                text("p", figure.why.sentence(t.language), "note")
        with tag("td", "n labelled", data_label=t("fig_col_value")):
            link(amount(figure.value), f"/explain/{figure.id}")
            text("span", unit(figure.unit) if figure.value is not None else "", "unit")
        for key, then in (("fig_col_year_on_year", look.year_ago), ("fig_col_before", look.before)):
            change = look.against(name, then)
            text("td", rate(change), f"n labelled {direction(change, name)}", data_label=t(key))
        with tag("td", "labelled", data_label=t("fig_col_coverage")):
            cover_bar(figure.coverage, t)
        with tag("td"):
            state(figure, one.revision, t)
