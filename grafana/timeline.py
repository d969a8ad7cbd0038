"""States over time: a band for each point, in the colours of its states."""

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import statetimeline
from grafana_foundation_sdk.models import common

from grafana.panel import Panel, legend, tooltip


@dataclass(frozen=True, kw_only=True)
class Timeline(Panel):
    """A state holds until the next one."""

    def kind(self) -> Any:  # noqa: ANN401  # see Panel
        """Give the library's builder."""
        made = statetimeline.Panel().tooltip(tooltip()).legend(legend()).merge_values(True).row_height(0.8)  # noqa: FBT003  # the library's
        return made.show_value(common.VisibilityMode.NEVER).fill_opacity(80)
