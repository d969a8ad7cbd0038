"""A telemetry store in memory: small, real, and under the same contract as the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from park.reading import Reading
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


class MemoryTelemetry:
    """Readings in a dictionary by their identity."""

    def __init__(self, zone: ZoneInfo = SITE) -> None:
        self._zone = zone
        self._held: dict[tuple[str, str, datetime], Reading] = {}

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

    def extent(self) -> Extent:
        times = [at for _, _, at in self._held]
        return Extent(len(times), min(times, default=None), max(times, default=None))

    def close(self) -> None:
        """Nothing is kept beyond the object."""

    def _in_order(self) -> list[Reading]:
        return sorted(self._held.values(), key=lambda one: one.at)

    def _slots(self, series: Iterable[Reading], every: timedelta, how: Aggregate) -> Iterable[Slot]:
        values: dict[datetime, list[float]] = {}
        for one in series:
            values.setdefault(floor(one.at, every, self._zone), []).append(one.value)
        return (Slot(start, REDUCE[how](found)) for start, found in values.items())
