"""A board's panels with their real answers as one picture.  An aid for whoever makes boards: it is no Grafana."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from matplotlib import font_manager, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from grafana.drawing import FAINT, INK, PAPER, draw
from grafana.expand import MacroMistake, Window
from grafana.run import Frame, Json, PanelMistake, Stores, choices, looked_at, panels, questions
from grafana.transform import applied
from park.telemetry import StoreUnavailable

FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Serif CJK SC", "WenQuanYi Zen Hei", "Source Han Sans SC", "SimHei",
)  # fmt: skip
COLUMNS, WIDE, HIGH = 24, 19.2, 0.42
"""A board's columns, its picture's width in inches, and the height of one of its rows."""
DPI = 75
TIMED = frozenset({"timeseries", "state-timeline"})
NO_GRAFANA = "预览 (matplotlib 绘制, 不是 Grafana 的界面) / a preview drawn by matplotlib: this is no Grafana"


class NoFont(Exception):
    """No font with Chinese characters is installed."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A panel whose question was not answered."""

    title: str
    why: str


def font() -> str:
    """Name a font that has Chinese characters.  Raises NoFont."""
    there = {one.name for one in font_manager.fontManager.ttflist}
    for name in FONTS:
        if name in there:
            return name
    raise NoFont


def picture(board: Json, stores: Stores, start: datetime, end: datetime, path: Path) -> list[Failed]:
    """Draw a board for a range into a PNG; give the panels that could not be drawn.  Raises NoFont or OSError."""
    rcParams["font.sans-serif"] = [font(), "DejaVu Sans"]
    rcParams["font.family"] = "sans-serif"
    rcParams["axes.unicode_minus"] = False
    placed = [panel["gridPos"] for panel in board["panels"]]
    rows = max(place["y"] + place["h"] for place in placed) + 2
    figure = Figure(figsize=(WIDE, rows * HIGH), dpi=DPI, facecolor="#111217")
    figure.text(0.01, 1 - 0.9 / rows, board["title"], color=INK, fontsize=14, weight="bold")
    figure.text(0.99, 1 - 0.9 / rows, f"{NO_GRAFANA}   {start:%Y-%m-%d %H:%M}Z – {end:%Y-%m-%d %H:%M}Z", color=FAINT,
                fontsize=8, ha="right")  # fmt: skip
    chosen = choices(board, Window(start, end), stores)
    failed: list[Failed] = []
    for panel in (*panels(board), *_bare(board)):
        place = panel["gridPos"]
        left, wide = place["x"] / COLUMNS + 0.028, place["w"] / COLUMNS - 0.036
        top, high = 1 - (place["y"] + 2) / rows, place["h"] / rows
        if not panel.get("targets"):
            figure.text(left - 0.02, top - 0.7 / rows, panel.get("title", ""), color=INK, fontsize=10, weight="bold")
            continue
        room = min(1.0, place["h"] / 5) / rows
        axes = figure.add_axes((left, top - high + 1.6 * room, wide, high - 2.6 * room))
        window = Window(start, end, max(100, int(place["w"] / COLUMNS * 1_900)))
        frames: list[Frame] = []
        try:
            for asked in questions(panel, window, chosen):
                frames += stores.ask(asked)
        except (PanelMistake, MacroMistake, StoreUnavailable) as error:
            failed.append(Failed(panel["title"], str(error)))
        draw(axes, panel, applied(panel, frames), chosen)
        if panel["type"] in TIMED and frames:
            axes.set_xlim(looked_at(panel, window).start, end)  # type: ignore[arg-type]  # it takes times
        axes.patch.set_facecolor(PAPER)
    said = {"Title": board["title"], "Description": NO_GRAFANA}
    FigureCanvasAgg(figure).print_png(path, metadata=said)  # type: ignore[no-untyped-call]  # the library's
    return failed


def _bare(board: Json) -> Iterator[Json]:
    """Give the headings and texts, which ask nothing."""
    return (panel for panel in board["panels"] if not panel.get("targets"))
