"""The measurement `interval`: consumption in slots, and beside them in hours and days, each in the bucket of its width.

A point says whose it was by its tags, and how much of its time is known by its fields.  One covered by nothing was
taken back, and every reader leaves it out: no version of the server deletes single points cheaply, and 3 not at all.
Of one meter, carrier and slot there is one point: a meter that moves has the tags of its home at that time
(docs/decisions/009).  An hour or day in which it moved has two, of what was used before and after.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from adapters.influx.influxql import name, names, one_of
from adapters.influx.query import Queries
from adapters.influx.resolution import Resolution
from park.instant import MILLISECOND

MEASUREMENT = "interval"
TAGS = ("carrier", "enterprise", "meter", "park")
FIELDS = ("amount", "measured", "estimated")
NAMED = 200
"""More meters than this are asked for all together, and sorted out here."""
ROWS = 100_000
"""About how many rows one answer of the server may hold."""

Row = tuple[float, float, float]
"""Amount, and the shares of its time that were measured and estimated."""


class Stored(NamedTuple):
    """Points of one series in order of time, as the server gave them."""

    tags: Mapping[str, str]
    ms: list[int]
    rows: list[Row]


def read(
    queries: Queries,
    resolution: Resolution,
    first: int,
    last: int,
    *,
    by: Collection[str],
    carriers: Collection[str] | None,
    meters: Collection[str] | None,
    about: int,
) -> Iterator[Stored]:
    """Give the points of `first` ≤ time < `last`, grouped by tags, in slices of time; `about` series are expected.

    A series that several slices hold is given several times, in order of time.  Raises StoreUnavailable.
    """
    width = (resolution.width or MILLISECOND) // MILLISECOND
    step = width * max(1, ROWS // max(1, about))
    where = "".join(f"{condition} AND " for condition in _conditions(carriers, meters))
    for since in range(first, last, step):
        query = (
            f"SELECT {names(FIELDS)} FROM {name(MEASUREMENT)} "  # noqa: S608  # all quoted
            f"WHERE {where}time >= {since}ms AND time < {min(last, since + step)}ms GROUP BY {names(by)}"
        )
        for _, series in queries.ask([query], resolution):
            if meters is None or series.tags["meter"] in meters:
                held = [row for row in series.values if None not in row]
                yield Stored(series.tags, [row[0] for row in held], [(row[1], row[2], row[3]) for row in held])


def _conditions(carriers: Collection[str] | None, meters: Collection[str] | None) -> Iterable[str]:
    if carriers is not None:
        yield one_of("carrier", sorted(carriers))
    if meters is not None and len(meters) <= NAMED:
        yield one_of("meter", sorted(meters))
