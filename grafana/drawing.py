"""One panel's answer as a picture, for the preview: near enough to judge numbers and shapes, and no nearer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from grafana.expand import Choices
from grafana.expand import text as filled
from grafana.run import Frame, Json
from grafana.showing import Showing, said
from grafana.sources import ZONE

INK, PAPER, FAINT, LINE = "#d8d9da", "#181b1f", "#8e8e8e", "#2c3235"
COLORS = (
    "#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#37872d", "#fade2a", "#8ab8ff", "#ffb357",
    "#c4162a", "#705da0",
)  # fmt: skip
NAMED = {
    "green": "#73bf69", "yellow": "#f2cc0c", "orange": "#ff9830", "red": "#f2495c", "blue": "#5794f2",
    "dark-red": "#c4162a", "text": INK, "transparent": PAPER,
}  # fmt: skip
SITE = ZoneInfo(ZONE)
LEGENDS, BARS, LONGEST = 12, 16, 30
SMALL = 7.0
WORDY = frozenset({"state-timeline", "bargauge", "barchart"})


def draw(axes: Axes, panel: Json, frames: Sequence[Frame], choices: Choices) -> None:
    """Draw a panel; one that came back empty says what its board says then."""
    axes.set_facecolor(PAPER)
    axes.set_axisbelow(True)
    axes.set_title(filled(panel.get("title", ""), choices), loc="left", fontsize=9, color=INK)
    axes.tick_params(colors=FAINT, labelsize=SMALL)
    for side in axes.spines.values():
        side.set_color(LINE)
    if panel["type"] in WORDY:  # what each band or bar is called needs room
        left, below, wide, high = axes.get_position().bounds
        axes.set_position((left + 0.09, below, wide - 0.09, high))
    showing = Showing(panel)
    shown = [frame for frame in frames if frame.rows]
    if not shown:
        nothing = panel.get("fieldConfig", {}).get("defaults", {}).get("noValue", "no data")
        _words(axes, nothing, color=FAINT, size=10)
        return
    KINDS.get(panel["type"], _table)(axes, panel, shown, showing)


def _words(axes: Axes, text: str, *, color: str = INK, size: float = 18) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.45, text, ha="center", va="center", color=color, fontsize=size, transform=axes.transAxes)


def _times(frame: Frame) -> list[datetime]:
    return [datetime.fromtimestamp(row[0] / 1_000, UTC) for row in frame.rows]


def _curve(axes: Axes, panel: Json, frames: Sequence[Frame], showing: Showing) -> None:
    custom = panel["fieldConfig"]["defaults"].get("custom", {})
    bars, steps = custom.get("drawStyle") == "bars", custom.get("lineInterpolation") == "stepAfter"
    stacked = custom.get("stacking", {}).get("mode") == "normal"
    floor: dict[datetime, float] = {}
    for place, (name, times, values) in enumerate(_lines(frames)):
        color = showing.color(name) or COLORS[place % len(COLORS)]
        color = NAMED.get(color, color)
        if bars:
            width = min(((after - before).total_seconds() for before, after in pairwise(times)), default=3_600.0)
            below = [floor.get(at, 0.0) if stacked else 0.0 for at in times]
            heights = [value or 0.0 for value in values]
            axes.bar(times, heights, width / 86_400 * 0.9, bottom=below, color=color, label=name)  # type: ignore[arg-type]  # it takes times
            floor |= {at: low + high for at, low, high in zip(times, below, heights, strict=True)}
        else:
            numbers = [float("nan") if value is None else value for value in values]
            style = "steps-post" if steps else "default"
            axes.plot(times, numbers, color=color, linewidth=1, label=name, drawstyle=style)  # type: ignore[arg-type]  # it takes times
    if custom.get("thresholdsStyle", {}).get("mode", "off") != "off":
        for limit, color in showing.limits():
            axes.axhline(limit, color=NAMED.get(color, color), linestyle="--", linewidth=0.8)
    _clock(axes)
    axes.yaxis.set_major_formatter(lambda value, _: showing.number("", value))
    axes.grid(visible=True, color=LINE, linewidth=0.5)
    _legend(axes)


def _clock(axes: Axes) -> None:
    dates = ConciseDateFormatter(AutoDateLocator(tz=SITE), tz=SITE)  # type: ignore[no-untyped-call]  # the library's
    axes.xaxis.set_major_formatter(dates)
    axes.xaxis.get_offset_text().set(fontsize=6, color=FAINT)


def _lines(frames: Sequence[Frame]) -> Iterator[tuple[str, list[datetime], list[Any]]]:
    """Give each series as it is called; a table with a time is drawn column by column."""
    for frame in frames:
        for place in range(1, len(frame.columns)):
            if any(isinstance(row[place], str) for row in frame.rows):
                continue
            name = frame.name if len(frame.columns) == 2 and frame.name else frame.columns[place]  # noqa: PLR2004  # time and value
            yield name, _times(frame), [row[place] for row in frame.rows]


def _legend(axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        high = axes.get_window_extent().height / axes.get_figure(root=True).dpi  # type: ignore[union-attr]  # it has one
        more = [f"… +{len(handles) - LEGENDS}"] if len(handles) > LEGENDS else []
        axes.legend(
            handles[: LEGENDS + len(more)], labels[:LEGENDS] + more, loc="upper center",
            bbox_to_anchor=(0.5, -0.24 / high), ncols=4, fontsize=6, frameon=False, labelcolor=INK,
        )  # fmt: skip


def _stat(axes: Axes, panel: Json, frames: Sequence[Frame], showing: Showing) -> None:
    plain = panel.get("options", {}).get("colorMode") == "none"
    found = list(_last(frames, showing))
    axes.set_axis_off()
    for place, (name, text, shade) in enumerate(found[:8]):
        color = INK if plain else shade
        x = (place + 0.5) / min(len(found), 8)
        axes.text(x, 0.5, text, ha="center", va="center", color=NAMED.get(color, color), fontsize=17,
                  transform=axes.transAxes)  # fmt: skip
        if len(found) > 1:
            axes.text(x, 0.12, name, ha="center", color=FAINT, fontsize=SMALL, transform=axes.transAxes)


def _last(frames: Sequence[Frame], showing: Showing) -> Iterator[tuple[str, str, str]]:
    """Give the last known value of each series, and every number of a table's rows."""
    for frame in frames:
        if frame.timed:
            values = [row[1] for row in frame.rows if row[1] is not None]
            if values:
                yield frame.name, showing.number(frame.name, values[-1]), showing.shade(frame.name, values[-1])
            continue
        for row in frame.rows:
            name = next((str(value) for value in row if isinstance(value, str)), "")
            for column, value in zip(frame.columns, row, strict=True):
                if showing.hidden(column) or column == "time" or isinstance(value, str):
                    continue
                yield name or column, showing.number(column, value), showing.shade(column, value)


def _gauges(axes: Axes, panel: Json, frames: Sequence[Frame], showing: Showing) -> None:
    del panel
    rows: list[tuple[str, str, float]] = []
    for frame in frames:
        if frame.timed:
            rows += [(frame.name, frame.columns[1], float(frame.rows[-1][1] or 0))]
            continue
        at = [place for place, column in enumerate(frame.columns) if not showing.hidden(column)]
        for row in frame.rows:
            name = next((str(row[place]) for place in at if isinstance(row[place], str)), "")
            rows += [(name or frame.columns[place], frame.columns[place], float(row[place]))
                     for place in at if not isinstance(row[place], str) and row[place] is not None]  # fmt: skip
    rows = rows[:BARS][::-1]
    axes.barh(
        range(len(rows)), [value for *_, value in rows],
        color=[NAMED.get(showing.shade(column, value), COLORS[0]) for _, column, value in rows],
    )  # fmt: skip
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows], fontsize=SMALL)
    for place, (_, column, value) in enumerate(rows):
        axes.text(value, place, f" {showing.number(column, value)}", va="center", color=INK, fontsize=SMALL)


def _bars(axes: Axes, panel: Json, frames: Sequence[Frame], showing: Showing) -> None:
    frame = frames[0]
    columns = [place for place, column in enumerate(frame.columns) if not showing.hidden(column)]
    names = next((place for place in columns if isinstance(frame.rows[0][place], str)), columns[0])
    drawn = [place for place in columns if place != names and not isinstance(frame.rows[0][place], str)]
    options = panel.get("options", {})
    lying, stacked = options.get("orientation") == "horizontal", options.get("stacking") == "normal"
    rows = list(frame.rows)[: 2 * BARS]
    rows = rows[::-1] if lying else rows
    below = [0.0] * len(rows)
    for number, place in enumerate(drawn):
        heights = [float(row[place] or 0) for row in rows]
        width = 0.8 if stacked else 0.8 / len(drawn)
        at = [row + (0 if stacked else (number - (len(drawn) - 1) / 2) * width) for row in range(len(rows))]
        color = showing.color(frame.columns[place]) or COLORS[number % len(COLORS)]
        color = NAMED.get(color, color)
        if lying:
            axes.barh(at, heights, width, left=below if stacked else None, color=color, label=frame.columns[place])
        else:
            axes.bar(at, heights, width, bottom=below if stacked else None, color=color, label=frame.columns[place])
        below = [low + high for low, high in zip(below, heights, strict=True)]
    ticks = [said(row[names]) for row in rows]
    if lying:
        axes.set_yticks(range(len(rows)), ticks, fontsize=6)
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_major_formatter(lambda value, _: showing.number("", value))
    else:
        axes.set_xticks(range(len(rows)), ticks, fontsize=6, rotation=30 if len(rows) > 8 else 0)  # noqa: PLR2004  # they would overlap
        axes.yaxis.set_major_formatter(lambda value, _: showing.number("", value))
    _legend(axes)


def _shares(axes: Axes, panel: Json, frames: Sequence[Frame], showing: Showing) -> None:
    by_column = not panel["options"]["reduceOptions"]["values"]
    parts: list[tuple[str, float]] = []
    for frame in frames:
        if by_column and not frame.timed:
            parts += [(name, float(frame.rows[-1][at] or 0)) for at, name in enumerate(frame.columns) if frame.rows]
        elif frame.timed:
            parts += [(frame.name, float(frame.rows[-1][1] or 0))]
        else:
            for row in frame.rows:
                name = next((str(value) for value in row if isinstance(value, str)), "")
                parts += [(name, float(value)) for value in row if isinstance(value, int | float)][:1]
    parts = [(name, max(0.0, value)) for name, value in parts if value]
    axes.set_axis_off()
    if parts:
        own = [showing.color(name) for name, _ in parts]
        colors = [NAMED.get(color, color) or COLORS[at % len(COLORS)] for at, color in enumerate(own)]
        wedges = axes.pie([value for _, value in parts], colors=colors, wedgeprops={"width": 0.45})[0]
        labels = [f"{name}  {showing.number('', value)}" for name, value in parts]
        axes.legend(wedges, labels, loc="center left", bbox_to_anchor=(0.95, 0.5), fontsize=6, frameon=False,
                    labelcolor=INK)  # fmt: skip


def _timeline(axes: Axes, panel: Json, frames: Sequence[Frame], showing: Showing) -> None:
    del panel
    drawn = list(_lines(frames))[:40]
    ends = [times[-1] for _, times, _ in drawn]
    last = max(ends)
    for place, (name, times, values) in enumerate(drawn[::-1]):
        for begin, end, value in zip(times, [*times[1:], last], values, strict=True):
            if value is not None:
                color = showing.shade(name, value)
                width = max((end - begin).total_seconds(), 1) / 86_400
                axes.barh(place, width, left=begin, height=0.8, color=NAMED.get(color, color))  # type: ignore[arg-type]  # it takes times
    axes.set_yticks(range(len(drawn)), [name for name, *_ in drawn][::-1], fontsize=6)
    axes.xaxis_date(tz=str(SITE))
    _clock(axes)


def _table(axes: Axes, panel: Json, frames: Sequence[Frame], showing: Showing) -> None:
    frame = frames[0]
    at = [place for place, column in enumerate(frame.columns) if not showing.hidden(column)]
    room = max(1, int(panel["gridPos"]["h"] * 1.5) - 2)
    rows = list(frame.rows)[:room]
    heads = [frame.columns[place] for place in at]
    cells = [[showing.number(frame.columns[place], row[place])[:LONGEST] for place in at] for row in rows]
    wide = [max(map(_width, column)) + 2 for column in zip(heads, *cells, strict=True)]
    axes.set_axis_off()
    made = axes.table(
        cellText=cells, colLabels=heads, cellLoc="left", colWidths=[one / sum(wide) for one in wide],
        bbox=Bbox.from_bounds(0, 1 - (len(rows) + 1) / (room + 1), 1, (len(rows) + 1) / (room + 1)),
    )  # fmt: skip
    made.auto_set_font_size(False)  # noqa: FBT003  # the library's
    made.set_fontsize(SMALL)
    for (row, column), cell in made.get_celld().items():
        cell.set_facecolor(PAPER)
        cell.set_edgecolor(LINE)
        name = heads[column]
        shade = showing.shade(name, rows[row - 1][at[column]]) if row and showing.shaded(name) else INK
        cell.get_text().set_color(NAMED.get(shade, shade) if row else FAINT)
    if len(frame.rows) > room:
        axes.text(1, -0.04, f"… {len(frame.rows)}", color=FAINT, fontsize=SMALL, ha="right", transform=axes.transAxes)


def _width(text: str) -> int:
    """Count how wide a text is; a Chinese character is as wide as two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)  # noqa: PLR2004  # where they begin


KINDS: Mapping[str, Callable[[Axes, Json, Sequence[Frame], Showing], None]] = {
    "timeseries": _curve,
    "stat": _stat,
    "gauge": _stat,
    "bargauge": _gauges,
    "barchart": _bars,
    "piechart": _shares,
    "state-timeline": _timeline,
    "table": _table,
}
