"""The shipped scenarios: each is whole, tells the truth, and together they leave no fault out."""

from collections import Counter
from datetime import timedelta

import pytest

from park.instant import MILLISECOND
from simulators.faults.table import FAULTS
from simulators.scenario.actor import actors
from simulators.scenario.script import scripts
from tests.simulators.scenario.library import library, paths

each = pytest.mark.parametrize("name", library())


def test_there_is_one_for_every_fault_and_two_that_combine_some() -> None:
    played = Counter(name for one in library().values() for name in {name for name, _ in one.faults})
    assert played.keys() == FAULTS.keys()
    assert sum(len({name for name, _ in one.faults}) > 1 for one in library().values()) >= 2


@each
def test_a_file_is_named_for_its_scenario_and_tells_it_in_both_languages(name: str) -> None:
    one = library()[name]
    assert one.id == name
    assert all((one.name.zh, one.name.en, one.story.zh, one.story.en))


@each
def test_the_truth_that_is_written_is_that_of_the_closed_form(name: str) -> None:
    cast = {actor.meter.id: actor for actor in actors(library()[name])}
    for used in library()[name].golden.used:
        actor = cast[used.meter]
        start, end = (actor.start + moment // MILLISECOND for moment in (used.start, used.end))
        assert actor.truth(start, end) == pytest.approx(used.truth, abs=used.within / 2), used.meter


@each
def test_an_answer_is_about_the_scenario_and_its_shares_are_shares(name: str) -> None:
    one = library()[name]
    assert one.golden.used or one.golden.burned, "it answers something"
    for used in one.golden.used:
        assert timedelta(0) <= used.start < used.end <= one.duration
        assert used.measured + used.estimated + used.missing == pytest.approx(1)
    for burned in one.golden.burned:
        assert burned.rule in one.in_force
        assert burned.raised <= one.duration


def test_all_of_them_are_played_in_one_piece() -> None:
    [script] = scripts(list(library().values()))
    assert len(script.scenarios) == len(paths())
    assert len(script.registry.meters) == sum(len(one.registry.meters) for one in library().values())


def test_what_would_disturb_another_is_played_by_itself() -> None:
    one = library()["spike"]
    assert [len(script.scenarios) for script in scripts([one, one])] == [1, 1]
