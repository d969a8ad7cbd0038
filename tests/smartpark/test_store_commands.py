"""`smartpark store init`: everything made, said, and made no second time; no secret is shown."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smartpark.__main__ import app
from tests.influxd import StartInfluxd

RUN = CliRunner()
ADMIN = "admin:very-secret"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def init(*options: str, **environ: str) -> tuple[int, str]:
    settings = {f"SMARTPARK_{name.upper()}": value for name, value in environ.items()}
    result = RUN.invoke(app, ["store", "init", "--data-dir", "data", *options], env=settings)
    return result.exit_code, result.output


def test_the_embedded_stores_need_nothing_but_their_tables() -> None:
    code, said = init()
    assert code == 0
    assert "内置时序库无需准备" in said
    assert (Path("data") / "smartpark.sqlite").is_file()


def test_an_influxdb_gets_databases_and_accounts_once(start_influxd: StartInfluxd) -> None:
    url = start_influxd(auth=True).url("hk")
    code, said = init(telemetry_url=url, influx_token=ADMIN)
    assert code == 0, said
    assert "已建立  database hk_raw  400 d" in said
    assert "已建立  database hk_1d  ∞" in said
    code, told = init("--json", telemetry_url=url, influx_token=ADMIN, influx_raw_days="30")
    steps = {step["name"]: step["state"] for step in json.loads(told)["telemetry"]}
    assert steps.pop("hk_raw") == "changed"
    assert set(steps.values()) == {"kept"}
    folder = Path("data") / "tokens"
    secrets = [path.read_text(encoding="utf-8").strip() for path in folder.iterdir()]
    assert len(secrets) == 3
    assert not [secret for secret in [*secrets, ADMIN] if secret.partition(":")[2] in said + told]


def test_what_keeps_us_out_is_a_sentence(free_port: int, start_influxd: StartInfluxd) -> None:
    code, said = init(telemetry_url=f"influxdb://127.0.0.1:{free_port}?api=v1")
    assert (code, "refused" in said) == (1, True)
    server = start_influxd()
    code, said = init(telemetry_url=server.url().replace("api=v1", "api=v2&org=park"), influx_token="x")
    assert (code, "api=v1" in said) == (1, True)
    assert "Traceback" not in said


MISTAKES = [
    ("a URL without organization", {"telemetry_url": "influxdb://db"}, "org is needed"),
    ("a secret in the URL", {"telemetry_url": "influxdb://a:b@db?api=v1"}, "SMARTPARK_INFLUX_TOKEN"),
    ("a token for 1.x", {"telemetry_url": "influxdb://db?api=v1", "influx_token": "abc"}, "user:password"),
    ("a CA file that is not there", {"influx_ca_file": "no.pem"}, "no such file"),
    ("days below none", {"influx_raw_days": "-1"}, "SMARTPARK_INFLUX_RAW_DAYS"),
]


@pytest.mark.parametrize(("environ", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_wrong_setting_is_wrong_use(environ: dict[str, str], words: str) -> None:
    code, said = init(**environ)
    assert (code, words in said) == (2, True), said
