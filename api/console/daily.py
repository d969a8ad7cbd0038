"""Bars of what was used on each of the last thirty days, each with how much of it was measured."""

from collections.abc import Sequence

from api.console.chart import bars, base, draw, shifted
from api.console.tongue import Tongue
from api.overview import Daily
from park.window import DAY


class DailyChart:
    """Drawn empty, filled when the days are known."""

    def __init__(self, t: Tongue, unit: str) -> None:
        self._t = t
        self._unit = unit
        self._seen: object = None
        self._chart = draw(base(unit), t("daily"))

    def tell(self, days: Sequence[Daily]) -> None:
        """Draw the days; a day of which nothing is known has no bar."""
        seen = tuple(day.figure.value for day in days)
        if not days or seen == self._seen:
            return
        self._seen = seen
        t = self._t
        options = base(self._unit)
        noon = DAY / 2
        data: list[list[float | None]] = [
            [shifted(day.start + noon, t), day.figure.value, round(day.figure.coverage.share * 100)] for day in days
        ]
        # The tooltip names the day and what was measured; an hour would be nonsense for a day's bar.
        options["tooltip"][":formatter"] = (
            "(rows) => { const [at, value, share] = rows[0].value; const d = new Date(at);"
            f" return d.toISOString().slice(0, 10) + '<br><b>' + sp.number(value, 1) + '</b> {self._unit}"
            f"<br>{t('measured')} ' + share + ' %'; }}"
        )
        options["xAxis"] |= {
            "min": shifted(days[0].start, t), "max": shifted(days[-1].start + DAY, t),
            "minInterval": int(DAY.total_seconds() * 1000), ":axisLabel": _labels(),
        }  # fmt: skip
        options["xAxis"].pop("axisLabel", None)
        options["series"] = [bars(self._t("daily"), data)]
        self._chart.options.clear()
        self._chart.options.update(options)
        self._chart.update()


def _labels() -> str:
    return (
        "({color: sp.color('--ink-2'), fontSize: 12, hideOverlap: true,"
        " formatter: (at) => new Date(at).toISOString().slice(5, 10)})"
    )
