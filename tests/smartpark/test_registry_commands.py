"""`smartpark registry`: exit codes, sentences and JSON, as scripts and people meet them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters import registry_yaml
from adapters.relational import registry_store
from adapters.relational.engine import connect
from smartpark.registry_commands import app
from tests.park.examples import meter, registry

GOOD = registry_yaml.write(registry(meter("m1"), meter("m2")))
BAD = GOOD.replace("role: boundary", "role: bondary").replace("ep_imp", "ep_im", 1)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    """Run commands in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    return Run(tmp_path)


class Run:
    """Commands on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "park.yaml"
        self.file.write_text(GOOD, encoding="utf-8")

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(self.folder / "var")])

    def meters(self) -> list[str]:
        engine = connect(f"sqlite:///{self.folder / 'var' / 'smartpark.sqlite'}")
        names = [each.id for each in registry_store.load(engine).meters]
        engine.dispose()
        return names


def test_a_sound_file_passes_the_check_and_nothing_is_opened(run: Run) -> None:
    result = run("check", "park.yaml")
    assert (result.exit_code, result.stdout) == (0, "park.yaml: 没有错误 (1 个园区、1 家企业、2 台设备)。\n")
    assert not (run.folder / "var").exists()


def test_one_of_a_kind_is_said_in_the_singular(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTPARK_LANGUAGE", "en")
    assert "(1 park, 1 enterprise and 2 meters)" in run("check", "park.yaml").stdout
    run.file.write_text(GOOD.replace("role: boundary", "role: bondary", 1), encoding="utf-8")
    assert run("check", "park.yaml").stderr.splitlines()[-1] == "1 mistake; nothing was changed."


def test_every_mistake_is_said_with_its_line(run: Run) -> None:
    run.file.write_text(BAD, encoding="utf-8")
    result = run("check", "park.yaml")
    assert result.exit_code == 1
    first, second, third, last = result.stderr.splitlines()
    assert first.startswith("park.yaml:8 meters[0].role: ")
    assert second.startswith("park.yaml:11 meters[0].metrics[0]: ")
    assert third.startswith("park.yaml:15 meters[1].role: ")
    assert "共 3 处错误" in last


def test_the_language_is_the_installations(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTPARK_LANGUAGE", "en")
    run.file.write_text(BAD, encoding="utf-8")
    assert "did you mean boundary?" in run("check", "park.yaml").stderr


def test_a_check_for_programs_is_json(run: Run) -> None:
    assert json.loads(run("check", "park.yaml", "--json").stdout) == {
        "ok": True,
        "parks": 1,
        "enterprises": 1,
        "meters": 2,
        "mistakes": [],
    }
    run.file.write_text(BAD, encoding="utf-8")
    told = json.loads(run("check", "park.yaml", "--json").stdout)
    assert told["ok"] is False
    assert [mistake["line"] for mistake in told["mistakes"]] == [8, 11, 15]


def test_an_import_says_what_it_did_and_again_that_there_was_nothing_to_do(run: Run) -> None:
    result = run("import", "park.yaml")
    assert result.exit_code == 0
    assert "+ 设备 m1 一号变总表" in result.stdout
    assert "新增 4、修改 0、删除 0" in result.stdout
    assert run.meters() == ["m1", "m2"]
    assert "新增 0、修改 0、删除 0" in run("import", "park.yaml").stdout


def test_a_file_with_mistakes_imports_nothing(run: Run) -> None:
    run("import", "park.yaml")
    run.file.write_text(BAD.replace("m2", "m3"), encoding="utf-8")
    assert run("import", "park.yaml").exit_code == 1
    assert run.meters() == ["m1", "m2"]
    assert json.loads(run("import", "park.yaml", "--json").stdout)["ok"] is False


def test_a_dry_run_changes_nothing(run: Run) -> None:
    assert json.loads(run("import", "park.yaml", "--dry-run", "--json").stdout)["dry_run"] is True
    assert run.meters() == []


def test_what_the_file_does_not_name_stays_unless_pruned(run: Run) -> None:
    run("import", "park.yaml")
    run.file.write_text(registry_yaml.write(registry(meter("m2"))), encoding="utf-8")
    assert "文件中没有而保留 1" in run("import", "park.yaml").stdout
    assert run.meters() == ["m2", "m1"]
    assert "- 设备 m1" in run("import", "park.yaml", "--prune").stdout
    assert run.meters() == ["m2"]


def test_an_export_is_what_was_imported(run: Run) -> None:
    run("import", "park.yaml")
    assert run("export").stdout == GOOD
    assert run("export", "out.yaml").exit_code == 0
    assert (run.folder / "out.yaml").read_text(encoding="utf-8") == GOOD
    assert json.loads(run("export", "--json").stdout)["park"] == {"id": "hengkou", "name": "恒口"}
    assert json.loads(run("export", "out.yaml", "--json").stdout)["meters"] == 2


def test_an_export_of_nothing_can_be_imported(run: Run) -> None:
    run("export", "empty.yaml")
    assert run("import", "empty.yaml").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [["check", "none.yaml"], ["check"], ["import", "park.yaml", "--nonsense"], ["check", "park.yaml", "--config", "x"]],
    ids=["no such file", "no file", "no such option", "no such settings"],
)
def test_wrong_use_ends_with_two(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_setting_that_does_not_exist_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTPARK_LANGUAGE", "fr")
    monkeypatch.setenv("SMARTPARK_COLOUR", "red")
    result = run("check", "park.yaml")
    assert result.exit_code == 2
    assert "SMARTPARK_COLOUR: no such setting" in result.stderr
    assert "SMARTPARK_LANGUAGE" in result.stderr


def test_a_store_that_cannot_be_opened_is_said_in_a_sentence(run: Run) -> None:
    (run.folder / "var").touch()
    result = run("import", "park.yaml")
    assert result.exit_code == 1
    assert "cannot write the database file" in result.stderr


def test_an_export_that_cannot_be_written_is_said_in_a_sentence(run: Run) -> None:
    result = run("export", "none/out.yaml")
    assert result.exit_code == 1
    assert "无法写入 none/out.yaml" in result.stderr


def test_a_file_that_is_no_database_is_said_so(run: Run) -> None:
    (run.folder / "var").mkdir()
    (run.folder / "var" / "smartpark.sqlite").write_text("not a database " * 100, encoding="utf-8")
    result = run("import", "park.yaml")
    assert result.exit_code == 1
    assert "数据库无法使用" in result.stderr


@pytest.mark.parametrize("command", ["check", "import", "export"])
def test_help_has_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"smartpark registry {command}" in result.stdout
