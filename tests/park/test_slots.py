"""Slots of a quarter of an hour: what each gets of the steps that touch it, and how much of it was measured."""

from datetime import timedelta
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.counter import ledger
from park.instant import to_ms
from park.interval import SLOT_MS, Intervals
from park.profile import QUARTERS, Profile, profile
from park.slots import gap_of, slots
from park.window import SITE
from tests.park.register_lives import Life, lives
from tests.park.registers import KNOWN, T0, T0_MS, UNKNOWN, minutely, read, series

GAP = timedelta(minutes=5)
DAY_MS = QUARTERS * SLOT_MS
FLAT = Profile(np.ones((3, QUARTERS)))


def shared(samples: list[tuple[float, float]], count: int, *, usual: Profile | None = None) -> Intervals:
    """Share what samples (minute, total) come to over the first slots."""
    made = ledger(series(samples), rule=UNKNOWN)
    return slots(made, start_ms=T0_MS, end_ms=T0_MS + count * SLOT_MS, gap=GAP, profile=usual)


@pytest.mark.parametrize(("period", "minutes"), [(15, 5), (60, 5), (300, 15), (900, 45)])
def test_readings_may_be_three_periods_apart_and_at_least_five_minutes(period: int, minutes: int) -> None:
    assert gap_of(timedelta(seconds=period)) == timedelta(minutes=minutes)


def test_a_step_over_an_edge_is_shared_by_time() -> None:
    made = shared([(0, 0.0), (14, 14.0), (17, 20.0), (30, 33.0)], 2)
    np.testing.assert_allclose(made.amount, [14 + 2, 4 + 13])


def test_a_step_within_one_slot_is_measured_however_long_and_one_over_an_edge_is_an_estimate() -> None:
    made = shared([(0, 0.0), (14, 14.0), (29, 29.0)], 2)
    np.testing.assert_allclose(made.measured, [14 / 15, 0.0])
    np.testing.assert_allclose(made.estimated, [1 / 15, 14 / 15])


def test_what_a_gap_hides_is_shared_as_the_meter_usually_goes() -> None:
    usual = np.ones((3, QUARTERS))
    usual[:, (8 * 60 + 30) // 15] = 9.0  # local 08:30 is the third slot of this UTC midnight
    samples = [(0.0, 0.0), (75.0, 130.0)]
    np.testing.assert_allclose(shared(samples, 5).amount, [26.0] * 5)
    made = shared(samples, 5, usual=Profile(usual))
    np.testing.assert_allclose(made.amount, [10, 10, 90, 10, 10])
    np.testing.assert_allclose(made.estimated, 1.0)


def test_a_meter_that_usually_stands_still_in_a_gaps_hours_has_it_shared_evenly() -> None:
    made = shared([(0.0, 0.0), (60.0, 40.0)], 4, usual=Profile(np.zeros((3, QUARTERS))))
    np.testing.assert_allclose(made.amount, [10.0] * 4)


def test_slots_nothing_is_known_of_are_not_there() -> None:
    made = shared([(20, 0.0), (25, 5.0)], 8)
    assert made.start_ms.tolist() == [T0_MS + SLOT_MS]
    assert made.measured.tolist() == [pytest.approx(1 / 3)]
    assert len(shared([(20, 0.0)], 8).start_ms) == 0


def test_a_step_that_waits_for_a_person_is_an_estimate() -> None:
    made = slots(read([50_000.0, 3.0, 5.0]), start_ms=T0_MS, end_ms=T0_MS + SLOT_MS, gap=GAP)
    np.testing.assert_allclose([made.measured[0], made.estimated[0]], [1 / 15, 1 / 15])


@given(lives(), st.sampled_from([0.3, 1, 4, 20, 700]), st.sampled_from([None, FLAT]))
def test_slots_neither_make_nor_lose_energy(life: Life, every: float, usual: Profile | None) -> None:
    made = ledger(minutely(life.totals, every=every), rule=KNOWN)
    end = T0_MS + (int(len(life.totals) * every * 60_000) // SLOT_MS + 1) * SLOT_MS
    shared = slots(made, start_ms=T0_MS, end_ms=end, gap=GAP, profile=usual)
    assert fsum(shared.amount) == pytest.approx(fsum(made.steps.amount), rel=1e-12)
    known = made.steps.end_ms - made.steps.start_ms
    assert fsum(shared.measured + shared.estimated) == pytest.approx(known.sum() / SLOT_MS)
    assert (shared.measured + shared.estimated <= 1 + 1e-9).all()


@given(lives(), st.integers(1, 40))
def test_the_slots_of_a_day_are_the_same_whether_made_alone_or_with_others(life: Life, cut: int) -> None:
    made = ledger(minutely(life.totals, every=7), rule=KNOWN)
    middle, end = T0_MS + cut * SLOT_MS, T0_MS + 400 * SLOT_MS
    whole = slots(made, start_ms=T0_MS, end_ms=end, gap=GAP)
    parts = [slots(made, start_ms=a, end_ms=b, gap=GAP) for a, b in [(T0_MS, middle), (middle, end)]]
    for name in ("start_ms", "amount", "measured", "estimated"):
        np.testing.assert_allclose(np.concatenate([getattr(part, name) for part in parts]), getattr(whole, name))


def test_ten_years_of_hundredths_do_not_drift() -> None:
    count = 10 * 365 * 96
    ms = T0_MS + np.arange(count + 1, dtype=np.int64) * SLOT_MS
    totals = 900_000_000.0 + np.arange(count + 1) / 100
    made = ledger(minutely(())._replace(ms=ms, values=totals, quality=np.zeros(count + 1, np.int64)), rule=UNKNOWN)
    shared = slots(made, start_ms=T0_MS, end_ms=int(ms[-1]), gap=timedelta(minutes=45))
    assert fsum(shared.amount) == totals[-1] - totals[0]
    np.testing.assert_allclose(shared.amount, 0.01, atol=2e-7)


def weeks(number: int) -> Intervals:
    """Give whole weeks in which a meter uses 1 at night, 5 by day on workdays, 3 on Saturdays, 2 on Sundays."""
    start = to_ms(T0.astimezone(SITE).replace(day=5, hour=0))  # a Monday
    ms = start + np.arange(number * 7 * QUARTERS, dtype=np.int64) * SLOT_MS
    day, quarter = (ms - start) // DAY_MS % 7, (ms - start) % DAY_MS // SLOT_MS
    amount = np.where((quarter >= 32) & (quarter < 72), np.array([5, 5, 5, 5, 5, 3, 2])[day], 1.0)
    return Intervals(ms, amount, np.ones(len(ms)), np.zeros(len(ms)))


def test_a_profile_tells_workdays_from_saturdays_and_sundays_by_the_local_clock() -> None:
    known = profile(weeks(3))
    assert known is not None
    assert known.usual[:, 40].tolist() == [5, 3, 2]
    assert known.usual[:, 10].tolist() == [1, 1, 1]
    saturday = to_ms(T0.astimezone(SITE).replace(day=10, hour=7, minute=30))
    edges = saturday + np.array([0, SLOT_MS, 2 * SLOT_MS, 2 * SLOT_MS + SLOT_MS // 3])
    np.testing.assert_allclose(known.weights(edges), [1, 1, 3 / 3])


def test_nothing_is_usual_before_two_weeks_of_measured_slots_and_estimates_teach_nothing() -> None:
    assert profile(weeks(1)) is None
    assert profile(weeks(2)) is not None
    learnt = weeks(3)
    assert profile(Intervals(learnt.start_ms, learnt.amount, learnt.measured * 0.5, learnt.estimated)) is None
