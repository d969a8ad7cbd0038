"""What a panel says of a column is said of one that its question gives; marks on curves are answered too."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from grafana.build import made
from grafana.expand import Window, sql
from grafana.panel import number
from grafana.run import Asked, Frame, Json, Stores, choices, panels, questions
from grafana.transform import applied
from grafana.words import Language
from tests.grafana.filled import NOW, Filled

pytestmark = pytest.mark.timeout(600)  # the first test to want the park waits until it is filled
MONTH = timedelta(days=31)
MAY_LACK = {
    "used-natural_gas": re.compile(".*"),  # not every enterprise has every carrier
}
"""What a panel may say of what is not there this time."""
HIDDEN = "custom.hidden"


@pytest.fixture(scope="module", params=["zh", "en"])
def boards(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    language: Language = request.param
    return {name: json.loads(text) for name, text in made(language).items()}


def answered(board: Json, stores: Stores) -> Iterator[tuple[Json, list[Frame]]]:
    window = Window(NOW - MONTH, NOW)
    chosen = choices(board, window, stores)
    for panel in panels(board):
        yield panel, applied(panel, [frame for one in questions(panel, window, chosen) for frame in stores.ask(one)])


def names(frames: list[Frame]) -> set[str]:
    """Give what a frame's fields are called in Grafana: a series by its name, a table's columns by theirs."""
    return {name for frame in frames for name in ([frame.name] if frame.timed else frame.columns)}


def test_every_column_a_panel_speaks_of_is_there_in_either_language(
    boards: dict[str, dict[str, Any]], park: Filled, stores: Stores
) -> None:
    assert park.counts["readings"]
    lost: list[str] = []
    for board in boards.values():
        for panel, frames in answered(board, stores):
            there = names(frames)
            for override in panel["fieldConfig"]["overrides"]:
                name = override["matcher"]["options"]
                if override["matcher"]["id"] == "byName" and name not in there and not may_lack(panel, name):
                    lost.append(f"{board['uid']}: {panel['title']}: {name}, there are {sorted(there)[:12]}")
    assert lost == []


def test_every_link_is_made_of_columns_that_are_there(
    boards: dict[str, dict[str, Any]], park: Filled, stores: Stores
) -> None:
    assert park.counts["readings"]
    lost = [
        f"{board['uid']}: {panel['title']}: {name}"
        for board in boards.values()
        for panel, frames in answered(board, stores)
        for name in set(re.findall(r"\$\{__data\.fields\.(\w+)\}", json.dumps(panel)))
        if name not in names(frames)
    ]
    assert lost == []


def test_a_table_shows_no_column_that_is_there_for_links_alone(boards: dict[str, dict[str, Any]]) -> None:
    shown = []
    for board in boards.values():
        for panel in panels(board):
            if panel["type"] != "table":
                continue
            hidden = {
                one["matcher"]["options"]
                for one in panel["fieldConfig"]["overrides"]
                if {"id": HIDDEN, "value": True} in one["properties"]
            }
            used = set(re.findall(r"\$\{__data\.fields\.(\w+)\}", json.dumps(panel)))
            shown += [f"{board['uid']}: {panel['title']}: {name}" for name in used - hidden]
    assert shown == []


def test_marks_on_curves_have_a_time_a_text_and_tags(
    boards: dict[str, dict[str, Any]], park: Filled, stores: Stores
) -> None:
    assert park.counts["readings"]
    window = Window(NOW - MONTH, NOW)
    marked = 0
    for board in boards.values():
        chosen = choices(board, window, stores)
        for mark in board["annotations"]["list"]:
            query = sql(mark["target"]["rawSql"], window, chosen)
            [frame] = stores.ask(Asked("park-sql", query, table=True, letter="A"))
            assert frame.columns == ("time", "text", "tags")
            marked += len(frame.rows)
    assert marked


def may_lack(panel: Json, name: str) -> bool:
    """Tell whether a column may be missing this time."""
    return any(panel["id"] == number(key) and form.fullmatch(name) for key, form in MAY_LACK.items())
