"""The telemetry port on InfluxDB."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo

from adapters.clock import Clock
from adapters.influx.homes import HomeBook, Homes, NoBook
from adapters.influx.query import Queries
from adapters.influx.reader import Reader
from adapters.influx.roller import Roller
from adapters.influx.server import Server
from adapters.influx.spans import Settled
from adapters.influx.target import Target
from adapters.influx.writer import Writer
from park.instant import EPOCH
from park.reading import Reading
from park.registry import Registry
from park.telemetry import Aggregate, Extent, Slot, StoreHeld, StoreRefused, StoreUnavailable
from park.window import SITE, day_start

LATE = timedelta(minutes=30)
"""An older reading is noted for the roll-up, which looks at the last hour (rules.rollup) by itself."""
QUARTER = timedelta(minutes=15)


class RollupBook(Protocol):
    """Keeps what the roll-up still has to do, and how far it is."""

    def note(self, days: Collection[tuple[str, datetime]]) -> None:
        """Write down meters and local days with late readings; kept when this returns."""

    def settled(self, meters: Collection[str], start: datetime, end: datetime) -> Settled:
        """Say how far the slots of some meters may be trusted within a range."""


class NoRollups:
    """Of a store whose readings nobody rolls up."""

    def note(self, days: Collection[tuple[str, datetime]]) -> None:
        """Do nothing."""

    def settled(self, meters: Collection[str], start: datetime, end: datetime) -> Settled:  # noqa: ARG002  # the form
        """Trust no slots."""
        return Settled(None)


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
    ) -> None:
        """Take the parts; nothing is sent yet, so that a store which is away does not keep a program from starting."""
        self._clock = clock
        self._zone = zone
        self._rollups = rollups or NoRollups()
        self._server = Server(target)
        self._writing = Lock()
        self._writer = Writer(self._server, Homes(homes or NoBook(), registry, clock), clock())
        queries = Queries(self._server)
        self._reader = Reader(queries, registry=registry, zone=zone, settled=self._rollups.settled)
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
        """Store all, or raise StoreUnavailable or StoreRefused; late ones are noted for the roll-up.

        They are noted after they are stored: noted before, they might be rolled up before they are there.  Who comes to
        an end in between has not confirmed the write, and writes again.
        """
        if not readings:
            return
        with self._writing:
            try:
                self._writer.write(readings)
            except StoreRefused:
                self._note_late(readings)
                raise
            self._note_late(readings)

    def latest(self, meters: Sequence[str]) -> list[Reading]:
        """Give the newest reading of each metric of each meter."""
        return self._reader.latest(meters)

    def readings(
        self, meter: str, metric: str, start: datetime, end: datetime, *, limit: int = 10_000
    ) -> list[Reading]:
        """Give one series in order of time."""
        return self._reader.readings(meter, metric, start, end, limit=limit)

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

    def _note_late(self, readings: Sequence[Reading]) -> None:
        border = self._clock() - LATE
        days = set(_days((reading for reading in readings if reading.at < border), self._zone))
        if days:
            self._rollups.note(days)


def _days(readings: Iterable[Reading], zone: ZoneInfo) -> Iterable[tuple[str, datetime]]:
    """Give meters and local days; no day of any zone begins within a quarter of an hour."""
    quarters = {(reading.meter, (reading.at - EPOCH) // QUARTER) for reading in readings}
    starts = {quarter: day_start(EPOCH + quarter * QUARTER, zone) for quarter in {quarter for _, quarter in quarters}}
    for meter, quarter in quarters:
        yield meter, starts[quarter]
