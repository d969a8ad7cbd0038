"""The inputs of a figure as a table: what was used, by which meters, times which factor, and what that came to."""

from api.console.figure_marks import amount, cover_bar, subject, unit
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import MISSING, Tongue
from park.factor_table import keys
from park.figure import Figure, Input, Item, Kind, Scope, name
from park.footprint_line import EXPORT
from park.indicator import ENERGY, quantities

MOST = 100
MOST_METERS = 6


def inputs(visit: Visit, figure: Figure) -> None:
    """Draw them; what is a figure itself leads to its own explanation."""
    t = visit.t
    with panel(t("fig_inputs"), body="flush"), tag("div", "scroll"), tag("table", "grid cards pairs"):
        with tag("thead"), tag("tr"):
            text("th", t("fig_col_item"), scope="col")
            text("th", t("fig_col_amount"), "n", scope="col")
            text("th", t("fig_col_factor"), scope="col")
            text("th", t("fig_col_result"), "n", scope="col")
            text("th", t("fig_col_coverage"), scope="col")
            text("th", t("fig_col_meters"), scope="col")
        with tag("tbody"):
            for one in figure.inputs:
                _head(visit, one)
                order = sorted(one.items, key=lambda item: item.kind is Kind.ENTERPRISE and -(item.value or 0.0))
                for item in order[:MOST]:
                    _row(visit, figure, one, item)
                if len(one.items) > MOST:
                    with tag("tr"):
                        text("td", t("fig_more", n=len(one.items) - MOST), "note", colspan="6")


def carrier(key: str, t: Tongue) -> str:
    """Name a carrier or what else a factor is about."""
    found = keys().get(key.removesuffix(EXPORT))
    return key if found is None else t.pick(found.zh, found.en)


def _head(visit: Visit, one: Input) -> None:
    t = visit.t
    with tag("tr", "sum"):
        with tag("td", "name wide"):
            title = quantities()[one.name].called(t.language)
            if one.figure is not None:
                link(title, f"/explain/{one.figure}")
            else:
                text("b", title)
        text("td", "", "no-phone")
        text("td", "", "no-phone")
        with tag("td", "n"):
            text("b", amount(one.value))
            text("span", unit(one.unit) if one.value is not None else "", "unit")
        with tag("td"):
            cover_bar(one.coverage, t)
        text("td", "", "no-phone")


def _row(visit: Visit, figure: Figure, of: Input, item: Item) -> None:
    t = visit.t
    used = {one.id: one for one in figure.factors}
    with tag("tr"):
        with tag("td", "name inner wide"):
            _name(visit, figure, of, item)
            if not item.counted:
                text("small", t("fig_not_counted"), "mark")
        with tag("td", "n" if item.amount is not None else "n no-phone"):
            text("span", amount(item.amount) if item.amount is not None else "")
            text("span", unit(item.unit) if item.amount is not None else "", "unit")
        factors = [f"× {used[one].value:g} {unit(used[one].unit)}" for one in item.factors if one in used]
        text("td", " ".join(factors[:2]) + (" …" if len(factors) > 2 else ""), "note" if factors else "note no-phone")  # noqa: PLR2004  # steam takes two
        with tag("td", "n"):
            text("span", amount(item.value))
        with tag("td"):
            cover_bar(item.coverage, t)
        with tag("td", "name note wide" if item.meters else "no-phone"):
            for one in item.meters[:MOST_METERS]:
                with tag("span", "pair"):
                    link(one.meter, f"/meters/{one.meter}")
                    sign = "−" if one.sign < 0 else ""
                    text("span", f"{sign}{amount(one.amount)}" if one.amount is not None else MISSING)
            if len(item.meters) > MOST_METERS:
                text("span", t("fig_more", n=len(item.meters) - MOST_METERS))


def _name(visit: Visit, figure: Figure, of: Input, item: Item) -> None:
    t = visit.t
    registry = visit.board.services.registry.current()
    if item.kind is Kind.ENTERPRISE:
        basis = figure.basis if of.name == ENERGY else None
        target = name(Scope.ENTERPRISE, item.key, of.name, figure.term, basis)
        link(subject(registry, Scope.ENTERPRISE, item.key, t), f"/explain/{target}")
    elif item.kind is Kind.STATEMENT:
        words = t("fig_statement", term=item.key, n=item.revision or 0, status=t(f"fig_status_{item.note}"))
        link(words, f"/statements/{figure.subject}/{item.key}")
    elif item.kind is Kind.OUTLET:
        link(item.key, f"/meters/{item.key}")
    else:
        text("span", carrier(item.key, t))
        if item.kind is Kind.ENTRY:
            text("small", f"{t('fig_entered')} {item.note}")
