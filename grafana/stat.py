"""One number, large; and several of them as gauges side by side."""

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import bargauge, stat
from grafana_foundation_sdk.models import common

from grafana.panel import Panel, last, legend


@dataclass(frozen=True, kw_only=True)
class Stat(Panel):
    """The last value of each series, or of the one row of a table."""

    names: bool = False
    """Whether each value says what it is."""
    graph: bool = False
    coloured: bool = True
    whole_row: bool = False
    """Whether every row of a table is a value."""
    change: bool = False
    """Whether it says how much the last value is above the first."""
    calc: str = "lastNotNull"

    def kind(self) -> Any:  # noqa: ANN401  # see Panel
        """Give the library's builder."""
        made = stat.Panel().reduce_options(last(every_row=self.whole_row, calc=self.calc))
        made.show_percent_change(self.change).graph_mode(
            common.BigValueGraphMode.AREA if self.graph else common.BigValueGraphMode.NONE
        )
        made.color_mode(common.BigValueColorMode.VALUE if self.coloured else common.BigValueColorMode.NONE)
        made.text_mode(common.BigValueTextMode.VALUE_AND_NAME if self.names else common.BigValueTextMode.VALUE)
        return made.justify_mode(common.BigValueJustifyMode.CENTER)


@dataclass(frozen=True, kw_only=True)
class Gauges(Panel):
    """A bar for each row, longest first as the query orders them."""

    def kind(self) -> Any:  # noqa: ANN401  # see Panel
        """Give the library's builder."""
        made = bargauge.Panel().reduce_options(last(every_row=True)).orientation(common.VizOrientation.HORIZONTAL)
        made.display_mode(common.BarGaugeDisplayMode.BASIC).show_unfilled(True).legend(legend())  # noqa: FBT003  # the library's
        return made.value_mode(common.BarGaugeValueMode.TEXT).name_placement(common.BarGaugeNamePlacement.LEFT)
