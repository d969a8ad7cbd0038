"""`smartpark broker credentials`: passwords go to files, and to the screen only when asked."""

import json
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from adapters.relational import migrate, registry_store
from adapters.relational.engine import connect
from smartpark.broker_commands import app as broker_app
from tests.park.examples import NOW, meter, registry

app = typer.Typer()
app.add_typer(broker_app, name="broker")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The accounts of a registered m1 and m2 go here."""
    engine = opened(tmp_path)
    registry_store.replace(engine, registry(meter("m1"), meter("m2")), who="test", now=NOW)
    engine.dispose()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "broker"


def opened(data_dir: Path) -> Engine:
    """Open the relational store."""
    engine = connect(f"sqlite:///{data_dir / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    return engine


def run(folder: Path, *arguments: str) -> Result:
    """Run the command on the folder's installation."""
    return CliRunner().invoke(app, ["broker", "credentials", "--data-dir", str(folder.parent), *arguments])


def secrets(folder: Path) -> set[str]:
    """Give every password that is written down."""
    found = {line.split(",")[2] for line in (folder / "handout.csv").read_text(encoding="utf-8").splitlines()[1:]}
    return found | {file.read_text(encoding="utf-8").strip() for file in (folder / "services").iterdir()}


def test_no_password_is_printed_unless_asked(folder: Path) -> None:
    outcomes = [run(folder), run(folder, "--rotate", "m1", "--json"), run(folder, "--rotate", "m2")]
    assert [outcome.exit_code for outcome in outcomes] == [0, 0, 0]
    assert not [word for word in secrets(folder) if any(word in outcome.output for outcome in outcomes)]
    shown = run(folder, "--rotate", "m1", "--show")
    assert [line.split("\t")[0] for line in shown.stdout.splitlines() if "\t" in line] == ["m1"]
    assert [word for word in secrets(folder) if word in shown.stdout]


def test_it_says_what_became_of_the_accounts_and_when_to_reload(folder: Path) -> None:
    first = json.loads(run(folder, "--json").stdout)
    assert first["made"] == [account["user"] for account in first["accounts"]]
    assert first["reload"]
    again = json.loads(run(folder, "--json").stdout)
    assert (again["made"], again["rotated"], again["removed"], again["reload"]) == ([], [], [], False)
    assert again["kept"] == len(first["accounts"])
    assert "HUP" in run(folder, "--rotate", "smartpark.api").stdout
    assert "HUP" not in run(folder).stdout


def test_a_partition_once_asked_for_is_remembered(folder: Path) -> None:
    assert run(folder, "--collector", "enterprise=e02,e01").exit_code == 0
    assert run(folder).exit_code == 0
    assert (folder / "services" / "smartpark.collector.enterprise.e01.e02").is_file()


def test_the_prefix_that_is_set_stands_in_the_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTPARK_MQTT_PREFIX", "ankang/iot")
    assert run(folder).exit_code == 0
    text = (folder / "mosquitto" / "acl").read_text(encoding="utf-8")
    assert "topic write ankang/iot/hengkou/e01/m1/data" in text
    assert "park/v1" not in text


def test_the_simulator_has_an_account_only_with_a_demo(folder: Path) -> None:
    run(folder)
    assert not (folder / "services" / "smartpark.simulator").exists()
    run(folder, "--demo")
    assert (folder / "services" / "smartpark.simulator").is_file()
    run(folder)
    assert not (folder / "services" / "smartpark.simulator").exists()


def test_another_folder_can_be_chosen(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "--out", str(tmp_path / "elsewhere")).exit_code == 0
    assert (tmp_path / "elsewhere" / "mosquitto" / "passwords").is_file()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--rotate", "m1", "--rotate", "nobody"], 1, "没有账号: nobody"),
        (["--collector", "meter=m1"], 2, "enterprise=e01,e02"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(folder: Path, arguments: list[str], code: int, says: str) -> None:
    outcome = run(folder, *arguments)
    assert outcome.exit_code == code
    assert says in outcome.stderr
    assert not folder.exists()


def test_a_file_that_cannot_be_meant_is_named(folder: Path) -> None:
    run(folder)
    (folder / "handout.csv").write_text("meter,user\n", encoding="utf-8")
    outcome = run(folder)
    assert outcome.exit_code == 1
    assert "handout.csv:1" in outcome.stderr


def test_an_emptied_registry_is_asked_about_before_a_park_is_shut_out(folder: Path) -> None:
    run(folder)
    engine = opened(folder.parent)
    registry_store.replace(engine, registry(), who="test", now=NOW, prune=True)
    engine.dispose()
    outcome = run(folder)
    assert outcome.exit_code == 1
    assert "未作任何改动" in outcome.stderr


def test_help_has_an_example(folder: Path) -> None:
    assert "smartpark broker credentials" in run(folder, "--help").stdout
