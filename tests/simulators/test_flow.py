"""What flows is a function of time, and its register is the integral."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.days import ORIGIN_MS, SPRING_FESTIVALS
from simulators.device import Device
from simulators.flow import Flow
from simulators.message import records
from tests.simulators.park import DAY_MS, HOUR_MS, NOON_MS, device, devices, window

FLOWING = [each for each in devices() if each.flow is not None]
KINDS = sorted({each.kind for each in FLOWING})
INSTANTS = st.integers(ORIGIN_MS + DAY_MS, ORIGIN_MS + 3_000 * DAY_MS)


def flow_of(each: Device) -> Flow:
    assert each.flow is not None
    return each.flow


def one_of(kind: str) -> Device:
    return next(each for each in FLOWING if each.kind == kind)


@pytest.mark.parametrize("kind", KINDS)
@given(start=INSTANTS)
def test_a_register_counts_the_integral_of_what_flows(kind: str, start: int) -> None:
    flow = flow_of(one_of(kind))
    ms = window(start, 2 * HOUR_MS + 1, 500)
    rate, total = flow.rate(ms), flow.total(ms)
    integral = float(np.sum((rate[1:] + rate[:-1]) / 2) * 500 / HOUR_MS)
    midnight_step = flow.size * 1.5 * 500 / HOUR_MS  # rates may jump at midnight, between two samples
    assert total[-1] - total[0] == pytest.approx(integral, rel=1e-5, abs=midnight_step)


@given(each=st.sampled_from(devices()), start=INSTANTS, cut=st.integers(1, 199), step=st.integers(1, 2 * HOUR_MS))
def test_windows_computed_apart_equal_the_window_computed_together(
    each: Device, start: int, cut: int, step: int
) -> None:
    ms = window(start, 200 * step, step)
    assert records(each, ms[:cut]) + records(each, ms[cut:]) == records(each, ms)


@given(each=st.sampled_from(FLOWING), start=INSTANTS, step=st.integers(1, 3 * DAY_MS))
def test_a_register_never_goes_back(each: Device, start: int, step: int) -> None:
    said = records(each, window(start, 100 * step, step))
    for name in {"ep_imp", "eq_imp", "volume", "gas_volume", "steam_mass", "heat_energy"} & set(each.meter.metrics):
        shown = [record["m"][name] for record in said]
        assert all(isinstance(value, float) for value in shown)
        assert shown == sorted(shown)  # type: ignore[type-var]  # floats, as just asserted


def test_a_register_does_not_jump_at_midnight() -> None:
    for each in FLOWING:
        midnight = ORIGIN_MS + 700 * DAY_MS
        before, after = flow_of(each).total(np.array([midnight - 1, midnight + 1], dtype=np.int64))
        assert 0 <= after - before <= flow_of(each).size * 3 * 2 / HOUR_MS


def test_no_register_reaches_its_width_before_2040() -> None:
    end = np.array([int(datetime(2040, 1, 1, tzinfo=UTC).timestamp() * 1000)], dtype=np.int64)
    for each in FLOWING:
        width = each.meter.register.width
        if width is not None:
            registers = {"ep_imp", "eq_imp", "volume", "gas_volume", "steam_mass", "heat_energy"}
            for name, value in records(each, end)[0]["m"].items():
                assert name not in registers or (isinstance(value, float) and value < width), each.meter.id


def test_another_seed_is_another_park() -> None:
    ms = window(NOON_MS, HOUR_MS, 60_000)
    here, there = (flow_of(devices(seed)[0]).rate(ms) for seed in (1, 2))
    assert not np.allclose(here, there, rtol=1e-3)


def test_the_park_is_quiet_at_spring_festival() -> None:
    flow = flow_of(device("e22-main"))
    for date in SPRING_FESTIVALS[:5]:
        festival = datetime.fromisoformat(date).replace(tzinfo=UTC)
        days = [int((festival + timedelta(days=offset)).timestamp() * 1000) for offset in (0, 30, 31)]
        totals = [float(np.diff(flow.total(np.array([day, day + DAY_MS], dtype=np.int64)))[0]) for day in days]
        assert totals[0] < 0.5 * totals[1]


def test_a_one_shift_workshop_rests_at_night_and_on_sundays() -> None:
    flow = flow_of(device("e13-sew"))
    monday_morning, monday_night, sunday_morning = (
        int(datetime(2026, 11, day, hour, tzinfo=UTC).timestamp() * 1000) for day, hour in ((23, 2), (22, 18), (22, 2))
    )
    at_work, at_night, on_sunday = flow.rate(np.array([monday_morning, monday_night, sunday_morning], dtype=np.int64))
    assert at_night < 0.3 * at_work
    assert on_sunday < 0.4 * at_work


def test_the_sun_does_not_shine_at_night_and_shines_at_noon() -> None:
    flow = flow_of(device("e10-pv"))
    year = window(NOON_MS - 365 * DAY_MS, 365 * DAY_MS, DAY_MS)
    assert (flow.rate(year) > 0).all()
    assert (flow.rate(year + 12 * HOUR_MS) == 0).all()
    yearly = float(np.diff(flow.total(year[[0, -1]]))[0])
    assert 700 < yearly / flow.size < 1_250, "full-load hours of a roof in southern Shaanxi"


def test_cooling_is_busiest_in_summer() -> None:
    flow = flow_of(device("e12-chill"))
    july, november = (int(datetime(2026, month, 15, tzinfo=UTC).timestamp() * 1000) for month in (7, 11))
    summer, autumn = (
        float(np.diff(flow.total(np.array([day, day + 7 * DAY_MS], dtype=np.int64)))[0]) for day in (july, november)
    )
    assert summer > 1.5 * autumn


def test_gas_follows_production() -> None:
    ms = window(NOON_MS - 14 * DAY_MS, 14 * DAY_MS, HOUR_MS)
    gas, line = flow_of(device("e06-gas")).rate(ms), flow_of(device("e06-extract")).rate(ms)
    assert np.corrcoef(gas, line)[0, 1] > 0.6


def test_nothing_can_be_asked_before_the_origin() -> None:
    with pytest.raises(ValueError, match="2024-01-01"):
        FLOWING[0].flow.total(np.array([ORIGIN_MS - 1], dtype=np.int64))  # type: ignore[union-attr]  # it flows
