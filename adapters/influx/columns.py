"""Whole series out of InfluxDB as columns, page by page: no answer is large, and none is cut without a word."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from adapters.influx.influxql import name, names, text
from adapters.influx.query import Queries
from adapters.influx.resolution import RAW
from park.metric import Medium, metrics
from park.series import Series
from park.stretch import ceil_ms

PAGE = 20_000
"""Rows of one series in one answer."""
TOGETHER = 10
"""Series in one request."""


class Ask(NamedTuple):
    """What is still to be read of one meter: of all measurements, or of the one whose page was full."""

    meter: str
    measurements: Sequence[str]
    since: int


def read(
    queries: Queries, meters: Collection[str], metric: str, start: datetime, end: datetime
) -> Mapping[str, Series]:
    """Give all readings of `start` ≤ at < `end`; meters without any have no entry.  Raises StoreUnavailable."""
    first, last = ceil_ms(start), ceil_ms(end)
    if not metric or first >= last:
        return {}
    known = metrics().get(metric)
    homes = [str(medium) for medium in (known.media if known else Medium)]
    waiting = deque(Ask(meter, homes, first) for meter in dict.fromkeys(meters))
    pages: dict[str, list[list[list[Any]]]] = {}
    while waiting:
        asked = [waiting.popleft() for _ in range(min(TOGETHER, len(waiting)))]
        for number, series in queries.ask([_query(ask, metric, last) for ask in asked], RAW):
            pages.setdefault(asked[number].meter, []).append(series.values)
            if len(series.values) >= PAGE:
                waiting.append(Ask(asked[number].meter, [series.name], int(series.values[-1][0]) + 1))
    found = {meter: _series([row for page in pages[meter] for row in page]) for meter in sorted(pages)}
    return {meter: series for meter, series in found.items() if len(series.ms)}


def _query(ask: Ask, metric: str, last: int) -> str:
    return (
        f"SELECT {name(metric)} AS v, {name(f'{metric}_q')} AS q FROM {names(ask.measurements)} "  # noqa: S608  # quoted
        f"WHERE {name('meter')} = {text(ask.meter)} AND time >= {ask.since}ms AND time < {last}ms LIMIT {PAGE}"
    )


def _series(rows: list[list[Any]]) -> Series:
    """Put rows in order of time; of two at one instant, as a corrected medium may leave, the later read counts."""
    rows = [row for row in rows if row[1] is not None]
    ms = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    values = np.fromiter((row[1] for row in rows), np.float64, len(rows))
    quality = np.fromiter((row[2] or 0 for row in rows), np.int64, len(rows))
    if (np.diff(ms) > 0).all():
        return Series(ms, values, quality)
    order = np.argsort(ms, kind="stable")
    last = np.append(np.diff(ms[order]) > 0, True)  # numpy's form
    return Series(ms[order][last], values[order][last], quality[order][last])
