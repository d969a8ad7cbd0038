"""The picture of an evaluation: grades as one bar, value against energy as points, the land by grade."""

from collections import Counter

from api.console import chart
from api.console.chart import Options
from api.console.evaluation_read import Look
from api.console.frame import Visit
from api.console.parts import panel, tag, text
from api.console.tongue import MISSING, Tongue, number
from park.evaluation.result import Evaluation, Result
from park.evaluation.scheme import Grade
from park.evaluation.subject import Subject

HUES = {Grade.A: "--ok", Grade.B: "--accent", Grade.C: "--warn", Grade.D: "--bad"}
REST = "--before"
LETTERS = {Grade.A: "a", Grade.B: "b", Grade.C: "c", Grade.D: "d"}


def draw(visit: Visit, look: Look, result: Evaluation) -> None:
    """Draw it."""
    t = visit.t
    _grades(t, result)
    _tiles(t, result)
    subjects = {subject.id: subject for subject in (look.inputs.subjects if look.inputs else ())}
    with tag("div", "half"):
        with panel(t("eval_quadrant"), body="chart", sub=t("eval_quadrant_sub")):
            options = quadrant(t, result, subjects)
            if any(series["data"] for series in options["series"]):
                chart.draw(options, t("eval_quadrant"))
            else:
                text("p", t("eval_quadrant_none"), "nothing-here")
        with panel(t("eval_land"), body="chart", sub=t("eval_land_sub")):
            chart.draw(land(t, result, subjects), t("eval_land"))


def chip(grade: Grade | None) -> None:
    """Put a grade here; a letter and a colour, so that neither is needed alone."""
    if grade is None:
        text("span", MISSING, "grade")
    else:
        text("span", grade.value, f"grade {LETTERS[grade]}")


def _grades(t: Tongue, result: Evaluation) -> None:
    """One bar of the shares of A, B, C, D and of those without a grade."""
    counts = Counter(one.grade for one in result.results)
    order: list[Grade | None] = [*Grade, None]
    with panel(t("eval_grades"), sub=t("eval_grades_sub", n=len(result.results))), tag("div", "grades"):
        for grade in order:
            count = counts.get(grade, 0)
            if not count:
                continue
            letter = LETTERS[grade] if grade else "none"
            name = grade.value if grade else t("eval_ungraded")
            share = f"{count / len(result.results) * 100:.1f} %"
            with tag("div", f"grade-part {letter}", title=f"{name} {count} ({share})") as part:
                part.style(f"flex-grow: {count}")
                text("b", name)
                text("span", f"{count}", "num")
                text("small", share)


def _tiles(t: Tongue, result: Evaluation) -> None:
    with tag("div", "tiles"):
        for one in result.panels:
            with tag("section", "tile" + ("" if one.value is not None else " gap")):
                text("h2", t(f"eval_panel_{one.key}"))
                with tag("p", "big"):
                    text("span", number(one.value), "num")
                    text("span", one.unit, "unit")
                text("p", t("eval_counted", n=one.counted, of=one.counted + len(one.left_out)), "note")


def quadrant(t: Tongue, result: Evaluation, subjects: dict[str, Subject]) -> Options:
    """Value added a 亩 against value added per energy, a point an enterprise, coloured by grade."""
    made = chart.base("", legend=True)
    made["xAxis"] |= {"type": "value", "name": f"{t('eval_axis_energy')}", "nameLocation": "middle", "nameGap": 26,
                      "scale": True, "nameTextStyle": made["xAxis"]["axisLabel"]}  # fmt: skip
    made["xAxis"]["axisLabel"] = {key: value for key, value in made["xAxis"]["axisLabel"].items() if key != "formatter"}
    made["yAxis"] |= {"name": t("eval_axis_value"), "scale": True}
    made["grid"] |= {"bottom": 26}
    made["tooltip"] = {
        "trigger": "item", "confine": True, "borderWidth": 1, ":backgroundColor": chart.color("--panel"),
        ":borderColor": chart.color("--line"), "textStyle": {":color": chart.color("--ink"), "fontSize": 12.5},
        ":formatter": "(p) => { const e = document.createElement('b'); e.textContent = p.name;"
        " return e.outerHTML + '<br>' + sp.number(p.value[1], 2) + ' · ' + sp.number(p.value[0], 2); }",
    }  # fmt: skip
    for grade in [*Grade, None]:
        points = [
            {"value": place, "name": t.pick(one.name, one.name_en)}
            for one in result.results
            if one.grade is grade and (place := _place(subjects.get(one.id))) is not None
        ]
        made["series"].append(
            {
                "type": "scatter", "name": grade.value if grade else t("eval_ungraded"), "data": points,
                "symbolSize": 13, "itemStyle": {":color": chart.color(HUES[grade] if grade else REST), "opacity": 0.85},
            }
        )  # fmt: skip
    return made


def _place(subject: Subject | None) -> list[float] | None:
    """Give (万元/tce, 万元/亩) where both are known."""
    if subject is None:
        return None
    value, energy, land_ = (
        (subject.quantities[name].value if name in subject.quantities else None)
        for name in ("value_added", "energy_tce", "area_mu")
    )
    if value is None or not energy or not land_ or energy <= 0:
        return None
    return [round(value / energy, 4), round(value / land_, 4)]


def land(t: Tongue, result: Evaluation, subjects: dict[str, Subject]) -> Options:
    """The land of each enterprise as an area, coloured by grade."""

    def tile(one: Result) -> Options | None:
        quantity = subjects[one.id].quantities.get("area_mu") if one.id in subjects else None
        if quantity is None or not quantity.value:
            return None
        return {
            "name": t.pick(one.name, one.name_en), "value": quantity.value, "letter": one.grade or MISSING,
            "itemStyle": {":color": chart.color(HUES[one.grade] if one.grade else REST)},
        }  # fmt: skip

    return {
        "animation": False,
        "tooltip": {
            "confine": True, "borderWidth": 1, ":backgroundColor": chart.color("--panel"),
            ":borderColor": chart.color("--line"), "textStyle": {":color": chart.color("--ink"), "fontSize": 12.5},
            ":formatter": "(p) => { const e = document.createElement('b'); e.textContent = p.name;"
            f" return e.outerHTML + '<br>' + sp.number(p.value, 1) + ' {t('mu')}'; }}",
        },
        "series": [
            {
                "type": "treemap", "roam": False, "nodeClick": False, "breadcrumb": {"show": False},
                "left": 8, "right": 8, "top": 4, "bottom": 4,
                "label": {"fontSize": 12, ":formatter": "(p) => (p.data.letter ?? '') + ' ' + p.name",
                          ":color": chart.color("--panel"), "overflow": "truncate"},
                "itemStyle": {":borderColor": chart.color("--panel"), "borderWidth": 1, "gapWidth": 2},
                "data": [made for one in result.results if (made := tile(one)) is not None],
            }
        ],
    }  # fmt: skip
