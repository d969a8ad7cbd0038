"""Slots summed by windows, exactly; batches of which the later counts."""

import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.coverage import Coverage
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.interval_batch import rounds, settled
from park.interval_sum import Parts, Sum, of_slots, summed, sums

START = datetime(2026, 11, 22, 16, tzinfo=UTC)
"""Midnight of 2026-11-23 at the site."""
DAY = timedelta(days=1)
FIRST = round(START.timestamp() * 1_000)
EDGES = np.array([FIRST + hour * 3_600_000 for hour in range(25)], np.int64)


def slots(*rows: tuple[int, float, float, float]) -> Intervals:
    """Make slots of their places in the day, amounts and shares."""
    place, amount, measured, estimated = (np.array([row[column] for row in rows]) for column in range(4))
    return Intervals(FIRST + place.astype(np.int64) * SLOT_MS, *map(np.float64, (amount, measured, estimated)))  # type: ignore[arg-type]  # arrays


def test_windows_about_which_nothing_is_known_have_no_sum() -> None:
    found = list(
        sums(of_slots(slots((0, 1.0, 1.0, 0.0), (1, 2.0, 0.5, 0.5), (4, 0.0, 0.0, 0.0), (9, 4.0, 0.0, 0.5))), EDGES)
    )
    assert found == [Sum(0, 3.0, 0.375, 0.125), Sum(2, 4.0, 0.0, 0.125)]


def test_what_is_outside_the_windows_is_not_summed() -> None:
    assert list(sums(of_slots(slots((-1, 1.0, 1.0, 0.0), (96, 2.0, 1.0, 0.0))), EDGES)) == []
    assert list(sums(of_slots(slots((0, 1.0, 1.0, 0.0))), EDGES[:1])) == []


def test_a_sum_travels_with_its_meter_window_and_coverage() -> None:
    [one] = summed("m1", "water", of_slots(slots((0, 1.0, 1.0, 0.0))), EDGES)
    assert one == ("m1", "water", START, START + timedelta(hours=1), 1.0, Coverage(0.25))


def test_a_year_of_tenths_has_no_drift() -> None:
    count = 35_040
    parts = Parts(FIRST + np.arange(count) * SLOT_MS, np.full(count, 0.1), np.full(count, 9e5), np.zeros(count))
    [year] = sums(parts, np.array([FIRST, FIRST + count * SLOT_MS]))
    assert year.amount == float(Fraction(0.1) * count) == math.fsum([0.1] * count)
    assert (year.measured, year.estimated) == (1.0, 0.0)


shares = st.sampled_from([0.0, 1 / 3, 0.5]), st.sampled_from([0.0, 0.25])
some = st.tuples(st.integers(0, 95), st.floats(-1e12, 1e12), *shares)


@given(st.lists(some, max_size=40, unique_by=lambda row: row[0]))
def test_sums_are_exact_and_the_sum_of_windows_is_that_of_all(rows: list[tuple[int, float, float, float]]) -> None:
    found = list(sums(of_slots(slots(*sorted(rows))), EDGES)) if rows else []
    known = [row for row in rows if row[2] + row[3] > 0]
    for one in found:
        assert one.amount == float(sum(Fraction(row[1]) for row in known if row[0] // 4 == one.window))
    assert [one.window for one in found] == sorted({row[0] // 4 for row in known})
    assert math.fsum(one.measured for one in found) == pytest.approx(sum(row[2] for row in known) / 4)


def batch(first: int, count: int, *rows: tuple[int, float, float, float], meter: str = "m1") -> IntervalBatch:
    held = slots(*rows) if rows else slots((0, 0.0, 0.0, 0.0))
    return IntervalBatch(meter, "water", START + first * DAY, START + (first + count) * DAY, held)


def test_of_what_two_batches_say_of_one_day_the_later_counts() -> None:
    both = batch(0, 2, (0, 1.0, 1.0, 0.0), (96, 2.0, 1.0, 0.0)), batch(1, 1, (97, 3.0, 1.0, 0.0))
    assert [one.intervals.amount.tolist() for one in settled(both)] == [[1.0], [3.0]]
    assert [one.intervals.amount.tolist() for one in settled(both[::-1])] == [[], [1.0, 2.0]]
    other = both[1]._replace(meter="m2")
    assert [one.intervals.amount.tolist() for one in settled([both[0], other])] == [[1.0, 2.0], [3.0]]


def test_in_one_round_no_meter_and_carrier_comes_twice_and_time_goes_on() -> None:
    several = [batch(2, 1), batch(0, 1), batch(1, 1, meter="m2"), batch(1, 1)]
    assert [[(one.meter, one.start) for one in some] for some in rounds(several)] == [
        [("m2", START + DAY), ("m1", START + 2 * DAY)],
        [("m1", START)],
        [("m1", START + DAY)],
    ]
    assert rounds([]) == []
