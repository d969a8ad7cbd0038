"""Bars that compare: enterprises or industries, by power now or by electricity today, as the reader chooses."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Literal

from nicegui.element import Element

from api.console import industry
from api.console.board import Pulse
from api.console.parts import Bars, button, tag
from api.console.tongue import Tongue
from api.overview import Day, Figure

By = Literal["power", "energy"]
CHOICES: tuple[By, By] = ("power", "energy")
Item = tuple[str, str, float | None, str]


class Rivals:
    """One panel of bars with its switch in the panel's head."""

    def __init__(self, t: Tongue, head: Element, *, rows: int, by_industry: bool) -> None:
        self._t = t
        self._by: By = "power"
        self._rows = rows
        self._by_industry = by_industry
        self._last: tuple[Pulse, Day | None] | None = None
        label = t("by_industry" if by_industry else "ranking")
        with head, tag("div", "seg more", role="group", aria_label=label):
            self._buttons = {by: button(t(f"by_{by}"), partial(self._choose, by), "") for by in CHOICES}
        self._bars = Bars(rows, label, ranked=not by_industry)
        self._press()

    def tell(self, pulse: Pulse, day: Day | None) -> None:
        """Fill in the bars."""
        self._last = (pulse, day)
        figures: Mapping[str, Figure] = pulse.power if self._by == "power" else (day.energy if day else {})
        items = self._industries(pulse, figures) if self._by_industry else self._enterprises(pulse, figures)
        self._bars.show(items)

    def _choose(self, by: By) -> None:
        self._by = by
        self._press()
        if self._last is not None:
            self.tell(*self._last)

    def _press(self) -> None:
        for by, button_ in self._buttons.items():
            button_.props["aria-pressed"] = "true" if by == self._by else "false"

    def _enterprises(self, pulse: Pulse, figures: Mapping[str, Figure]) -> list[Item]:
        known = [
            (enterprise, figures[enterprise.id])
            for enterprise in pulse.registry.enterprises
            if enterprise.id in figures and figures[enterprise.id].coverage.of
        ]
        known.sort(key=lambda pair: (pair[1].value is None, -(pair[1].value or 0.0)))
        pick = self._t.pick
        return [(pick(e.name, e.name_en), f"/enterprises/{e.id}", figure.value, figure.unit) for e, figure in known]

    def _industries(self, pulse: Pulse, figures: Mapping[str, Figure]) -> list[Item]:
        sums: dict[str, float] = defaultdict(float)
        unit = "kW"
        for enterprise in pulse.registry.enterprises:
            figure = figures.get(enterprise.id)
            if figure is not None and figure.value is not None:
                sums[industry.division(enterprise.industry)] += figure.value
                unit = figure.unit
        ordered = sorted(sums.items(), key=lambda pair: -pair[1])
        named = [(industry.name(code, self._t.language) or self._t("no_industry"), value) for code, value in ordered]
        return [(name, "", value, unit) for name, value in named]
