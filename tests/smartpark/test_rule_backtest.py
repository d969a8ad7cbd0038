"""`smartpark rules backtest`: stored history, through a real store, told as people and scripts read it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters import stores
from adapters.clock import now
from adapters.relational import migrate, registry_store
from adapters.settings import Settings
from park.backtest import attempt
from park.instant import from_ms
from park.reading import Reading
from park.rulebook import bind
from park.series import Series
from smartpark.rules_command import app
from tests.park import machine

DAYS = 10
READINGS = DAYS * 288
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command over the first days of a real machine's temperatures."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(data_dir=tmp_path / "var")
    engine = stores.relational(settings)
    migrate.upgrade(engine)
    registry_store.replace(engine, machine.REGISTRY, who="test", now=now())
    telemetry = stores.telemetry(settings, engine)
    series = machine.temperatures()
    rows = zip(series.ms[:READINGS].tolist(), series.values[:READINGS].tolist(), strict=True)
    telemetry.write([Reading("machine", "temperature", value, from_ms(ms), 0) for ms, value in rows])
    telemetry.close()
    engine.dispose()
    start, _ = machine.extent(series)
    end = start + timedelta(days=DAYS)

    def invoke(*arguments: str) -> Result:
        times = ("--from", start.isoformat(), "--to", end.isoformat(), "--data-dir", str(tmp_path / "var"))
        return CliRunner().invoke(app, ["backtest", *times, *arguments])

    return invoke


def test_what_is_found_in_the_store_is_what_the_engine_finds_in_the_file(run: Run) -> None:
    result = run("--rule", "example-machine-cold", "--json")
    assert result.exit_code == 0, result.output
    series = machine.temperatures()
    start, _ = machine.extent(series)
    cut = Series(series.ms[:READINGS], series.values[:READINGS], series.quality[:READINGS])
    [pure] = attempt(
        bind([machine.shipped()], machine.REGISTRY), {"temperature": cut}, start, start + timedelta(days=DAYS)
    )
    found = json.loads(result.stdout)
    [alert] = found["alerts"]
    assert [one["began"] for one in alert["episodes"]] == [one.began.isoformat() for one in pure.episodes]
    assert found["rules"][0]["raised"] == len(pure.episodes) == 1
    assert found["rules"][0]["readings"] == READINGS
    assert found["rules"][0]["burned"] == pure.burned(start + timedelta(days=DAYS)).total_seconds()


def test_it_says_how_often_for_how_long_and_how_nervously(run: Run) -> None:
    result = run("--rule", "example-machine-cold", "--episodes")
    assert result.exit_code == 0, result.output
    assert "10.0 天, 1 条规则: 会报 1 次, 平均每天 0.10 次。" in result.stdout
    assert "example-machine-cold: 1 台, 会报 1 次, 共 12 小时 10 分" in result.stdout
    assert "    machine  2013-12-10 10:25:00Z – 12-10 22:35:00Z  12 小时 10 分" in result.stdout


def test_without_names_the_rules_in_force_are_tried_and_one_switched_off_is_not(run: Run) -> None:
    found = json.loads(run("--json").stdout)
    assert "example-machine-cold" not in {rule["rule"] for rule in found["rules"]}


def test_a_rule_there_is_not_is_named(run: Run) -> None:
    result = run("--rule", "nobody")
    assert (result.exit_code, result.stderr) == (1, "没有规则 nobody。\n")


def test_a_time_that_ends_before_it_begins_is_wrong_use(run: Run) -> None:
    assert run("--to", "2000-01-01T00:00:00Z").exit_code == 2
