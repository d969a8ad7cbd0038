"""Every panel of every shipped board, asked of real stores with a park's month in them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from adapters.relational import alerts, quarantine
from adapters.relational.interval_dues import IntervalDues
from grafana.build import kept, made
from grafana.expand import Window, leftover
from grafana.panel import number as panel_number
from grafana.run import Frame, Json, Stores, choices, panels, questions
from park.place import Role
from park.severity import Severity
from tests.grafana.filled import NOW, Filled
from tests.grafana.past import SPELLS

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


ENGLISH = {name.removesuffix(".json"): msgspec.json.decode(text) for name, text in made("en").items()}


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


@pytest.mark.parametrize("uid", ENGLISH)
def test_boards_with_english_titles_are_answered_as_well(uid: str, park: Filled, stores: Stores) -> None:
    del park
    silent = [title for title, frames in asked(ENGLISH[uid], RANGES["month"], stores) if not any(map(said, frames))]
    assert silent == []


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


def number(uid: str, key: str, stores: Stores, span: str = "month") -> float:
    """Give the one number of a panel that shows one."""
    [panel] = [panel for panel in panels(BOARDS[uid]) if panel["id"] == panel_number(key)]
    window = Window(NOW - RANGES[span], NOW)
    [frame] = [
        frame for one in questions(panel, window, choices(BOARDS[uid], window, stores)) for frame in stores.ask(one)
    ]
    [row] = frame.rows
    return float(row[-1])


def test_the_numbers_at_the_head_are_those_of_the_stores(park: Filled, stores: Stores) -> None:
    open_now = [one for one in alerts.alerts(park.engine) if not one.drill]
    meters = park.registry.by_meter
    outlets = [meter.id for meter in meters.values() if meter.role is Role.OUTLET]
    said = {
        "open": number("park-safety", "open", stores),
        "grave": number("park-safety", "grave", stores),
        "outlets": number("park-emission", "outlets", stores),
        "burning outlets": number("park-emission", "burning", stores),
        "meters": number("park-quality", "n-meters", stores),
        "late": number("park-quality", "n-late", stores),
        "held": number("park-quality", "n-held", stores),
    }
    assert said == {
        "open": len(open_now),
        "grave": sum(one.severity >= Severity.MAJOR for one in open_now),
        "outlets": len(outlets),
        "burning outlets": sum(one.meter in outlets for one in open_now),
        "meters": len(meters),
        "late": IntervalDues(park.engine).count(),
        "held": len(quarantine.listing(park.engine)[0]),
    }
    assert said["open"]
    assert said["open"] > said["burning outlets"]


def test_the_peak_of_a_leak_is_on_the_curve_however_long_the_range(park: Filled, stores: Stores) -> None:
    del park
    leak = next(spell for spell in SPELLS if spell.metric == "lel" and spell.level > 50)
    board = BOARDS["park-safety"]
    [panel] = [panel for panel in panels(board) if panel["id"] == panel_number("lel")]
    for length in RANGES.values():
        window = Window(NOW - length, NOW)
        found = [frame for one in questions(panel, window, choices(board, window, stores)) for frame in stores.ask(one)]
        assert max(row[1] for frame in found for row in frame.rows if row[1] is not None) == leak.level
