"""Values over time: lines, or bars where each is an amount of a slot."""

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import common as parts
from grafana_foundation_sdk.builders import timeseries
from grafana_foundation_sdk.models import common

from grafana.panel import Panel, legend, tooltip


@dataclass(frozen=True, kw_only=True)
class Curve(Panel):
    """Series over time."""

    bars: bool = False
    stacked: bool = False
    steps: bool = False
    """Whether a value holds until the next."""
    fill: int = 10
    limit_lines: bool = True
    """Whether limits are drawn as lines."""
    legend_right: bool = False
    calcs: tuple[str, ...] = ()

    def kind(self) -> Any:  # noqa: ANN401  # see Panel
        """Give the library's builder."""
        made = timeseries.Panel().tooltip(tooltip()).line_width(1).axis_soft_min(0)
        made.legend(legend(table=bool(self.calcs), right=self.legend_right, calcs=self.calcs))
        made.draw_style(common.GraphDrawStyle.BARS if self.bars else common.GraphDrawStyle.LINE)
        made.fill_opacity(70 if self.bars else self.fill).show_points(common.VisibilityMode.AUTO)
        if self.steps:
            made.line_interpolation(common.LineInterpolation.STEP_AFTER)
        if self.stacked:
            made.stacking(parts.StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
        if self.limits and self.limit_lines:
            made.thresholds_style(parts.GraphThresholdsStyleConfig().mode(common.GraphThresholdsStyleMode.DASHED))
        return made
