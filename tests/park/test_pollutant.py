"""Masses: concentration × flow integrated over time, with what was not measured missing and never 0."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.interval import SLOT_MS, Intervals
from park.metric import Medium, metrics
from park.pollutant import INVALID, OUTLETS, POLLUTANTS, mass
from park.quality import Quality
from park.series import EMPTY, Series
from park.units import registry as pint_registry
from tests.simulators.data import shared

MINUTE = 60_000
GAP = timedelta(minutes=5)
START = 1_790_784_000_000  # 2026-10-01T00:00+08:00


def series(*values: float, step: int = MINUTE, start: int = START, flags: dict[int, Quality] | None = None) -> Series:
    quality = np.zeros(len(values), np.int64)
    for place, flag in (flags or {}).items():
        quality[place] = int(flag)
    return Series(start + step * np.arange(len(values), dtype=np.int64), np.array(values, float), quality)


def so2(concentration: Series, flow: Series, *, slots: int = 1) -> Intervals:
    return mass(concentration, flow, medium=Medium.EMISSION, start_ms=START, end_ms=START + slots * SLOT_MS, gap=GAP)


def test_a_steady_hour_is_concentration_times_flow_times_an_hour() -> None:
    """35 mg/m³ at 100,000 Nm³/h: 3.5 kg an hour."""
    slots = so2(series(*[35.0] * 61), series(*[100_000.0] * 61), slots=4)
    assert slots.start_ms.tolist() == [START + place * SLOT_MS for place in range(4)]
    assert slots.amount.sum() == pytest.approx(3.5)
    assert slots.measured.tolist() == [1.0] * 4
    assert slots.estimated.tolist() == [0.0] * 4


def test_water_is_counted_by_its_own_units() -> None:
    """60 mg/L at 50 m³/h: 3 kg an hour."""
    made = mass(
        series(*[60.0] * 61), series(*[50.0] * 61), medium=Medium.WATER,
        start_ms=START, end_ms=START + 4 * SLOT_MS, gap=GAP,
    )  # fmt: skip
    assert made.amount.sum() == pytest.approx(3.0)


def test_two_straight_lines_are_multiplied_exactly_and_not_by_their_means() -> None:
    """∫ t·t over an hour is a third; the product of the means would say a quarter."""
    rising = series(0.0, 1e3, step=4 * SLOT_MS)
    made = mass(
        rising, rising, medium=Medium.EMISSION, start_ms=START, end_ms=START + 4 * SLOT_MS, gap=timedelta(hours=1)
    )
    assert made.amount.sum() == pytest.approx(1e6 / 3 * 1e-6)


def test_an_analyser_and_a_flow_meter_need_no_common_clock() -> None:
    slow = series(*[20.0] * 6, step=3 * MINUTE)
    fast = series(*[60_000.0] * 61, step=15_000)
    made = so2(slow, fast)
    assert made.amount.tolist() == pytest.approx([20 * 60_000 * 0.25 * 1e-6])
    assert made.measured.tolist() == [1.0]


@pytest.mark.parametrize("flag", [flag for flag in Quality if flag & INVALID])
@pytest.mark.parametrize("of_flow", [False, True])
def test_a_sample_that_says_nothing_makes_the_time_around_it_missing(flag: Quality, *, of_flow: bool) -> None:
    bad = series(*[35.0] * 16, flags={5: flag})
    good = series(*[35.0] * 16)
    made = so2(good, bad) if of_flow else so2(bad, good)
    assert made.measured.tolist() == pytest.approx([13 / 15])
    assert made.amount.tolist() == pytest.approx([35 * 35 * 13 / 60 * 1e-6])


def test_what_was_set_by_hand_is_estimated() -> None:
    made = so2(series(*[35.0] * 16, flags={5: Quality.SUBSTITUTED}), series(*[1e5] * 16))
    assert made.measured.tolist() == pytest.approx([13 / 15])
    assert made.estimated.tolist() == pytest.approx([2 / 15])
    assert made.amount.tolist() == pytest.approx([3.5 / 4])


def test_nothing_is_known_over_a_gap_and_a_slot_without_any_has_no_row() -> None:
    early = series(*[35.0] * 11)
    late = series(*[35.0] * 11, start=START + 3 * SLOT_MS)
    both = Series(*(np.concatenate(columns) for columns in zip(early, late, strict=True)))
    made = so2(both, both, slots=4)
    assert made.start_ms.tolist() == [START, START + 3 * SLOT_MS]
    assert made.measured.tolist() == pytest.approx([10 / 15, 10 / 15])


@pytest.mark.parametrize("empty", ["concentration", "flow", "both", "one sample", "no time"])
def test_without_two_series_nothing_is_known(empty: str) -> None:
    full = series(*[1.0] * 16)
    one = {
        "concentration": (EMPTY, full),
        "flow": (full, EMPTY),
        "both": (EMPTY, EMPTY),
        "one sample": (series(1.0), full),
        "no time": (full, full),
    }[empty]
    assert len(so2(*one, slots=0 if empty == "no time" else 1).amount) == 0


def test_samples_outside_reach_into_the_first_and_last_slot() -> None:
    wide = series(*[35.0] * 20, start=START - 2 * MINUTE - 30_000)
    made = so2(wide, wide)
    assert made.measured.tolist() == pytest.approx([1.0])


def test_the_factors_are_what_the_units_say() -> None:
    """The m³ of a flue gas concentration is a normal one: its metric and the flow are both of the dry normal state."""
    units = pint_registry()
    air = units.Quantity(1, "mg / Nm3") * units.Quantity(1, "Nm3 / hour") * units.Quantity(1, "hour")
    water = units.Quantity(1, "mg / L") * units.Quantity(1, "m ** 3 / hour") * units.Quantity(1, "hour")
    assert OUTLETS[Medium.EMISSION].kg == pytest.approx(air.to("kg").magnitude)
    assert OUTLETS[Medium.WATER].kg == pytest.approx(water.to("kg").magnitude)


def test_every_pollutant_and_flow_is_a_metric_of_the_unit_that_is_counted_by() -> None:
    for medium, outlet in OUTLETS.items():
        air = medium is Medium.EMISSION
        assert metrics()[outlet.flow].unit == ("Nm³/h" if air else "m³/h")
        assert {metrics()[name].unit for name in outlet.pollutants} == {"mg/m³" if air else "mg/L"}
        assert all(medium in metrics()[name].media for name in (outlet.flow, *outlet.pollutants))
    assert not [name for name in POLLUTANTS if name.endswith("_zs")]


points = st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e6)), min_size=2, max_size=80)


@given(points, st.integers(1, 4))
def test_what_lies_between_any_two_midpoints_adds_up(samples: list[tuple[float, float]], cut: int) -> None:
    """A day worked out in two parts gives the same as at once."""
    concentration, flow = (series(*column) for column in zip(*samples, strict=True))
    middle, end = START + cut * SLOT_MS, START + 6 * SLOT_MS
    whole = mass(concentration, flow, medium=Medium.EMISSION, start_ms=START, end_ms=end, gap=GAP)
    parts = [
        mass(concentration, flow, medium=Medium.EMISSION, start_ms=first, end_ms=last, gap=GAP)
        for first, last in ((START, middle), (middle, end))
    ]
    assert np.concatenate([part.start_ms for part in parts]).tolist() == whole.start_ms.tolist()
    assert np.concatenate([part.amount for part in parts]) == pytest.approx(whole.amount)
    assert np.concatenate([part.measured for part in parts]) == pytest.approx(whole.measured)
    assert (whole.measured + whole.estimated <= 1.0).all()


def test_a_year_of_a_real_turbine_weighs_what_its_hours_say() -> None:
    """UCI "Gas Turbine CO and NOx Emission" (551, CC BY 4.0), 2011: NOx hour by hour, at a steady 100,000 Nm³/h.

    By trapezoid a year of hours is the mean of both its ends and all between, which is worked out apart.
    """
    rows = shared("gas-turbine-emissions-2011.csv").read_text().split()
    nox = np.array([float(row.split(",")[10]) for row in rows])
    hour = 4 * SLOT_MS
    concentration = series(*nox, step=hour)
    flow = series(*np.full(len(nox), 1e5), step=hour)
    made = mass(
        concentration, flow, medium=Medium.EMISSION,
        start_ms=START, end_ms=START + (len(nox) - 1) * hour, gap=timedelta(hours=1),
    )  # fmt: skip
    assert len(nox) == 7411
    assert made.amount.sum() == pytest.approx((nox.sum() - (nox[0] + nox[-1]) / 2) * 1e5 * 1e-6, rel=1e-12)
    assert (made.measured == 1.0).all()
