"""A Parquet file as the lines of a CSV, in the file's own order: whoever reads one reads the other."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

SUFFIXES: Final = frozenset({".parquet", ".pq"})
BATCH: Final = 10_000


class NotParquet(ValueError):
    """The file cannot be read as Parquet; the sentence says why."""


def rows(file: Path) -> int:
    """Count the rows without reading them.  Raises NotParquet."""
    with duckdb.connect() as connection:
        try:
            found = connection.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(file)]).fetchone()
        except duckdb.Error as error:
            raise NotParquet(f"{file.name}: {str(error).partition(chr(10))[0]}") from error
    return int(found[0]) if found and found[0] else 0


def lines(file: Path) -> Iterator[str]:
    """Give a line of names, then a line a row; what is null is an empty cell.  Raises NotParquet."""
    with duckdb.connect() as connection:
        try:
            found = connection.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(file)])
            yield _line([column[0] for column in found.description or ()])
            while some := found.fetchmany(BATCH):
                for row in some:
                    yield _line(["" if cell is None else cell for cell in row])
        except duckdb.Error as error:
            raise NotParquet(f"{file.name}: {str(error).partition(chr(10))[0]}") from error


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
