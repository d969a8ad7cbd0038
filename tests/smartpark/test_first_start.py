"""What a start finds out before it starts anything, and how much history it asks the simulated park for."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine

from adapters import registry_yaml
from adapters.duckdb_store import DuckDBStore
from adapters.relational import engine as relational
from adapters.relational import migrate, registry_store
from park.reading import Reading
from park.registry import Registry
from simulators.demo import demo_registry
from smartpark.first_start import HISTORY_DAYS, past_missing, prepare, read_park
from tests.park.examples import NOW, meter, registry

DAY = timedelta(days=1)
MONTH = 30 * DAY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DuckDBStore]:
    store = DuckDBStore(tmp_path / "telemetry.duckdb")
    yield store
    store.close()


YEAR = 419
"""Days from the start of October 2025, local time, to NOW, counted up."""


@pytest.mark.parametrize(
    ("first", "last", "past"),
    [
        pytest.param(None, None, (HISTORY_DAYS, YEAR), id="a first start asks for a month and a year of registers"),
        pytest.param(YEAR * DAY, timedelta(seconds=5), (0, 0), id="a restart at once asks for nothing"),
        pytest.param(YEAR * DAY, timedelta(hours=3), (1, 0), id="a few hours off are filled"),
        pytest.param(YEAR * DAY, 3 * DAY, (3, 0), id="three days off are filled"),
        pytest.param(24 * MONTH, 3 * MONTH, (HISTORY_DAYS, 0), id="never more than a month"),
        pytest.param(2 * DAY, timedelta(seconds=5), (HISTORY_DAYS, YEAR), id="a first start cut short is finished"),
        pytest.param(2 * MONTH, timedelta(seconds=5), (0, YEAR), id="also one cut short in the year"),
    ],
)  # fmt: skip
def test_past(store: DuckDBStore, first: timedelta | None, last: timedelta | None, past: tuple[int, int]) -> None:
    if first is not None and last is not None:
        store.write([Reading("m", "p", 1.0, NOW - first), Reading("m", "p", 1.0, NOW - last)])
    assert past_missing(store, NOW) == past


@pytest.mark.parametrize(
    ("language", "last"),
    [("zh", "共 1 处错误, 未作任何改动。"), ("en", "1 mistake; nothing was changed.")],
)
def test_a_registry_with_a_mistake_starts_nothing_and_says_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, last: str
) -> None:
    file = tmp_path / "park.yaml"
    text = registry_yaml.write(registry(meter("m1")))
    file.write_text(text.replace("role: boundary", "role: bondary"), "utf-8")
    with pytest.raises(typer.Exit) as ended:
        read_park(file, language)
    told = capsys.readouterr().err.splitlines()
    assert ended.value.exit_code == 1
    assert told[0].startswith(f"{file}:8 meters[0].role: 'bondary'")
    assert told[1:] == [last]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = relational.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


def test_a_simulator_whose_meters_nobody_registered_is_refused_before_anything_is_imported(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        prepare(database, park=registry(meter("m1")), simulator=True, now=NOW)
    assert ended.value.exit_code == 2
    assert "160 meters of the simulated park are not registered" in capsys.readouterr().err
    assert registry_store.load(database).meters == ()


@pytest.mark.parametrize(
    ("park", "simulator", "demo"),
    [
        pytest.param(lambda: None, True, True, id="an empty registry gets the demonstration park"),
        pytest.param(demo_registry, True, True, id="a file that names the demonstration park can be simulated"),
        pytest.param(lambda: registry(meter("m1")), None, False, id="unasked, it does not run beside another park"),
    ],
)
def test_the_simulator_runs_where_its_meters_are_registered(
    database: Engine, park: Callable[[], Registry | None], *, simulator: bool | None, demo: bool
) -> None:
    assert prepare(database, park=park(), simulator=simulator, now=NOW).demo is demo
