"""The embedded telemetry store: one DuckDB file, written by one process.

The table has no primary key.  An index over (meter, metric, time) would grow with every reading for ever, costs four
fifths of the write rate and seven eighths of the file; instead a batch first deletes what it is about to write, within
its own span of time, where DuckDB's zone maps leave almost nothing to look at.  See docs/decisions.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from adapters import duckdb_alerts, duckdb_figures
from adapters.duckdb_batch import Columns, columns
from adapters.duckdb_file import DuckDBFile
from adapters.duckdb_intervals import DuckDBIntervals, runs
from adapters.duckdb_slots import Slots
from adapters.late_notes import LateNotes
from park.alert_point import AlertPoint
from park.figure_point import FigurePoint
from park.instant import from_ms
from park.interval import IntervalBatch, Intervals, IntervalSum
from park.reading import Reading
from park.series import Series
from park.stretch import Width, ceil_ms
from park.telemetry import Aggregate, Extent, Slot
from park.window import SITE

DAY_MS = 86_400_000
WINDOWED: dict[Aggregate, str] = {
    Aggregate.MEAN: "avg(value)",
    Aggregate.MIN: "min(value)",
    Aggregate.MAX: "max(value)",
    Aggregate.FIRST: "arg_min(value, ts)",
    Aggregate.LAST: "arg_max(value, ts)",
    Aggregate.COUNT: "count(*)::double",
}


class DuckDBStore:
    """Readings in one DuckDB file.  Safe to call from any thread."""

    def __init__(self, path: Path, *, zone: ZoneInfo = SITE, late: LateNotes | None = None) -> None:
        """Open or make the file.  Raises StoreUnavailable where it cannot be had, e.g. held by another process."""
        self._file = DuckDBFile(path)
        self._zone = zone
        self._late = late
        self._intervals = DuckDBIntervals(self._file, zone)

    def write(self, readings: Sequence[Reading]) -> None:
        """Store all in one transaction, or none and raise StoreUnavailable; late ones are noted."""
        if not readings:
            return
        with self._file.transaction() as writing:
            meters = writing.numbers("meter", [reading.meter for reading in readings])
            metrics = writing.numbers("metric", [reading.metric for reading in readings])
            batch = columns(readings, meters, metrics)
            _replace(writing.cursor, batch)
        if self._late is not None:
            self._late.note(readings, oldest=from_ms(int(np.min(batch["ts"]))))

    def latest(self, meters: Sequence[str]) -> list[Reading]:
        """Give the newest reading of each metric of each meter, from a small table kept with every write."""
        return self._select(
            "select m.name, k.name, n.value, n.ts, n.quality from newest n join meter m on m.id = n.meter "
            "join metric k on k.id = n.metric where m.name in (select unnest(?)) order by 1, 2",
            [list(meters)],
        )

    def readings(
        self, meter: str, metric: str, start: datetime, end: datetime, *, limit: int = 10_000
    ) -> list[Reading]:
        """Give one series in order of time."""
        series = self._file.number("meter", meter), self._file.number("metric", metric)
        return self._select(
            "select ?, ?, value, ts, quality from reading "
            "where meter = ? and metric = ? and ts >= ? and ts < ? order by ts limit ?",
            [meter, metric, *series, ceil_ms(start), ceil_ms(end), limit],
        )

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
        """Give windows aligned to the site's midnight, one query for all the meters."""
        slots = Slots(self._zone, every, start, end)
        rows = self._file.rows(
            f"select m.name, {slots.wall} as slot, {WINDOWED[how]} "  # noqa: S608  # integers and our own words
            "from reading r join meter m on m.id = r.meter "
            "where m.name in (select unnest(?)) and r.metric = ? and ts >= ? and ts < ? "
            "group by m.name, slot order by m.name, slot",
            [list(meters), self._file.number("metric", metric), ceil_ms(start), ceil_ms(end)],
        )
        found: dict[str, list[Slot]] = {meter: [] for meter in meters}
        for meter, slot, value in rows:
            found[meter].append(Slot(slots.start(slot), value))
        return found

    def extent(self) -> Extent:
        """Say how much is stored, and from when to when."""
        [(count, first, last)] = self._file.rows("select count(*), min(ts), max(ts) from reading", [])
        return Extent(count, None if first is None else from_ms(first), None if last is None else from_ms(last))

    def series(self, meters: Collection[str], metric: str, start: datetime, end: datetime) -> Mapping[str, Series]:
        """Give whole series as columns, one query for all the meters."""
        asked = {self._file.number("meter", meter): meter for meter in meters}
        found = self._file.columns(
            "select meter, ts, value, quality from reading "
            "where meter in (select unnest(?)) and metric = ? and ts >= ? and ts < ? order by meter, ts",
            [list(asked), self._file.number("metric", metric), ceil_ms(start), ceil_ms(end)],
        )
        quality = found["quality"].astype(np.int64)
        return {
            asked[int(found["meter"][first])]: Series(
                found["ts"][first:last], found["value"][first:last], quality[first:last]
            )
            for first, last in runs(found["meter"])
        }

    def write_intervals(self, batches: Sequence[IntervalBatch]) -> None:
        """Replace all that is stored of each batch's meter and carrier within its days."""
        self._intervals.write(batches)

    def intervals(
        self, meters: Collection[str], carrier: str, start: datetime, end: datetime
    ) -> Mapping[str, Intervals]:
        """Give the slots of some meters as columns."""
        return self._intervals.read(meters, carrier, start, end)

    def interval_sums(
        self,
        start: datetime,
        end: datetime,
        *,
        every: Width,
        carriers: Collection[str] | None = None,
        meters: Collection[str] | None = None,
    ) -> list[IntervalSum]:
        """Sum slots by windows, long ranges from the days."""
        return self._intervals.sums(start, end, every=every, carriers=carriers, meters=meters)

    def write_figures(self, points: Sequence[FigurePoint]) -> None:
        """Store figures; a point without a value takes the earlier one out."""
        duckdb_figures.write(self._file, points)

    def write_alerts(self, points: Sequence[AlertPoint]) -> None:
        """Store changes of alerts."""
        duckdb_alerts.write(self._file, points)

    def close(self) -> None:
        """Write everything into the file itself and let go of it."""
        self._file.close()

    def _select(self, query: str, values: list[object]) -> list[Reading]:
        rows = self._file.rows(query, values)
        return [Reading(meter, metric, value, from_ms(ts), quality) for meter, metric, value, ts, quality in rows]


def _replace(cursor: duckdb.DuckDBPyConnection, batch: Columns) -> None:
    """Delete what the batch holds, a day at a time so that one late reading does not widen the search, and add."""
    cursor.register("batch", dict(batch))
    for day in np.unique(batch["ts"] // DAY_MS):
        span = batch["ts"][batch["ts"] // DAY_MS == day]
        cursor.execute(
            "delete from reading using batch b where reading.ts between ? and ? "
            "and reading.meter = b.meter and reading.metric = b.metric and reading.ts = b.ts",
            [int(span.min()), int(span.max())],
        )
    cursor.execute("insert into reading select meter, metric, ts, value, quality from batch")
    cursor.execute(
        "insert into newest select meter, metric, max(ts), arg_max(value, ts), arg_max(quality, ts) "
        "from batch group by meter, metric on conflict (meter, metric) do update set "
        "ts = excluded.ts, value = excluded.value, quality = excluded.quality where excluded.ts >= newest.ts"
    )
    cursor.unregister("batch")
