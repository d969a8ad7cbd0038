"""Options of the charts: quiet lines, colours taken from the sheet when they are drawn, times in the site's zone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui
from nicegui.elements.echart import EChart

from api.console.tongue import Tongue

Options = dict[str, Any]
Point = tuple[datetime, float | None]


def color(name: str) -> str:
    """Give the script that reads a colour of the sheet."""
    return f"sp.color('{name}')"


def shifted(at: datetime, t: Tongue) -> int:
    """Give the milliseconds that make a browser of any zone, told to write UTC, write the site's time."""
    offset = at.astimezone(t.zone).utcoffset() or timedelta()
    return int((at + offset).timestamp() * 1000)


def points(series: Sequence[Point], t: Tongue) -> list[list[float | None]]:
    """Write a series as a chart takes it; a missing value is a gap in the line."""
    return [[shifted(at, t), value] for at, value in series]


def gaps(series: Sequence[tuple[datetime, float]], every: timedelta) -> list[Point]:
    """Put a gap wherever a window is missing, so that a line never runs over what was not measured."""
    result: list[Point] = []
    for place, (at, value) in enumerate(series):
        if place and at - series[place - 1][0] > every:
            result.append((series[place - 1][0] + every, None))
        result.append((at, value))
    return result


def base(unit: str, *, legend: bool = False, digits: int = 1, zero: bool = True, dates: bool = False) -> Options:
    """Make the options that every chart over time shares."""
    line = {":color": color("--line")}
    label = {":color": color("--ink-2"), "fontSize": 12, "fontFamily": "inherit"}
    return {
        "useUTC": True,
        "animation": False,
        "grid": {"left": 8, "right": 14, "top": 34 if legend else 26, "bottom": 4, "containLabel": True},
        "legend": {
            "show": legend, "right": 8, "top": 0, "itemWidth": 16, "itemHeight": 8, "icon": "roundRect",
            "textStyle": label,
        },
        "tooltip": {
            "trigger": "axis", "confine": True, "transitionDuration": 0, "borderWidth": 1,
            ":backgroundColor": color("--panel"), ":borderColor": color("--line"),
            "textStyle": {":color": color("--ink"), "fontSize": 12.5},
            ":valueFormatter": f"(value) => sp.number(value, {digits}) + ' {unit}'",
        },
        "xAxis": {
            "type": "time", "axisLine": {"lineStyle": line}, "axisTick": {"lineStyle": line},
            "axisLabel": {**label, "formatter": "{MM}-{dd}" if dates else "{HH}:{mm}", "hideOverlap": True},
            "splitLine": {"show": False},
        },
        "yAxis": {
            "type": "value", "scale": not zero, "name": unit, "nameGap": 10,
            "nameTextStyle": {**label, "align": "left"},
            "axisLabel": dict(label), "splitLine": {"lineStyle": line}, "splitNumber": 4,
        },
        "series": [],
    }  # fmt: skip


def lines(name: str, data: list[list[float | None]], hue: str, *, width: float = 2, area: bool = False) -> Options:
    """Make one line."""
    return {
        "type": "line", "name": name, "data": data, "showSymbol": False, "smooth": False, "connectNulls": False,
        "lineStyle": {"width": width, ":color": color(hue)}, "itemStyle": {":color": color(hue)},
        "areaStyle": {":color": color(hue), "opacity": 0.10 if area else 0}, "emphasis": {"disabled": True},
    }  # fmt: skip


def bars(name: str, data: list[float | None], hue: str = "--bar") -> Options:
    """Make bars."""
    return {
        "type": "bar", "name": name, "data": data, "barMaxWidth": 22, "barCategoryGap": "35%",
        "itemStyle": {":color": color(hue), "borderRadius": [2, 2, 0, 0]}, "emphasis": {"disabled": True},
    }  # fmt: skip


def draw(options: Options, label: str) -> EChart:
    """Put a chart here, named for those who cannot see it."""
    chart = ui.echart(options)
    chart.props["role"] = "img"
    chart.props["aria-label"] = label
    return chart
