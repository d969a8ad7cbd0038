"""A gauge of flow, integrated."""

from datetime import timedelta
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.flow import integrate
from park.interval import SLOT_MS, Intervals
from park.quality import Quality
from tests.park.registers import T0_MS, series

GAP = timedelta(minutes=5)


def flowed(samples: list[tuple[float, float]], quality: list[int] | None = None, *, count: int = 4) -> Intervals:
    """Integrate samples (minute, m³/h) over the first slots."""
    return integrate(series(samples, quality), start_ms=T0_MS, end_ms=T0_MS + count * SLOT_MS, gap=GAP)


def test_a_steady_flow_is_its_rate_times_the_time() -> None:
    made = flowed([(minute, 60.0) for minute in range(61)])
    np.testing.assert_allclose(made.amount, [15.0] * 4)
    np.testing.assert_allclose(made.measured, [1.0] * 4)


def test_a_rising_flow_is_split_where_the_slot_ends_and_not_by_time() -> None:
    made = flowed([(13, 0.0), (17, 240.0)], count=2)
    np.testing.assert_allclose(made.amount, [2.0, 6.0])


@pytest.mark.parametrize(
    ("samples", "quality", "covered"),
    [
        ([(0, 60.0), (4, 60.0), (10, 60.0), (14, 60.0)], [0, 0, 0, 0], 8),
        ([(0, 60.0), (4, 60.0), (8, 99.0), (12, 60.0)], [0, 0, Quality.FAULT, 0], 4),
        ([(0, 60.0), (4, 60.0), (5, 99.0), (6, 60.0)], [0, 0, Quality.MAINTENANCE, 0], 4),
        ([(0, 60.0)], [0], 0),
    ],
    ids=["silent for longer than the gap", "a faulty reading", "a short one all the same", "one reading"],
)
def test_what_is_not_known_is_missing(samples: list[tuple[float, float]], quality: list[int], covered: float) -> None:
    made = flowed(samples, [int(each) for each in quality], count=1)
    assert fsum(made.measured) == pytest.approx(covered / 15)
    assert fsum(made.amount) == pytest.approx(covered)


@given(st.lists(st.tuples(st.integers(1, 4), st.floats(-100, 1_000)), min_size=2, max_size=60))
def test_slots_add_up_to_the_trapezoids(steps: list[tuple[int, float]]) -> None:
    times = np.cumsum([gap for gap, _ in steps])
    flows = np.array([flow for _, flow in steps])
    made = flowed(list(zip(times.tolist(), flows.tolist(), strict=True)), count=20)
    truth = np.sum((flows[1:] + flows[:-1]) / 2 * np.diff(times)) / 60
    assert fsum(made.amount) == pytest.approx(truth, abs=1e-6)
