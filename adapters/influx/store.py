"""The telemetry port on InfluxDB."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo

from adapters.clock import Clock
from adapters.influx import alerts, columns, figures
from adapters.influx.homes import HomeBook, Homes, NoBook
from adapters.influx.interval_reader import IntervalReader
from adapters.influx.interval_writer import IntervalWriter
from adapters.influx.query import Queries
from adapters.influx.reader import Reader, never
from adapters.influx.roller import Roller
from adapters.influx.server import Server
from adapters.influx.spans import Settled
from adapters.influx.target import Target
from adapters.influx.writer import Writer
from adapters.late_notes import LateNotes
from park.alert_point import AlertPoint
from park.figure_point import FigurePoint
from park.interval import IntervalBatch, Intervals, IntervalSum
from park.reading import Reading
from park.registry import Registry
from park.series import Series
from park.stretch import Width
from park.telemetry import Aggregate, Extent, Slot, StoreHeld, StoreRefused, StoreUnavailable
from park.window import SITE


class RollupBook(Protocol):
    """Keeps how far the roll-up is."""

    def settled(self, meters: Collection[str], start: datetime, end: datetime) -> Settled:
        """Say how far the slots of some meters may be trusted within a range."""


class InfluxStore:
    """Readings in one InfluxDB server.  Safe to call from any thread."""

    def __init__(
        self,
        target: Target,
        *,
        registry: Callable[[], Registry],
        clock: Clock,
        zone: ZoneInfo = SITE,
        homes: HomeBook | None = None,
        rollups: RollupBook | None = None,
        late: LateNotes | None = None,
    ) -> None:
        """Take the parts; nothing is sent yet, so that a store which is away does not keep a program from starting."""
        self._late = late or LateNotes([], clock=clock, zone=zone)
        self._server = Server(target)
        self._writing = Lock()
        self._writer = Writer(self._server, Homes(homes or NoBook(), registry, clock), clock())
        self._registry = registry
        self._summing = Lock()
        self._queries = queries = Queries(self._server)
        self._interval_reader = IntervalReader(queries, zone)
        self._interval_writer = IntervalWriter(
            self._server, queries, homes=homes or NoBook(), registry=registry, zone=zone
        )
        self._reader = Reader(queries, registry=registry, zone=zone, settled=rollups.settled if rollups else never)
        self.roller = Roller(self._server, queries, registry, zone)

    def check(self) -> None:
        """Raise StoreHeld where the server is another than the settings say; one that is away may be right."""
        try:
            self._server.version()
        except StoreHeld:
            raise
        except StoreUnavailable:
            return

    def write(self, readings: Sequence[Reading]) -> None:
        """Store all, or raise StoreUnavailable or StoreRefused; late ones are noted."""
        if not readings:
            return
        with self._writing:
            try:
                self._writer.write(readings)
            except StoreRefused:
                self._late.note(readings)
                raise
            self._late.note(readings)

    def latest(self, meters: Sequence[str]) -> list[Reading]:
        """Give the newest reading of each metric of each meter."""
        return self._reader.latest(meters)

    def readings(
        self, meter: str, metric: str, start: datetime, end: datetime, *, limit: int = 10_000
    ) -> list[Reading]:
        """Give one series in order of time."""
        return self._reader.readings(meter, metric, start, end, limit=limit)

    def series(self, meters: Collection[str], metric: str, start: datetime, end: datetime) -> Mapping[str, Series]:
        """Give whole series as columns, page by page."""
        return columns.read(self._queries, meters, metric, start, end)

    def write_intervals(self, batches: Sequence[IntervalBatch]) -> None:
        """Replace all that is stored of each batch's meter and carrier within its days."""
        with self._summing:
            self._interval_writer.write(batches)

    def intervals(
        self, meters: Collection[str], carrier: str, start: datetime, end: datetime
    ) -> Mapping[str, Intervals]:
        """Give the slots of some meters as columns."""
        return self._interval_reader.read(meters, carrier, start, end)

    def interval_sums(
        self,
        start: datetime,
        end: datetime,
        *,
        every: Width,
        carriers: Collection[str] | None = None,
        meters: Collection[str] | None = None,
    ) -> list[IntervalSum]:
        """Sum slots by windows, long ranges from the hours and days they sum to."""
        known = len(self._registry().meters)
        return self._interval_reader.sums(start, end, every=every, carriers=carriers, meters=meters, known=known)

    def write_figures(self, points: Sequence[FigurePoint]) -> None:
        """Store figures; a point without a value takes the earlier one back."""
        figures.write(self._server, points)

    def write_alerts(self, points: Sequence[AlertPoint]) -> None:
        """Store changes of alerts."""
        alerts.write(self._server, points)

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
        """Give windows aligned to the site's midnight, long ranges from the roll-ups."""
        return self._reader.aggregate(meters, metric, start, end, every=every, how=how)

    def extent(self) -> Extent:
        """Say from when to when there are readings."""
        return self._reader.extent()

    def close(self) -> None:
        """Close the connections."""
        self._server.close()
