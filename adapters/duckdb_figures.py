"""Figures in the embedded store, for those who draw them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.duckdb_file import DuckDBFile, registered
from park.figure_point import FigurePoint
from park.instant import to_ms

IDENTITY = ("scope", "id", "park", "indicator", "basis", "span", "ts")
SAME = " and ".join(f"intensity.{name} = f.{name}" for name in IDENTITY)


def write(file: DuckDBFile, points: Sequence[FigurePoint]) -> None:
    """Store figures; of one identity the last counts, and one without a value is taken out."""
    if not points:
        return
    found = {(*map(str, point[:6]), to_ms(point.at)): point for point in points}
    batch: dict[str, NDArray[np.generic]] = {
        name: np.array(column) for name, column in zip(IDENTITY, zip(*found, strict=True), strict=True)
    }
    values = [np.nan if point.value is None else point.value for point in found.values()]
    batch["value"] = np.array(values, np.float64)
    batch["coverage"] = np.array([point.coverage for point in found.values()], np.float64)
    with file.transaction() as writing, registered(writing.cursor, figures=batch):
        writing.cursor.execute(f"delete from intensity using figures f where {SAME}")  # noqa: S608  # our own words
        writing.cursor.execute(
            "insert into intensity select scope, id, park, indicator, basis, span, ts, value, coverage "
            "from figures where not isnan(value)"
        )
