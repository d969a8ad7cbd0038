"""What a meter used on each of the last days: measured and estimated amounts stacked, and how much time is missing."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from api import consumed
from api.console.chart import bars, base, draw
from api.console.frame import Visit
from api.console.parts import text
from api.console.tongue import UNITS, percent
from api.consumed import Used
from park.stretch import edges
from park.subject import Subject
from park.window import DAY, day_start

LOOK_EVERY = timedelta(minutes=1)
DAYS = 31
Days = Sequence[tuple[datetime, Used | None]]


class UsedChart:
    """Drawn empty, filled when the days are known."""

    def __init__(self, visit: Visit, subject: Subject) -> None:
        self._visit = visit
        self._subject = subject
        self._looked: datetime | None = None
        self._seen: object = None
        unit = consumed.unit(subject.carrier) or ""
        self._unit = UNITS.get(unit, unit)
        self._chart = draw(base(self._unit, legend=True), visit.t("daily"))
        self._none = text("p", visit.t("used_none"), "nothing-here")

    async def tell(self, now: datetime) -> None:
        """Look now and then, and draw what is another.  Raises TelemetryError."""
        if self._looked is not None and now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        days = await asyncio.to_thread(self._read, now)
        if days == self._seen:
            return
        self._seen = days
        self._none.set_visibility(not any(used for _, used in days))
        self._draw(days)

    def _read(self, now: datetime) -> Days:
        zone, subject = self._visit.t.zone, self._subject
        start = day_start(now, zone) - (DAYS - 1) * DAY
        store = self._visit.board.services.telemetry
        found = consumed.of_meter(store, [subject.meter], subject.carrier, start, now, every=DAY)
        firsts = [consumed.instant(first) for first, _ in pairwise(edges(start, now, DAY, zone))]
        return [(first, found.get(first)) for first in firsts]

    def _draw(self, days: Days) -> None:
        t = self._visit.t
        options = base(self._unit, legend=True)
        options["xAxis"] |= {"type": "category", "data": [f"{day.astimezone(t.zone):%m-%d}" for day, _ in days]}
        options["xAxis"]["axisLabel"].pop("formatter")
        told = [self._told(used) for _, used in days]
        options["tooltip"][":formatter"] = (
            f"(rows) => {{ const told = {json.dumps(told)}; return rows[0].name + '<br>' + told[rows[0].dataIndex]; }}"
        )
        measured = bars(t("used_measured"), [_part(used, estimated=False) for _, used in days])
        estimated = bars(t("used_estimated"), [_part(used, estimated=True) for _, used in days], "--before")
        for series in (measured, estimated):
            series["stack"] = "used"
        options["series"] = [measured, estimated]
        self._chart.options.clear()
        self._chart.options.update(options)
        self._chart.update()

    def _told(self, used: Used | None) -> str:
        """Say one day: how much, and how far to trust it."""
        t = self._visit.t
        if used is None:
            return t("used_missing")
        shares = [
            (t("used_measured"), used.coverage.measured),
            (t("used_estimated"), used.coverage.estimated),
            (t("used_missing"), used.coverage.missing),
        ]
        words = " · ".join(f"{name} {percent(share)}" for name, share in shares if share > 0)
        return f"<b>{used.amount:,.2f}</b> {self._unit}<br>{words}"


def _part(used: Used | None, *, estimated: bool) -> float | None:
    """Give the part of a day's amount that is measured or estimated, by time; of a day without a figure, none."""
    if used is None:
        return None
    known = used.coverage.measured + used.coverage.estimated
    share = (used.coverage.estimated if estimated else used.coverage.measured) / known if known else 0.0
    return round(used.amount * share, 6)
