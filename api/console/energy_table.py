"""Enterprises ranked by a carrier: how much, which share, how it changed, and what all their energy comes to."""

from api.console.energy_picture import rate
from api.console.energy_read import Look
from api.console.explain_inputs import carrier as called
from api.console.figure_marks import amount, cover_bar, subject
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import MISSING, percent
from park.carrier import carriers
from park.coverage import NOTHING
from park.energy_flow import known
from park.figure import Scope, name

MOST = 100


def ranking(visit: Visit, look: Look) -> None:
    """Draw the table, who uses most first; who is not known is last."""
    t, carrier = visit.t, look.choice.carrier
    amounts = {one: None if of.now is None else of.now.amount for one, of in look.members.items()}
    order = sorted(amounts, key=lambda one: (-(amounts[one] if amounts[one] is not None else float("-inf")), one))  # type: ignore[operator]  # checked
    whole = look.total.now.amount if look.total.now is not None else 0.0
    largest = max((value for value in amounts.values() if value is not None), default=0.0)
    with (
        panel(t("energy_ranking", carrier=called(carrier, t)), body="flush", sub=t("energy_ranking_sub")),
        tag("div", "scroll"),
        tag("table", "grid cards pairs"),
    ):
        with tag("thead"), tag("tr"):
            text("th", t("col_enterprise"), scope="col")
            for key in ("energy_amount", "energy_share", "energy_change", "energy_tce"):
                text("th", t(key), "n", scope="col")
            text("th", t("fig_col_coverage"), scope="col")
        with tag("tbody"):
            for one in order[:MOST]:
                _row(visit, look, one, whole=whole, largest=largest)
    if len(order) > MOST:
        text("p", t("fig_more", n=len(order) - MOST), "note")


def _row(visit: Visit, look: Look, enterprise: str, *, whole: float, largest: float) -> None:
    t, of = visit.t, look.members[enterprise]
    used, unit = of.now, carriers()[look.choice.carrier].unit
    with tag("tr"):
        with tag("td", "name wide"):
            link(subject(look.registry, Scope.ENTERPRISE, enterprise, t), f"/enterprises/{enterprise}")
            with tag("div", "track"):
                share = max(used.amount, 0.0) / largest * 100 if used is not None and largest > 0 else 0.0
                tag("div", "fill").style(f"width: {share:.0f}%")
        _cell(t("energy_amount"), amount(None if used is None else used.amount), unit if used is not None else "")
        _cell(t("energy_share"), percent(used.amount / whole) if used is not None and whole > 0 else MISSING)
        _cell(t("energy_change"), rate(of))
        with tag("td", "n labelled", data_label=t("energy_tce")):
            tce = known(one for one in look.flows if one.enterprise == enterprise)
            month = look.choice.days.month
            if tce is not None and month is not None:
                link(amount(tce), f"/explain/{name(Scope.ENTERPRISE, enterprise, 'energy', month, look.basis)}")
            else:
                text("span", amount(tce))
            text("span", "tce" if tce is not None else "", "unit")
        with tag("td", "labelled", data_label=t("fig_col_coverage")):
            cover_bar(NOTHING if used is None else used.coverage, t)


def _cell(label: str, words: str, unit: str = "") -> None:
    with tag("td", "n labelled", data_label=label):
        text("span", words)
        if unit:
            text("span", unit, "unit")
