"""Alerts with all their real parts: told with every database away, merged later, answered by people, drawn."""

import gc
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from adapters import clock
from adapters.duckdb_store import DuckDBStore
from adapters.publisher import Publisher
from adapters.relational import alert_actions, alert_watch, alerts, migrate, registry_store
from adapters.relational import engine as engines
from adapters.settings import Settings
from park.alert import Phase
from park.alert_change import Kind
from park.care import Deed
from park.rulebook import Key
from rules.alerting import FILE, Alerting
from rules.mirror import Draw
from rules.telling import Telling
from tests.e2e.program import Program, until
from tests.e2e.talker import Talker
from tests.mosquitto import Mosquitto
from tests.ports import LOOPBACK
from tests.ports import free_port as find_free_port
from tests.rules.alert_house import KEY, REGISTRY, TOPIC, a_rule, message

PANEL = "park/v1/hk/e01/gas0/alert/gas"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    made = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(made)
    registry_store.replace(made, REGISTRY, who="test", now=clock.now())
    yield made
    made.dispose()


@pytest.fixture
def nowhere(free_port: int) -> Iterator[Engine]:
    """A database server that nobody has started."""
    made = engines.connect(f"postgresql://smartpark@{LOOPBACK}:{free_port}/smartpark?connect_timeout=2")
    yield made
    made.dispose()


def settings(folder: Path, broker: Mosquitto) -> Settings:
    return Settings(data_dir=folder / "data", mqtt_url=SecretStr(broker.url))


@contextmanager
def alerting(
    folder: Path, broker: Mosquitto, engine: Engine, *, hold: float = 0, draw: Draw | None = None
) -> Iterator[Alerting]:
    each = Alerting(
        settings=settings(folder, broker),
        engine=engine,
        clock=clock.now,
        shipped=[a_rule(hold=hold)],
        make_telling=Telling,
        draw=draw,
    )
    each.start()
    try:
        until(lambda: each.watch.trouble is None, "it listens", look=0.02)
        yield each
    finally:
        each.stop()


def say(broker: Mosquitto, *values: float) -> None:
    with Publisher(broker.url, client_id="device") as publisher:
        for value in values:
            before = clock.now()
            until(lambda before=before: clock.now() - before > timedelta(milliseconds=3), "time passes", look=0.001)  # type: ignore[misc]
            publisher.publish(TOPIC.format("gas0"), message(clock.now(), value))
        assert publisher.drain(30)
    del publisher
    gc.collect()  # paho closes its pair of sockets only when it is collected


def kinds(engine: Engine) -> list[Kind]:
    return [change.kind for _, change in alerts.changes_after(engine, 0)]


def test_an_alert_is_on_the_panel_in_the_database_and_in_the_series(
    tmp_path: Path, mosquitto: Mosquitto, database: Engine
) -> None:
    store = DuckDBStore(tmp_path / "telemetry.duckdb")
    with (
        closing(store),
        alerting(tmp_path, mosquitto, database, draw=store.write_alerts) as each,
        Talker(mosquitto.port, client_id="panel") as panel,
    ):
        until(lambda: each.watch.watches == 3, "the rules are bound", look=0.02)
        panel.subscribe(PANEL)
        say(mosquitto, 30.0)
        until(lambda: panel.messages, "the panel shows it", look=0.01)
        assert json.loads(panel.messages[0][1])["rule"] == "gas"
        until(lambda: kinds(database) == [Kind.RAISED], "the database has it", look=0.02)
        [record] = alerts.alerts(database)
        assert (record.key, record.phase, record.value) == (KEY, Phase.FIRING, 30.0)
        [(number, _)] = alerts.changes_after(database, 0)
        until(lambda: {one.state for one in alerts.notices(database, [number])} == {"sent"}, "all are told", look=0.02)
        say(mosquitto, 5.0)
        until(lambda: panel.messages[-1][1] == b"", "the panel is empty again", look=0.01)
        until(lambda: each.mirror._drawn == alerts.last_number(database) > number, "both are drawn", look=0.02)
        rows = store._file.rows("select rule, meter, enterprise, burning from alert order by ts", [])
        assert rows == [("gas", "gas0", "e01", True), ("gas", "gas0", "e01", False)]


def test_what_a_person_asks_for_is_done_once_and_said_back(
    tmp_path: Path, mosquitto: Mosquitto, database: Engine
) -> None:
    with alerting(tmp_path, mosquitto, database):
        say(mosquitto, 30.0)
        until(lambda: kinds(database) == [Kind.RAISED], "it burns", look=0.02)
        [asked] = alert_actions.ask(database, [KEY], Deed.ACKNOWLEDGE, who="li", now=clock.now(), note="到场")
        until(lambda: Kind.ACKNOWLEDGED in kinds(database), "it is done", look=0.02)
        [record] = alerts.alerts(database)
        assert record.care.acknowledged_by == "li"
        until(lambda: (said := alert_watch.said(database)) and said.acted == asked.id, "it is said back", look=0.02)
        said = alert_watch.said(database)
        assert said is not None
        assert (said.rules, said.meters) == (1, 3)
    with alerting(tmp_path, mosquitto, database) as each:
        assert each.ledger.acted == asked.id
    assert kinds(database) == [Kind.RAISED, Kind.ACKNOWLEDGED]


def test_with_every_database_away_alerts_are_told_from_the_first_second_and_merged_later(
    tmp_path: Path, mosquitto: Mosquitto, database: Engine, nowhere: Engine
) -> None:
    with alerting(tmp_path, mosquitto, database) as each:
        until(lambda: each.watch.watches == 3, "the rules are known", look=0.02)
    with alerting(tmp_path, mosquitto, nowhere) as each, Talker(mosquitto.port, client_id="panel") as panel:
        panel.subscribe(PANEL)
        say(mosquitto, 30.0)
        until(lambda: panel.messages, "it is told", look=0.01)
        say(mosquitto, 5.0, 30.0)
        until(lambda: len(panel.messages) == 3, "all of it", look=0.01)
        until(lambda: each.wanted.trouble, "it knows that the database is away")
        assert each.troubles() == {}, "a database that is away keeps no alert from being told"
        assert each.store.outstanding().changes == 3
    assert kinds(database) == []
    with alerting(tmp_path, mosquitto, database):
        until(lambda: kinds(database) == [Kind.RAISED, Kind.CLEARED, Kind.RAISED], "it is merged", look=0.02)
        assert [record.episode for record in alerts.alerts(database)] == [2]


def test_a_meter_taken_out_of_the_registry_ends_its_alert(
    tmp_path: Path, mosquitto: Mosquitto, database: Engine
) -> None:
    with alerting(tmp_path, mosquitto, database):
        say(mosquitto, 30.0)
        until(lambda: kinds(database) == [Kind.RAISED], "it burns", look=0.02)
        fewer = type(REGISTRY)(REGISTRY.parks, REGISTRY.enterprises, REGISTRY.meters[1:])
        registry_store.replace(database, fewer, who="test", now=clock.now(), prune=True)
        until(lambda: kinds(database) == [Kind.RAISED, Kind.CLEARED], "it is cleared", look=0.02)
        assert alerts.one(database, Key("gas", "gas0")) is not None


def test_a_damaged_file_is_put_aside_and_alerts_go_on(tmp_path: Path, mosquitto: Mosquitto, database: Engine) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).write_bytes(b"no database" * 1_000)
    with alerting(tmp_path, mosquitto, database) as each:
        say(mosquitto, 30.0)
        until(lambda: kinds(database) == [Kind.RAISED], "it is told", look=0.02)
        assert each.troubles() == {}
    assert len(list((tmp_path / "data").glob(f"{FILE}.damaged-*"))) == 1


def test_where_no_file_can_be_had_alerts_are_told_and_it_is_said(
    tmp_path: Path, mosquitto: Mosquitto, database: Engine
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    with alerting(tmp_path, mosquitto, database) as each:
        say(mosquitto, 30.0)
        until(lambda: kinds(database) == [Kind.RAISED], "it is told", look=0.02)
        assert "memory" in each.troubles()["alerts-file"]


def test_the_service_alone_tells_alerts_also_when_it_starts_with_no_database_to_be_had(
    tmp_path: Path, mosquitto: Mosquitto, free_port: int
) -> None:
    database = engines.connect(f"sqlite:///{tmp_path / 'data' / 'smartpark.sqlite'}")
    migrate.upgrade(database)
    registry_store.replace(database, REGISTRY, who="test", now=clock.now())
    status = find_free_port()
    environ = {
        "mqtt_url": mosquitto.url,
        "telemetry_url": f"influxdb://{LOOPBACK}:{free_port}?org=park",
        "influx_token": "t",
        "status_port": str(status),
    }
    with Program(tmp_path, "rules", "--data-dir", "data", name="first", **environ) as program:
        program.until(lambda: program.events("watching"), "it listens")
        say(mosquitto, 5.0)
        program.until(lambda: alert_watch.said(database), "it knows the shipped rules and says so")
        program.until(lambda: alert_watch.said(database).meters == 3, "and the meters")  # type: ignore[union-attr]
        assert program.end() == 0
    environ["database_url"] = f"postgresql://smartpark@{LOOPBACK}:{free_port}/smartpark"
    with (
        Program(tmp_path, "rules", "--data-dir", "data", name="second", **environ) as program,
        Talker(mosquitto.port, client_id="panel") as panel,
    ):
        panel.subscribe("park/v1/hk/e01/gas0/alert/+")
        program.until(lambda: program.events("rules bound"), "it knows the rules")
        say(mosquitto, 99.0)
        program.until(lambda: panel.messages, "a shipped rule raises it and the panel shows it")
        assert json.loads(panel.messages[0][1])["severity"] in {"major", "critical", "larger", "general"}
        assert list(json.loads(_body(f"http://{LOOPBACK}:{status}/healthz"))["trouble"]) == ["databases"]
        assert "smartpark_alerts_connected 1.0" in _body(f"http://{LOOPBACK}:{status}/metrics").decode()
        assert program.end() == 0
    database.dispose()


def _body(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  # our own, on loopback
            body: bytes = answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.read()
    return body
