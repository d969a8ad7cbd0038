"""Consumption into InfluxDB: only what differs from what is stored is written, and what is gone is taken back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np

from adapters.influx.homes import Home, HomeBook
from adapters.influx.interval_points import FIELDS, MEASUREMENT, NAMED, ROWS, TAGS, Row, read
from adapters.influx.put import put
from adapters.influx.query import Queries
from adapters.influx.resolution import DAY, HOUR, QUARTER, Resolution
from adapters.influx.server import Server
from park.instant import EPOCH
from park.interval import SLOT, IntervalBatch, Intervals
from park.interval_batch import chosen, rounds, settled
from park.interval_sum import of_slots, sums
from park.line import escape
from park.registry import Registry
from park.series import Ints
from park.stretch import ceil_ms, edges

MADE = (QUARTER, HOUR, DAY)
TAKEN_BACK: Row = (0.0, 0.0, 0.0)
Points = dict[str, dict[int, Row]]
"""By what begins their lines, and by time."""


class IntervalWriter:
    """Writes batches; one writer at a time."""

    def __init__(
        self, server: Server, queries: Queries, *, homes: HomeBook, registry: Callable[[], Registry], zone: ZoneInfo
    ) -> None:
        self._server = server
        self._queries = queries
        self._homes = homes
        self._registry = registry
        self._zone = zone

    def write(self, batches: Sequence[IntervalBatch]) -> None:
        """Replace what each batch replaces.  Raises ValueError and StoreUnavailable."""
        fit = settled(batches, self._zone)
        if not fit:
            return
        homes = self._addresses({batch.meter for batch in fit})
        for some in rounds(fit):
            for (start, end), group in groupby(some, key=lambda batch: (batch.start, batch.end)):
                for portion in _portions(list(group), (end - start) // SLOT):
                    for resolution in MADE:
                        self._replace(resolution, portion, start, end, homes)

    def _addresses(self, meters: set[str]) -> Mapping[str, Sequence[Home]]:
        """Give the homes of some meters; one that never wrote a reading has the one the registry gives it."""
        known = self._homes.read()
        registry = self._registry().by_meter
        found: dict[str, Sequence[Home]] = {}
        for number in meters:
            if homes := known.get(number):
                found[number] = homes
            elif meter := registry.get(number):
                found[number] = (Home(EPOCH, meter.medium, meter.park, meter.enterprise),)
        return found

    def _replace(
        self,
        resolution: Resolution,
        batches: Sequence[IntervalBatch],
        start: datetime,
        end: datetime,
        homes: Mapping[str, Sequence[Home]],
    ) -> None:
        """Make what is stored of some batches in one bucket equal to what they say."""
        windows = None if resolution is QUARTER else edges(start, end, resolution.width or timedelta(), self._zone)
        wanted: Points = {}
        for batch in batches:
            for head, slots in _parts(batch, homes.get(batch.meter, ())):
                wanted[head] = dict(_rows(slots, windows))
        lines: list[str] = []
        for head, held in self._held(resolution, batches, ceil_ms(start), ceil_ms(end)).items():
            new = wanted.get(head, {})
            lines += [_line(head, ms, row) for ms, row in new.items() if held.get(ms) != row]
            lines += [_line(head, ms, TAKEN_BACK) for ms, row in held.items() if ms not in new and row != TAKEN_BACK]
            wanted.pop(head, None)
        lines += [_line(head, ms, row) for head, rows in wanted.items() for ms, row in rows.items()]
        put(self._server, resolution, lines)

    def _held(self, resolution: Resolution, batches: Sequence[IntervalBatch], first: int, last: int) -> Points:
        """Give what is stored of some meters and carriers, whatever other tags it has."""
        owners = {(batch.meter, batch.carrier) for batch in batches}
        found: Points = {}
        for stored in read(
            self._queries,
            resolution,
            first,
            last,
            by=TAGS,
            carriers={carrier for _, carrier in owners},
            meters={meter for meter, _ in owners},
            about=2 * len(owners),
        ):
            if (stored.tags["meter"], stored.tags["carrier"]) in owners:
                found.setdefault(_head(stored.tags), {}).update(zip(stored.ms, stored.rows, strict=True))
        return found


def _portions(batches: Sequence[IntervalBatch], slots: int) -> Iterator[Sequence[IntervalBatch]]:
    """Part batches so that what is compared at a time stays small."""
    most = max(1, min(NAMED, ROWS // slots))
    for first in range(0, len(batches), most):
        yield batches[first : first + most]


def _parts(batch: IntervalBatch, homes: Sequence[Home]) -> Iterator[tuple[str, Intervals]]:
    """Part a batch by where its meter was at home; a meter nobody knows has its name alone."""
    tags = {"carrier": batch.carrier, "meter": batch.meter}
    if not homes:
        yield _head(tags), batch.intervals
        return
    since = np.array([ceil_ms(home.since) for home in homes])
    place = np.maximum(np.searchsorted(since, batch.intervals.start_ms, "right") - 1, 0)
    by_address: dict[tuple[str, str], list[int]] = {}
    for number, home in enumerate(homes):  # one may come back to where it was
        by_address.setdefault((home.enterprise, home.park), []).append(number)
    for (enterprise, park), numbers in by_address.items():
        here = np.isin(place, numbers)
        if here.any():
            yield _head(tags | {"enterprise": enterprise, "park": park}), chosen(batch.intervals, here)


def _rows(slots: Intervals, windows: Ints | None) -> Iterator[tuple[int, Row]]:
    """Give the rows of slots, or of the windows they sum to."""
    if windows is None:
        amount, measured, estimated = (one.tolist() for one in (slots.amount, slots.measured, slots.estimated))
        yield from zip(slots.start_ms.tolist(), zip(amount, measured, estimated, strict=True), strict=True)
        return
    for one in sums(of_slots(slots), windows):
        yield int(windows[one.window]), (one.amount, one.measured, one.estimated)


def _head(tags: Mapping[str, str]) -> str:
    return ",".join([MEASUREMENT, *(f"{tag}={escape(tags[tag])}" for tag in TAGS if tags.get(tag))])


def _line(head: str, ms: int, row: Row) -> str:
    fields = ",".join(f"{field}={value!r}" for field, value in zip(FIELDS, row, strict=True))
    return f"{head} {fields} {ms}"
