"""Small real parts of a collector: a spool, a relational store, a telemetry store, a registry that can change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.duckdb_store import DuckDBStore
from adapters.relational import engine as engines
from adapters.relational import migrate
from adapters.spool import Spool
from collector.counts import Counts
from park.registry import Registry
from tests.collector.receiving import Failing, Place
from tests.collector.words import REGISTRY
from tests.mosquitto import StartMosquitto

MIB = 1024 * 1024


@dataclass
class Registrar:
    """Gives the registry of the moment, as the cache of a program does."""

    registry: Registry = field(default_factory=lambda: REGISTRY)

    def __call__(self) -> Registry:
        return self.registry


@pytest.fixture
def registrar() -> Registrar:
    return Registrar()


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool.sqlite", most_bytes=64 * MIB)
    yield spool
    spool.close()


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[DuckDBStore]:
    store = DuckDBStore(tmp_path / "telemetry.duckdb")
    yield store
    store.close()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated relational store; making one takes longer than copying it."""
    path = tmp_path_factory.mktemp("empty") / "smartpark.sqlite"
    made = engines.connect(f"sqlite:///{path}")
    migrate.upgrade(made)
    with made.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.dispose()
    return path.read_bytes()


@pytest.fixture
def database(tmp_path: Path, empty_database: bytes) -> Iterator[Engine]:
    path = tmp_path / "smartpark.sqlite"
    path.write_bytes(empty_database)
    made = engines.connect(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Place:
    kind, version = request.param
    if kind == "mosquitto":
        start: StartMosquitto = request.getfixturevalue("start_mosquitto")
        return Place(start().port, version)
    return Place(request.getfixturevalue("embedded_broker").port, version)


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Failing]:
    spool = Failing(tmp_path / "failing.sqlite", most_bytes=1 << 26)
    yield spool
    spool.close()
