"""Consumption in the embedded store: slots, and the days they sum to.

The tables have no index, for the reasons of docs/decisions/002: a write first deletes the days that it replaces.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from adapters.duckdb_file import DuckDBFile, Transaction, registered
from park.instant import to_ms
from park.interval import SLOT_MS, IntervalBatch, Intervals, IntervalSum
from park.interval_batch import settled
from park.interval_sum import Parts, of_slots, summed, sums
from park.series import Ints
from park.stretch import Width, ceil_ms, edges, midnights, whole
from park.window import DAY

MOST_SLOTS = 200_000
"""In one transaction: readings wait no longer than that takes."""
CARRIER_BITS = 16
CARRIERS = (1 << CARRIER_BITS) - 1
OWNER = f"(meter::bigint << {CARRIER_BITS}) + carrier as owner"
"""Meter and carrier in one number, so that rows are parted by comparing numbers."""
COLUMNS = ("ts", "amount", "measured", "estimated")
READ = "select {OWNER}, ts, amount, measured * {width} as measured, estimated * {width} as estimated from {table}"
SLOTS = READ.format(OWNER=OWNER, width=SLOT_MS, table="interval")
DAYS = READ.format(OWNER=OWNER, width="(until - ts)", table="interval_1d")


class DuckDBIntervals:
    """Slots and days in one file."""

    def __init__(self, file: DuckDBFile, zone: ZoneInfo) -> None:
        self._file = file
        self._zone = zone

    def write(self, batches: Sequence[IntervalBatch]) -> None:
        """Replace what each batch replaces; some batches in each transaction."""
        for some in _portions(settled(batches, self._zone)):
            with self._file.transaction() as writing:
                self._replace(writing, some)

    def read(self, meters: Collection[str], carrier: str, start: datetime, end: datetime) -> Mapping[str, Intervals]:
        """Give the slots of some meters as columns."""
        asked = {self._file.number("meter", meter): meter for meter in meters}
        found = self._file.columns(
            "select meter, ts, amount, measured, estimated from interval "
            "where meter in (select unnest(?)) and carrier = ? and ts >= ? and ts < ? order by meter, ts",
            [list(asked), self._file.number("carrier", carrier), ceil_ms(start), ceil_ms(end)],
        )
        return {
            asked[int(found["meter"][first])]: Intervals(*(found[column][first:last] for column in COLUMNS))
            for first, last in runs(found["meter"])
        }

    def sums(
        self,
        start: datetime,
        end: datetime,
        *,
        every: Width,
        carriers: Collection[str] | None,
        meters: Collection[str] | None,
    ) -> list[IntervalSum]:
        """Sum by windows: those of whole days from the days, but for the ends that are no whole days."""
        windows = edges(start, end, every, self._zone)
        if not len(windows):
            return []
        queries: list[str] = []
        values: list[object] = []
        for select, first, last in self._sources(start, end, every):
            queries.append(f"{select} where ts >= ? and ts < ?{_chosen(meters, 'meter')}{_chosen(carriers, 'carrier')}")
            values += [first, last]
            for table, names in (("meter", meters), ("carrier", carriers)):
                values += [] if names is None else [[self._file.number(table, name) for name in names]]
        found = self._file.columns(f"{' union all '.join(queries)} order by owner, ts", values)
        named = {table: self._file.names(table) for table in ("meter", "carrier")}
        owners = {
            (named["meter"][owner >> CARRIER_BITS], named["carrier"][owner & CARRIERS]): slice(begin, stop)
            for begin, stop in runs(found["owner"])
            for owner in [int(found["owner"][begin])]
        }
        return [
            one
            for (meter, carrier), place in sorted(owners.items(), key=lambda row: row[0])
            for one in summed(meter, carrier, Parts(*(found[column][place] for column in COLUMNS)), windows)
        ]

    def _sources(self, start: datetime, end: datetime, every: Width) -> Iterator[tuple[str, int, int]]:
        """Give what to read, and from when to when: days in the middle of a long range, slots at its ends."""
        first, last = ceil_ms(start), ceil_ms(end)
        long = not isinstance(every, timedelta) or not every % DAY
        days = whole(start, end, DAY, self._zone) if long else None
        if days is None:
            yield SLOTS, first, last
            return
        yield DAYS, *days
        yield SLOTS, first, days[0]
        yield SLOTS, days[1], last

    def _replace(self, writing: Transaction, batches: Sequence[IntervalBatch]) -> None:
        meters = writing.numbers("meter", [batch.meter for batch in batches])
        carriers = writing.numbers("carrier", [batch.carrier for batch in batches])
        spans: dict[str, NDArray[np.generic]] = {
            "meter": np.array([meters[batch.meter] for batch in batches], np.int32),
            "carrier": np.array([carriers[batch.carrier] for batch in batches], np.int32),
            "since": np.array([to_ms(batch.start) for batch in batches], np.int64),
            "until": np.array([to_ms(batch.end) for batch in batches], np.int64),
        }
        counts = [len(batch.intervals.start_ms) for batch in batches]
        slots = {name: np.repeat(spans[name], counts) for name in ("meter", "carrier")}
        for column, kept in zip(COLUMNS, ("start_ms", *COLUMNS[1:]), strict=True):
            slots[column] = np.concatenate([getattr(batch.intervals, kept) for batch in batches])
        days = _days(batches, meters, carriers, self._zone)
        with registered(writing.cursor, spans=spans, slots=slots, days=days):
            for table in ("interval", "interval_1d"):
                writing.cursor.execute(
                    f"delete from {table} using spans s where {table}.ts >= ? and {table}.ts < ? "  # noqa: S608  # ours
                    f"and {table}.meter = s.meter and {table}.carrier = s.carrier "
                    f"and {table}.ts >= s.since and {table}.ts < s.until",
                    [min(spans["since"].tolist()), max(spans["until"].tolist())],
                )
            writing.cursor.execute(
                "insert into interval select meter, carrier, ts, amount, measured, estimated from slots"
            )
            writing.cursor.execute(
                "insert into interval_1d select meter, carrier, ts, until, amount, measured, estimated from days"
            )


def runs(owners: NDArray[np.generic]) -> Iterator[tuple[int, int]]:
    """Give the ends of each stretch of equal values."""
    if len(owners):
        yield from pairwise([0, *(np.flatnonzero(owners[1:] != owners[:-1]) + 1).tolist(), len(owners)])


def _portions(batches: Sequence[IntervalBatch]) -> Iterator[list[IntervalBatch]]:
    """Part batches so that no transaction becomes large."""
    some: list[IntervalBatch] = []
    size = 0
    for batch in batches:
        if some and size + len(batch.intervals.start_ms) > MOST_SLOTS:
            yield some
            some, size = [], 0
        some.append(batch)
        size += len(batch.intervals.start_ms)
    if some:
        yield some


def _days(
    batches: Sequence[IntervalBatch], meters: Mapping[str, int], carriers: Mapping[str, int], zone: ZoneInfo
) -> dict[str, NDArray[np.generic]]:
    """Sum the slots of each batch by its days."""
    rows: list[tuple[int, int, int, int, float, float, float]] = []
    known: dict[tuple[datetime, datetime], Ints] = {}
    for batch in batches:
        span = batch.start, batch.end
        if span not in known:
            known[span] = midnights(*span, zone)
        ends = known[span]
        owner = meters[batch.meter], carriers[batch.carrier]
        rows += [
            (*owner, int(ends[one.window]), int(ends[one.window + 1]), one.amount, one.measured, one.estimated)
            for one in sums(of_slots(batch.intervals), ends)
        ]
    columns = zip(*rows, strict=True) if rows else ((),) * 7
    kinds = (np.int32, np.int32, np.int64, np.int64, np.float64, np.float64, np.float64)
    names = ("meter", "carrier", "ts", "until", *COLUMNS[1:])
    return {name: np.array(column, kind) for name, column, kind in zip(names, columns, kinds, strict=True)}


def _chosen(names: Collection[str] | None, column: str) -> str:
    """Write the condition that a row is of one of some names; nothing where all are wanted."""
    return "" if names is None else f" and {column} in (select unnest(?))"
