"""Rules over what is stored: reads history meter by meter, so that a year of a park needs no more memory than a few."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from park.backtest import Tried, attempt, by_meter
from park.registry import Registry
from park.rule import Rule
from park.rulebook import Rulebook, bind
from park.series import Series
from park.telemetry import Telemetry

TOGETHER = 16
"""So many meters are read in one query for each metric."""
Progress = Callable[[int, int], None]
"""Takes how many meters are done, and of how many."""


def expected(book: Rulebook, registry: Registry, start: datetime, end: datetime) -> int:
    """Say how many readings there are to go through, if every meter reported as it should."""
    return sum(int((end - start) / registry.by_meter[meter].period) for meter, _ in book.by_reading)


def backtest(
    rules: Iterable[Rule],
    registry: Registry,
    telemetry: Telemetry,
    start: datetime,
    end: datetime,
    *,
    progress: Progress | None = None,
) -> list[Tried]:
    """Try enabled rules on all their meters over `start` ≤ t < `end`.  Raises StoreUnavailable."""
    parts = by_meter(bind(rules, registry))
    tried: list[Tried] = []
    everyone = sorted(parts)
    for place in range(0, len(everyone), TOGETHER):
        meters = everyone[place : place + TOGETHER]
        columns = _columns(parts, meters, telemetry, start, end)
        for done, meter in enumerate(meters, place + 1):
            tried += attempt(parts[meter], columns[meter], start, end)
            if progress is not None:
                progress(done, len(everyone))
    return tried


def _columns(
    parts: dict[str, Rulebook], meters: Sequence[str], telemetry: Telemetry, start: datetime, end: datetime
) -> dict[str, dict[str, Series]]:
    columns: dict[str, dict[str, Series]] = {meter: {} for meter in meters}
    for metric, having in _wanted(parts, meters):
        for meter, series in telemetry.series(having, metric, start, end).items():
            columns[meter][metric] = series
    return columns


def _wanted(parts: dict[str, Rulebook], meters: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Give each metric that is looked at, with the meters it is looked at on."""
    by_metric: dict[str, list[str]] = {}
    for each in meters:
        for meter, metric in parts[each].by_reading:
            by_metric.setdefault(metric, []).append(meter)
    yield from by_metric.items()
