"""Slots out of readings, and coarser slots out of finer ones.  Doing it again gives the same points.

The rules service decides what to roll and when; this does it.  A continuous query or a task would do it in the server,
but each only on one version of it, and neither knows of late readings.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.influx.influxql import between, name, names, one_of, slots
from adapters.influx.measure import KEPT, TOGETHER
from adapters.influx.put import put
from adapters.influx.query import Queries, Series, rows
from adapters.influx.resolution import DAY, HOUR, QUARTER, RAW, Resolution
from adapters.influx.server import Server
from adapters.influx.spans import ceil
from park.line import escape
from park.metric import Medium, metrics
from park.registry import Registry
from park.window import floor

TAGS = ("enterprise", "meter", "park")
ROWS = 20_000
"""About how many slots one answer of the server may hold."""
MADE_OF = ((QUARTER, RAW), (HOUR, QUARTER), (DAY, QUARTER))


class Roller:
    """Rolls readings up into the three buckets of slots."""

    def __init__(self, server: Server, queries: Queries, registry: Callable[[], Registry], zone: ZoneInfo) -> None:
        self._server = server
        self._queries = queries
        self._registry = registry
        self._zone = zone

    def roll(self, start: datetime, end: datetime, meters: Collection[str] | None = None) -> int:
        """Make every slot that a range touches, of some meters or of all; give how many points were written.

        Raises StoreUnavailable; what is written by then is right, and is written again.
        """
        if start >= end or (meters is not None and not meters):
            return 0
        written = 0
        count = len(self._registry().meters) if meters is None else len(meters)
        for resolution, source in MADE_OF:
            fields = self._fields(source)
            for first, last in self._slices(resolution, start, end, max(1, count)):
                statements = self._statements(fields, resolution, source, between(first, last), meters)
                found = self._queries.ask(statements, source)
                written += put(self._server, resolution, [line for _, series in found for line in _lines(series)])
        return written

    def _fields(self, source: Resolution) -> Mapping[str, list[str]]:
        """Give the metrics that each measurement of a bucket holds."""
        known = metrics()
        mark = "" if source is RAW else "_count"
        found: dict[str, list[str]] = {}
        for _, series in self._queries.ask([f"SHOW FIELD KEYS FROM {names(Medium)}"], source):
            keys = {row["fieldKey"] for row in rows(series)}
            if held := [metric for metric in known if metric + mark in keys]:
                found[series.name] = held
        return found

    def _slices(
        self, resolution: Resolution, start: datetime, end: datetime, meters: int
    ) -> Iterator[tuple[datetime, datetime]]:
        """Part the range of the slots touched so that no answer becomes large."""
        width = resolution.width or timedelta()
        step = width * max(1, ROWS // meters)
        at, last = floor(start, width, self._zone), ceil(end, width, self._zone)
        while at < last:
            after = min(last, ceil(at + step, width, self._zone))
            yield at, after
            at = after

    def _statements(
        self,
        fields: Mapping[str, list[str]],
        resolution: Resolution,
        source: Resolution,
        when: str,
        meters: Collection[str] | None,
    ) -> Iterable[str]:
        group, tail = slots(resolution.width or timedelta(), self._zone)
        some = "" if meters is None else f"{one_of('meter', sorted(meters))} AND "
        for measurement, held in fields.items():
            chosen = ", ".join(_select(metric, kept, source) for metric in held for kept in KEPT)
            yield (
                f"SELECT {chosen} FROM {name(measurement)} "  # noqa: S608  # all quoted
                f"WHERE {some}{when} GROUP BY {group}, {names(TAGS)} fill(none){tail}"
            )


def _select(metric: str, kept: str, source: Resolution) -> str:
    how, field = (KEPT[kept], metric) if source is RAW else (TOGETHER[kept], metric + kept)
    return f"{how}({name(field)}) AS {name(metric + kept)}"


def _lines(series: Series) -> Iterator[str]:
    """Write slots as lines.  Every field is a float, the count as well: a field's type sticks for ever."""
    tags = [f"{tag}={escape(series.tags[tag])}" for tag in TAGS if series.tags.get(tag)]
    head = ",".join([escape(series.name), *tags])
    held = [column.removesuffix("_count") for column in series.columns if column.endswith("_count")]
    for row in rows(series):
        fields = [_fields(metric, row) for metric in held if row[f"{metric}_count"]]
        if fields:
            yield f"{head} {','.join(fields)} {row['time']}"


def _fields(metric: str, row: Mapping[str, float]) -> str:
    values = {kept: float(row[metric + kept]) for kept in KEPT}
    values[""] = values["_sum"] / values["_count"]
    return ",".join(f"{metric}{kept}={number!r}" for kept, number in values.items())
