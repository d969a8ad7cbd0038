"""The roll-up's notes: nothing that came while it worked is forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from adapters.relational.rollups import RelationalRollups
from park.telemetry import StoreUnavailable
from park.window import day_start
from tests.park.examples import NOW

TODAY = day_start(NOW).astimezone(NOW.tzinfo)
DAY = timedelta(days=1)


def test_nothing_is_settled_before_the_first_run(engine: Engine) -> None:
    notes = RelationalRollups(engine)
    assert notes.until() is None
    assert notes.settled(["m1"], TODAY, NOW).until is None


def test_meters_with_marks_in_the_range_are_stale_and_no_others(engine: Engine) -> None:
    notes = RelationalRollups(engine)
    notes.advance(NOW - DAY)
    notes.advance(NOW)
    notes.note({("m1", TODAY), ("m2", TODAY - 2 * DAY), ("m3", TODAY)})
    assert notes.settled(["m1", "m2"], TODAY - DAY + timedelta(hours=2), NOW) == (NOW, frozenset({"m1"}))
    assert notes.settled(["m1", "m2"], TODAY - DAY - timedelta(seconds=1), NOW).stale == {"m1", "m2"}
    assert notes.settled(["m1"], TODAY - DAY, TODAY).stale == frozenset()


def test_a_store_that_is_away_says_so_in_the_port_s_own_terms(engine: Engine) -> None:
    notes = RelationalRollups(engine)
    with engine.begin() as connection:
        connection.execute(text("drop table rollup_due"))
    for ask in (lambda: notes.note({("m1", TODAY)}), lambda: notes.due(1)):
        with pytest.raises(StoreUnavailable, match="roll-up"):
            ask()
