"""Every panel of every shipped board, asked of real stores with a park's month in them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from grafana.build import kept
from grafana.expand import Window, leftover
from grafana.run import Frame, Json, Stores, choices, panels, questions
from tests.grafana.filled import NOW, Filled

BOARDS = {name.removesuffix(".json"): msgspec.json.decode(text) for name, text in kept().items()}
RANGES = {"day": timedelta(days=1), "month": timedelta(days=31), "year": timedelta(days=365)}
pytestmark = pytest.mark.timeout(400)  # the first of them waits for a month to be made
MOST_SERIES, MOST_ROWS = 200, 20_000
"""More of either no panel can show, and no browser draw at ease."""
EACH = [(uid, span) for uid in BOARDS for span in RANGES]


def asked(board: Json, span: timedelta, stores: Stores) -> Iterator[tuple[str, list[Frame]]]:
    """Ask all that a board asks over a range, its variables as it opens with."""
    window = Window(NOW - span, NOW)
    chosen = choices(board, window, stores)
    for panel in panels(board):
        frames: list[Frame] = []
        for question in questions(panel, window, chosen):
            assert not leftover(question.query)
            frames += stores.ask(question)
        yield panel["title"], frames


def said(frame: Frame) -> bool:
    """Tell whether an answer says anything."""
    return any(value is not None for row in frame.rows for value in row[1 if frame.timed else 0 :])


@pytest.mark.parametrize(("uid", "span"), EACH)
def test_every_panel_is_answered_with_rows_and_no_more_than_can_be_seen(
    uid: str, span: str, park: Filled, stores: Stores
) -> None:
    assert park.counts["readings"]
    wrong: list[str] = []
    for title, frames in asked(BOARDS[uid], RANGES[span], stores):
        rows = sum(len(frame.rows) for frame in frames)
        if not any(map(said, frames)):
            wrong.append(f"{title}: no rows")
        if len(frames) > MOST_SERIES or rows > MOST_ROWS:
            wrong.append(f"{title}: {len(frames)} series, {rows} rows")
    assert wrong == []


@pytest.mark.parametrize("uid", BOARDS)
def test_no_question_asks_what_time_it_is(uid: str) -> None:
    """A board that looks at last month must not answer for today."""
    for panel in panels(BOARDS[uid]):
        for target in panel["targets"]:
            query = str(target.get("query") or target.get("rawSql"))
            assert not re.search(r"\bnow\(\)|current_(date|timestamp)", query, re.IGNORECASE), panel["title"]


def test_the_stretch_that_is_looked_at_decides_where_readings_are_taken_from(park: Filled, stores: Stores) -> None:
    del park
    board = next(board for board in BOARDS.values() if any(v["name"] == "store" for v in board["templating"]["list"]))
    found = {
        span: choices(board, Window(NOW - length, NOW), stores)["store"].value
        for span, length in ({"hour": timedelta(hours=1)} | RANGES).items()
    }
    assert found == {"hour": "park-raw", "day": "park-15m", "month": "park-1h", "year": "park-1d"}
