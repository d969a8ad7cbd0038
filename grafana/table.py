"""Rows."""

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.models import common

from grafana.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Table(Panel):
    """Rows as the query gives them; what a column is called is in the query, once in each language."""

    unit: str = "words"
    filters: bool = True
    """Whether a reader may narrow it by a column's values."""

    def is_table(self) -> bool:
        """It is one."""
        return True

    def kind(self) -> Any:  # noqa: ANN401  # see Panel
        """Give the library's builder."""
        made = table.Panel().show_header(True).cell_height(common.TableCellHeight.SM)  # noqa: FBT003  # the library's
        made.filterable(self.filters)
        return made
