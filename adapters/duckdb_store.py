"""The embedded telemetry store: one DuckDB file, written by one process.

The table has no primary key.  An index over (meter, metric, time) would grow with every reading for ever, costs four
fifths of the write rate and seven eighths of the file; instead a batch first deletes what it is about to write, within
its own span of time, where DuckDB's zone maps leave almost nothing to look at.  See docs/decisions.
"""

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from adapters import private
from adapters.duckdb_batch import Columns, columns, numbered
from adapters.duckdb_slots import Slots
from park.instant import EPOCH, MILLISECOND, from_ms
from park.reading import Reading
from park.telemetry import Aggregate, Extent, Slot, StoreUnavailable
from park.window import SITE

DAY_MS = 86_400_000
MEMORY = "1GB"
THREADS = 2
HELD = "Could not set lock"
"""What DuckDB says of a file that another process has open."""

SCHEMA = (
    "create table if not exists meter(id integer, name varchar)",
    "create table if not exists metric(id integer, name varchar)",
    "create table if not exists reading(meter integer, metric integer, ts bigint, value double, quality integer)",
    """create table if not exists newest(
        meter integer, metric integer, ts bigint, value double, quality integer, primary key (meter, metric))""",
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
        self._path = path
        self._zone = zone
        self._writing = threading.Lock()
        self._opening = threading.Lock()
        self._closed = False
        self._meters: dict[str, int] = {}
        self._metrics: dict[str, int] = {}
        self._db: duckdb.DuckDBPyConnection | None = None
        with self._cursor():
            pass

    def write(self, readings: Sequence[Reading]) -> None:
        """Store all in one transaction, or none and raise StoreUnavailable."""
        if not readings:
            return
        with self._writing, self._cursor() as cursor:
            meters = numbered(self._meters, [reading.meter for reading in readings])
            metrics = numbered(self._metrics, [reading.metric for reading in readings])
            batch = columns(readings, self._meters | meters, self._metrics | metrics)
            cursor.execute("begin")
            try:
                _name(cursor, "meter", meters)
                _name(cursor, "metric", metrics)
                _replace(cursor, batch)
                cursor.execute("commit")
            except BaseException:
                with contextlib.suppress(duckdb.Error):  # a commit that failed has rolled back already
                    cursor.execute("rollback")
                raise
            self._meters |= meters  # only now: numbers that a failed write gave out have no name in the file
            self._metrics |= metrics
            private.restrict(_log(self._path))

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
        series = self._meters.get(meter, -1), self._metrics.get(metric, -1)
        return self._select(
            "select ?, ?, value, ts, quality from reading "
            "where meter = ? and metric = ? and ts >= ? and ts < ? order by ts limit ?",
            [meter, metric, *series, _ceil_ms(start), _ceil_ms(end), limit],
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
        rows = self._rows(
            f"select m.name, {slots.wall} as slot, {WINDOWED[how]} "  # noqa: S608  # integers and our own words
            "from reading r join meter m on m.id = r.meter "
            "where m.name in (select unnest(?)) and r.metric = ? and ts >= ? and ts < ? "
            "group by m.name, slot order by m.name, slot",
            [list(meters), self._metrics.get(metric, -1), _ceil_ms(start), _ceil_ms(end)],
        )
        found: dict[str, list[Slot]] = {meter: [] for meter in meters}
        for meter, slot, value in rows:
            found[meter].append(Slot(slots.start(slot), value))
        return found

    def extent(self) -> Extent:
        """Say how much is stored, and from when to when."""
        [(count, first, last)] = self._rows("select count(*), min(ts), max(ts) from reading", [])
        return Extent(count, None if first is None else from_ms(first), None if last is None else from_ms(last))

    def close(self) -> None:
        """Write everything into the file itself and let go of it."""
        with self._writing, self._opening:
            self._closed = True
            if self._db is not None:
                self._db.close()

    def _select(self, query: str, values: list[object]) -> list[Reading]:
        rows = self._rows(query, values)
        return [Reading(meter, metric, value, from_ms(ts), quality) for meter, metric, value, ts, quality in rows]

    def _rows(self, query: str, values: list[object]) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            return cursor.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor.  A database that DuckDB gave up on, as when the disk is full, is opened anew for the next."""
        with _translated():
            db = self._open()
            try:
                with contextlib.closing(db.cursor()) as cursor:
                    yield cursor
            except duckdb.FatalException:
                with self._opening:
                    if self._db is db:
                        self._db = None
                    with contextlib.suppress(duckdb.Error):
                        db.close()
                raise

    def _open(self) -> duckdb.DuckDBPyConnection:
        """Give the open database; open it where it is not, and read which numbers stand for which names."""
        with self._opening:
            if self._closed:
                raise StoreUnavailable(f"{self._path} was closed")
            if self._db is None:
                db = _connect(self._path)
                self._meters = dict(db.execute("select name, id from meter").fetchall())
                self._metrics = dict(db.execute("select name, id from metric").fetchall())
                self._db = db
            return self._db


def _log(path: Path) -> Path:
    """Name the write-ahead log, which DuckDB makes anew after every checkpoint."""
    return path.with_name(f"{path.name}.wal")


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    private.folder(path.parent)
    db = duckdb.connect(str(path), config={"memory_limit": MEMORY, "threads": THREADS})
    try:
        private.restrict(path)
        for statement in SCHEMA:
            db.execute(statement)
        private.restrict(_log(path))
    except BaseException:
        db.close()
        raise
    return db


def _name(cursor: duckdb.DuckDBPyConnection, table: str, new: Mapping[str, int]) -> None:
    for name, number in new.items():
        cursor.execute(f"insert into {table} values (?, ?)", [number, name])  # noqa: S608  # our own table names


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


def _ceil_ms(at: datetime) -> int:
    """Give the first whole millisecond at or after an instant, so that both ends of a range cut alike."""
    return -((EPOCH - at) // MILLISECOND)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Say in the port's own terms that the store cannot do it now."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error).partition("\n")[0]
        if HELD in text:
            text = (
                f"{text} — the embedded store belongs to one process at a time; stop the other one, "
                "or point SMARTPARK_TELEMETRY_URL at a server that several may use"
            )
        raise StoreUnavailable(text) from error
    except OSError as error:
        raise StoreUnavailable(f"{error.filename}: {error.strerror}") from error
