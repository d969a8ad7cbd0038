"""Connections to the relational store, the same to its users whether it is SQLite or PostgreSQL.

Errors are those of `trouble`, whose names are here too.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from adapters.relational import postgres
from adapters.relational.trouble import DatabaseError, DatabaseTrouble

__all__ = ["IMMEDIATE", "PATIENCE", "DatabaseError", "DatabaseTrouble", "connect", "deciding", "reading", "writing"]

PATIENCE = 30.0
"""Seconds to wait for another writer of the same SQLite file; a migration of a large file takes some."""

IMMEDIATE = "sqlite_immediate"
DECISION_LOCK = 7_276_527_502
"""A number of ours, the same in every program that decides in one PostgreSQL database."""


def connect(url: str) -> Engine:
    """Give an engine for a SQLAlchemy URL; a SQLite file and its folder are made where they are missing.

    Raises DatabaseError.  Nothing is sent to a PostgreSQL server yet: the first query finds out whether it is there,
    and raises DatabaseTrouble where it is not.
    """
    try:
        place = make_url(url)
        dialect = place.get_backend_name()
    except (
        ArgumentError,
        ValueError,
    ):  # the latter's words hold what stands for the port, which may be half a password
        raise DatabaseError(
            "数据库 URL 应形如 sqlite:///路径 或 postgresql://用户@主机:端口/库名。",
            "the database URL must look like sqlite:///path or postgresql://user@host:port/name",
        ) from None
    try:
        if dialect == "sqlite":
            return _sqlite(place)
        if dialect == "postgresql":
            return postgres.connect(place)
    except (NoSuchModuleError, ModuleNotFoundError):
        pass  # no other database's driver would help
    raise DatabaseError(
        f"没有 {place.drivername} 的驱动; 请使用 sqlite:// 或 postgresql://。",
        f"no driver for a {place.drivername} database is installed; use sqlite:// or postgresql://",
    )


def file(url: str) -> Path | None:
    """Name the file of a SQLite store; None for a server, for one in memory, and for what is no URL."""
    try:
        place = make_url(url)
        sqlite_file = place.database if place.get_backend_name() == "sqlite" else None
    except (ArgumentError, ValueError):
        return None
    return Path(sqlite_file) if sqlite_file and sqlite_file != ":memory:" else None


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


@contextmanager
def deciding(engine: Engine) -> Iterator[Connection]:
    """Write what depends on what is there already: while one decides, every other that decides waits.

    So the last of two admins is not disabled by the other in the same moment.  SQLite has one writer at a time anyway.
    """
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": DECISION_LOCK})
        yield connection


def _sqlite(place: URL) -> Engine:
    if not place.database or place.database == ":memory:":
        raise DatabaseError(
            "SQLite 库必须是文件, 如 sqlite:///var/smartpark.sqlite: 多个程序共用它。",
            "a SQLite store must be a file, as in sqlite:///var/smartpark.sqlite: programs share it",
        )
    path = Path(place.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds password hashes
    except OSError as error:
        raise DatabaseError(
            f"无法写入数据库文件 {path}: {error.strerror}。", f"cannot write the database file {path}: {error.strerror}"
        ) from None
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
