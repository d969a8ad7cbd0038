"""What Grafana is given to begin with names what the boards name, asks what our stores answer, and holds no secret."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import text

from adapters.influx.target import read
from adapters.relational.engine import connect
from adapters.relational.initialise import init_relational
from adapters.relational.rights import Role
from adapters.settings import load
from grafana.sources import BY_UID, NAMES, SOURCES
from park.metric import Medium
from tests.influxd import Influxd
from tests.postgres import Postgres
from tests.shape.compose import mounts, services
from tests.shape.tree import ROOT

FOLDER = ROOT / "docker" / "grafana" / "provisioning"
FILES = sorted(FOLDER.rglob("*.yaml"))
TARGET = read(services()["collector"]["environment"]["SMARTPARK_TELEMETRY_URL"])


def document(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((FOLDER / kind / "smartpark.yaml").read_text(encoding="utf-8"))
    return found


def rules() -> Iterator[dict[str, Any]]:
    for group in document("alerting")["groups"]:
        yield from group["rules"]


def test_grafana_is_given_exactly_the_data_sources_that_boards_may_name() -> None:
    given = {one["uid"]: one for one in document("datasources")["datasources"]}
    assert list(given) == [source.uid for source in SOURCES]
    for source in SOURCES:
        one = given[source.uid]
        assert (one["type"], one["name"], one["access"]) == (source.kind, source.zh, "proxy")
        if source.resolution is None:
            assert (one["user"], one["jsonData"]["database"]) == (Role.GRAFANA, "smartpark")
        else:
            assert one["url"] == TARGET.url
            assert one["jsonData"]["dbName"] == TARGET.bucket(source.resolution)
            assert one["jsonData"]["version"] == "InfluxQL"
    assert [uid for uid, one in given.items() if one["isDefault"]] == ["park-raw"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_secret_comes_from_a_file_that_the_container_has(file: Path) -> None:
    written = file.read_text(encoding="utf-8")
    for line in written.splitlines():
        if re.search(r"password:|httpHeaderValue1:|credentials:", line):
            assert re.search(r"\$__file\{/run/secrets/\w+\}", line), line
    for secret in re.findall(r"/run/secrets/(\w+)", written):
        assert secret in services()["grafana"]["secrets"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_dollar_that_is_not_a_file_is_written_twice(file: Path) -> None:
    written = file.read_text(encoding="utf-8").replace("$$", "").replace("$__file{", "")
    assert "$" not in written


def test_both_grafanas_have_boards_and_data_sources_but_only_one_watches_the_platform() -> None:
    for name, kinds in {
        "grafana": {"datasources", "dashboards", "alerting"},
        "wallboard": {"datasources", "dashboards"},
    }.items():
        given = {mount.target: mount for mount in mounts(services()[name]) if mount.is_host_path}
        assert all(mount.read_only for mount in given.values())
        boards = {"/etc/smartpark/dashboards"}
        assert set(given) == {f"/etc/grafana/provisioning/{kind}" for kind in kinds} | boards
        provider = document("dashboards")["providers"][0]
        assert provider["options"]["path"] in boards


def test_the_home_board_is_one_of_the_boards_that_are_shipped() -> None:
    shipped = {file.name: file for file in (ROOT / "grafana" / "dashboards").glob("*.json")}
    for name in ("grafana", "wallboard"):
        home = services()[name]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        file = shipped[home.rpartition("/")[2]]
        assert json.loads(file.read_text(encoding="utf-8"))["uid"] == file.stem


def test_only_the_platforms_own_silence_is_watched_and_no_answer_counts_as_silence() -> None:
    assert [one["labels"]["platform"] for one in rules()] == ["store", "collector", "rules"]
    for one in rules():
        assert one["condition"] in {part["refId"] for part in one["data"]}
        assert one["execErrState"] == "Alerting"
        for part in one["data"]:
            assert part["datasourceUid"] in {*BY_UID, "__expr__"}
            assert part["model"]["refId"] == part["refId"]
    assert [one["noDataState"] for one in rules()] == ["Alerting", "OK", "Alerting"]


def test_what_fires_is_told_to_our_own_address_with_the_key_the_api_knows() -> None:
    [contact] = document("alerting")["contactPoints"]
    [receiver] = contact["receivers"]
    port = services()["api"]["environment"]["SMARTPARK_HTTP_PORT"]
    assert receiver["settings"]["url"] == f"http://api:{port}/api/v1/platform-alerts"
    assert set(services()["api"]["networks"]) & set(services()["grafana"]["networks"])
    assert "grafana_api_key" in services()["api"]["secrets"]
    assert [policy["receiver"] for policy in document("alerting")["policies"]] == [contact["name"]]


@pytest.mark.influx
def test_the_question_about_readings_is_answered_while_they_come_and_not_when_they_do_not(
    session_influxd: Influxd,
) -> None:
    session_influxd.ask('CREATE DATABASE "silent_raw"')
    session_influxd.write("silent_raw", "water,park=hk,enterprise=e01,meter=e01-water flow=1.0 1795420800000")
    query = next(rules())["data"][0]["model"]["query"]
    for medium in Medium:
        assert f'"{medium}"' in query
    asked = query.replace("$$timeFilter", "time >= {}ms and time <= {}ms")
    heard = session_influxd.ask(asked.format(1795420700000, 1795420900000), "silent_raw")
    assert json.loads(heard)["results"][0]["series"][0]["values"][0][1] == 1
    silent = session_influxd.ask(asked.format(1795420900000, 1795421500000), "silent_raw")
    assert json.loads(silent)["results"] == [{"statement_id": 0}]


@pytest.mark.postgres
def test_the_questions_about_the_services_are_ones_that_grafanas_user_may_ask(
    postgres: Postgres, database: str
) -> None:
    settings = load(
        environ={"SMARTPARK_DATABASE_URL": postgres.url(database), "SMARTPARK_DATABASE_GRAFANA_PASSWORD": "of Grafana"}
    )
    init_relational(settings)
    parts = [part for one in rules() for part in one["data"] if part["datasourceUid"] == NAMES.uid]
    assert len(parts) == 2
    engine = connect(postgres.url(database, user=Role.GRAFANA, password="of Grafana"))
    with engine.connect() as connection:
        for part in parts:
            assert connection.execute(text(part["model"]["rawSql"])).all() == []
    engine.dispose()
