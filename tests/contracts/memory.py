"""A telemetry store in memory: small, real, and under the same contract as the others."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

import numpy as np

from park.alert_point import AlertPoint
from park.figure_point import FigurePoint
from park.instant import to_ms
from park.interval import IntervalBatch, Intervals, IntervalSum
from park.interval_batch import settled
from park.interval_sum import of_slots, summed
from park.reading import Reading
from park.series import Series
from park.stretch import Width, ceil_ms, edges
from park.telemetry import Aggregate, Extent, Slot
from park.window import SITE, floor

REDUCE: Mapping[Aggregate, Callable[[Sequence[float]], float]] = {
    Aggregate.MEAN: fmean,
    Aggregate.MIN: min,
    Aggregate.MAX: max,
    Aggregate.FIRST: lambda values: values[0],
    Aggregate.LAST: lambda values: values[-1],
    Aggregate.COUNT: lambda values: float(len(values)),
}


Row = tuple[int, float, float, float]
"""When a slot begins, its amount, and its measured and estimated shares."""


def columns(readings: Sequence[Reading]) -> Series:
    """Give readings in order of time as columns."""
    return Series(
        np.array([to_ms(one.at) for one in readings], np.int64),
        np.array([one.value for one in readings], np.float64),
        np.array([one.quality for one in readings], np.int64),
    )


def slots_of(rows: Sequence[Row]) -> Intervals:
    """Give slots in order of time as columns."""
    ms, *rest = (np.array([row[place] for row in rows]) for place in range(4))
    return Intervals(ms.astype(np.int64), *(column.astype(np.float64) for column in rest))


class MemoryTelemetry:
    """Readings in a dictionary by their identity."""

    def __init__(self, zone: ZoneInfo = SITE) -> None:
        self._zone = zone
        self._held: dict[tuple[str, str, datetime], Reading] = {}
        self._slotted: dict[tuple[str, str], dict[int, Row]] = {}
        self.figures: dict[tuple[object, ...], FigurePoint] = {}
        self.alerts: dict[tuple[object, ...], AlertPoint] = {}

    def write(self, readings: Sequence[Reading]) -> None:
        self._held = self._held | {(one.meter, one.metric, one.at): one for one in readings}

    def latest(self, meters: Sequence[str]) -> list[Reading]:
        newest = {(one.meter, one.metric): one for one in self._in_order() if one.meter in meters}
        return [newest[key] for key in sorted(newest)]

    def readings(
        self, meter: str, metric: str, start: datetime, end: datetime, *, limit: int = 10_000
    ) -> list[Reading]:
        series = (one for one in self._in_order() if (one.meter, one.metric) == (meter, metric))
        return [one for one in series if start <= one.at < end][:limit]

    def aggregate(
        self,
        meters: Sequence[str],
        metric: str,
        start: datetime,
        end: datetime,
        *,
        every: timedelta,
        how: Aggregate,
    ) -> Mapping[str, list[Slot]]:
        if every < timedelta(milliseconds=1):
            raise ValueError(f"a window lasts at least a millisecond, not {every}")
        return {
            meter: list(self._slots(self.readings(meter, metric, start, end, limit=len(self._held)), every, how))
            for meter in meters
        }

    def series(self, meters: Collection[str], metric: str, start: datetime, end: datetime) -> Mapping[str, Series]:
        found = {meter: self.readings(meter, metric, start, end, limit=len(self._held)) for meter in meters}
        return {meter: columns(readings) for meter, readings in found.items() if readings}

    def write_intervals(self, batches: Sequence[IntervalBatch]) -> None:
        for batch in settled(batches, self._zone):
            first, last = ceil_ms(batch.start), ceil_ms(batch.end)
            owner = batch.meter, batch.carrier
            kept = {ms: slot for ms, slot in self._slotted.get(owner, {}).items() if not first <= ms < last}
            new = batch.intervals
            rows = zip(*(one.tolist() for one in (new.start_ms, new.amount, new.measured, new.estimated)), strict=True)
            self._slotted[owner] = kept | {row[0]: row for row in rows}

    def intervals(
        self, meters: Collection[str], carrier: str, start: datetime, end: datetime
    ) -> Mapping[str, Intervals]:
        found = {meter: self._rows((meter, carrier), start, end) for meter in meters}
        return {meter: slots_of(rows) for meter, rows in found.items() if rows}

    def interval_sums(
        self,
        start: datetime,
        end: datetime,
        *,
        every: Width,
        carriers: Collection[str] | None = None,
        meters: Collection[str] | None = None,
    ) -> list[IntervalSum]:
        windows = edges(start, end, every, self._zone)
        return [
            one
            for owner in sorted(self._slotted)
            if (meters is None or owner[0] in meters) and (carriers is None or owner[1] in carriers)
            for one in summed(*owner, of_slots(slots_of(self._rows(owner, start, end))), windows)
        ]

    def write_figures(self, points: Sequence[FigurePoint]) -> None:
        self.figures |= {point[:7]: point for point in points}

    def write_alerts(self, points: Sequence[AlertPoint]) -> None:
        self.alerts |= {(point.rule, point.meter, point.at): point for point in points}

    def extent(self) -> Extent:
        times = [at for _, _, at in self._held]
        return Extent(len(times), min(times, default=None), max(times, default=None))

    def close(self) -> None:
        """Nothing is kept beyond the object."""

    def _rows(self, owner: tuple[str, str], start: datetime, end: datetime) -> list[Row]:
        held = self._slotted.get(owner, {})
        return [held[ms] for ms in sorted(held) if ceil_ms(start) <= ms < ceil_ms(end)]

    def _in_order(self) -> list[Reading]:
        return sorted(self._held.values(), key=lambda one: one.at)

    def _slots(self, series: Iterable[Reading], every: timedelta, how: Aggregate) -> Iterable[Slot]:
        values: dict[datetime, list[float]] = {}
        for one in series:
            values.setdefault(floor(one.at, every, self._zone), []).append(one.value)
        return (Slot(start, REDUCE[how](found)) for start, found in values.items())
