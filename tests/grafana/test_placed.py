"""A board for one enterprise asks nothing that could be another's; names are given where ids would stand."""

import copy
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.influx.confine import confined
from grafana.build import kept
from grafana.expand import Choice, Window, influxql, leftover
from grafana.placed import MOST_NAMES, Named, enclosed, mark, panels, placed
from grafana.sources import NAMES, SOURCES
from park.place import Enterprise
from tests.grafana.test_sync import BOARDS
from tests.park.examples import meter

E01 = Enterprise("e01", "hengkou", "富硒食品, 恒口")
METERS = (meter("m1"), meter("m2"))
SHIPPED = {name: json.loads(text) for name, text in kept().items()}
DAY = Window(datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC), 1_000)


def enclosed_boards() -> dict[str, dict[str, Any]]:
    made = {name: enclosed(board, E01, METERS) for name, board in SHIPPED.items()}
    return {name: board for name, board in made.items() if board is not None}


def test_a_board_of_an_enterprise_never_names_the_source_that_cannot_be_kept_to_it() -> None:
    assert {"park-energy.json"} <= set(enclosed_boards())
    for name, board in enclosed_boards().items():
        assert NAMES.uid not in json.dumps(board), name


@pytest.mark.parametrize("name", sorted(enclosed_boards()))
def test_every_question_that_is_left_can_be_kept_to_the_enterprise(name: str) -> None:
    board = enclosed_boards()[name]
    choices = {
        variable["name"]: Choice(
            str(variable["query"] if variable["type"] == "constant" else variable["current"]["value"])
        )
        for variable in board["templating"]["list"]
    }
    asked = [target["query"] for panel in panels(board) for target in panel.get("targets", []) if "query" in target]
    assert asked
    for query in asked:
        written = influxql(query, DAY, choices)
        assert not leftover(written)
        assert "= 'e01'" in confined(written, "e01")


@pytest.mark.parametrize("name", sorted(enclosed_boards()))
def test_a_board_of_an_enterprise_asks_only_data_sources_that_its_organisation_has(name: str) -> None:
    board = enclosed_boards()[name]
    variables = {variable["name"] for variable in board["templating"]["list"]}
    known = {source.uid for source in SOURCES if source.resolution} | {
        "-- Grafana --",
        "-- Dashboard --",
        "-- Mixed --",
    }
    for uid in re.findall(r'"uid": "([^"]+)"', json.dumps([list(panels(board)), board["templating"]])):
        assert uid in known or uid.strip("${}") in variables, uid


def test_placing_twice_is_placing_once_and_the_board_that_was_given_is_not_touched() -> None:
    for board in SHIPPED.values():
        before = copy.deepcopy(board)
        made = placed(board, console="https://park.lan", named=Named({"m1": "总表"}))
        assert board == before
        assert mark(made) == mark(placed(board, console="https://park.lan", named=Named({"m1": "总表"})))


def test_more_names_than_a_board_can_bear_are_left_out() -> None:
    board = BOARDS["park-meter.json"]
    many = Named({f"m{number}": "总表" for number in range(MOST_NAMES + 1)})
    assert many.too_many
    assert placed(board, console=None, named=many) == board


def test_a_board_of_which_nothing_would_be_left_is_not_given() -> None:
    assert enclosed(BOARDS["park-safety.json"], E01, METERS) is None


@pytest.mark.parametrize("name", ["park-energy.json", "park-enterprise.json", "park-overview.json"])
def test_no_curve_of_load_is_lost_in_an_organisation_of_its_own(name: str) -> None:
    made = enclosed(SHIPPED[name], E01, METERS)
    assert made is not None
    kept_there = {panel["id"]: panel for panel in panels(made)}
    curves = [panel for panel in panels(SHIPPED[name]) if "$step" in json.dumps(panel)]
    assert curves
    assert {panel["id"] for panel in curves} <= kept_there.keys()
    assert all(len(kept_there[panel["id"]]["targets"]) == len(panel["targets"]) for panel in curves)


def test_no_curve_of_a_detector_is_lost_there_either_and_its_peaks_are_of_the_source_chosen_first() -> None:
    made = enclosed(SHIPPED["park-safety.json"], E01, METERS)
    assert made is not None
    curves = [panel for panel in panels(made) if "${peak}" in json.dumps(panel)]
    assert len(curves) == len(
        [panel for panel in panels(SHIPPED["park-safety.json"]) if "${peak}" in json.dumps(panel)]
    )
    assert curves
    first = {one["name"]: one["current"]["value"] for one in made["templating"]["list"]}
    assert (first["store"], first["peak"]) == ("park-15m", '_max"')


def test_a_comma_in_a_name_does_not_end_a_choice() -> None:
    variable = {"name": "meter", "type": "query", "datasource": {"uid": NAMES.uid}}
    board = BOARDS["park-meter.json"] | {"templating": {"list": [variable]}}
    made = enclosed(copy.deepcopy(board), E01, [meter("m1")])
    assert made is not None
    [given] = made["templating"]["list"]
    assert given["type"] == "custom"
    assert given["query"].count(",") == 0
