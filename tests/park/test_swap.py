"""A swap is guided by what was seen: what the displays showed, what they would book, and what cannot be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.place import Meter, Multiplier
from park.reading import Reading
from park.registry_scale import ALWAYS
from park.swap import Booked, Seen, Shown, booked, doubts, seen
from tests.park.examples import meter

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def of(multiplier: float) -> Meter:
    """Make a meter with a multiplier."""
    return meter(multipliers=(Multiplier(ALWAYS, multiplier),))


def stored(**values: float) -> list[Reading]:
    """Store readings so many minutes before (`b1`) or after (`a1`) the swap."""
    times = {name: AT + int(name[1:]) * MINUTE * (1 if name[0] == "a" else -1) for name in values}
    readings = [Reading("m1", "ep_imp", value, times[name]) for name, value in values.items()]
    return sorted(readings, key=lambda one: one.at)


def test_the_display_showed_what_is_stored_without_the_multiplier() -> None:
    found = seen(of(200), stored(b2=999_000.0, b1=1_000_000.0, a0=400.0, a1=600.0), AT)
    assert found == Seen(Shown(AT - MINUTE, 5_000.0), Shown(AT, 2.0))


def test_a_new_multiplier_is_that_of_the_new_meter_alone() -> None:
    found = seen(of(200), stored(b1=1_000_000.0, a1=400.0), AT, 100)
    assert (found.before, found.after) == (Shown(AT - MINUTE, 5_000.0), Shown(AT + MINUTE, 4.0))
    assert booked(of(200), found, 5_001.0, 3.5, 100) == Booked(200.0, 50.0)


def test_what_is_not_seen_books_nothing_and_contradicts_nothing() -> None:
    found = seen(of(200), [], AT)
    assert found == Seen(None, None)
    assert booked(of(200), found, 5.0, 0.0) == Booked(None, None)
    assert doubts(found, 5.0, 0.0) == []
    late = meter(multipliers=(Multiplier(AT + MINUTE, 2.0),))
    assert seen(late, stored(b1=5.0), AT).before is None


@pytest.mark.parametrize(
    ("closing", "opening", "paths"),
    [
        (5_000.5, 1.5, []),
        (None, None, []),
        (4_999.0, 1.5, ["closing"]),
        (5_000.0, 2.5, ["opening"]),
        (25.0, 400.0, ["closing", "opening"]),
    ],
    ids=["both fit", "none is given", "it ran backwards", "the new one did", "both are wrong"],
)
def test_a_register_does_not_run_backwards(closing: float | None, opening: float | None, paths: list[str]) -> None:
    found = Seen(Shown(AT - MINUTE, 5_000.0), Shown(AT, 2.0))
    mistakes = doubts(found, closing, opening)
    assert [mistake.path for mistake in mistakes] == paths
    assert all(mistake.zh and mistake.en for mistake in mistakes)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 1e4))
def test_without_doubts_nothing_negative_is_booked(closing: float, opening: float, multiplier: float) -> None:
    found = Seen(Shown(AT - MINUTE, 5_000.0), Shown(AT, 2.0))
    if not doubts(found, closing, opening):
        would = booked(of(multiplier), found, closing, opening)
        assert would.until is not None
        assert would.since is not None
        assert would.until >= 0
        assert would.since >= 0
