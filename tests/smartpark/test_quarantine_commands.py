"""`smartpark quarantine`: what is held and why, and a replay that a real collector's keeper answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from adapters import stores
from adapters.relational import quarantine, registry_store
from adapters.relational.quarantine import NewHeld
from adapters.settings import Settings, load
from adapters.spool import Spool
from collector.counts import Counts
from collector.keeper import Keeper
from park.reason import Reason
from smartpark.__main__ import app
from tests.park.examples import NOW, meter, registry

TOPIC = "park/v1/{park}/{enterprise}/{meter}/data"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder: no `.env` of the developer's is read."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(None, environ={}, data_dir=tmp_path / "var")


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """A store with one registered meter, a message of it held as unknown, and one that is no JSON."""
    engine = stores.relational(settings)
    known = meter("m1")
    registry_store.replace(engine, registry(known), who="test", now=NOW)
    topic = TOPIC.format(park=known.park, enterprise=known.enterprise, meter="m1")
    held = [
        NewHeld(NOW, topic, "m1", Reason.UNKNOWN_METER, "m1", b'{"v":1,"m":{"p":1.5}}'),
        NewHeld(NOW, topic, "m1", Reason.NOT_JSON, "line 1", b"{"),
    ]
    quarantine.insert(engine, held)
    yield engine
    engine.dispose()


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(
        app, ["quarantine", *arguments, "--data-dir", "var"], env={"SMARTPARK_LANGUAGE": language}
    )


@contextmanager
def keeping(engine: Engine, folder: Path) -> Iterator[Spool]:
    """Run the collector's own keeper beside."""
    spool = Spool(folder / "spool.sqlite", most_bytes=1 << 20)
    keeper = Keeper(
        spool=spool, engine=engine, fresh=lambda: registry_store.load(engine), counts=Counts(), clock=lambda: NOW,
        prefix="park/v1", most_bytes=1 << 20,
    )  # fmt: skip
    stop, work = Event(), Event()
    thread = Thread(target=keeper.run, args=(stop, work))
    thread.start()
    try:
        yield spool
    finally:
        stop.set()
        work.set()
        thread.join()
        spool.close()


@pytest.mark.usefixtures("engine")
def test_what_is_held_is_listed_with_how_to_mend_it() -> None:
    told = run("list").stdout
    assert "1 message  unknown_meter  m1" in told
    assert "2 messages held." in told
    assert run("list", language="zh").stdout.endswith("共隔离 2 条报文。\n")
    (group,) = json.loads(run("list", "--reason", "not_json", "--json").stdout)
    assert (group["count"], group["meter"], group["last"]) == (1, "m1", "2026-11-23T08:00:00.123000+08:00")
    assert "not JSON" in group["sentence"]
    assert run("list", "--meter", "nobody").stdout == "Nothing is held that fits.\n"


def test_a_replay_tells_how_many_came_in_and_how_many_did_not(engine: Engine, tmp_path: Path) -> None:
    with capture_logs(), keeping(engine, tmp_path) as spool:
        result = run("replay", "--all")
        assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "1 message let in, 1 refused again.")
        assert spool.bytes_in("raw") > 0
        again = run("replay", "--reason", "not_json", "--json")
    assert json.loads(again.stdout) == {"request": 2, "replayed": 0, "refused_again": 1}
    assert [group.reason for group in quarantine.summary(engine)] == ["not_json"]


def test_where_no_collector_runs_that_is_said_and_the_request_is_kept(engine: Engine) -> None:
    result = run("replay", "--meter", "m1", "--timeout", "1")
    assert result.exit_code == 1
    assert "No collector answered within 1 s" in result.stderr
    (request,) = quarantine.pending_replays(engine)
    assert (request.meter, request.reason) == ("m1", None)


def test_nothing_that_fits_asks_nobody(engine: Engine) -> None:
    result = run("replay", "--meter", "nobody")
    assert (result.exit_code, result.stdout) == (0, "Nothing is held that fits.\n")
    assert quarantine.pending_replays(engine) == []


@pytest.mark.parametrize("arguments", [[], ["--all", "--meter", "m1"], ["--reason", "bad-mood"]])
def test_a_replay_that_does_not_say_what_is_wrong_use(arguments: list[str]) -> None:
    assert run("replay", *arguments).exit_code == 2
