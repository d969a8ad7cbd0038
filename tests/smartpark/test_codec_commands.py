"""`smartpark codec`: how a payload would be read, and why not, as engineers and scripts meet it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters import registry_yaml
from adapters.relational import migrate, registry_store
from adapters.relational.engine import connect
from park.decode import DIALECTS
from park.decode.json_maps import maps
from park.place import Meter
from park.registry import Registry
from park.trial import alone
from smartpark.codec_commands import app
from tests.park.examples import NOW
from tests.park.meters import registered

PLUG = '{"Time":"2026-11-23T08:00:00","ENERGY":{"Total":3.705,"Power":5}}'
FRAME = (
    "##0318QN=20240123123950241;ST=31;CN=2011;PW=123456;MN=81733553216103;Flag=4;CP=&&DataTime=20240122081600;"
    "a00000-Rtd=5.407,a00000-Flag=N;a01011-Rtd=7.072,a01011-Flag=N;a01013-Rtd=-0.052,a01013-Flag=N;"
    "a01012-Rtd=6.480,a01012-Flag=N;a24088-Rtd=0.804,a24088-Flag=N;a05002-Rtd=0.000,a05002-Flag=N;"
    "a01014-Rtd=0.970,a01014-Flag=N&&6740\r\n"
)


class Run:
    """Commands in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, given: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(self.folder / "var")], input=given)

    def data(self, *arguments: str, given: str | bytes | None = None) -> Any:  # noqa: ANN401  # JSON may be anything
        return json.loads(self(*arguments, "--json", given=given).stdout)

    def file(self, name: str, *meters: Meter) -> str:
        """Write a registry file."""
        registry = alone(meters[0])
        whole = Registry(registry.parks, registry.enterprises, tuple(alone(each).meters[0] for each in meters))
        (self.folder / name).write_text(registry_yaml.write(whole), encoding="utf-8")
        return name


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMARTPARK_LANGUAGE", raising=False)
    return Run(tmp_path)


def test_every_codec_and_every_map_is_listed(run: Run) -> None:
    shown = run("list").stdout
    assert [name for name in [*DIALECTS, *maps()] if name not in shown] == []
    data = run.data("list")
    assert [each["name"] for each in data["codecs"]] == list(DIALECTS)


def test_a_payload_is_shown_as_it_would_be_stored(run: Run) -> None:
    options = '{"map": "tasmota", "zone": "Asia/Shanghai"}'
    result = run("try", "--codec", "json", "-", "--options", options, given=PLUG)
    assert result.exit_code == 0
    assert "5 W" in result.stdout
    assert "→ 0.005 kW" in result.stdout
    assert "2026-11-23T00:00:00+00:00  (2026-11-23 08:00:00)" in result.stdout
    assert "2 个值, 全部存入。" in result.stdout


def test_without_options_they_are_guessed_and_said(run: Run) -> None:
    result = run("try", "--codec", "json", "-", given=PLUG)
    assert result.exit_code == 0
    assert result.stderr == '推测的选项: {"map": "tasmota"}\n'
    result = run("try", "--codec", "hj212", "-", given=FRAME.encode())
    assert result.exit_code == 0
    assert '{"mn": "81733553216103"}' in result.stderr


def test_what_would_not_be_stored_is_said_with_its_reason_and_fails(run: Run) -> None:
    result = run("try", "--codec", "native", "-", given='{"v":1,"m":{"p":1,"volt":2}}')
    assert result.exit_code == 1
    assert "! unknown_metric: 指标 volt 不在指标表中" in result.stdout
    assert "2 个值, 1 个不会存入。" in result.stdout
    result = run("try", "--codec", "hj212", "-", given=FRAME.replace("5.407", "5.408").encode())
    assert result.exit_code == 1
    assert "! checksum: 校验码不符" in result.stdout


def test_each_line_of_a_file_is_a_message_unless_the_file_is_one_document(run: Run) -> None:
    one, other = '{"v":1,"m":{"p":1}}', '{"v":1,"m":\n{"p":2}}'
    assert len(run.data("try", "--codec", "native", "-", given=f"{one}\n{one}\n")["messages"]) == 2
    assert len(run.data("try", "--codec", "native", "-", given=other)["messages"]) == 1
    assert len(run.data("try", "--codec", "hj212", "-", given=(FRAME * 3).encode())["messages"]) == 3
    lines = "m p=1 1795420800000000000\nm p=2 1795420860000000000\n"
    assert len(run.data("try", "--codec", "line", "-", given=lines)["messages"]) == 1


def test_a_meter_of_a_registry_file_reads_with_its_options_and_its_multiplier(run: Run) -> None:
    meter = registered({"json": {"fields": {"P": "p"}}}, multiplier=100)
    file = run.file("park.yaml", meter)
    data = run.data("try", "--meter", "m1", "--registry", file, "-", given='{"P": 2}')
    [message] = data["messages"]
    [value] = message["values"]
    assert (data["ok"], value["metric"], value["said"]["value"], value["value"]) == (True, "p", 2.0, 200.0)


def test_a_topic_finds_its_meters_in_the_registry_as_the_platform_does(run: Run) -> None:
    one = registered({"json": {"topic": "gw/1", "fields": {"a": "p"}}}, id="m1")
    two = registered({"json": {"topic": "gw/+", "fields": {"b": "p"}}}, id="m2")
    file = run.file("park.yaml", one, two)
    data = run.data("try", "--registry", file, "--topic", "gw/1", "-", given='{"a": 1, "b": 2}')
    assert [value["meter"] for value in data["messages"][0]["values"]] == ["m1", "m2"]
    result = run("try", "--registry", file, "--topic", "other/1", "-", given="{}")
    assert result.exit_code == 1
    assert "! unknown_sender" in result.stdout


def test_a_file_is_taken_apart_as_the_codec_of_its_sender_has_it(run: Run) -> None:
    file = run.file("park.yaml", registered({"line": {"topic": "telegraf/1"}}))
    lines = "# two\nm p=1 1795420800000000000\nm p=2 1795420860000000000\n"
    for given in (("--meter", "m1"), ("--topic", "telegraf/1")):
        data = run.data("try", *given, "--registry", file, "-", given=lines)
        assert (data["ok"], len(data["messages"])) == (True, 1)


def test_a_content_type_names_the_codec_as_it_does_for_the_platform(run: Run) -> None:
    file = run.file("park.yaml", registered("native"))
    given = ("--registry", file, "--topic", "park/v1/try/try/m1/data", "-")
    pack = '[{"n":"p","v":1.5}]'
    assert run("try", *given, given=pack).exit_code == 1
    data = run.data("try", *given, "--content-type", "application/senml+json", given=pack)
    assert (data["ok"], data["messages"][0]["codec"]) == (True, "senml")


def test_a_meter_of_the_store_is_found_where_no_file_is_given(run: Run) -> None:
    (run.folder / "var").mkdir()
    engine = connect(f"sqlite:///{run.folder / 'var' / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    registry_store.replace(engine, alone(registered("line")), who="t", now=NOW)
    engine.dispose()
    assert run("try", "--meter", "m1", "-", given="m p=1").exit_code == 0
    result = run("try", "--meter", "m9", "-", given="m p=1")
    assert (result.exit_code, result.stderr) == (1, "台账中没有设备 m9。\n")


def test_hex_carries_bytes_and_topics(run: Run) -> None:
    line = f"some/topic {PLUG.encode().hex()}\n{PLUG.encode().hex()}\n"
    data = run.data("try", "--codec", "json", "--hex", "-", given=line)
    assert [message["topic"] for message in data["messages"]] == ["some/topic", ""]
    assert data["ok"]


@pytest.mark.parametrize(
    ("sentence", "arguments", "code"),
    [
        ("no codec and no meter", ["-"], 2),
        ("a codec that is none", ["--codec", "natiev", "-"], 2),
        ("options that are no JSON", ["--codec", "json", "-", "--options", "{"], 2),
        ("options that are no mapping", ["--codec", "json", "-", "--options", "[]"], 2),
        ("options the registry would refuse", ["--codec", "json", "-", "--options", '{"map": "x"}'], 2),
        ("a time without an offset", ["--codec", "native", "-", "--received", "2026-11-24 08:00:00"], 2),
        ("hex that is none", ["--codec", "native", "-", "--hex"], 2),
        ("a file that is not there", ["--codec", "native", "nowhere.json"], 2),
        ("another codec than the meter's", ["--codec", "line", "--meter", "m1", "--registry", "park.yaml", "-"], 2),
        ("another codec than the topic's", ["--codec", "line", "--registry", "park.yaml", "--topic",
         "park/v1/try/try/m1/data", "-"], 2),
        ("a registry, and nothing of the sender", ["--registry", "park.yaml", "-"], 2),
        ("options beside a registry", ["--registry", "park.yaml", "--options", "{}", "-"], 2),
        ("a meter that is not in the file", ["--meter", "m9", "--registry", "park.yaml", "-"], 1),
    ],
)  # fmt: skip
def test_wrong_use_is_told_from_what_did_not_succeed(run: Run, sentence: str, arguments: list[str], code: int) -> None:
    run.file("park.yaml", registered("native"))
    result = run("try", *arguments, given="{nothing")
    assert result.exit_code == code, (sentence, result.output)
    assert result.stderr


def test_an_empty_file_has_no_message(run: Run) -> None:
    assert run("try", "--codec", "hj212", "-", given="\n \n").exit_code == 1
