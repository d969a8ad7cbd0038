"""The pictures of a month's quality: what is missing by meter and day, and what is measured, estimated or missing."""

from collections.abc import Sequence
from typing import Any

from api.console import chart
from api.console.chart import Options, color
from api.console.parts import panel, text
from api.console.tongue import Tongue
from park.coverage import Coverage
from park.meter_quality import Day, MeterQuality

ROW, BAR = 20, 26
PIECES = ((0.0, 1.0, "--accent-soft"), (1.0, 5.0, "--bar"), (5.0, 25.0, "--warn"), (25.0, 100.0, "--bad"))
"""Percent missing, from where to where, and the colour."""
SAYS = (
    "(p) => { const e = document.createElement('b'); e.textContent = p.data.name;"
    " const s = document.createElement('span'); s.textContent = p.data.says;"
    " return e.outerHTML + '<br>' + s.outerHTML; }"
)
Bar = tuple[str, Coverage]


def heat_map(t: Tongue, found: Sequence[MeterQuality], sub: str) -> None:
    """Draw what is missing, a row a meter and a cell a day."""
    with panel(t("quality_map"), body="chart", sub=sub):
        drawn = chart.draw(map_options(t, found), t("quality_map"))
    drawn.parent_slot.parent.style(f"min-height: {ROW * len(found) + 96}px")  # type: ignore[union-attr]  # it has one


def bars(t: Tongue, found: Sequence[Bar], sub: str) -> None:
    """Draw the shares of each, one bar of 100 % each."""
    with panel(t("quality_bars"), body="chart", sub=sub):
        if not found:
            text("p", t("quality_no_bars"), "nothing-here")
            return
        drawn = chart.draw(bar_options(t, found), t("quality_bars"))
    drawn.parent_slot.parent.style(f"min-height: {BAR * len(found) + 96}px")  # type: ignore[union-attr]  # it has one


def map_options(t: Tongue, found: Sequence[MeterQuality]) -> Options:
    """Make the heat map; a day of which nothing can be told has no cell."""
    made = _rows([one.meter.id for one in found])
    days = [f"{day.start.astimezone(t.zone):%m-%d}" for day in found[0].days]
    made["xAxis"] |= {"type": "category", "data": days, "splitArea": {"show": False}, "splitLine": {"show": False}}
    made["xAxis"]["axisLabel"] |= {"hideOverlap": True}
    made["visualMap"] = {
        "type": "piecewise", "dimension": 2, "orient": "horizontal", "right": 8, "top": 0, "itemWidth": 14,
        "itemHeight": 10, "itemGap": 8, "textStyle": made["legend"]["textStyle"],
        "pieces": [_piece(*piece) for piece in PIECES],
    }  # fmt: skip
    made["series"] = [
        {
            "type": "heatmap", "emphasis": {"disabled": True},
            "itemStyle": {":borderColor": color("--panel"), "borderWidth": 1},
            "data": [
                _cell(t, one, day, (column, row))
                for row, one in enumerate(found)
                for column, day in enumerate(one.days)
                if day.missing is not None
            ],
        }
    ]  # fmt: skip
    return made


def bar_options(t: Tongue, found: Sequence[Bar]) -> Options:
    """Make the bars."""
    made = _rows([name for name, _ in found])
    made["xAxis"] |= {"type": "value", "min": 0, "max": 100, "splitNumber": 5}
    made["xAxis"]["axisLabel"] |= {"formatter": "{value} %"}
    made["legend"]["show"] = True
    for key, hue, opacity in (("measured", "--accent", 1.0), ("estimated", "--bar", 1.0), ("missing", "--bad", 0.75)):
        name = t(f"quality_tile_{key}")
        shares = [100 * getattr(cover, key) for _, cover in found]
        made["series"].append(
            {
                "type": "bar", "stack": "whole", "name": name, "barMaxWidth": 16, "emphasis": {"disabled": True},
                "itemStyle": {":color": color(hue), "opacity": opacity},
                "data": [
                    {"value": round(share, 3), "name": who, "says": f"{name} {written(share)} %"}
                    for (who, _), share in zip(found, shares, strict=True)
                ],
            }
        )  # fmt: skip
    made["legend"]["data"] = [series["name"] for series in made["series"]]
    return made


def written(share: float) -> str:
    """Write percent; what is missing a little is never 0, and what is nearly all is never 100."""
    near = min(max(share, 0.1), 99.9) if 0 < share < 100 else share  # noqa: PLR2004  # all of it
    return f"{near:.1f}".removesuffix(".0")


def _rows(names: list[str]) -> Options:
    made = chart.base("%")
    label = {key: value for key, value in made["xAxis"]["axisLabel"].items() if key != "formatter"}
    line = made["yAxis"]["splitLine"]["lineStyle"]
    made.pop("useUTC")
    made["grid"]["top"] = 36
    made["xAxis"] = {"axisLabel": dict(label), "splitLine": {"lineStyle": line}, "axisTick": {"show": False},
                     "axisLine": {"lineStyle": line}}  # fmt: skip
    made["yAxis"] = {
        "type": "category", "inverse": True, "data": names, "axisTick": {"show": False},
        "axisLine": {"lineStyle": line}, "axisLabel": label | {"width": 120, "overflow": "truncate", "interval": 0},
    }  # fmt: skip
    made["tooltip"] |= {"trigger": "item", ":formatter": SAYS}
    made["tooltip"].pop(":valueFormatter")
    return made


def _piece(low: float, high: float, hue: str) -> Options:
    label = f"{low:g}–{high:g} %"
    first = {"gte": low} if low == 0 else {"gt": low}
    return {**first, "lte": high, "label": label, ":color": color(hue)}


def _cell(t: Tongue, one: MeterQuality, day: Day, place: tuple[int, int]) -> dict[str, Any]:
    share = 100 * (day.missing or 0.0)
    words = t("quality_share" if day.coverage is not None else "quality_share_readings", share=written(share))
    name = f"{one.meter.id} {t.pick(one.meter.name, one.meter.name_en)}"
    says = f"{day.start.astimezone(t.zone):%m-%d} · {words}"
    return {"value": [*place, round(share, 3)], "name": name, "says": says}
