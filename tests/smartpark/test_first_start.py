"""How much history a start asks the simulated park for."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.duckdb_store import DuckDBStore
from park.reading import Reading
from smartpark.first_start import HISTORY_DAYS, days_missing
from tests.park.examples import NOW

DAY = timedelta(days=1)
MONTH = 30 * DAY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DuckDBStore]:
    store = DuckDBStore(tmp_path / "telemetry.duckdb")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        pytest.param(None, None, HISTORY_DAYS, id="a first start asks for a month"),
        pytest.param(MONTH, timedelta(seconds=5), 0, id="a restart at once asks for nothing"),
        pytest.param(MONTH, timedelta(hours=3), 1, id="a few hours off are filled"),
        pytest.param(MONTH, 3 * DAY, 3, id="three days off are filled"),
        pytest.param(9 * MONTH, 3 * MONTH, HISTORY_DAYS, id="never more than a month"),
        pytest.param(2 * DAY, timedelta(seconds=5), HISTORY_DAYS, id="a first start that was cut short is finished"),
    ],
)
def test_days(store: DuckDBStore, first: timedelta | None, last: timedelta | None, days: int) -> None:
    if first is not None and last is not None:
        store.write([Reading("m", "p", 1.0, NOW - first), Reading("m", "p", 1.0, NOW - last)])
    assert days_missing(store, NOW) == days
