"""What follows from the range by itself, whichever way the range was chosen."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.influx.resolution import DAY, HOUR, QUARTER
from grafana import variable
from grafana.expand import milliseconds
from grafana.sources import BY_UID, SOURCES
from grafana.words import Words

MOST_POINTS = 2_500
"""Of one series: more than a screen has pixels is for nothing."""


def chosen(limits: tuple[tuple[int | None, ...] | tuple[object, ...], ...], seconds: int) -> tuple[object, ...]:
    """Give the row that a range falls in, as the CASE of its query does."""
    return next(row for row in limits if row[0] is None or seconds <= int(str(row[0])))


@given(st.integers(60, 86_400 * 3_660))
def test_a_step_is_never_finer_than_the_slots_it_is_taken_from_nor_more_than_can_be_drawn(seconds: int) -> None:
    _, uid, step = chosen(variable.STORES, seconds)
    source = BY_UID[str(uid)]
    width = timedelta(milliseconds=milliseconds(str(step)))
    assert source.resolution is not None
    assert source.resolution.width is None or width == source.resolution.width
    if seconds <= 86_400 * 366 * 5:
        assert seconds / width.total_seconds() <= MOST_POINTS


@given(st.integers(60, 86_400 * 3_660))
def test_slots_are_grouped_by_their_own_width(seconds: int) -> None:
    _, uid, width = chosen(variable.SLOTS, seconds)
    resolution = BY_UID[str(uid)].resolution
    assert resolution in {QUARTER, HOUR, DAY}
    assert resolution is not None
    assert resolution.width == timedelta(milliseconds=milliseconds(str(width)))


@pytest.mark.parametrize("limits", [variable.STORES, variable.SLOTS], ids=["readings", "consumption"])
def test_longer_ranges_never_get_finer_slots(limits: tuple[tuple[object, ...], ...]) -> None:
    widths = [milliseconds(str(row[2])) for row in limits]
    assert all(before <= after for before, after in pairwise(widths))
    bounds = [int(str(row[0])) for row in limits if row[0] is not None]
    assert bounds == sorted(bounds)
    assert limits[-1][0] is None


def test_the_query_of_a_range_is_arithmetic_alone_and_needs_no_right_on_any_table() -> None:
    made = variable.store()
    assert made.query == (
        "SELECT CASE WHEN s <= 21600 THEN 'park-raw' WHEN s <= 691200 THEN 'park-15m' WHEN s <= 8035200 THEN 'park-1h' "
        "ELSE 'park-1d' END AS __text, CASE WHEN s <= 21600 THEN 'park-raw' WHEN s <= 691200 THEN 'park-15m' "
        "WHEN s <= 8035200 THEN 'park-1h' ELSE 'park-1d' END AS __value "
        "FROM (SELECT $__unixEpochTo() - $__unixEpochFrom() AS s) AS r"
    )


def test_names_are_in_the_language_of_the_board() -> None:
    assert "e.name AS __text" in str(variable.enterprise(Words("zh")).query)
    assert "nullif(e.name_en, '')" in str(variable.enterprise(Words("en")).query)


def test_each_source_has_a_uid_and_names_of_its_own() -> None:
    assert [len({getattr(one, name) for one in SOURCES}) for name in ("uid", "zh", "en")] == [len(SOURCES)] * 3
