"""The stores that a contract is about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from park.telemetry import TelemetryStore
from tests.contracts.telemetry import KINDS, opened


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TelemetryStore]:
    """A store with nothing in it."""
    with opened(request.param, tmp_path) as empty:
        yield empty


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelemetryStore]:
    """A store for many examples, each with meters of its own."""
    with opened(request.param, tmp_path_factory.mktemp("shared")) as store:
        yield store
