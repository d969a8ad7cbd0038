"""Codes, links and thresholds of boards are those of the tables and of the console."""

import json
import re
from collections.abc import Iterable, Iterator

import pytest

from api.console.rooms import ROOMS
from grafana import alerts, month
from grafana.boards.enterprise import MEDIA, ROLES, STATES
from grafana.build import kept
from grafana.links import figure
from grafana.words import Said, Words
from park.alert import Phase
from park.figure import Scope, State, name
from park.indicator import indicators
from park.metric import Medium
from park.place import Role
from park.severity import Severity
from park.term import read

CONSOLE = "${console}"


def urls(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, one in part.items():
            if key == "url" and isinstance(one, str):
                yield one
            else:
                yield from urls(one)
    elif isinstance(part, list):
        for one in part:
            yield from urls(one)


@pytest.mark.parametrize(
    ("codes", "every"),
    [
        (alerts.PHASES, Phase),
        (alerts.SEVERITIES, [str(one.value) for one in Severity]),
        (STATES, State),
        (ROLES, Role),
        (MEDIA, Medium),
    ],
    ids=["phases", "severities", "states", "roles", "media"],
)
def test_every_code_that_is_stored_has_its_words(codes: dict[str, object], every: Iterable[object]) -> None:
    assert set(codes) == {str(one) for one in every}


def test_every_link_to_the_console_leads_to_a_room_of_it() -> None:
    rooms = [re.compile(re.sub(r"\{\w+\}", "[^/]+", room.path) + r"(\?.*)?") for room in ROOMS]
    rooms += [re.compile(path + r"(\?.*)?") for path in ("/", "/meters/[^/]+", "/enterprises/[^/]+", "/quarantine")]
    found = {url.removeprefix(CONSOLE) for text in kept().values() for url in urls(json.loads(text)) if CONSOLE in url}
    assert found
    lost = [url for url in found if not any(room.fullmatch(url) for room in rooms)]
    assert lost == []


@pytest.mark.parametrize("indicator", sorted(indicators()))
def test_the_link_of_a_figure_is_the_id_of_that_figure(indicator: str) -> None:
    """What a board writes together of variables is what the rules service calls the figure."""
    row = indicators()[indicator]
    written = figure("park", "park", indicator).url.removeprefix(f"{CONSOLE}/explain/")
    for variable, value in (("park", "hengkou"), ("term", "2026-10"), ("basis", "equivalent")):
        written = written.replace(f"${{{variable}}}", value)
    basis = next((one for one in row.bases if one == "equivalent"), row.bases[0])
    assert written == name(Scope.PARK, "hengkou", indicator, read("2026-10"), basis)


def test_a_description_is_for_readers_of_either_language() -> None:
    assert Words("zh").about(Said("负荷", "Load")) == "负荷\n\nLoad"
    assert Words("en").about(Said("负荷", "Load")) == "Load\n\n负荷"


def test_a_month_is_compared_only_where_enough_of_both_is_known() -> None:
    panel = month.number("energy", "energy", "park", "park", Words())
    assert f"measured + estimated >= {month.LEAST}" in panel.asks[0].text
