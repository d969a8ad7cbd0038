"""Readings out of InfluxDB.  A meter is found by its tag alone, whatever enterprise it belonged to at the time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.influx import measure
from adapters.influx.influxql import between, name, names, one_of, slots, text
from adapters.influx.query import Queries, rows
from adapters.influx.resolution import RAW
from adapters.influx.spans import Settled, Span, spans
from park.instant import from_ms
from park.metric import Medium, metrics
from park.reading import Reading
from park.registry import Registry
from park.telemetry import Aggregate, Extent, Slot

NAMED = 200
"""More meters than this are asked for all together, and sorted out here."""
RECENT = "time > now() - 2d"
"""The newest value of a meter that is alive is found without opening a year of shards."""


Settling = Callable[[Collection[str], datetime, datetime], Settled]
"""Says how far the slots of some meters may be trusted within a range."""


def never(meters: Collection[str], start: datetime, end: datetime) -> Settled:  # noqa: ARG001  # the form of Settling
    """Trust no slots."""
    return Settled(None)


class Reader:
    """Asks in InfluxQL.  Safe to call from any thread."""

    def __init__(
        self, queries: Queries, *, registry: Callable[[], Registry], zone: ZoneInfo, settled: Settling = never
    ) -> None:
        self._queries = queries
        self._registry = registry
        self._zone = zone
        self._settled = settled

    def latest(self, meters: Sequence[str]) -> list[Reading]:
        """Give the newest reading of each metric of each meter, in order of both."""
        wanted = set(meters)
        found = self._newest(self._columns(wanted), wanted, RECENT)
        missing: dict[tuple[Medium, str], set[str]] = {}
        registry = self._registry().by_meter
        for medium, metric in self._columns(wanted):
            silent = {
                meter
                for meter in wanted
                if (meter, metric) not in found
                and ((known := registry.get(meter)) is None or (known.medium is medium and metric in known.metrics))
            }
            if silent:
                missing[medium, metric] = silent
        for (medium, metric), silent in missing.items():
            found |= self._newest([(medium, metric)], silent, None)
        return [found[key] for key in sorted(found)]

    def readings(self, meter: str, metric: str, start: datetime, end: datetime, *, limit: int) -> list[Reading]:
        """Give one series in order of time."""
        if limit <= 0 or not metric:
            return []
        quality = f"{metric}_q"
        query = (
            f"SELECT {name(metric)} AS v, {name(quality)} AS q FROM {_homes(metric)} "  # noqa: S608  # all quoted
            f"WHERE {name('meter')} = {text(meter)} AND {between(start, end)} ORDER BY time LIMIT {limit}"
        )
        found: dict[int, Reading] = {}
        for _, series in self._queries.ask([query], RAW):
            for row in rows(series):
                if row["v"] is not None:
                    found[row["time"]] = _reading(meter, metric, row)
        return [found[ms] for ms in sorted(found)][:limit]

    def aggregate(
        self, meters: Sequence[str], metric: str, start: datetime, end: datetime, *, every: timedelta, how: Aggregate
    ) -> Mapping[str, list[Slot]]:
        """Give windows aligned to the site's midnight."""
        if not metric:
            return {meter: [] for meter in meters}
        slots(every, self._zone)  # refuses a width of nothing before anything is asked
        settled = self._settled(meters, start, end)
        fresh = [meter for meter in dict.fromkeys(meters) if meter not in settled.stale]
        stale = [meter for meter in dict.fromkeys(meters) if meter in settled.stale]
        found: dict[str, dict[int, measure.Part]] = {meter: {} for meter in meters}
        for some, until in ((fresh, settled.until), (stale, None)):
            if some and start < end:
                for span in spans(start, end, every, zone=self._zone, until=until):
                    self._gather(found, some, metric, span, every=every, how=how)
        return {
            meter: [Slot(from_ms(ms), measure.value(parts[ms], how)) for ms in sorted(parts)]
            for meter, parts in found.items()
        }

    def extent(self) -> Extent:
        """Say from when to when there are readings; to count them would read all of them."""
        ends: list[datetime | None] = []
        everywhere = names(Medium)
        for order in ("ASC", "DESC"):
            query = f"SELECT * FROM {everywhere} ORDER BY time {order} LIMIT 1"  # noqa: S608  # our own words
            times = [row["time"] for _, series in self._queries.ask([query], RAW) for row in rows(series)]
            choose = min if order == "ASC" else max
            ends.append(from_ms(choose(times)) if times else None)
        return Extent(None if ends[0] else 0, *ends)

    def _columns(self, meters: Iterable[str]) -> list[tuple[Medium, str]]:
        """Give the measurements and fields in which some meters may have readings."""
        registry = self._registry().by_meter
        media: set[Medium] = set()
        for meter in meters:
            media |= {registry[meter].medium} if meter in registry else set(Medium)
        return [(medium, metric.name) for metric in metrics().values() for medium in metric.media if medium in media]

    def _newest(
        self, columns: Sequence[tuple[Medium, str]], meters: Collection[str], when: str | None
    ) -> dict[tuple[str, str], Reading]:
        """Give the newest reading in each of some columns of each of some meters."""
        if not columns:
            return {}
        terms = [condition for condition in (_named(meters), when) if condition]
        where = f" WHERE {' AND '.join(terms)}" if terms else ""
        queries = [
            f"SELECT last({name(metric)}) AS v, {name(f'{metric}_q')} AS q "  # noqa: S608  # all quoted
            f"FROM {name(medium)}{where} GROUP BY {name('meter')}"
            for medium, metric in columns
        ]
        found: dict[tuple[str, str], Reading] = {}
        for number, series in self._queries.ask(queries, RAW):
            meter, metric = series.tags["meter"], columns[number][1]
            for row in rows(series) if meter in meters else ():
                reading = _reading(meter, metric, row)
                if (meter, metric) not in found or found[meter, metric].at <= reading.at:
                    found[meter, metric] = reading
        return found

    def _gather(
        self,
        found: Mapping[str, dict[int, measure.Part]],
        meters: Sequence[str],
        metric: str,
        span: Span,
        *,
        every: timedelta,
        how: Aggregate,
    ) -> None:
        """Add the windows of one span."""
        group, tail = slots(every, self._zone)
        select = measure.of_readings(metric, how) if span.resolution is RAW else measure.of_slots(metric, how)
        named = _named(meters)
        query = (
            f"SELECT {select} FROM {_homes(metric)} WHERE {f'{named} AND ' if named else ''}"  # noqa: S608  # quoted
            f"{between(span.start, span.end)} GROUP BY {group}, {name('meter')} fill(none){tail}"
        )
        for _, series in self._queries.ask([query], span.resolution):
            if (windows := found.get(series.tags["meter"])) is not None:
                for ms, part in _parts(series.values):
                    windows[ms] = measure.joined(windows[ms], part, how) if ms in windows else part


def _parts(values: Iterable[Sequence[float | None]]) -> Iterator[tuple[int, measure.Part]]:
    for time, *fields in values:
        known = tuple(float(field) for field in fields if field is not None)
        if time is not None and len(known) == len(fields):
            yield int(time), known


def _reading(meter: str, metric: str, row: Mapping[str, float | None]) -> Reading:
    return Reading(meter, metric, float(row["v"] or 0.0), from_ms(int(row["time"] or 0)), int(row["q"] or 0))


def _homes(metric: str) -> str:
    """Name the measurements in which a metric may be."""
    known = metrics().get(metric)
    return names(known.media if known else Medium)


def _named(meters: Collection[str]) -> str:
    """Write the condition that a row is of one of some meters; empty where they are too many to name."""
    return one_of("meter", sorted(meters)) if len(meters) <= NAMED else ""
