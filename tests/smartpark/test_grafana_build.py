"""`smartpark grafana build`: exit codes, sentences and JSON."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from grafana import build
from smartpark.grafana_commands import app


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["build", *arguments, "--data-dir", str(folder / "var")])


def test_boards_are_written_and_then_found_as_they_should_be(tmp_path: Path) -> None:
    out = tmp_path / "boards"
    result = run(tmp_path, "--out", str(out))
    assert result.exit_code == 0, result.output
    assert {file.name for file in out.iterdir()} == set(build.made())
    again = run(tmp_path, "--out", str(out), "--check")
    assert again.exit_code == 0
    assert "改动 0 个" in again.stdout


def test_a_board_that_differs_is_named_and_left_alone(tmp_path: Path) -> None:
    run(tmp_path, "--out", str(tmp_path))
    (tmp_path / "park-energy.json").write_text("{}\n", encoding="utf-8")
    result = run(tmp_path, "--out", str(tmp_path), "--check")
    assert result.exit_code == 1
    assert "! park-energy.json" in result.stdout
    assert "请运行 smartpark grafana build" in result.stderr
    assert (tmp_path / "park-energy.json").read_text("utf-8") == "{}\n"


def test_checking_a_folder_that_is_not_there_finds_every_board_missing(tmp_path: Path) -> None:
    result = run(tmp_path, "--out", str(tmp_path / "nowhere"), "--check", "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["ok"], said["changed"], said["mistakes"]) == (False, said["boards"], [])
    assert not (tmp_path / "nowhere").exists()


def test_without_the_library_it_says_so_and_that_the_shipped_boards_need_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(language: str) -> None:
        raise build.NoLibrary(f"No module named 'x' ({language})")

    monkeypatch.setattr(build, "made", missing)
    result = run(tmp_path, "--check")
    assert result.exit_code == 1
    assert "未安装生成看板的库" in result.stderr
    assert "所存看板可直接使用" in result.stderr


def test_a_language_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert run(tmp_path, "--language", "fr").exit_code == 2
