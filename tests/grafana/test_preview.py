"""Pictures of boards with what real stores answer, and how values are said on them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from matplotlib.figure import Figure
from typer.testing import CliRunner, Result

from grafana import preview
from grafana.build import kept
from grafana.drawing import KINDS, draw
from grafana.run import Frame, Stores
from grafana.showing import Showing
from smartpark.grafana_commands import app
from tests.grafana.filled import NOW, Filled

pytestmark = pytest.mark.timeout(400)  # the first of them may wait for a month to be made
SIGNATURE = b"\x89PNG\r\n"
UNTIL = f"{NOW:%Y-%m-%dT%H:%M:%S%z}"
HOUR = 3_600_000
CURVE = Frame("e01-main", ("time", "mean"), [(HOUR, 1.0), (2 * HOUR, None), (3 * HOUR, 3.0)], timed=True)
TABLE = Frame("", ("企业", "能耗", "enterprise"), [("一号", 3.0, "e01"), ("二号", None, "e02")])


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["preview", *words])


def config(folder: Path, park: Filled) -> str:
    """Write the settings of a filled park as an installation has them."""
    url = park.settings.database()
    lines = {"TELEMETRY_URL": park.settings.telemetry(), "DATABASE_URL": url, "DATA_DIR": str(park.settings.data_dir)}
    file = folder / "park.env"
    file.write_text("".join(f"SMARTPARK_{name}={value}\n" for name, value in lines.items()), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("uid", ["park-safety", "park-overview"])
def test_a_board_is_drawn_and_says_that_it_is_no_grafana(uid: str, park: Filled, tmp_path: Path) -> None:
    done = run("--config", config(tmp_path, park), "--board", uid, "--until", UNTIL, "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    made = (tmp_path / f"{uid}-day.png").read_bytes()
    assert made.startswith(SIGNATURE)
    assert b"this is no Grafana" in made
    assert len(made) > 30_000  # an empty one has a fifth of it


def test_a_panel_that_was_not_answered_is_named_and_the_others_are_drawn(stores: Stores, tmp_path: Path) -> None:
    board: dict[str, Any] = msgspec.json.decode(kept()["park-platform.json"])
    asked = [panel for panel in board["panels"] if panel.get("targets")]
    asked[0]["targets"][0]["rawSql"] = "SELECT $nobody"
    failed = preview.picture(board, stores, NOW - timedelta(days=1), NOW, tmp_path / "some.png")
    assert [one.title for one in failed] == [asked[0]["title"]]
    assert "$nobody" in failed[0].why
    assert (tmp_path / "some.png").stat().st_size > 30_000


def test_a_board_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    done = run("--board", "park-nothing", "--data-dir", str(tmp_path))
    assert done.exit_code == 2
    assert "park-overview" in done.output


def test_embedded_stores_are_no_boards_matter(tmp_path: Path) -> None:
    done = run("--data-dir", str(tmp_path))
    assert done.exit_code == 2
    assert "SMARTPARK_TELEMETRY_URL" in done.output


def test_help_says_what_it_is_with_an_example() -> None:
    said = run("--help").output
    assert "不是 Grafana" in said
    assert "smartpark grafana preview --board" in said


def config_of(**defaults: object) -> dict[str, Any]:
    """Write a panel with ways to show its values."""
    return {
        "title": "t",
        "gridPos": {"h": 8, "w": 12},
        "options": {"reduceOptions": {"values": True}},
        "fieldConfig": {"defaults": defaults},
    }


@pytest.mark.parametrize("frames", [[CURVE], [TABLE], []], ids=["a curve", "a table", "nothing"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_panel_is_drawn_whatever_comes(kind: str, frames: list[Frame]) -> None:
    if kind in {"timeseries", "state-timeline"} and TABLE in frames:
        pytest.skip("it has no time")
    if kind == "barchart" and CURVE in frames:
        pytest.skip("it has no words")
    axes = Figure().add_axes((0, 0, 1, 1))
    draw(axes, config_of(noValue="没有") | {"type": kind}, frames, {})
    drawn = [*axes.lines, *axes.patches, *axes.texts, *axes.tables, *axes.collections]
    assert drawn
    assert [text.get_text() for text in axes.texts if text.get_text() == "没有"] == ([] if frames else ["没有"])


NUMBERS = [
    ("a share", {"unit": "percentunit"}, 0.9876, "98.8 %"),
    ("decimals as wanted", {"unit": "percentunit", "decimals": 0}, 0.9876, "99 %"),
    ("a thousand is one of the next", {"unit": "kwatt"}, 16_570.0, "16.57 MW"),
    ("twice", {"unit": "kwatth"}, 11_450_000.0, "11.45 GWh"),
    ("less than a thousand", {"unit": "kwatt"}, 12.5, "12.50 kW"),
    ("a unit that is written behind", {"unit": "suffix:tce"}, 5_332.0, "5,332 tce"),
    ("a length of time", {"unit": "s"}, 660.0, "11.0 min"),
    ("missing is not 0", {"unit": "s"}, None, "–"),
    ("a moment by the site's clock", {}, datetime(2026, 11, 24, 8, 20, tzinfo=UTC), "11-24 16:20"),
    ("a code has a word", {"mappings": [{"type": "value", "options": {"4": {"text": "重大"}}}]}, 4, "重大"),
]


@pytest.mark.parametrize(("defaults", "value", "said"), [row[1:] for row in NUMBERS], ids=[row[0] for row in NUMBERS])
def test_a_value_is_said_as_the_panel_would(defaults: dict[str, object], value: object, said: str) -> None:
    assert Showing(config_of(**defaults)).number("", value) == said


def test_a_value_has_the_colour_of_the_limit_it_is_above() -> None:
    steps = [{"color": "green", "value": None}, {"color": "orange", "value": 25}, {"color": "red", "value": 50}]
    showing = Showing(config_of(thresholds={"steps": steps}))
    assert [showing.shade("", value) for value in (0, 25, 49.9, 50)] == ["green", "orange", "orange", "red"]
