"""Bars of what was used on each of the last thirty days, each with how much of it was measured."""

import json
from collections.abc import Sequence

from api.console.chart import bars, base, draw
from api.console.tongue import Tongue, percent
from api.overview import Daily


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
        names = [day.start.astimezone(t.zone).strftime("%m-%d") for day in days]
        shares = [percent(day.figure.coverage.share) for day in days]
        options["xAxis"] |= {"type": "category", "data": names}
        options["xAxis"]["axisLabel"].pop("formatter")
        options["tooltip"][":formatter"] = (
            f"(rows) => {{ const shares = {json.dumps(shares)}; const row = rows[0];"
            f" return row.name + '<br><b>' + sp.number(row.value) + '</b> {self._unit}"
            f"<br>{t('measured')} ' + shares[row.dataIndex]; }}"
        )
        options["series"] = [bars(t("daily"), [day.figure.value for day in days])]
        self._chart.options.clear()
        self._chart.options.update(options)
        self._chart.update()
