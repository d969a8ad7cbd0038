"""The ranking of an evaluation, a table a cohort; each enterprise links to its sheet."""

from urllib.parse import urlencode

from api.console.evaluation_picture import chip
from api.console.evaluation_read import Look
from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.console.tongue import MISSING, number
from park.evaluation.indicator import indicators
from park.evaluation.result import Evaluation, Group, Result
from park.evaluation.scheme import Cohort


def ranking(visit: Visit, look: Look, result: Evaluation) -> None:
    """Draw every cohort that has members, and those that are in none."""
    for group in result.groups:
        members = [one for one in result.results if one.cohort == group.key and not one.exclusions]
        if members:
            _cohort(visit, look, group, look.rules.cohort(group.key), members)
    rest = [one for one in result.results if one.cohort is None or one.exclusions]
    if rest:
        with panel(visit.t("eval_rest"), body="flush"), tag("div", "scroll"), tag("table", "grid cards"), tag("tbody"):
            for one in rest:
                with tag("tr"):
                    _name(visit, look, one)
                    text("td", one.reason.sentence(visit.t.language), "wide")


def sheet_address(look: Look, enterprise: str) -> str:
    """Give the address of an enterprise's sheet."""
    named = {"scheme": look.scheme.scheme.id, "period": str(look.term), "basis": look.basis.value, "park": look.park.id}
    return f"/evaluation/{enterprise}?{urlencode(named)}"


def _cohort(visit: Visit, look: Look, group: Group, cohort: Cohort, members: list[Result]) -> None:
    t = visit.t
    title = t.pick(group.name, group.name_en)
    largest = max((one.total for one in members if one.total is not None), default=0.0)
    with panel(title, body="flush", sub=t("eval_members", n=len(members))), tag("div", "scroll"):  # noqa: SIM117  # a table
        with tag("table", "grid cards eval-ranking"):
            with tag("thead"), tag("tr"):
                text("th", t("eval_rank"), "n", scope="col")
                text("th", t("col_enterprise"), scope="col")
                text("th", t("eval_grade"), scope="col")
                text("th", t("eval_total"), scope="col")
                for item in cohort.items:
                    indicator = indicators()[item.key]
                    with tag("th", "n", scope="col", title=f"{indicator.formula} ({indicator.unit})"):
                        text("span", t.pick(indicator.zh, indicator.en))
                        text("small", f" /{item.weight:g}")
                text("th", t("eval_reason_col"), scope="col")
            with tag("tbody"):
                for one in members:
                    _row(visit, look, one, largest)


def _row(visit: Visit, look: Look, one: Result, largest: float) -> None:
    t = visit.t
    with tag("tr"):
        text("td", MISSING if one.rank is None else str(one.rank), "n no-phone")
        _name(visit, look, one)
        with tag("td"):
            chip(one.grade)
        with tag("td", "wide eval-total"):
            text("span", number(one.total), "num")
            with tag("div", "track"):
                fill = tag("div", "fill")
                share = (one.total or 0.0) / largest if largest > 0 else 0.0
                fill.style(f"width: {max(min(share, 1.0), 0.0) * 100:.0f}%")
        for score in one.scores:
            title = score.step.sentence(t.language)
            with tag("td", "n no-phone", title=title):
                text("span", number(score.score))
                if score.value is None:
                    text("span", t("eval_lacks"), "mark")
        text("td", one.reason.sentence(t.language), "wide eval-why")


def _name(visit: Visit, look: Look, one: Result) -> None:
    with tag("td", "name"):
        text("a", visit.t.pick(one.name, one.name_en), href=sheet_address(look, one.id))
