"""`smartpark simulate load` and `dialects`: what they write, what they print, and how they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters import registry_yaml
from simulators import dialects
from simulators.load.tally import Standing
from smartpark.__main__ import app
from smartpark.load_display import closing, plain, watching
from smartpark.opening import start
from tests.mosquitto import Mosquitto

runner = CliRunner()
STANDING = Standing(
    seconds=10.0, devices=100, connections=4, connected=3, said=1_003, published=1_010, acked=1_000, in_flight=3,
    reconnects=1, failed={"refused by peer": 7}, behind=0.5, p50_ms=1.5, p99_ms=20.0,
)  # fmt: skip


@pytest.mark.parametrize("words", [["load", "--devices", "250", "--rate", "25"], ["dialects", "--period", "30"]])
def test_the_registry_that_is_written_is_one(tmp_path: Path, words: list[str]) -> None:
    file = tmp_path / "park.yaml"
    done = runner.invoke(app, ["simulate", *words, "--registry", str(file)])
    assert done.exit_code == 0, done.output
    assert f"smartpark registry import {file}" in done.stdout
    checked = registry_yaml.check(file.read_text(encoding="utf-8"))
    assert checked.registry is not None, checked.mistakes
    count, seconds = (250, 10) if words[0] == "load" else (len(dialects.CAST), 30)
    assert len(checked.registry.meters) == count
    assert {meter.period.total_seconds() for meter in checked.registry.meters} == {seconds}


@pytest.mark.broker
@pytest.mark.parametrize(
    "words",
    [
        ["load", "--devices", "20", "--rate", "40", "--each"],
        ["load", "--devices", "20", "--rate", "40", "--connections", "3"],
        ["load", "--devices", "20", "--rate", "20", "--dialect", "hj212"],
        ["load", "--devices", "20", "--rate", "40", "--dialect", "sparkplug", "--each"],
        ["dialects", "--period", "1"],
    ],
    ids=" ".join,
)
def test_what_was_said_is_acknowledged_and_summed_up(mosquitto: Mosquitto, words: list[str]) -> None:
    done = runner.invoke(app, ["simulate", *words, "--minutes", "0.04", "--mqtt-url", mosquitto.url, "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["all_acknowledged"]
    assert said["acked"] == said["said"] > said["devices"]
    assert said["p99_ms"] >= said["p50_ms"] > 0


WRONG: dict[str, tuple[list[str], int, str]] = {
    "both ways": (["load", "--each", "--connections", "2"], 2, "--each or --connections"),
    "a dialect nobody speaks": (["load", "--dialect", "esperanto"], 2, "native, json"),
    "a rate beyond a message a millisecond": (["load", "--devices", "1", "--rate", "5000"], 2, "one message a mill"),
    "half seconds in whole ones": (["load", "--devices", "10", "--rate", "20", "--dialect", "hj212"], 2, "whole sec"),
    "accounts for shared connections": (["load", "--accounts", "{accounts}"], 2, "goes with --each only"),
    "accounts that are none": (["load", "--each", "--accounts", "{accounts}"], 2, "handout.csv:1: 应为 meter"),
    "a broker that is away": (["load", "--mqtt-url", "mqtt://127.0.0.1:9"], 1, "cannot reach the MQTT broker"),
    "no broker's address": (["load", "--mqtt-url", "http://x"], 2, "mqtt://host:1883"),
    "a listener without a port": (["dialects", "--hj212-tcp", "localhost"], 2, "must be host:port"),
    "a folder that is not there": (["load", "--registry", "{folder}/none/x.yaml"], 1, "No such file"),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_wrong_use_and_trouble_are_told(tmp_path: Path, sentence: str) -> None:
    words, code, told = WRONG[sentence]
    accounts = tmp_path / "handout.csv"
    accounts.write_text("m1,u1\n", encoding="utf-8")
    done = runner.invoke(app, ["simulate", *(word.format(accounts=accounts, folder=tmp_path) for word in words)])
    assert (done.exit_code, told in done.stderr) == (code, True), done.output


@pytest.mark.parametrize(("language", "told"), [("zh", "未应答 3"), ("en", "3 never")])
def test_the_end_is_told_in_the_installations_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    monkeypatch.setenv("SMARTPARK_LANGUAGE", language)
    opening = start()
    closing(opening, STANDING)
    said = capsys.readouterr()
    assert told in said.out
    assert "refused by peer" in said.err
    assert plain(STANDING)["all_acknowledged"] is False


def test_where_nobody_watches_the_log_says_how_it_stands_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(start()) as show:
        show(STANDING)
        show(STANDING._replace(seconds=STANDING.seconds + 1))
        show(STANDING._replace(seconds=STANDING.seconds + 6, acked=STANDING.acked + 12))
    said = capsys.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if "in_flight" in line]
    assert len(lines) == 2
    assert "acknowledged_a_second" in lines[1]
