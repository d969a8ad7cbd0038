"""Eleven weeks of a real machine: its four failures are found, and what was wrong is counted."""

import pytest

from park.backtest import attempt
from park.rulebook import bind
from tests.park import machine


def test_the_shipped_example_finds_every_failure_that_people_have_marked(capsys: pytest.CaptureFixture[str]) -> None:
    series = machine.temperatures()
    start, end = machine.extent(series)
    [tried] = attempt(bind([machine.shipped()], machine.REGISTRY), {"temperature": series}, start, end)
    hits, false = machine.found([episode.began for episode in tried.episodes])
    with capsys.disabled():
        print(  # noqa: T201  # what was to be shown
            f"\nmachine-temperature: {len(hits)} of {len(machine.FAILURES)} failures found by "
            f"{len(tried.episodes)} alerts over {(end - start).days} days, {false} of them false"
        )
    assert tried.readings == 22_683
    assert hits == {0, 1, 2, 3}
    assert false == 2
