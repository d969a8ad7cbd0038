"""Consumption out of InfluxDB: short windows from the slots, long ones from the hours and days they sum to."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from adapters.influx.interval_points import Row, read
from adapters.influx.query import Queries
from adapters.influx.resolution import DAY, HOUR, QUARTER, Resolution
from park.instant import MILLISECOND, from_ms
from park.interval import Intervals, IntervalSum
from park.interval_batch import chosen
from park.interval_sum import Parts, summed
from park.series import Floats, Ints
from park.stretch import Width, ceil_ms, edges, midnights, whole

Owner = tuple[str, str]
"""Meter and carrier."""


class Piece(NamedTuple):
    """A stretch of time and the bucket it is read from."""

    resolution: Resolution
    first: int
    last: int


class IntervalReader:
    """Asks in InfluxQL.  Safe to call from any thread."""

    def __init__(self, queries: Queries, zone: ZoneInfo) -> None:
        self._queries = queries
        self._zone = zone

    def read(self, meters: Collection[str], carrier: str, start: datetime, end: datetime) -> Mapping[str, Intervals]:
        """Give the slots of some meters as columns."""
        piece = Piece(QUARTER, ceil_ms(start), ceil_ms(end))
        found = self._gather(piece, {carrier}, set(meters), len(meters)) if meters else {}
        slots = {meter: _known(Intervals(*_columns(rows))) for (meter, _), rows in sorted(found.items())}
        return {meter: held for meter, held in slots.items() if len(held.start_ms)}

    def sums(
        self,
        start: datetime,
        end: datetime,
        *,
        every: Width,
        carriers: Collection[str] | None,
        meters: Collection[str] | None,
        known: int,
    ) -> list[IntervalSum]:
        """Sum by windows; `known` meters are expected where all are asked for."""
        windows = edges(start, end, every, self._zone)
        if not len(windows) or (meters is not None and not meters) or (carriers is not None and not carriers):
            return []
        about = (known if meters is None else len(meters)) * (2 if carriers is None else len(carriers))
        parts: dict[Owner, list[Parts]] = {}
        for piece in self._pieces(start, end, every):
            for owner, rows in self._gather(piece, carriers, meters, about).items():
                parts.setdefault(owner, []).append(self._parts(piece, *_columns(rows)))
        return [
            one
            for (meter, carrier), some in sorted(parts.items(), key=lambda item: item[0])
            for one in summed(meter, carrier, Parts(*map(np.concatenate, zip(*some, strict=True))), windows)
        ]

    def _pieces(self, start: datetime, end: datetime, every: Width) -> Iterator[Piece]:
        """Give what to read in order of time: the middle of a range from coarse points, its ends from slots."""
        first, last = ceil_ms(start), ceil_ms(end)
        coarse = _coarsest(every)
        middle = None if coarse is QUARTER else whole(start, end, coarse.width or timedelta(), self._zone)
        if middle is None:
            yield Piece(QUARTER, first, last)
            return
        yield Piece(QUARTER, first, middle[0])
        yield Piece(coarse, *middle)
        yield Piece(QUARTER, middle[1], last)

    def _parts(self, piece: Piece, ms: Ints, amount: Floats, measured: Floats, estimated: Floats) -> Parts:
        """Turn shares of each point's own length into time."""
        length: Ints | int = (piece.resolution.width or timedelta()) // MILLISECOND
        if piece.resolution is DAY:  # one of a moved clock is longer or shorter
            days = midnights(from_ms(piece.first), from_ms(piece.last), self._zone)
            place = np.searchsorted(days, ms, "right")
            length = days[place] - days[place - 1]
        return Parts(ms, amount, measured * length, estimated * length)

    def _gather(
        self, piece: Piece, carriers: Collection[str] | None, meters: Collection[str] | None, about: int
    ) -> dict[Owner, tuple[list[int], list[Row]]]:
        """Give the points of one piece by meter and carrier, in order of time."""
        found: dict[Owner, tuple[list[int], list[Row]]] = {}
        by = ("carrier", "meter")
        for stored in read(self._queries, *piece, by=by, carriers=carriers, meters=meters, about=about):
            ms, rows = found.setdefault((stored.tags["meter"], stored.tags["carrier"]), ([], []))
            ms += stored.ms
            rows += stored.rows
        return found


def _columns(found: tuple[list[int], list[Row]]) -> tuple[Ints, Floats, Floats, Floats]:
    ms, rows = found
    table = np.array(rows, np.float64).reshape(-1, 3)
    return np.array(ms, np.int64), table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy()


def _known(slots: Intervals) -> Intervals:
    """Leave out what was taken back."""
    return chosen(slots, (slots.measured > 0) | (slots.estimated > 0))


def _coarsest(every: Width) -> Resolution:
    """Give the coarsest points that windows of one length are made of."""
    for resolution in (DAY, HOUR):
        if not isinstance(every, timedelta) or (resolution.width and not every % resolution.width):
            return resolution
    return QUARTER
