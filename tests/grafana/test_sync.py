"""`smartpark grafana sync` against a server that behaves as Grafana's API: what it asks, leaves and says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import grafana.build
from adapters.clock import now
from adapters.relational import alerts, keys, migrate, registry_store
from adapters.relational.engine import connect
from park.principal import Access, Principal
from smartpark.grafana_commands import app
from tests.grafana.burned import burned
from tests.grafana.fake_grafana import ADMIN, TOKEN, FakeGrafana, fake_grafana
from tests.park.examples import meter, registry
from tests.ports import free_port

SERIES: dict[str, Any] = {
    "type": "timeseries", "title": "负荷", "datasource": {"type": "influxdb", "uid": "park-raw"},
    "targets": [{"alias": "$tag_meter", "query": 'SELECT mean(p) FROM "electricity" WHERE $timeFilter',
                 "datasource": {"type": "influxdb", "uid": "park-raw"}}],
}  # fmt: skip
NAMES: dict[str, Any] = {
    "type": "table",
    "title": "名单",
    "targets": [{"datasource": {"uid": "park-sql"}, "rawSql": "SELECT 1"}],
}
CONSOLE = {"name": "console", "type": "constant", "query": "http://127.0.0.1:8000"}
BOARDS: dict[str, dict[str, Any]] = {
    "park-meter.json": {"uid": "park-meter", "panels": [SERIES, NAMES], "templating": {"list": [CONSOLE]}},
    "park-safety.json": {"uid": "park-safety", "panels": [NAMES], "templating": {"list": []}},
}


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with fake_grafana() as started:
        yield started


@dataclass
class Park:
    """A park in a folder, and a Grafana."""

    folder: Path
    fake: FakeGrafana
    monkeypatch: pytest.MonkeyPatch

    def sync(self, *arguments: str) -> Result:
        words = ["sync", "--at", self.fake.url, "--data-dir", str(self.folder / "var"), "--days", "0", *arguments]
        return CliRunner().invoke(app, words)

    def as_administrator(self) -> None:
        self.monkeypatch.setenv("SMARTPARK_GRAFANA_USER", ADMIN[0])
        self.monkeypatch.setenv("SMARTPARK_GRAFANA_TOKEN", ADMIN[1])

    def states(self, *arguments: str) -> list[str]:
        told = json.loads(self.sync("--json", *arguments).stdout)
        return [f"{step['kind']} {step['name']} {step['state']}" for step in told["steps"]]


@pytest.fixture
def park(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeGrafana) -> Park:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMARTPARK_GRAFANA_TOKEN", TOKEN)
    monkeypatch.setenv("SMARTPARK_CONSOLE_URL", "https://park.example.lan")
    written = {name: json.dumps(board, ensure_ascii=False) for name, board in BOARDS.items()}
    monkeypatch.setattr(grafana.build, "kept", lambda: written)
    (tmp_path / "var").mkdir()
    engine = connect(f"sqlite:///{tmp_path}/var/smartpark.sqlite")
    migrate.upgrade(engine)
    registry_store.replace(engine, registry(meter("m1"), meter("m2")), who="test", now=now())
    engine.dispose()
    return Park(tmp_path, fake, monkeypatch)


# --- what it does -----------------------------------------------------------------------------------------------------


def test_a_first_sync_asks_and_makes_in_this_order(park: Park) -> None:
    result = park.sync()
    assert result.exit_code == 0, result.output
    assert park.fake.transcript == [
        "GET /api/health",
        "GET /api/org",
        "GET /api/folders/smartpark",
        "POST /api/folders",
        "GET /api/dashboards/uid/park-meter",
        "POST /api/dashboards/db",
        "GET /api/dashboards/uid/park-safety",
        "POST /api/dashboards/db",
    ]
    assert "Grafana 13.2.1" in result.stdout
    assert result.stdout.splitlines()[-1] == "共 3 项, 变更 3 项, 未改 0 项。"


def test_a_second_sync_changes_nothing_though_grafana_keeps_boards_in_a_form_of_its_own(park: Park) -> None:
    park.sync()
    before = list(park.fake.transcript)
    assert park.states() == [
        "folder smartpark unchanged", "board park-meter unchanged", "board park-safety unchanged",
    ]  # fmt: skip
    assert {line.partition(" ")[0] for line in park.fake.transcript[len(before) :]} == {"GET"}


def test_a_dry_run_says_what_would_be_done_and_sends_nothing(park: Park) -> None:
    assert park.states("--dry-run") == ["folder smartpark made", "board park-meter made", "board park-safety made"]
    assert {line.partition(" ")[0] for line in park.fake.transcript} == {"GET"}
    assert park.fake.organisations[1].boards == {}


def test_a_board_knows_the_console_and_what_meters_are_called(park: Park) -> None:
    park.sync()
    board = park.fake.organisations[1].boards["park-meter"]["dashboard"]
    assert board["templating"]["list"][0]["query"] == "https://park.example.lan"
    overrides = board["panels"][0]["fieldConfig"]["overrides"]
    named = {one["matcher"]["options"]: one["properties"][0]["value"] for one in overrides}
    assert named == {"e01": "富硒食品", "m1": "一号变总表", "m2": "一号变总表"}


def test_a_name_that_changes_in_the_registry_changes_in_the_board(park: Park) -> None:
    park.sync()
    engine = connect(f"sqlite:///{park.folder}/var/smartpark.sqlite")
    registry_store.replace(engine, registry(meter("m1"), meter("m3")), who="test", now=now(), prune=True)
    engine.dispose()
    assert park.states()[1:] == ["board park-meter changed", "board park-safety unchanged"]


# --- what people did --------------------------------------------------------------------------------------------------


def test_what_a_person_changed_in_grafana_is_left_unless_one_may_overwrite(park: Park) -> None:
    park.sync()
    park.fake.edit("park-meter", message="", who="王丽")
    result = park.sync()
    assert result.exit_code == 1
    assert "未改  board park-meter  王丽 在 Grafana 中改过" in result.stdout
    assert "board park-meter changed" in park.states("--overwrite")
    assert "board park-meter unchanged" in park.states()


def test_what_was_provisioned_from_a_file_is_given_its_names_too(park: Park) -> None:
    park.sync()
    park.fake.edit("park-meter", message="", who="Grafana")
    park.fake.organisations[1].boards["park-meter"]["meta"]["provisioned"] = True
    assert "board park-meter changed" in park.states()


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_where_nobody_listens_that_is_said_and_nothing_else(park: Park) -> None:
    result = park.sync("--at", f"http://127.0.0.1:{free_port()}")
    assert (result.exit_code, "连接不上" in result.stderr, "Traceback" in result.output) == (1, True, False)


def test_a_wrong_token_is_said_before_anything_is_made(park: Park) -> None:
    park.monkeypatch.setenv("SMARTPARK_GRAFANA_TOKEN", "glsa_wrong")
    result = park.sync()
    assert (result.exit_code, "不接受令牌" in result.stderr) == (1, True)
    assert park.fake.transcript == ["GET /api/health", "GET /api/org"]
    assert "glsa_wrong" not in result.output


def test_a_board_that_somebody_saves_meanwhile_is_left_and_the_others_are_put(park: Park) -> None:
    park.sync("--dry-run")
    park.fake.organisations[1].folders["smartpark"] = {"uid": "smartpark"}
    park.fake.answers = [(412, {"message": "changed by someone else"})]
    result = park.sync()
    assert result.exit_code == 1
    assert "未改  board park-meter" in result.stdout
    assert "已建立  board park-safety" in result.stdout


def test_a_folder_that_vanishes_is_named(park: Park) -> None:
    park.fake.organisations[1].folders["smartpark"] = {"uid": "smartpark"}
    park.fake.answers = [(400, {"message": "folder not found"})]
    result = park.sync()
    assert (result.exit_code, "folder smartpark" in result.stderr, "再运行一次" in result.stderr) == (1, True, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at", "grafana:3000"], "must look like"),
        (["--enterprises", "--api", "nowhere"], "--api: must look like"),
    ],
)
def test_a_wrong_use_is_told_apart_from_a_failure(park: Park, arguments: list[str], words: str) -> None:
    result = park.sync(*arguments)
    assert (result.exit_code, words in result.stderr) == (2, True)


def test_without_a_token_it_says_which_settings_to_give(park: Park) -> None:
    park.monkeypatch.delenv("SMARTPARK_GRAFANA_TOKEN")
    result = park.sync()
    assert (result.exit_code, "SMARTPARK_GRAFANA_TOKEN" in result.stderr) == (2, True)


# --- enterprises ------------------------------------------------------------------------------------------------------


def test_an_enterprise_gets_an_organisation_whose_only_sources_are_our_own_address(park: Park) -> None:
    park.as_administrator()
    made = park.states("--enterprise", "e01", "--api", "http://api:8000")
    assert "organisation e01 富硒食品 made" in made
    own = park.fake.organisations[2]
    assert sorted(own.sources) == ["park-15m", "park-1d", "park-1h", "park-raw"]
    for source in own.sources.values():
        assert source["url"] == "http://api:8000/api/v1/grafana/e01"
        assert source["jsonData"]["httpHeaderName1"] == "X-API-Key"
    [secret] = {source["secureJsonData"]["httpHeaderValue1"] for source in own.sources.values()}
    engine = connect(f"sqlite:///{park.folder}/var/smartpark.sqlite")
    assert keys.principal_of_key(engine, secret, now()) == Principal("key:grafana-e01", Access.ENTERPRISE, "e01")
    engine.dispose()
    assert list(own.boards) == ["park-meter"]
    assert "park-sql" not in json.dumps(own.boards)
    assert park.states("--enterprise", "e01", "--api", "http://api:8000") == [
        line.replace(" made", " unchanged") for line in made
    ]


def test_a_source_whose_key_is_gone_gets_a_new_key_and_the_old_one_opens_nothing(park: Park) -> None:
    park.as_administrator()
    park.sync("--enterprises", "--api", "http://api:8000")
    own = park.fake.organisations[2]
    [old] = {source["secureJsonData"]["httpHeaderValue1"] for source in own.sources.values()}
    own.sources["park-1d"].pop("secureJsonData")
    assert park.sync("--enterprises", "--api", "http://api:8000").exit_code == 0
    [new] = {source["secureJsonData"]["httpHeaderValue1"] for source in own.sources.values()}
    engine = connect(f"sqlite:///{park.folder}/var/smartpark.sqlite")
    assert [keys.principal_of_key(engine, key, now()) is None for key in (old, new)] == [True, False]
    engine.dispose()


def test_who_is_not_the_servers_administrator_is_told_that_organisations_take_one(park: Park) -> None:
    result = park.sync("--enterprises", "--api", "http://api:8000")
    assert (result.exit_code, "SMARTPARK_GRAFANA_USER" in result.stderr) == (1, True)


def test_an_enterprise_that_is_not_there_is_named_beside_those_that_are(park: Park) -> None:
    result = park.sync("--enterprise", "e99", "--api", "http://api:8000")
    assert (result.exit_code, "没有企业 e99; 现有: e01" in result.stderr) == (1, True)


# --- annotations ------------------------------------------------------------------------------------------------------


def test_an_alert_is_an_annotation_once_and_ends_when_it_is_over(park: Park) -> None:
    engine = connect(f"sqlite:///{park.folder}/var/smartpark.sqlite")
    raised = now() - timedelta(hours=3)
    alerts.copy(engine, records={}, changes=burned(1, raised), notices=[])
    assert park.states("--days", "2")[-1] == "annotation alert:load-80/m1/1 made"
    assert park.states("--days", "2")[-1] == "annotation alert:load-80/m1/1 unchanged"
    [one] = park.fake.annotations
    assert one["tags"] == ["smartpark", "alert:load-80/m1/1", "meter:m1", "enterprise:e01"]
    assert one["text"] == "负载率超过 80 %: 一号变总表"
    alerts.copy(engine, records={}, changes=burned(2, raised, over=raised + timedelta(hours=1)), notices=[])
    engine.dispose()
    assert park.states("--days", "2")[-1] == "annotation alert:load-80/m1/1 changed"
    assert park.states("--days", "2")[-1] == "annotation alert:load-80/m1/1 unchanged"
    assert len(park.fake.annotations) == 1
    assert one["timeEnd"] - one["time"] == 3_600_000
