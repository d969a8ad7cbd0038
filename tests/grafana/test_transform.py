"""What Grafana does to rows before it draws them, as far as our boards ask for it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from grafana.build import made
from grafana.run import Frame
from grafana.transform import STEPS, applied


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000)


HOURS: list[dict[str, Any]] = [
    {"id": "formatTime", "options": {"timeField": "Time", "outputFormat": "HH", "timezone": "Asia/Shanghai"}},
    {
        "id": "groupBy",
        "options": {
            "fields": {
                "Time": {"aggregations": [], "operation": "groupby"},
                "用电": {"aggregations": ["mean"], "operation": "aggregate"},
            }
        },
    },
    {"id": "sortBy", "options": {"fields": {}, "sort": [{"field": "Time"}]}},
    {"id": "organize", "options": {"renameByName": {"用电 (mean)": "平均"}}},
]


def test_a_series_becomes_the_mean_of_each_local_hour_of_day() -> None:
    rows = [(ms("2026-11-01T23:00"), 4.0), (ms("2026-11-01T00:00"), 1.0), (ms("2026-11-02T00:00"), 3.0)]
    series = Frame("用电", ("time", "sum"), rows, timed=True)
    [frame] = applied({"transformations": HOURS}, [series])
    assert frame.columns == ("Time", "平均")
    assert frame.rows == [("07", 4.0), ("08", 2.0)]


def test_an_hour_of_which_nothing_is_known_has_no_mean() -> None:
    series = Frame("用电", ("time", "sum"), [(ms("2026-11-01T00:00"), None)], timed=True)
    [frame] = applied({"transformations": HOURS}, [series])
    assert frame.rows == [("08", None)]


def test_a_panel_without_steps_is_drawn_as_it_was_answered() -> None:
    series = Frame("p", ("time", "mean"), [(0, 1.0)], timed=True)
    assert applied({}, [series]) == [series]


def test_a_falling_order_is_kept_within_equal_keys() -> None:
    table = Frame("", ("a", "b"), [(1, "x"), (2, "y"), (1, "z")])
    step = {"id": "sortBy", "options": {"sort": [{"field": "a", "desc": True}]}}
    [frame] = applied({"transformations": [step]}, [table])
    assert frame.rows == [(2, "y"), (1, "x"), (1, "z")]


def test_a_step_that_is_not_known_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        applied({"transformations": [{"id": "magic"}]}, [Frame("", (), ())])


def test_every_step_a_board_asks_for_is_known() -> None:
    asked = {
        step["id"]
        for text in made().values()
        for panel in json.loads(text)["panels"]
        for step in panel.get("transformations", ())
    }
    assert asked
    assert asked <= STEPS.keys()
