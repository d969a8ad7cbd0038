"""`smartpark simulate list`, `check` and `verify` from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from smartpark.__main__ import app
from tests.simulators.scenario.library import library, paths

SHORT = "gas-leak"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder: no `.env` of the developer's is read."""
    monkeypatch.chdir(tmp_path)


def run(*words: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(app, ["simulate", *map(str, words)], env={"SMARTPARK_LANGUAGE": language})


def source(name: str) -> str:
    [path] = [path for path in paths() if path.stem == name]
    return path.read_text(encoding="utf-8")


def test_every_scenario_is_listed_with_what_goes_wrong_in_it() -> None:
    result = run("list")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert len(lines) == len(library())
    assert "dropout-lost           A dead line whose readings are lost  (dropout)" in lines
    listed = json.loads(run("list", "--json", language="zh").stdout)
    assert {one["id"] for one in listed} == library().keys()
    assert all(one["faults"] and one["story"] and one["meters"] and one["hours"] for one in listed)


def test_the_shipped_scenarios_have_no_mistakes() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout == f"No mistakes: {len(library())} scenarios.\n"


def test_mistakes_are_named_with_their_lines(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(source(SHORT).replace("rise: 10m", "rise: slowly"), encoding="utf-8")
    result = run("check", wrong)
    assert result.exit_code == 1
    assert f"{wrong}:" in result.stderr
    assert "faults[0].rise" in result.stderr
    told = json.loads(run("check", wrong, "--json").stdout)
    assert not told["ok"]
    [mistake] = told["mistakes"]
    assert (mistake["file"], mistake["path"]) == (str(wrong), "faults[0].rise")
    assert run("verify", wrong).exit_code == 1, "what is not understood is not played"


def test_two_files_with_one_name_are_a_mistake(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(source(SHORT), encoding="utf-8")
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert "stands in another file already" in result.stderr


def test_a_scenario_that_comes_out_right_succeeds_and_one_that_does_not_says_in_what(tmp_path: Path) -> None:
    right = run("verify", SHORT)
    assert right.exit_code == 0, right.output
    assert right.stdout.startswith("  gas-leak  A gas leak\n1 scenario, 0 of them differ")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(source(SHORT).replace("raised: 00:18:20", "raised: 00:25:00"), encoding="utf-8")
    result = run("verify", wrong, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert not told["ok"]
    [scenario] = told["scenarios"]
    [difference] = scenario["differences"]
    assert difference["where"] == "alert combustible-2 gl-lel"
    assert difference["actual"] == "00:18:20-00:34:20"


NOTHING_TO_CONFIRM = """
scenario: s1
name: {zh: 情景, en: Scenario}
story: {zh: 故事, en: Story}
start: 2026-03-02T00:00:00+08:00
duration: 30m
registry:
  park: {id: proving, name: 情景园区}
  enterprises: [{id: e1, name: 企业}]
  meters: [{id: m1, enterprise: e1, medium: water, role: sub, name: 表, period: 5m, metrics: [volume]}]
devices: {m1: {kind: water_sub, flow: 12}}
people: [{at: 00:20, meter: m1, does: confirms, kind: reset, happened: 00:10}]
golden: {consumption: [{meter: m1, truth: 6}]}
"""


def test_a_person_who_decides_about_nothing_ends_the_play_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "nothing.yaml"
    file.write_text(NOTHING_TO_CONFIRM, encoding="utf-8")
    result = run("verify", file)
    assert result.exit_code == 1
    assert "m1: there is no reset to decide about" in result.stderr


@pytest.mark.parametrize(("words", "why"), [((), "--all"), (("no-such",), "dropout-lost")])
def test_wrong_use_ends_with_2_and_says_what_there_is(words: tuple[str, ...], why: str) -> None:
    result = run("verify", *words)
    assert result.exit_code == 2
    assert why in result.stderr


def test_a_broker_that_cannot_be_reached_is_named_at_once_and_one_that_is_none_is_wrong_use(free_port: int) -> None:
    result = run("verify", SHORT, "--mqtt-url", f"mqtt://127.0.0.1:{free_port}")
    assert result.exit_code == 1
    assert "cannot reach" in result.stderr
    assert run("verify", SHORT, "--mqtt-url", "not a url").exit_code == 2


def test_bare_it_is_the_simulated_park_as_ever(free_port: int) -> None:
    result = run("--mqtt-url", f"mqtt://127.0.0.1:{free_port}")
    assert result.exit_code == 1
    assert "cannot reach" in result.stderr
