"""The embedded telemetry store: one DuckDB file, written by one process.

The table has no primary key.  An index over (meter, metric, time) would grow with every reading for ever, costs four
fifths of the write rate and seven eighths of the file; instead a batch first deletes what it is about to write, within
its own span of time, where DuckDB's zone maps leave almost nothing to look at.  See docs/decisions.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from numpy.typing import NDArray

from park.instant import from_ms, to_ms
from park.reading import Reading
from park.telemetry import Aggregate, Extent, Slot, StoreUnavailable
from park.window import SITE

DAY_MS = 86_400_000
MEMORY = "1GB"
THREADS = 2

SCHEMA = (
    "create table if not exists meter(id integer, name varchar)",
    "create table if not exists metric(id integer, name varchar)",
    "create table if not exists reading(meter integer, metric integer, ts bigint, value double, quality integer)",
    "create table if not exists newest("
    "meter integer, metric integer, ts bigint, value double, quality integer, primary key (meter, metric))",
)

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

    def __init__(self, path: Path, *, zone: ZoneInfo = SITE) -> None:
        """Open or make the file.  Raises StoreUnavailable where it cannot be had, e.g. held by another process."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with _translated():
            self._db = duckdb.connect(str(path), config={"memory_limit": MEMORY, "threads": THREADS})
            for statement in SCHEMA:
                self._db.execute(statement)
            self._ids = {
                table: dict(self._db.execute(f"select name, id from {table}").fetchall())  # noqa: S608  # our names
                for table in ("meter", "metric")
            }
        self._zone = zone
        self._writing = threading.Lock()

    def write(self, readings: Sequence[Reading]) -> None:
        """Store all in one transaction, or none and raise StoreUnavailable."""
        if not readings:
            return
        with self._writing, _translated():
            cursor = self._db.cursor()
            cursor.execute("begin")
            try:
                batch = self._columns(readings, cursor)
                self._replace(cursor, batch)
                cursor.execute("commit")
            except BaseException:
                cursor.execute("rollback")
                self._reload_ids()
                raise
            finally:
                cursor.close()

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
        return self._select(
            "select ?, ?, value, ts, quality from reading "
            "where meter = ? and metric = ? and ts >= ? and ts < ? order by ts limit ?",
            [meter, metric, *self._series(meter, metric), _ceil_ms(start), _ceil_ms(end), limit],
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
        offset = int((self._zone.utcoffset(start.replace(tzinfo=None)) or timedelta()) / timedelta(milliseconds=1))
        width = int(every / timedelta(milliseconds=1))
        with _translated():
            cursor = self._db.cursor()
            rows = cursor.execute(
                f"select m.name, ((ts + $offset) // $width) * $width - $offset as slot, {WINDOWED[how]} "  # noqa: S608
                "from reading r join meter m on m.id = r.meter "
                "where m.name in (select unnest($meters)) and r.metric = $metric and ts >= $start and ts < $end "
                "group by m.name, slot order by m.name, slot",
                {
                    "offset": offset,
                    "width": width,
                    "meters": list(meters),
                    "metric": self._ids["metric"].get(metric, -1),
                    "start": _ceil_ms(start),
                    "end": _ceil_ms(end),
                },
            ).fetchall()
            cursor.close()
        found: dict[str, list[Slot]] = {meter: [] for meter in meters}
        for meter, slot, value in rows:
            found[meter].append(Slot(from_ms(slot), value))
        return found

    def extent(self) -> Extent:
        """Say how much is stored, and from when to when."""
        with _translated():
            cursor = self._db.cursor()
            row = cursor.execute("select count(*), min(ts), max(ts) from reading").fetchone()
            cursor.close()
        count, first, last = row or (0, None, None)
        return Extent(count, None if first is None else from_ms(first), None if last is None else from_ms(last))

    def close(self) -> None:
        """Write everything into the file itself and let go of it."""
        with self._writing:
            self._db.close()

    def _select(self, query: str, values: list[object]) -> list[Reading]:
        with _translated():
            cursor = self._db.cursor()
            rows = cursor.execute(query, values).fetchall()
            cursor.close()
        return [Reading(meter, metric, value, from_ms(ts), quality) for meter, metric, value, ts, quality in rows]

    def _series(self, meter: str, metric: str) -> tuple[int, int]:
        return self._ids["meter"].get(meter, -1), self._ids["metric"].get(metric, -1)

    def _columns(
        self, readings: Sequence[Reading], cursor: duckdb.DuckDBPyConnection
    ) -> dict[str, NDArray[np.generic]]:
        """Turn readings into columns in order of identity, the last of each identity only."""
        meter = self._numbers("meter", [reading.meter for reading in readings], cursor)
        metric = self._numbers("metric", [reading.metric for reading in readings], cursor)
        ts = np.fromiter(_milliseconds(readings), np.int64, len(readings))
        order = np.lexsort((ts, metric, meter))  # stable: of equal identities the later written stays the later
        columns: dict[str, NDArray[np.generic]] = {
            "meter": meter[order],
            "metric": metric[order],
            "ts": ts[order],
            "value": np.array([reading.value for reading in readings], np.float64)[order],
            "quality": np.array([reading.quality for reading in readings], np.int32)[order],
        }
        again = np.ones(len(order), bool)
        again[:-1] = np.any([columns[name][:-1] != columns[name][1:] for name in ("meter", "metric", "ts")], axis=0)
        return columns if again.all() else {name: column[again] for name, column in columns.items()}

    def _numbers(self, table: str, names: list[str], cursor: duckdb.DuckDBPyConnection) -> NDArray[np.int32]:
        """Give the number of each name, and number the new ones."""
        ids = self._ids[table]
        for name in set(names) - ids.keys():
            number = len(ids)
            cursor.execute(f"insert into {table} values (?, ?)", [number, name])  # noqa: S608  # our own table names
            ids[name] = number
        return np.array([ids[name] for name in names], np.int32)

    def _replace(self, cursor: duckdb.DuckDBPyConnection, batch: Mapping[str, NDArray[np.generic]]) -> None:
        """Delete what the batch holds, a day at a time so that one late reading does not widen the search, and add."""
        cursor.register("batch", dict(batch))
        for day in np.unique(batch["ts"] // DAY_MS):
            spans = batch["ts"][batch["ts"] // DAY_MS == day]
            cursor.execute(
                "delete from reading using batch b where reading.ts between ? and ? "
                "and reading.meter = b.meter and reading.metric = b.metric and reading.ts = b.ts",
                [int(spans.min()), int(spans.max())],
            )
        cursor.execute("insert into reading select meter, metric, ts, value, quality from batch")
        cursor.execute(
            "insert into newest select meter, metric, max(ts), arg_max(value, ts), arg_max(quality, ts) "
            "from batch group by meter, metric on conflict (meter, metric) do update set "
            "ts = excluded.ts, value = excluded.value, quality = excluded.quality where excluded.ts >= newest.ts"
        )
        cursor.unregister("batch")

    def _reload_ids(self) -> None:
        """Forget the numbers that a rolled-back transaction gave out."""
        for table, ids in self._ids.items():
            ids.clear()
            ids.update(self._db.execute(f"select name, id from {table}").fetchall())  # noqa: S608  # our table names


def _milliseconds(readings: Sequence[Reading]) -> Iterator[int]:
    """Count each reading's time once where neighbours share it, as the metrics of one message do."""
    at, ms = datetime(1970, 1, 1, tzinfo=UTC), 0
    for reading in readings:
        if reading.at is not at:
            at = reading.at
            ms = to_ms(at)
        yield ms


def _ceil_ms(at: datetime) -> int:
    """Give the first whole millisecond at or after an instant, so that both ends of a range cut alike."""
    return -((datetime(1970, 1, 1, tzinfo=UTC) - at) // timedelta(milliseconds=1))


@contextmanager
def _translated() -> Iterator[None]:
    """Say in the port's own terms that the store cannot do it now."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error).partition("\n")[0]
        if "lock" in text.lower():
            text = (
                f"{text} — the embedded store belongs to one process at a time; stop the other one, "
                "or point SMARTPARK_TELEMETRY_URL at a server that several may use"
            )
        raise StoreUnavailable(text) from error
