"""The doctor: each part well, each part wrong, with how to mend it."""

import base64
import hashlib
import json
import shutil
import socket
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from iotcore import Broker
from sqlalchemy import text
from typer.testing import CliRunner

from adapters import mqtt_probe, stores
from adapters.relational import accounts, engine, migrate, registry_store
from adapters.settings import Settings, load
from park.principal import Access
from smartpark import doctor
from smartpark.__main__ import app
from smartpark.doctor import examine
from smartpark.finding import Finding, State
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.park.examples import NOW, meter, registry
from tests.ports import LOOPBACK, free_port

PARTS = {"python", "data folder", "disk", "database", "telemetry", "broker", "web"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder: no `.env` of the developer's is read."""
    monkeypatch.chdir(tmp_path)


def settings(folder: Path, **given: object) -> Settings:
    given = {"http_port": free_port(), "mqtt_port": free_port(), "data_dir": folder / "data"} | given
    return load(None, environ={}, **given)


def found(settings: Settings) -> dict[str, Finding]:
    return {finding.part: finding for finding in examine(settings)}


def furnish(settings: Settings, *, user: bool = True) -> None:
    """Make an installation with a meter and, if wanted, somebody who may sign in."""
    made = stores.relational(settings)
    registry_store.replace(made, registry(meter("m1")), who="test", now=NOW)
    if user:
        accounts.create_user(
            made, name="admin", password="富硒 茶 correct horse", access=Access.ADMIN, now=NOW, who="test"
        )
    made.dispose()


def test_every_part_is_looked_at_and_a_fresh_folder_only_lacks_a_registry(tmp_path: Path) -> None:
    findings = found(settings(tmp_path))
    assert findings.keys() == PARTS
    assert not [finding for finding in findings.values() if finding.state is State.WRONG]
    for part in ("data folder", "database", "telemetry"):
        assert findings[part].state is State.NOTE
        assert "smartpark up makes it" in findings[part].en
    assert findings["broker"].state is State.NOTE  # `up` starts it
    assert list(tmp_path.iterdir()) == [], "it only looks"


def test_a_registry_without_meters_is_worth_a_note(tmp_path: Path) -> None:
    place = settings(tmp_path)
    stores.relational(place).dispose()
    finding = found(place)["database"]
    assert (finding.state, "registry import" in finding.en) == (State.NOTE, True)


def test_tables_of_an_older_version_are_worth_a_note_and_stay_as_they_are(tmp_path: Path) -> None:
    place = settings(tmp_path)
    furnish(place)
    made = engine.connect(place.database())
    migrate.downgrade(made, "0001")
    finding = found(place)["database"]
    assert (finding.state, "older version" in finding.en) == (State.NOTE, True)
    assert migrate.current(made) == "0001"
    made.dispose()


def test_every_part_of_a_running_installation_is_well(mosquitto: Mosquitto, tmp_path: Path) -> None:
    place = settings(tmp_path, mqtt_url=mosquitto.url)
    furnish(place)
    stores.telemetry(place).close()
    findings = found(place)
    assert {finding.state for finding in findings.values()} == {State.WELL}
    assert findings["database"].en.endswith("1 meter")


def test_an_old_python_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = settings(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version_info", (3, 9, 1))
        finding = doctor._python(place)
    assert (finding.state, "3.9.1" in finding.en, "3.11" in finding.zh) == (State.WRONG, True, True)


def test_a_folder_that_cannot_be_written_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    findings = found(settings(tmp_path))
    assert findings["data folder"].state is State.WRONG
    assert "--data-dir" in findings["data folder"].en
    assert findings["database"].state is State.WRONG
    assert findings["telemetry"].state is State.WRONG


def test_a_disk_that_is_almost_full_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  # as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 10**8, 10**8))
    finding = found(settings(tmp_path))["disk"]
    assert finding.state is State.WRONG
    assert "0.1 GiB" in finding.zh


def test_a_registry_without_users_is_worth_a_note(tmp_path: Path) -> None:
    place = settings(tmp_path)
    furnish(place, user=False)
    finding = found(place)["database"]
    assert (finding.state, "smartpark user add" in finding.zh) == (State.NOTE, True)


def test_a_database_of_a_newer_version_is_wrong(tmp_path: Path) -> None:
    place = settings(tmp_path)
    furnish(place)
    made = engine.connect(place.database())
    with made.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    made.dispose()
    assert found(place)["database"].state is State.WRONG


def test_a_telemetry_file_that_is_none_is_wrong_and_one_in_use_is_not(tmp_path: Path) -> None:
    place = settings(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "telemetry.duckdb").write_bytes(b"this is no database, and it is long enough to tell" * 200)
    finding = found(place)["telemetry"]
    assert finding.state is State.WRONG
    assert "SMARTPARK_TELEMETRY_URL" in finding.en


def test_a_broker_that_does_not_answer_is_wrong_and_its_password_is_not_said(tmp_path: Path) -> None:
    port = free_port()
    finding = found(settings(tmp_path, mqtt_url=f"mqtt://gateway:hush-hush@{LOOPBACK}:{port}"))["broker"]
    assert finding.state is State.WRONG
    assert f"{LOOPBACK}:{port}" in finding.en
    assert "hush-hush" not in finding.en + finding.zh


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_wrong_password_is_told_from_a_right_one_and_neither_is_said(
    start_mosquitto: StartMosquitto, tmp_path: Path, version: str
) -> None:
    passwords = tmp_path / "passwords"
    digest = base64.b64encode(hashlib.pbkdf2_hmac("sha512", b"right-one", b"saltsaltsalt", 101)).decode()
    passwords.write_text(f"gateway:$7$101$c2FsdHNhbHRzYWx0${digest}\n", "utf-8")
    broker = start_mosquitto(f"allow_anonymous false\npassword_file {passwords}")
    place = f"mqtt://gateway@{LOOPBACK}:{broker.port}"
    told = {
        word: found(settings(tmp_path, mqtt_url=place, mqtt_password=word, mqtt_version=version))["broker"]
        for word in ("right-one", "wrong-one")
    }
    assert told["right-one"].state is State.WELL
    assert told["wrong-one"].state is State.WRONG
    assert "SMARTPARK_MQTT_PASSWORD" in told["wrong-one"].en
    assert "-one" not in "".join(finding.zh + finding.en for finding in told.values())


def test_a_broker_without_tls_that_is_asked_for_it_is_told(mosquitto: Mosquitto, tmp_path: Path) -> None:
    finding = found(settings(tmp_path, mqtt_url=f"mqtts://{LOOPBACK}:{mosquitto.port}"))["broker"]
    assert finding.state is State.WRONG
    assert "SMARTPARK_MQTT_CA_FILE" in finding.en


def test_what_listens_and_is_no_broker_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_probe.probe, "__kwdefaults__", {"patience": 0.2})
    with socket.create_server((LOOPBACK, 0)) as server:
        finding = found(settings(tmp_path, mqtt_url=f"mqtt://{LOOPBACK}:{server.getsockname()[1]}"))["broker"]
    assert finding.state is State.WRONG
    assert "does not answer as an MQTT broker" in finding.en


def test_a_broker_of_an_older_version_is_worth_a_note(embedded_broker: Broker, tmp_path: Path) -> None:
    finding = found(settings(tmp_path, mqtt_url=f"mqtt://{LOOPBACK}:{embedded_broker.port}"))["broker"]
    assert (finding.state, "SMARTPARK_MQTT_VERSION=3.1.1" in finding.en) == (State.NOTE, True)


def test_a_web_port_in_use_is_worth_a_note(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        finding = found(settings(tmp_path, http_port=server.getsockname()[1]))["web"]
    assert finding.state is State.NOTE


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 1)])
def test_the_command_says_it_to_people_and_to_programs_and_its_exit_code_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, broken: bool, code: int
) -> None:
    monkeypatch.setenv("SMARTPARK_HTTP_PORT", str(free_port()))
    monkeypatch.setenv("SMARTPARK_MQTT_PORT", str(free_port()))
    if broken:
        (tmp_path / "data").write_text("a file, no folder")
    plain = CliRunner().invoke(app, ["doctor", "--data-dir", "data"])
    assert plain.exit_code == code
    assert ("✗" in plain.stdout) is broken
    assert "✓ Python" in plain.stdout
    read = CliRunner().invoke(app, ["doctor", "--data-dir", "data", "--json"])
    assert read.exit_code == code
    findings = json.loads(read.stdout)
    assert {finding["part"] for finding in findings} == PARTS
    assert {finding["state"] for finding in findings} <= {"well", "note", "wrong"}
    english = CliRunner().invoke(app, ["doctor", "--data-dir", "data"], env={"SMARTPARK_LANGUAGE": "en"})
    assert "not made yet" in english.stdout or "cannot be written" in english.stdout


def test_wrong_settings_end_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTPARK_LANGUAGE", "la")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 2
    assert "SMARTPARK_LANGUAGE" in result.stderr
