"""The picture of CO2: totals by both ways of counting electricity, scopes, and twelve months of them."""

from api.console import chart
from api.console.carbon_look import INTENSITY, LOCATION, MARKET, Look
from api.console.chart import Options, color
from api.console.figure_marks import amount, rate, shares, state, unit
from api.console.frame import Visit
from api.console.parts import drawing, link, panel, tag, text
from api.console.tongue import Tongue
from park.indicator import indicators
from park.term import MONTHS, Span, Term

TILES = ("co2", "co2_market", INTENSITY, *LOCATION)
HUES = {
    "co2_fuel": "--warn", "co2_process": "--bad", "co2_heat": "--ok",
    "co2_electricity": "--accent", "co2_electricity_market": "--bar",
}  # fmt: skip
DIGITS = 5


def tiles(visit: Visit, look: Look) -> None:
    """Put the figures here; each leads to its explanation.  A scope there is nothing of has none."""
    t = visit.t
    with tag("div", "tiles"):
        for indicator in TILES:
            one = look.now.get(indicator)
            if one is None:
                continue
            figure = one.figure
            gap = figure.value is None
            with tag("section", f"tile figure {'gap' if gap else ''}"):
                with tag("h2"):
                    drawing("accounts" if indicator == INTENSITY else "overview")
                    text("span", indicators()[indicator].called(t.language))
                with tag("p", "big"):
                    link(amount(figure.value) if not gap else t("fig_not_yet"), f"/explain/{figure.id}", "num")
                    text("span", "" if gap else unit(figure.unit), "unit")
                text("p", figure.why.sentence(t.language) if figure.why else shares(figure.coverage, t), "note")
                with tag("p", "note"):
                    for key, then in (("fig_year_on_year", look.year_ago), ("fig_before", look.before)):
                        change = look.against(indicator, then)
                        if not gap and change.rate is not None:
                            text("span", t(key, change=rate(change)))
                    state(figure, one.revision, t)


def trend(visit: Visit, look: Look) -> None:
    """Draw twelve months by scope, both ways side by side, with the intensity as a line."""
    t = visit.t
    with panel(t("carbon_trend"), body="chart", sub=t("carbon_trend_sub")):
        drawn = chart.draw(options(t, look), t("carbon_trend"))
    drawn.parent_slot.parent.style("min-height: 340px")  # type: ignore[union-attr]  # it has one
    lacking = look.lacking()
    if lacking:
        months = t("comma").join(str(Term(Span.MONTH, month)) for month in lacking)
        text("p", t("carbon_lacking", months=months), "note")


def options(t: Tongue, look: Look) -> Options:
    """Make the chart: two stacks a month, electricity by location in the left one and by market in the right one."""
    last = look.choice.term.last
    months = range(last - MONTHS + 1, last + 1)
    made = chart.base(unit("tCO2"), legend=True)
    made["xAxis"] |= {"type": "category", "data": [str(Term(Span.MONTH, month))[2:] for month in months]}
    made["xAxis"]["axisLabel"].pop("formatter")
    made["tooltip"].pop(":valueFormatter")
    second = {**made["yAxis"], "name": unit(indicators()[INTENSITY].unit), "splitLine": {"show": False}}
    second["nameTextStyle"] = {**second["nameTextStyle"], "align": "right"}
    made["yAxis"] = [made["yAxis"] | {"nameGap": 8}, second | {"nameGap": 8}]
    made["legend"] |= {"left": 8, "type": "scroll"}
    made["grid"]["top"] = 66
    for stack, scopes in (("location", LOCATION), ("market", MARKET)):
        for indicator in scopes:
            data = [_digits(look.value(month, indicator)) for month in months]
            if any(value is not None for value in data):
                bars = chart.bars(indicators()[indicator].called(t.language), data, HUES[indicator])
                bars["itemStyle"] = {":color": color(HUES[indicator])}
                made["series"].append(bars | {"stack": stack, "barMaxWidth": 16, "barGap": "10%"})
    made["series"].append(
        {
            "type": "line", "name": indicators()[INTENSITY].called(t.language), "yAxisIndex": 1, "symbolSize": 6,
            "data": [_digits(look.value(month, INTENSITY)) for month in months], "connectNulls": False,
            "lineStyle": {"width": 2, ":color": color("--ink-2")}, "itemStyle": {":color": color("--ink-2")},
            "emphasis": {"disabled": True},
        }
    )  # fmt: skip
    return made


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")
