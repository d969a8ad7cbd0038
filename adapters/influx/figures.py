"""Figures in InfluxDB, for those who draw them: the measurement `intensity` in the bucket that keeps longest.

A figure that has no value any more is covered by nothing; a panel asks for those with coverage.
"""

from collections.abc import Sequence

from adapters.influx.put import put
from adapters.influx.resolution import DAY
from adapters.influx.server import Server
from park.figure_point import FigurePoint
from park.instant import to_ms
from park.line import escape

MEASUREMENT = "intensity"


def write(server: Server, points: Sequence[FigurePoint]) -> None:
    """Store figures; of one identity the last counts.  Raises StoreUnavailable."""
    put(server, DAY, [_line(point) for point in {point[:7]: point for point in points}.values()])


def _line(point: FigurePoint) -> str:
    tags = {
        "basis": point.basis,
        "id": point.id,
        "indicator": point.indicator,
        "park": point.park,
        "scope": point.scope,
        "span": point.span,
    }
    head = ",".join([MEASUREMENT, *(f"{tag}={escape(value)}" for tag, value in tags.items() if value)])
    fields = (
        "coverage=0.0" if point.value is None else f"coverage={float(point.coverage)!r},value={float(point.value)!r}"
    )
    return f"{head} {fields} {to_ms(point.at)}"
