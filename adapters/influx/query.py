"""Ask in InfluxQL and give rows.  Every value is a number, a text or None; times are milliseconds since 1970."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from adapters.influx.answers import MENDING, Verdict
from adapters.influx.resolution import Resolution
from adapters.influx.server import Server
from park.telemetry import StoreHeld, StoreUnavailable

MISSING = 404


class Series(msgspec.Struct, frozen=True, gc=False):
    """One series of an answer: its measurement, the tags grouped by, and rows in order of time."""

    columns: list[str] = []
    name: str = ""
    tags: dict[str, str] = {}
    values: list[list[Any]] = []


class _Result(msgspec.Struct, frozen=True):
    statement_id: int = 0
    series: list[Series] = []
    error: str = ""
    partial: bool = False


class _Answer(msgspec.Struct, frozen=True):
    results: list[_Result] = []
    error: str = ""


class Found(NamedTuple):
    """One series of the answer to one of several statements."""

    statement: int
    series: Series


class Queries:
    """Asks one server; each bucket answers as the database of its name."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._decoder = msgspec.json.Decoder(_Answer)

    def ask(self, statements: Iterable[str], resolution: Resolution | None = None) -> list[Found]:
        """Give the series of each statement.  Raises StoreUnavailable."""
        written = "; ".join(statements)
        if not written:
            return []
        database = None if resolution is None else self._server.target.bucket(resolution)
        where = f"InfluxDB {self._server.target}" + (f", {database}" if database else "")
        answer = self._server.query(written, database=database)
        if answer.verdict is not Verdict.ACCEPTED:
            raise answer.error(where)
        try:
            decoded = self._decoder.decode(answer.body)
        except msgspec.DecodeError as error:
            raise StoreUnavailable(f"{where}: the answer cannot be read: {error}") from error
        return list(_series(decoded, where))


def _series(answer: _Answer, where: str) -> Iterator[Found]:
    words = answer.error or next((result.error for result in answer.results if result.error), "")
    if "not found" in words:
        raise StoreHeld(f"{where}: {words}; {MENDING[MISSING]}")
    if words:
        raise StoreUnavailable(f"{where}: {words}")
    for result in answer.results:
        if result.partial or any("partial" in series.columns for series in result.series):
            raise StoreUnavailable(f"{where}: the server cut its answer short; raise max-row-limit in its settings")
        for series in result.series:
            yield Found(result.statement_id, series)


def rows(series: Series) -> Iterator[Mapping[str, Any]]:
    """Give the rows by column."""
    for values in series.values:
        yield dict(zip(series.columns, values, strict=True))
