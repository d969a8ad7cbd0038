"""The stores that settings name are opened where they say."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters import stores
from adapters.settings import Settings, load
from park.telemetry import Aggregate, Slot, Telemetry
from tests.contracts.telemetry import DAY, EVER, reading


@contextmanager
def opened(**given: object) -> Iterator[Telemetry]:
    """Open the telemetry store of some settings."""
    with closing(stores.telemetry(load(None, environ={}, **given))) as store:
        yield store


URLS = [
    ("three slashes begin a relative path", "duckdb:///data/t.duckdb", "data/t.duckdb"),
    ("four an absolute one", "duckdb:///{here}/t.duckdb", "t.duckdb"),
    ("Chinese needs no escape", "duckdb:///数据/园区.duckdb", "数据/园区.duckdb"),
    ("an escape is one", "duckdb:///a%20b%23.duckdb", "a b#.duckdb"),
]


@pytest.mark.parametrize(("url", "path"), [row[1:] for row in URLS], ids=[row[0] for row in URLS])
def test_a_telemetry_url_names_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    with opened(telemetry_url=url.format(here=tmp_path)):
        assert (tmp_path / path).is_file()


@pytest.mark.parametrize("name", ["var", "数据 100%20", "a#b", "a;b&c=d"])
@pytest.mark.parametrize("absolute", [False, True])
def test_without_urls_everything_is_in_the_data_folder_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, absolute: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    settings: Settings = load(environ={}, data_dir=tmp_path / name if absolute else Path(name))
    with closing(stores.telemetry(settings)):
        assert (tmp_path / name / "telemetry.duckdb").is_file()
    engine = stores.relational(settings)
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from park")).scalar_one() == 0
    engine.dispose()
    assert {path.name for path in (tmp_path / name).iterdir()} == {"telemetry.duckdb", "smartpark.sqlite"}
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("zone", "midnight"), [("Asia/Shanghai", 16), ("UTC", 0), ("Asia/Kolkata", 18.5), ("America/Bogota", 5)]
)
def test_the_store_s_days_are_those_of_the_site(tmp_path: Path, zone: str, midnight: float) -> None:
    first = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=midnight)
    with opened(data_dir=tmp_path, timezone=zone) as store:
        store.write([reading(1.0, first - timedelta(milliseconds=1)), reading(2.0, first)])
        found = store.aggregate(["m1"], "p", *EVER, every=DAY, how=Aggregate.MEAN)["m1"]
        assert found == [Slot(first - DAY, 1.0), Slot(first, 2.0)]
