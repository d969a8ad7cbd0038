"""Connections to the relational store, the same to its users whether it is SQLite or PostgreSQL.

Errors:
    DatabaseError  the URL cannot be used; the sentence says what to write, and never shows a password

"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

PATIENCE = 30.0
"""Seconds to wait for another writer of the same SQLite file; a migration of a large file takes some."""

IMMEDIATE = "sqlite_immediate"


class DatabaseError(ValueError):
    """The relational store cannot be used as it was named."""


def connect(url: str) -> Engine:
    """Give an engine for a SQLAlchemy URL; a SQLite file and its folder are made where they are missing.

    Raises DatabaseError.  Nothing is sent to a PostgreSQL server yet: the first query finds out whether it is there.
    """
    try:
        place = make_url(url)
        dialect = place.get_backend_name()
    except ArgumentError:
        raise DatabaseError("the database URL must look like sqlite:///path or postgresql://user@host/name") from None
    try:
        if dialect == "sqlite":
            return _sqlite(place)
        return create_engine(place, pool_pre_ping=True)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseError(f"no driver for a {place.drivername} database is installed: {error}") from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read: every query within sees the same state, whatever others write meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Write: all or nothing, committed at the end.

    On SQLite the lock is taken first, with patience: a transaction that reads and then wants to write is refused at
    once when another has written in between.
    """
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        yield connection


def _sqlite(place: URL) -> Engine:
    if not place.database or place.database == ":memory:":
        raise DatabaseError("a SQLite store must be a file, as in sqlite:///var/smartpark.sqlite: programs share it")
    path = Path(place.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds password hashes
    except OSError as error:
        raise DatabaseError(f"cannot write the database file {path}: {error.strerror}") from None
    engine = create_engine(place, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _open)
    event.listen(engine, "begin", _begin)
    return engine


def _open(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for reads and never for DDL
    _use_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to write-ahead logging; SQLite does not wait for others here, so we do."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
