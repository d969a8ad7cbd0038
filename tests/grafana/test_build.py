"""The shipped boards are what their code makes, the same bytes each time, and the library of panels loses nothing."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.build import differences, folder, kept, made, write, written
from grafana.lint import drawn, mistakes, panels

KEPT = kept()
BOARDS: Mapping[str, dict[str, Any]] = {name: json.loads(text) for name, text in KEPT.items()}
EVERY = (
    "carbon", "emission", "energy", "enterprise", "intensity", "meter", "overview", "platform", "quality", "safety",
)  # fmt: skip
each = pytest.mark.parametrize("name", sorted(BOARDS))


@pytest.fixture(scope="module")
def chinese() -> Mapping[str, str]:
    return made("zh")


@pytest.fixture(scope="module")
def english() -> Mapping[str, str]:
    return made("en")


def test_there_is_a_board_for_everything_people_watch() -> None:
    assert sorted(KEPT) == [f"park-{name}.json" for name in EVERY]


def test_what_is_shipped_is_what_the_code_makes(chinese: Mapping[str, str]) -> None:
    assert list(differences(KEPT, chinese)) == [], "run smartpark grafana build"


def test_boards_are_made_the_same_in_another_process_whatever_its_hashes() -> None:
    program = "import hashlib; from grafana.build import made; print(hashlib.sha256(repr(made()).encode()).hexdigest())"
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, cwd=folder().parents[1],
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1


@each
def test_the_library_reads_a_board_and_writes_it_without_loss(name: str) -> None:
    register_default_plugins()
    again = json.loads(json.dumps(Dashboard.from_json(json.loads(KEPT[name])), cls=JSONEncoder))
    assert written(again) == KEPT[name]


def test_nothing_is_wrong_with_any_board() -> None:
    assert [f"{one.path}: {one.en}" for one in mistakes(BOARDS)] == []


def test_nothing_is_wrong_with_the_english_ones(english: Mapping[str, str]) -> None:
    assert [f"{one.path}: {one.en}" for one in mistakes({n: json.loads(t) for n, t in english.items()})] == []


@each
def test_a_board_in_english_asks_the_same_and_is_laid_out_the_same(name: str, english: Mapping[str, str]) -> None:
    other = json.loads(english[name])

    def shape(board: dict[str, Any]) -> list[object]:
        return [
            (panel["id"], panel["type"], panel["gridPos"], len(panel.get("targets", ()))) for panel in panels(board)
        ]

    assert shape(other) == shape(BOARDS[name])
    titles = [panel["title"] for _, panel in drawn(other)]
    assert all(title.isascii() or set(title) <= {*map(chr, range(128)), *"₂×–—·°"} for title in titles), titles


@each
def test_every_board_has_the_variables_that_follow_the_range(name: str) -> None:
    listed = {variable["name"]: variable for variable in BOARDS[name]["templating"]["list"]}
    for variable in ("store", "step", "slots", "width"):
        assert listed[variable]["refresh"] == 2, "when the range changes"
        assert listed[variable]["hide"] == 2
    assert listed["console"]["type"] == "constant"


def test_writing_puts_boards_there_takes_strangers_out_and_says_what_changed(tmp_path: Path) -> None:
    (tmp_path / "stranger.json").write_text("{}", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("kept", encoding="utf-8")
    boards = {"a.json": "1\n", "b.json": "2\n"}
    assert write(tmp_path, boards) == ["a.json", "b.json", "stranger.json"]
    assert write(tmp_path, boards) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.json", "b.json", "notes.txt"]


def test_the_cockpit_fits_a_wall() -> None:
    """1080 pixels hold 28 rows of 30 with 8 between, where Grafana's own bars are hidden."""
    board = BOARDS["park-overview.json"]
    assert max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels(board)) <= 28
