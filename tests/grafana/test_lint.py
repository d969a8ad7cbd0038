"""Each mistake a board can have is found, and named with its place: one bad board a mistake."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from grafana.lint import mistakes

QUESTION = 'SELECT mean("p") FROM "electricity" WHERE "enterprise" =~ /^$enterprise$/ AND $timeFilter'
GOOD: dict[str, Any] = {
    "uid": "x",
    "links": [{"type": "link", "url": "/d/x?from=now/d&to=now"}],
    "templating": {
        "list": [{"name": "enterprise", "query": "SELECT 1"}, {"name": "meter", "query": "${enterprise:regex}"}]
    },
    "panels": [
        {"id": 1, "type": "row", "title": "行", "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}},
        {
            "id": 2,
            "type": "timeseries",
            "title": "负荷",
            "description": "有功功率。\n\nActive power.",
            "datasource": {"type": "influxdb", "uid": "park-raw"},
            "fieldConfig": {"defaults": {"unit": "kwatt"}, "overrides": []},
            "options": {"legend": {"showLegend": True}},
            "gridPos": {"x": 0, "y": 1, "w": 12, "h": 8},
            "targets": [
                {
                    "refId": "A",
                    "datasource": {"type": "influxdb", "uid": "park-raw"},
                    "query": QUESTION,
                }
            ],
        },
    ],
}


def found(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> list[str]:
    """Give what is said of the good board after a change to it and to its panel."""
    board = json.loads(json.dumps(GOOD))
    change(board, board["panels"][1])
    return [one.en for one in mistakes({"x.json": board})]


def test_a_board_as_it_should_be_has_no_mistake() -> None:
    assert found(lambda board, panel: None) == []  # noqa: ARG005  # the form of a change


BAD: list[tuple[str, Callable[[dict[str, Any], dict[str, Any]], object], str]] = [
    ("its uid is another's", lambda b, _: b.update(uid="y"), "not the file's name"),
    ("two panels have one id", lambda _, p: p.update(id=1), "comes twice"),
    ("a panel has no id", lambda _, p: p.pop("id"), "is missing"),
    ("two panels overlap", lambda _, p: p["gridPos"].update(y=0), "overlaps"),
    ("a panel leaves the grid", lambda _, p: p["gridPos"].update(x=13), "outside the 24"),
    ("there is no description", lambda _, p: p.pop("description"), "needs a title, and a description"),
    ("it says nothing in English", lambda _, p: p.update(description="有功功率"), "in Chinese and in English"),
    ("the legend is hidden", lambda _, p: p["options"]["legend"].update(showLegend=False), "no legend"),
    ("a unit is nobody's", lambda _, p: p["fieldConfig"]["defaults"].update(unit="kwattt"), "kwattt is not known"),
    (
        "a unit of one column is nobody's",
        lambda _, p: p["fieldConfig"]["overrides"].append({"properties": [{"id": "unit", "value": "suffix:apples"}]}),
        "apples is not known",
    ),
    ("a panel's source is nobody's", lambda _, p: p["datasource"].update(uid="park-2d"), "no data source park-2d"),
    ("a question's source is", lambda _, p: p["targets"][0]["datasource"].update(uid="7"), "no data source 7"),
    ("two questions have one letter", lambda _, p: p["targets"].append(p["targets"][0]), "one letter"),
    ("a question is empty", lambda _, p: p["targets"][0].update(query=""), "question is empty"),
    ("it asks in Flux", lambda _, p: p["targets"][0].update(query='from(bucket: "b") |> range()'), "Flux"),
    ("a pattern has no ends", lambda _, p: p["targets"][0].update(query="x =~ /$enterprise/"), "e1 finds e10"),
    ("a pattern has one end", lambda _, p: p["targets"][0].update(query="x =~ /^$enterprise/"), "e1 finds e10"),
    ("a variable is not there", lambda _, p: p["targets"][0].update(query="$season"), "no variable season"),
    ("a variable is made of a later one", lambda b, _: b["templating"]["list"].reverse(), "comes later"),
    ("a link leads nowhere", lambda b, _: b["links"][0].update(url="/d/gone"), "leads to gone"),
]


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_mistake_is_found(change: Callable[[dict[str, Any], dict[str, Any]], object], said: str) -> None:
    assert [said in one for one in found(change)].count(True) == 1


def test_a_mistake_names_its_board_and_panel_in_both_languages() -> None:
    board = json.loads(json.dumps(GOOD))
    board["panels"][1]["fieldConfig"]["defaults"]["unit"] = "kwattt"
    [one] = mistakes({"x.json": board})
    assert (one.path, one.zh, one.en) == ("x.json: 负荷", "不认识单位 kwattt。", "The unit kwattt is not known.")
