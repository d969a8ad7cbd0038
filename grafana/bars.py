"""Amounts beside one another: a bar for each row, and shares of a whole."""

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import barchart, piechart
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.piechart import PieChartType

from grafana.panel import Panel, last, legend, tooltip


@dataclass(frozen=True, kw_only=True)
class Bars(Panel):
    """A bar for each row of a table: its first column of words names it, its columns of numbers are drawn."""

    lying: bool = True
    stacked: bool = False

    def kind(self) -> Any:  # noqa: ANN401  # see Panel
        """Give the library's builder."""
        made = barchart.Panel().tooltip(tooltip()).legend(legend()).show_value(common.VisibilityMode.AUTO)
        made.orientation(common.VizOrientation.HORIZONTAL if self.lying else common.VizOrientation.VERTICAL)
        made.stacking(common.StackingMode.NORMAL if self.stacked else common.StackingMode.NONE)
        return made.fill_opacity(80).bar_width(0.8).group_width(0.8)


@dataclass(frozen=True, kw_only=True)
class Shares(Panel):
    """Parts of a whole: a slice for each row, or for each column of the one row, which can have colours of its own."""

    by_column: bool = False

    def kind(self) -> Any:  # noqa: ANN401  # see Panel
        """Give the library's builder."""
        made = piechart.Panel().reduce_options(last(every_row=not self.by_column)).tooltip(tooltip())
        legend_of = piechart.PieChartLegendOptions().show_legend(True).placement(common.LegendPlacement.RIGHT)  # noqa: FBT003  # the library's
        return made.pie_type(PieChartType.DONUT).legend(legend_of.display_mode(common.LegendDisplayMode.LIST))
