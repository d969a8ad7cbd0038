"""The calculation sheet of one enterprise: every step of the arithmetic, fit to be printed and signed."""

import asyncio

from fastapi import Request
from sqlalchemy.exc import OperationalError

from api.console import chart
from api.console.chart import Options
from api.console.evaluation_picture import chip
from api.console.evaluation_read import Look, read
from api.console.frame import Visit
from api.console.parts import link, tag, text
from api.console.tongue import MISSING, Tongue, number, percent
from park.evaluation.indicator import indicators
from park.evaluation.quantity import quantities
from park.evaluation.result import Added, Result, Scored
from park.factor import Basis
from park.place import Enterprise

FULL = 2.0
"""Where the radar ends: twice the weight."""
SIGNERS = ("eval_sign_made", "eval_sign_checked", "eval_sign_enterprise", "eval_sign_date")


async def build(visit: Visit, request: Request) -> str:
    """Fill the page of the enterprise the address names."""
    t = visit.t
    pulse = await visit.board.pulse()
    number_ = str(request.path_params.get("enterprise", ""))
    enterprise = pulse.registry.by_enterprise.get(number_)
    if enterprise is None or not visit.who.sees(number_):
        return _nobody(t)
    asked = {"park": enterprise.park} | dict(request.query_params) | {"park": enterprise.park}
    try:
        look = await asyncio.to_thread(
            read, visit.board.services, pulse.registry, asked, preview=visit.enterprise is None
        )
    except OperationalError:
        text("p", t("database_down"), "notice", role="status")
        return t("eval_sheet")
    result = look.result.of(number_) if look and look.result else None
    if look is None or result is None:
        return _nobody(t)
    draw(visit, look, result)
    return f"{t('eval_sheet')} {t.pick(result.name, result.name_en)}"


def draw(visit: Visit, look: Look, one: Result) -> None:
    """Draw the sheet."""
    t = visit.t
    enterprise = visit.board.services.registry.current().by_enterprise.get(one.id)
    with tag("article", "sheet"):
        with tag("header", "sheet-head"):
            with tag("div"):
                text("h1", t("eval_sheet_title", term=str(look.term)))
                text("p", t.pick(one.name, one.name_en), "sheet-name")
            with tag("div", "sheet-grade"):
                chip(one.grade)
                text("p", "" if one.rank is None else t("eval_place", rank=one.rank, of=one.of))
        _facts(visit, look, one, enterprise)
        if one.scores:
            score_table(t, one)
        _sum(t, one)
        for words in look.result.notes if look.result else ():
            text("p", words.sentence(t.language), "note")
        text("p", t("eval_sheet_foot"), "note")
        with tag("div", "signatures"):
            for key in SIGNERS:
                text("span", f"{t(key)}:")
        with tag("div", "no-print bar-of-filters"):
            printer = text("button", t("eval_print"), "button main", type="button")
            printer.on("click", js_handler="() => window.print()")
            if look.kept is not None:
                link(t("exp_sheet_pdf"), f"/api/v1/evaluations/{look.kept.id}/sheet.pdf?enterprise={one.id}", "button")
    if one.scores and any(score.score is not None for score in one.scores):
        with tag("section", "panel no-print"):
            with tag("header", "panel-head"):
                text("h2", t("eval_radar"))
            with tag("div", "panel-body chart"):
                chart.draw(radar(t, one), t("eval_radar"))


def _facts(visit: Visit, look: Look, one: Result, enterprise: Enterprise | None) -> None:
    t, kept, rules = visit.t, look.kept, look.rules
    area = enterprise.area_mu if enterprise else None
    bases = {Basis.EQUIVALENT: t("eval_basis_equivalent"), Basis.CALORIFIC: t("eval_basis_calorific")}
    basis = Basis(look.inputs.basis) if look.inputs else look.basis
    scheme = t.pick(rules.name, rules.name_en)
    revision = kept.scheme_revision if kept else look.scheme.revision
    rows = [
        (t("eval_enterprise_id"), one.id),
        (t("col_industry"), (enterprise.industry if enterprise else "") or MISSING),
        (t("col_area"), MISSING if area is None else f"{area:,.1f} {t('mu')}"),
        (t("eval_scheme"), t("eval_scheme_revision", name=scheme, n=revision)),
        (t("eval_cohort"), _cohort(t, look, one)),
        (t("eval_basis"), bases[basis]),
        (t("eval_factors"), ", ".join(look.inputs.factors) if look.inputs and look.inputs.factors else MISSING),
        (t("eval_revision"), _revision(visit, look)),
    ]
    with tag("dl", "facts sheet-facts"):
        for name, value in rows:
            text("dt", name)
            text("dd", value)
        if kept is not None:
            text("dt", "SHA-256")
            text("dd", kept.digest, "mono")


def _cohort(t: Tongue, look: Look, one: Result) -> str:
    why = one.cohort_why.sentence(t.language)
    if one.cohort is None:
        return why
    cohort = look.rules.cohort(one.cohort)
    return f"{t.pick(cohort.name, cohort.name_en)} ({why})"


def _revision(visit: Visit, look: Look) -> str:
    t, kept = visit.t, look.kept
    if kept is None:
        return t("eval_preview")
    at = t.moment(kept.at, visit.board.services.clock())
    return t("eval_kept", n=kept.revision, who=kept.who, at=at, why=kept.reason or t("eval_no_reason"))


def score_table(t: Tongue, one: Result) -> None:
    """Draw every indicator with its arithmetic."""
    with tag("div", "scroll"), tag("table", "grid cards sheet-table"):
        with tag("thead"), tag("tr"):
            for key in ("indicator", "value", "benchmark", "weight", "step", "points", "covered"):
                text("th", t(f"eval_th_{key}"), "n" if key in {"weight", "points", "covered"} else "", scope="col")
        with tag("tbody"):
            for score in one.scores:
                _score(t, score)


def _score(t: Tongue, score: Scored) -> None:
    indicator = indicators()[score.key]
    with tag("tr"):
        with tag("td"):
            text("b", t.pick(indicator.zh, indicator.en))
            text("small", score.unit)
        with tag("td", "wide"):
            if score.value is None:
                text("span", MISSING)
                text("p", score.why.sentence(t.language) if score.why else "", "note")
            else:
                text("span", f"{plain(score.over)} ÷ {plain(score.under)} = ")
                text("b", plain(score.value))
            for name, words, link in (
                (indicator.numerator, score.over_source.sentence(t.language), score.over_link),
                (indicator.denominator, score.under_source.sentence(t.language), score.under_link),
            ):
                if words:
                    base = quantities()[name]
                    line = f"{t.pick(base.zh, base.en)} ({base.unit}): {words}"
                    with tag("p", "note"):
                        text("a", line, href=f"/explain/{link}") if link else text("span", line)
        text("td", plain(score.benchmark), "labelled", data_label=t("eval_th_benchmark"))
        text("td", f"{score.weight:g}", "n labelled", data_label=t("eval_th_weight"))
        text("td", score.step.sentence(t.language), "wide eval-step")
        text("td", plain(score.score), "n labelled", data_label=t("eval_th_points"))
        covered = MISSING if score.value is None else percent(score.coverage.measured)
        text("td", covered, "n labelled", data_label=t("eval_th_covered"))


def _sum(t: Tongue, one: Result) -> None:
    with tag("dl", "facts sheet-sum"):
        if one.base is not None:
            text("dt", t("eval_base"))
            text("dd", one.base_step.sentence(t.language))
        for mark in one.adders:
            text("dt", t("eval_adder"))
            text("dd", f"{_called(t, mark)} {mark.points:+g} ({mark.reason})")
        if one.adders:
            text("dt", t("eval_adders"))
            text("dd", f"{one.added:+g}")
        for key, marks in (("eval_veto", one.vetoes), ("eval_exclusion", one.exclusions)):
            for mark in marks:
                text("dt", t(key))
                text("dd", f"{_called(t, mark)} ({mark.reason})")
        text("dt", t("eval_total"))
        text("dd", plain(one.total), "sheet-total")
        text("dt", t("eval_grade"))
        text("dd", f"{one.grade or MISSING}  {one.reason.sentence(t.language)}")


def radar(t: Tongue, one: Result) -> Options:
    """Points by weight, 1 where an indicator is at its benchmark."""
    label = {":color": chart.color("--ink-2"), "fontSize": 12}
    line = {":color": chart.color("--line")}
    values = [round(min(max((score.score or 0.0) / score.weight, 0.0), FULL), 3) for score in one.scores]
    names = [t.pick(indicators()[score.key].zh, indicators()[score.key].en) for score in one.scores]
    return {
        "animation": False,
        "radar": {
            "indicator": [{"name": name, "max": FULL} for name in names], "axisName": label, "splitNumber": 2,
            "radius": "68%",
            "axisLine": {"lineStyle": line}, "splitLine": {"lineStyle": line}, "splitArea": {"show": False},
        },
        "series": [
            {
                "type": "radar",
                "data": [{"value": values, "name": t.pick(one.name, one.name_en)}],
                "itemStyle": {":color": chart.color("--accent")},
                "areaStyle": {":color": chart.color("--accent"), "opacity": 0.18},
            }
        ],
    }  # fmt: skip


def plain(value: float | None) -> str:
    """Write a number of the sheet: to four digits behind the point, so that it can be worked out again."""
    if value is None:
        return MISSING
    text_ = f"{value:,.4f}".rstrip("0").rstrip(".") if abs(value) < 1e6 else number(value)  # noqa: PLR2004  # no digits tell there
    return text_.replace("-", "−")


def _called(t: Tongue, mark: Added) -> str:
    return t.pick(mark.name, mark.name_en)


def _nobody(t: Tongue) -> str:
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("refused_404_title"))
        text("p", t("refused_404"))
    return t("refused_404_title")
