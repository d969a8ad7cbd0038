"""One DuckDB file, written by one process: opened anew where DuckDB gave it up, and named by numbers within."""

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from adapters import private
from adapters.duckdb_batch import numbered
from park.telemetry import StoreUnavailable

MEMORY = "1GB"
THREADS = 2
HELD = "Could not set lock"
"""What DuckDB says of a file that another process has open."""
NAMED = ("meter", "metric", "carrier")
"""Tables that give a number to each name, so that rows hold numbers."""

SCHEMA = (
    *(f"create table if not exists {table}(id integer, name varchar)" for table in NAMED),
    "create table if not exists reading(meter integer, metric integer, ts bigint, value double, quality integer)",
    """create table if not exists newest(
        meter integer, metric integer, ts bigint, value double, quality integer, primary key (meter, metric))""",
    # Slots as they are written, and the same summed by local days; shares are of the row's own length of time.
    """create table if not exists interval(
        meter integer, carrier integer, ts bigint, amount double, measured double, estimated double)""",
    """create table if not exists interval_1d(
        meter integer, carrier integer, ts bigint, until bigint, amount double, measured double, estimated double)""",
    """create table if not exists intensity(
        scope varchar, id varchar, park varchar, indicator varchar, basis varchar, span varchar, ts bigint,
        value double, coverage double)""",
    """create table if not exists alert(
        rule varchar, meter varchar, ts bigint, enterprise varchar, park varchar, severity varchar, kind varchar,
        burning boolean, value double, drill boolean)""",
)


class Transaction:
    """Writes all of what is done with it, or nothing."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, known: Mapping[str, Mapping[str, int]]) -> None:
        self.cursor = cursor
        self.new: dict[str, dict[str, int]] = {}
        self._known = known

    def numbers(self, table: str, names: Sequence[str]) -> Mapping[str, int]:
        """Give the number of each name; those that had none are given one."""
        known = {**self._known[table], **self.new.get(table, {})}
        new = numbered(known, names)
        for name, number in new.items():
            self.cursor.execute(f"insert into {table} values (?, ?)", [number, name])  # noqa: S608  # our own tables
        self.new[table] = {**self.new.get(table, {}), **new}
        return {**known, **new}


class DuckDBFile:
    """Lends cursors to one file.  Safe to call from any thread; one transaction at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file.  Raises StoreUnavailable where it cannot be had, e.g. held by another process."""
        self.path = path
        self._writing = threading.Lock()
        self._opening = threading.Lock()
        self._closed = False
        self._db: duckdb.DuckDBPyConnection | None = None
        self._names: dict[str, dict[str, int]] = {table: {} for table in NAMED}
        with self.cursor():
            pass

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write: all of it is in the file when this ends, or nothing and StoreUnavailable."""
        with self._writing, self.cursor() as cursor:
            writing = Transaction(cursor, self._names)
            cursor.execute("begin")
            try:
                yield writing
                cursor.execute("commit")
            except BaseException:
                with contextlib.suppress(duckdb.Error):  # a commit that failed has rolled back already
                    cursor.execute("rollback")
                raise
            for table, new in writing.new.items():  # only now: what a failed write gave out has no name in the file
                self._names[table] = self._names[table] | new
            private.restrict(_log(self.path))

    def number(self, table: str, name: str) -> int:
        """Give the number of a name; one that no row has where it has none."""
        return self._names[table].get(name, -1)

    def names(self, table: str) -> Mapping[int, str]:
        """Give the name of each number."""
        return {number: name for name, number in self._names[table].items()}

    def rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        with self.cursor() as cursor:
            return cursor.execute(query, values).fetchall()

    def columns(self, query: str, values: Sequence[object]) -> Mapping[str, Any]:
        """Give the columns of a query, as numpy has them."""
        with self.cursor() as cursor:
            return cursor.execute(query, values).fetchnumpy()

    def close(self) -> None:
        """Write everything into the file itself and let go of it."""
        with self._writing, self._opening:
            self._closed = True
            if self._db is not None:
                self._db.close()

    @contextlib.contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor.  A database that DuckDB gave up on, as when the disk is full, is opened anew for the next."""
        with _translated():
            db = self._open()
            try:
                with contextlib.closing(db.cursor()) as cursor:
                    yield cursor
            except duckdb.FatalException:
                with self._opening:
                    if self._db is db:
                        self._db = None
                    with contextlib.suppress(duckdb.Error):
                        db.close()
                raise

    def _open(self) -> duckdb.DuckDBPyConnection:
        """Give the open database; open it where it is not, and read which numbers stand for which names."""
        with self._opening:
            if self._closed:
                raise StoreUnavailable(f"{self.path} was closed")
            if self._db is None:
                db = _connect(self.path)
                for table in NAMED:
                    self._names[table] = dict(db.execute(f"select name, id from {table}").fetchall())  # noqa: S608  # our own
                self._db = db
            return self._db


@contextlib.contextmanager
def registered(cursor: duckdb.DuckDBPyConnection, **tables: Mapping[str, NDArray[np.generic]]) -> Iterator[None]:
    """Let a cursor see columns as tables of some names."""
    for name, columns in tables.items():
        cursor.register(name, dict(columns))
    try:
        yield
    finally:
        for name in tables:
            cursor.unregister(name)


def _log(path: Path) -> Path:
    """Name the write-ahead log, which DuckDB makes anew after every checkpoint."""
    return path.with_name(f"{path.name}.wal")


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    private.folder(path.parent)
    db = duckdb.connect(str(path), config={"memory_limit": MEMORY, "threads": THREADS})
    try:
        private.restrict(path)
        for statement in SCHEMA:
            db.execute(statement)
        private.restrict(_log(path))
    except BaseException:
        db.close()
        raise
    return db


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Say in the port's own terms that the store cannot do it now."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error).partition("\n")[0]
        if HELD in text:
            text = (
                f"{text} — the embedded store belongs to one process at a time; stop the other one, "
                "or point SMARTPARK_TELEMETRY_URL at a server that several may use"
            )
        raise StoreUnavailable(text) from error
    except OSError as error:
        raise StoreUnavailable(f"{error.filename}: {error.strerror}") from error
