"""`smartpark rules check` and `rules test`: exit codes, sentences and JSON, as scripts and people meet them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters import registry_yaml
from smartpark import rules_command
from smartpark.rules_command import app
from tests.park.examples import meter, registry

RULE = """\
rules:
  - id: load
    name: {zh: 负载过高, en: Load}
    severity: 一般
    metric: p
    when: {above: 100 kW}
    silence: keep
    timelines:
      - {name: a busy minute is told, values: [90, 110 x6, 90], phases: .Fx6.}
"""


class Run:
    """Commands in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(self.folder / "var")])

    def write(self, text: str) -> str:
        (self.folder / "x.yaml").write_text(text, encoding="utf-8")
        return "x.yaml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Run(tmp_path)


def test_a_sound_file_is_said_to_be_one(run: Run) -> None:
    result = run("check", run.write(RULE))
    assert (result.exit_code, result.stdout) == (0, "没有错误: 1 条规则, 启用 1 条, 待核 0 条。\n")


def test_every_mistake_is_named_with_file_line_and_path(run: Run) -> None:
    result = run("check", run.write(RULE.replace("100 kW", "100 V").replace("silence: keep", "silence: ok")))
    assert result.exit_code == 1
    assert "x.yaml:6 rules[0].when.above: " in result.stderr
    assert "x.yaml:7 rules[0].silence: " in result.stderr
    assert "共 2 处错误" in result.stderr


def test_the_mistakes_are_json_where_it_is_asked_for(run: Run) -> None:
    result = run("check", run.write(RULE.replace("100 kW", "100 V")), "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["ok"], told["rules"]) == (False, [])
    assert [(one["file"], one["path"], one["line"]) for one in told["mistakes"]] == [
        ("x.yaml", "rules[0].when.above", 6)
    ]


def test_with_a_registry_it_is_said_how_many_meters_a_rule_watches(run: Run) -> None:
    (run.folder / "park.yaml").write_text(registry_yaml.write(registry(meter("m1"), meter("m2"))), encoding="utf-8")
    result = run("check", run.write(RULE), "--registry", "park.yaml")
    assert result.stdout.splitlines()[0].split() == ["2", "load", "负载过高"]
    [rule] = json.loads(run("check", "x.yaml", "--registry", "park.yaml", "--json").stdout)["rules"]
    assert (rule["id"], rule["meters"], rule["severity"], rule["enabled"]) == ("load", 2, "general", True)


def test_a_registry_with_mistakes_is_no_registry(run: Run) -> None:
    (run.folder / "park.yaml").write_text("park: 3\n", encoding="utf-8")
    result = run("check", run.write(RULE), "--registry", "park.yaml")
    assert result.exit_code == 1
    assert "park.yaml:1 park" in result.stderr


def test_examples_that_are_true_are_shown(run: Run) -> None:
    result = run("test", run.write(RULE))
    assert (result.exit_code, result.stdout) == (0, "  load  . Fx6 .  a busy minute is told\n1 条时间线, 0 条不符。\n")


def test_an_example_that_is_not_true_shows_where_it_parts(run: Run) -> None:
    result = run("test", run.write(RULE.replace("100 kW", "100 kW}\n    hold: 2m  #")))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "! load  a busy minute is told",
        "    所写 . Fx6 .",
        "    实际 . pp FFFF .  (第 2 步起, 0:01:00 时)",
        "1 条时间线, 1 条不符。",
    ]
    [told] = json.loads(run("test", "x.yaml", "--json").stdout)["timelines"]
    assert (told["phases"], told["lived"]) == (".FFFFFF.", ".ppFFFF.")


def test_a_rule_without_an_example_is_named(run: Run) -> None:
    result = run("test", run.write(RULE[: RULE.index("    timelines")]))
    assert (result.exit_code, result.stdout) == (0, "? load: 没有时间线。\n0 条时间线, 0 条不符。\n")


@pytest.mark.parametrize("command", ["check", "test"])
def test_without_a_file_it_is_about_the_shipped_rules(run: Run, command: str) -> None:
    result = run(command)
    assert result.exit_code == 0
    assert "没有错误" in result.stdout or ", 0 条不符" in result.stdout


def test_without_a_word_behind_it_the_service_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    monkeypatch.setattr(rules_command, "run", lambda data_dir, config: ran.append((data_dir, config)))
    result = CliRunner().invoke(app, ["--data-dir", "somewhere"])
    assert (result.exit_code, ran) == (0, [(Path("somewhere"), None)])
