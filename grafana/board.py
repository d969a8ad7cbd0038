"""A board: its panels laid side by side from left to right, and what is chosen above them."""

from collections.abc import Sequence
from typing import Self

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, GridPos

from grafana import links, variable
from grafana.lint import COLUMNS
from grafana.panel import Panel, number
from grafana.sources import ZONE
from grafana.words import Said, Words

BY_RANGE = (variable.store, variable.step, variable.slots, variable.width)
"""What follows from the range on every board."""
HEIGHT = 8


class Board:
    """Puts one board together."""

    def __init__(
        self,
        uid: str,
        words: Words,
        title: Said,
        about: Said,
        *,
        start: str = "now-24h",
        refresh: str = "1m",
        variables: Sequence[variable.Variable] = (),
        annotations: Sequence[model.AnnotationQuery] = (),
    ) -> None:
        self.uid = uid
        self._words = words
        self._x = self._y = self._tallest = 0
        made = build.Dashboard(words.title(title)).uid(uid).description(words.about(about)).tags([links.TAG])
        made.timezone(ZONE).week_start("monday").time(start, "now").refresh(refresh).readonly()
        made.tooltip(DashboardCursorSync.CROSSHAIR)
        self._made = made.build()
        self._panels: list[model.Panel | model.RowPanel] = []
        self._made.panels = self._panels
        every = [variable.console(), *(make() for make in BY_RANGE), *variables]
        self._made.templating = model.DashboardDashboardTemplating(list_val=every)
        self._made.annotations = model.AnnotationContainer(list_val=list(annotations))
        self._made.links = list(links.head(words, uid))

    def row(self, key: str, title: Said) -> Self:
        """Begin a row of panels under a heading."""
        self._down()
        place = GridPos(h=1, w=COLUMNS, x=0, y=self._y)
        made = model.RowPanel(id_val=number(f"row {key}"), title=self._words.title(title), grid_pos=place)
        self._panels.append(made)
        self._y += 1
        return self

    def add(self, panel: Panel, width: int = 12, height: int = HEIGHT) -> Self:
        """Place a panel to the right of the one before, or below where it finds no room."""
        if self._x + width > COLUMNS:
            self._down()
        self._panels.append(panel.built(self._words, GridPos(h=height, w=width, x=self._x, y=self._y)))
        self._x += width
        self._tallest = max(self._tallest, height)
        return self

    def build(self) -> model.Dashboard:
        """Give the board."""
        return self._made

    def _down(self) -> None:
        self._x, self._y, self._tallest = 0, self._y + self._tallest, 0
