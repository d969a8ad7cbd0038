"""The picture of a term: six figures with how they changed, and twelve months with how much of them was measured."""

from typing import Any

from api.console.chart import bars, base, color, draw
from api.console.figure_marks import amount, rate, shares, state, unit
from api.console.frame import Visit
from api.console.intensity_look import Look
from api.console.parts import drawing, link, panel, tag, text
from park.indicator import indicators
from park.term import MONTHS, Span, Term

TILES = (
    ("energy", "electricity"),
    ("co2", "overview"),
    ("value_added", "enterprises"),
    ("energy_intensity", "accounts"),
    ("energy_productivity", "accounts"),
    ("carbon_intensity", "accounts"),
)


def tiles(visit: Visit, look: Look) -> None:
    """Put the figures here; each leads to its explanation."""
    t = visit.t
    with tag("div", "tiles"):
        for indicator, symbol in TILES:
            one = look.now.get(indicator)
            if one is None:
                continue
            figure = one.figure
            gap = figure.value is None
            with tag("section", f"tile figure {'gap' if gap else ''}"):
                with tag("h2"):
                    drawing(symbol)
                    text("span", indicators()[indicator].called(t.language))
                with tag("p", "big"):
                    link(amount(figure.value) if not gap else t("fig_not_yet"), f"/explain/{figure.id}", "num")
                    text("span", "" if gap else unit(figure.unit), "unit")
                text("p", figure.why.sentence(t.language) if figure.why else shares(figure.coverage, t), "note")
                with tag("p", "note"):
                    if not gap:
                        for key, then in (("fig_year_on_year", look.year_ago), ("fig_before", look.before)):
                            change = look.against(indicator, then)
                            if change.rate is not None:
                                text("span", t(key, change=rate(change)))
                    if figure.id in look.reported:
                        text("span", t("fig_reported", value=amount(look.reported[figure.id].figure.value)))
                    state(figure, one.revision, t)


def trends(visit: Visit, look: Look) -> None:
    """Draw energy and CO2 of twelve months, each with its intensity."""
    t = visit.t
    with tag("div", "half"):
        for title, amount_of, ratio in (
            ("fig_trend_energy", "energy", "energy_intensity"),
            ("fig_trend_carbon", "co2", "carbon_intensity"),
        ):
            with panel(t(title), body="chart", sub=t("fig_trend_sub")):
                draw(_trend(visit, look, amount_of, ratio), t(title))


def _trend(visit: Visit, look: Look, amount_of: str, ratio: str) -> dict[str, Any]:
    t = visit.t
    last = look.choice.term.last
    months = range(last - MONTHS + 1, last + 1)
    measured, estimated, line = [], [], []
    for month in months:
        one = look.months.get((month, amount_of))
        value = None if one is None else one.figure.value
        cover = None if one is None else one.figure.coverage
        whole = 0.0 if cover is None else cover.measured + cover.estimated
        share = cover.measured / whole if cover is not None and whole else 1.0
        measured.append(None if value is None else _digits(value * share))
        estimated.append(None if value is None else _digits(value * (1 - share)))
        other = look.months.get((month, ratio))
        line.append(None if other is None or other.figure.value is None else _digits(other.figure.value))
    name = indicators()[amount_of].unit
    options = base(unit(name), legend=True)
    options["xAxis"] |= {"type": "category", "data": [str(Term(Span.MONTH, month))[2:] for month in months]}
    options["xAxis"]["axisLabel"].pop("formatter")
    options["tooltip"].pop(":valueFormatter")
    second = {**options["yAxis"], "name": unit(indicators()[ratio].unit), "splitLine": {"show": False}}
    second["nameTextStyle"] = {**second["nameTextStyle"], "align": "right"}
    options["yAxis"] = [options["yAxis"], second]
    options["grid"]["top"] = 48
    options["yAxis"][0]["nameGap"] = options["yAxis"][1]["nameGap"] = 8
    solid = bars(t("fig_measured"), measured, "--accent") | {"stack": "whole"}
    light = bars(t("fig_estimated"), estimated, "--bar") | {"stack": "whole"}
    for series in (solid, light):
        series["itemStyle"] = {**series["itemStyle"], "borderRadius": 0}
    options["series"] = [
        solid,
        light,
        {
            "type": "line", "name": indicators()[ratio].called(t.language), "data": line, "yAxisIndex": 1,
            "symbolSize": 6, "connectNulls": False, "lineStyle": {"width": 2, ":color": color("--warn")},
            "itemStyle": {":color": color("--warn")}, "emphasis": {"disabled": True},
        },
    ]  # fmt: skip
    return options


def _digits(value: float) -> float:
    return float(f"{value:.5g}")
