"""Gauges: flows without a register integrated, and the masses of outlets, for whole local days.

Nothing is carried from one day to the next but the pair of readings across midnight: a day is due with its neighbours.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from park.flow import integrate
from park.instant import EPOCH
from park.interval import IntervalBatch, Intervals
from park.pollutant import mass
from park.series import EMPTY
from park.stretch import ceil_ms
from park.subject import Way
from park.telemetry import TelemetryStore
from rules.work import AHEAD, Task, midnight, next_midnight, previous_midnight


class Gauges:
    """Reckons gauges, many at a time."""

    def __init__(
        self, *, telemetry: TelemetryStore, zone: ZoneInfo, now: datetime, oldest: datetime | None = None
    ) -> None:
        """Take the parts; of days before `oldest` readings are gone, so that they stay as they are."""
        self._telemetry = telemetry
        self._zone = zone
        self._now = now
        self._oldest = oldest

    def reckon(self, tasks: Sequence[Task], first: datetime, end: datetime) -> None:
        """Reckon the days from `first` to `end` of gauges of one metric, and those beside them."""
        tomorrow = next_midnight(midnight(self._now + AHEAD, self._zone), self._zone)
        start = max(previous_midnight(first, self._zone), self._oldest or EPOCH)
        finish = min(next_midnight(end, self._zone), max(tomorrow, end))
        gap = max(task.gap for task in tasks)
        meters = [task.subject.meter.id for task in tasks]
        subject = tasks[0].subject
        values = self._telemetry.series(meters, subject.metric, start - gap, finish + gap)
        flows = values
        if subject.flow is not None:
            flows = self._telemetry.series(meters, subject.flow, start - gap, finish + gap)
        first_ms, last_ms = ceil_ms(start), ceil_ms(finish)

        def used(task: Task) -> Intervals:
            own, meter = values.get(task.subject.meter.id, EMPTY), task.subject.meter
            if task.subject.way is Way.FLOW:
                return integrate(own, start_ms=first_ms, end_ms=last_ms, gap=task.gap)
            flow = flows.get(meter.id, EMPTY)
            return mass(own, flow, medium=meter.medium, start_ms=first_ms, end_ms=last_ms, gap=task.gap)

        self._telemetry.write_intervals(
            [IntervalBatch(task.subject.meter.id, task.subject.carrier, start, finish, used(task)) for task in tasks]
        )
        for task in tasks:
            task.done(end)
