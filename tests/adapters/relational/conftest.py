"""A fresh store for each test, once in SQLite and once in PostgreSQL.

A test that takes `sqlite_engine` or `postgres_engine` is about that one, and says so in its name.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.relational import migrate
from adapters.relational.engine import connect
from tests.postgres import Postgres

ENGINES = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


def opened(url: str) -> Iterator[Engine]:
    engine = connect(url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the two."""
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str:
    """Where the store is; it is empty."""
    return str(request.getfixturevalue(f"{kind}_url"))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'smartpark.sqlite'}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    with postgres.schema() as url:
        yield url


@pytest.fixture
def engine(kind: str, request: pytest.FixtureRequest) -> Engine:
    """The store, at this version's schema."""
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    return engine


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    yield from opened(sqlite_url)


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    yield from opened(postgres_url)
