"""The load curve of the day against yesterday, a quarter of an hour a point."""

from api.console.chart import base, draw, gaps, lines, points, shifted
from api.console.tongue import Tongue
from api.overview import Day
from api.usage import QUARTER
from park.window import DAY

MEGA = 10_000.0
"""From this many kW on the curve is drawn in MW."""


class LoadChart:
    """Drawn empty; filled when the day is known, and again when it has a new quarter or another minute has passed."""

    def __init__(self, t: Tongue) -> None:
        self._t = t
        self._seen: object = None
        self._chart = draw(base("kW", legend=True, digits=0), t("load_today"))

    def tell(self, day: Day) -> None:
        """Draw a day."""
        seen = (day.start, len(day.load), day.now.minute)
        if seen == self._seen:
            return
        self._seen = seen
        peak = max((load.value for load in (*day.load, *day.load_before)), default=0.0)
        unit, factor = ("MW", 1e-3) if peak >= MEGA else ("kW", 1.0)
        options = base(unit, legend=True, digits=2 if unit == "MW" else 1)
        options["xAxis"] |= {"min": shifted(day.start, self._t), "max": shifted(day.start + DAY, self._t)}
        today = [(load.start, load.value * factor) for load in day.load]
        before = [(load.start + DAY, load.value * factor) for load in day.load_before]
        options["series"] = [
            lines(self._t("yesterday"), points(gaps(before, QUARTER), self._t), "--before", width=1.5),
            lines(self._t("today"), points(gaps(today, QUARTER), self._t), "--accent", width=2.5, area=True),
        ]
        self._chart.options.clear()
        self._chart.options.update(options)
        self._chart.update()
