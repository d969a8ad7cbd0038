"""What a board asks, and what comes back: as the plugins give it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.influx.query import Found, Series
from grafana.expand import Choice, Window
from grafana.run import Asked, Frame, PanelMistake, Stores, choices, panels, questions

END = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY = Window(END - timedelta(days=1), END)
NAMES = "park-sql"


class Told(Stores):
    """Stores that answer what they were told to."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        """Take the rows for each query; their columns are `__text` and `__value`."""
        object.__setattr__(self, "answers", answers)

    def ask(self, asked: Asked) -> list[Frame]:
        """Give the rows."""
        return [Frame("", ("__text", "__value"), self.answers[asked.query], asked.letter)]  # type: ignore[attr-defined]  # set above


def variable(name: str, **more: object) -> dict[str, object]:
    """Write a variable as a board has it."""
    plain = {"name": name, "type": "query", "query": f"SELECT {name}", "datasource": {"uid": NAMES}}
    return plain | more


def board(*variables: Mapping[str, object]) -> dict[str, Any]:
    """Write a board of variables alone."""
    return {"templating": {"list": list(variables)}}


def panel(query: str, **more: object) -> dict[str, Any]:
    """Write a panel that asks the bucket of days one question."""
    return {"datasource": {"uid": "park-1d"}, "targets": [{"refId": "A", "query": query}]} | more


ROWS = [("一号", "e01"), ("二号", "e02")]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"current": {"value": "e02"}}, Choice("e02", said="二号")),
        ({"current": {"value": "gone"}}, Choice("e01", said="一号")),
        ({}, Choice("e01", said="一号")),
        ({"multi": True, "includeAll": True, "current": {"value": ["$__all"]}},
         Choice(("e01", "e02"), multi=True, said="一号 + 二号")),
        ({"multi": True, "includeAll": True, "allValue": ".*", "current": {"value": ["$__all"]}},
         Choice(".*", multi=True, raw=True)),
    ],
    ids=["what was chosen", "what is there no more", "the first", "all of them", "the board's own word for all"],
)  # fmt: skip
def test_a_board_opens_with_what_was_chosen_or_the_first_there_is(said: dict[str, object], wanted: Choice) -> None:
    assert choices(board(variable("who", **said)), DAY, Told({"SELECT who": ROWS})) == {"who": wanted}


def test_a_box_asks_with_what_was_chosen_in_those_before_it() -> None:
    boxes = board(variable("who"), variable("what", query="SELECT '$who'"))
    found = choices(boxes, DAY, Told({"SELECT who": ROWS, "SELECT 'e01'": [("表", "e01-main")]}))
    assert found["what"] == Choice("e01-main", said="表")


def test_a_box_with_nothing_in_it_is_said() -> None:
    with pytest.raises(PanelMistake, match="who"):
        choices(board(variable("who")), DAY, Told({"SELECT who": []}))


def test_panels_within_folded_rows_are_asked_too() -> None:
    inner = panel("SELECT 1")
    assert list(panels({"panels": [{"type": "row", "panels": [inner]}, {"type": "text"}]})) == [inner]


def test_what_nobody_fills_in_never_reaches_a_store() -> None:
    with pytest.raises(PanelMistake, match=r"\$nobody"):
        list(questions(panel("SELECT $nobody"), DAY, {}))


def test_a_source_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(PanelMistake, match="elsewhere"):
        list(questions(panel("SELECT 1", datasource={"uid": "elsewhere"}), DAY, {}))


def test_a_hidden_question_is_not_asked() -> None:
    hidden = panel("SELECT 1")
    hidden["targets"][0]["hide"] = True
    assert list(questions(hidden, DAY, {})) == []


def test_a_panel_may_look_back_its_own_time_with_its_own_finest_step() -> None:
    [asked] = questions(panel("$timeFilter GROUP BY time($__interval)", timeFrom="1h", interval="15m"), DAY, {})
    start = int((END - timedelta(hours=1)).timestamp())
    assert asked.query.startswith(f"time >= {start}000ms")
    assert asked.query.endswith("time(15m)")


class Answering:
    """An InfluxDB that has one series."""

    def ask(self, statements: Sequence[str], resolution: object) -> list[Found]:
        """Give it."""
        del statements, resolution
        return [Found(0, Series(["time", "mean"], "electricity", {"meter": "e01-main"}, [[1, 2.5]]))]


@pytest.mark.parametrize(
    ("alias", "called"),
    [
        ("$tag_meter", "e01-main"),
        ("[[tag_meter]] of $measurement", "e01-main of electricity"),
        ("$col", "mean"),
        ("$tag_nobody", "$tag_nobody"),
        ("", "electricity.mean {meter: e01-main}"),
    ],
)
def test_a_series_is_called_by_its_alias_or_by_all_there_is_to_say(alias: str, called: str) -> None:
    stores = Stores(Answering(), None)  # type: ignore[arg-type]  # only the one is asked
    [frame] = stores.ask(Asked("park-1d", "SELECT mean(p)", table=False, letter="A", alias=alias))
    assert frame == Frame(called, ("time", "mean"), [[1, 2.5]], "A", timed=True)


def test_a_table_of_series_has_their_tags_as_columns() -> None:
    stores = Stores(Answering(), None)  # type: ignore[arg-type]  # only the one is asked
    [frame] = stores.ask(Asked("park-1d", "SELECT mean(p)", table=True, letter="A"))
    assert (frame.columns, frame.rows) == (("time", "meter", "mean"), [(1, "e01-main", 2.5)])
