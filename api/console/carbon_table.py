"""Who emits, scope by scope, and the factors it was worked out with: of which set, region, year and source."""

from api.console.carbon_look import INTENSITY, LOCATION, Look
from api.console.explain_inputs import carrier as called
from api.console.figure_marks import amount, cover_bar, state, subject, unit
from api.console.frame import Visit
from api.console.parts import link, panel, tag, text
from api.console.tongue import MISSING, percent
from park.factor import REGIONS
from park.factor_table import sets
from park.figure import Scope, Used
from park.indicator import indicators
from park.registry import Registry

MOST = 50
COLUMNS = ("co2", "co2_market", *LOCATION, INTENSITY)


def members(visit: Visit, look: Look, registry: Registry) -> None:
    """Draw the enterprises by what they emit, who is not known last."""
    t = visit.t
    emitted = {one: found.figure.value for (one, indicator), found in look.members.items() if indicator == "co2"}
    order = sorted(emitted, key=lambda one: (emitted[one] is None, -(emitted[one] or 0.0), one))
    whole = look.now["co2"].figure.value if "co2" in look.now else None
    columns = [one for one in COLUMNS if any(indicator == one for _, indicator in look.members)]
    with (
        panel(t("carbon_members"), body="flush", sub=t("carbon_members_sub")),
        tag("div", "scroll"),
        tag("table", "grid cards pairs"),
    ):
        with tag("thead"), tag("tr"):
            text("th", t("col_enterprise"), scope="col")
            text("th", t("energy_share"), "n", scope="col")
            for column in columns:
                text("th", t(f"carbon_col_{column}"), "n", scope="col", title=indicators()[column].called(t.language))
            text("th", t("fig_col_coverage"), scope="col")
            text("th", t("fig_col_state"), scope="col")
        with tag("tbody"):
            for one in order[:MOST]:
                value = emitted[one]
                share = percent(value / whole) if value is not None and whole else MISSING
                _member(visit, look, one, subject(registry, Scope.ENTERPRISE, one, t), share=share, columns=columns)
    if len(order) > MOST:
        text("p", t("fig_more", n=len(order) - MOST), "note")


def _member(visit: Visit, look: Look, enterprise: str, name: str, *, share: str, columns: list[str]) -> None:
    t = visit.t
    with tag("tr"):
        with tag("td", "name wide"):
            link(name, look.choice.address(of=f"enterprise:{enterprise}"))
        text("td", share, "n labelled", data_label=t("energy_share"))
        for column in columns:
            one = look.members.get((enterprise, column))
            with tag("td", "n labelled", data_label=t(f"carbon_col_{column}")):
                if one is None:
                    text("span", MISSING)
                    continue
                cell = link(amount(one.figure.value), f"/explain/{one.figure.id}")
                if one.figure.why is not None:
                    cell.props["title"] = one.figure.why.sentence(t.language)
                if column == INTENSITY and one.figure.value is not None:
                    text("span", unit(one.figure.unit), "unit")
        whole = look.members[enterprise, "co2"]
        with tag("td", "labelled", data_label=t("fig_col_coverage")):
            cover_bar(whole.figure.coverage, t)
        with tag("td"):
            state(whole.figure, whole.revision, t)


def factors(visit: Visit, look: Look) -> None:
    """List the factors both totals were made with."""
    t = visit.t
    found = look.factors()
    with panel(t("carbon_factors"), body="flush", sub=t("carbon_factors_sub")) as head:
        with head:
            link(t("carbon_to_factors"), "/factors")
        if not found:
            text("p", t("carbon_factors_none"), "nothing-here")
            return
        with tag("div", "scroll"), tag("table", "grid tight cards"):
            with tag("thead"), tag("tr"):
                for key in ("fig_col_item", "fig_col_factor", "carbon_set", "carbon_region_year", "fig_col_source"):
                    text("th", t(key), scope="col")
            with tag("tbody"):
                for one in found[:MOST]:
                    _factor(visit, one)


def _factor(visit: Visit, one: Used) -> None:
    t = visit.t
    with tag("tr"):
        with tag("td", "name wide"):
            text("span", called(one.key, t))
            text("small", t(f"factor_purpose_{one.purpose}"))
        with tag("td", "wide"):
            text("strong", f"{one.value:.6g}")
            text("span", one.unit, "unit")
        known = sets().get(one.id.partition("/")[0])
        text("td", t("factor_own_one") if known is None else t.pick(known.zh, known.en), "wide")
        zh, en = REGIONS.get(one.region, (one.region, one.region))
        year = t("factor_no_year") if one.data_year is None else t("factor_of_year", year=one.data_year)
        text("td", f"{t.pick(zh, en)} · {year}")
        with tag("td", "wide"):
            text("span", one.source)
            if not one.verified:
                text("small", t("factor_open"), "mark")
