"""A fresh store for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.relational import migrate
from adapters.relational.engine import connect


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the store is."""
    return f"sqlite:///{tmp_path / 'smartpark.sqlite'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The store, at this version's schema."""
    engine = connect(url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()
