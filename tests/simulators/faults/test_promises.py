"""What each fault promises by itself."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import Context, read
from park.instant import from_ms
from park.malformed import Malformed as Unreadable
from park.topic import Channel
from simulators.faults.fault import Fault
from simulators.faults.flows import PowerLoss
from simulators.faults.lines import ClockSkew, Dropout, Duplicate, FlappingLine, OutOfOrder, Reconnects
from simulators.faults.registers import MultiplierChange, Replacement, Reset, Rollover
from simulators.faults.sensors import Drift, FlappingValue, Noise, Spike, Stuck
from simulators.faults.strangers import Broken, Malformed, TwoDevices
from simulators.faults.units import UnitChange
from tests.simulators.faults.stage import HOUR_MS, MOVING, actor, at, meter, ms

M1 = ("m1",)
WHOLE = 289
"""Messages of a day, one each five minutes, both ends."""
hours = st.integers(1, 20)


def shown(fault: Fault, name: str = "ep_imp", **given: object) -> dict[int, float]:
    """Give what is said of one metric, by the time it is sent."""
    return {one.sent: one.values[name] for one in actor(fault, **given).says()}  # type: ignore[arg-type,misc]


@given(hours, st.integers(1, 3))
def test_a_dead_line_loses_what_falls_in_it_and_a_buffer_none_of_it(start: int, length: int) -> None:
    span: dict[str, Any] = {"meters": M1, "at": at(start), "until": at(start + length)}
    lost = actor(Dropout(**span)).says()
    assert len(lost) == WHOLE - 12 * length
    assert not [one for one in lost if ms(start) <= one.sent < ms(start + length)]
    kept = actor(Dropout(**span, buffered=True, catch_up=600)).says()
    assert sorted(one.seq for one in kept) == list(range(1, WHOLE + 1))
    late = [one for one in kept if one.channel is Channel.BACKFILL]
    assert len(late) == 12 * length
    assert all(one.sent >= ms(start + length) for one in late)


def test_what_was_kept_comes_at_its_own_pace_and_may_come_among_what_is_live() -> None:
    fault = Dropout(meters=M1, at=at(6), until=at(7), buffered=True, catch_up=2, backfill=False)
    late = [one for one in actor(fault).says() if one.at is not None and one.at != one.sent]
    assert [one.sent for one in late] == [ms(7) + 30_000 * place for place in range(12)]
    assert {one.channel for one in late} == {Channel.DATA}


@given(hours, st.integers(1, 4))
def test_a_duplicate_is_the_same_message_with_its_own_number(start: int, copies: int) -> None:
    fault = Duplicate(meters=M1, at=at(start), until=at(start + 1), copies=copies, after=timedelta(seconds=30))
    times = Counter(one.content for one in actor(fault).says())
    assert len(times) == WHOLE
    assert Counter(times.values()) == {1: WHOLE - 12, copies + 1: 12}


@given(hours, st.integers(1, 60))
def test_out_of_order_loses_nothing_and_holds_nothing_up_longer_than_it_says(start: int, minutes: int) -> None:
    by = timedelta(minutes=minutes)
    said = actor(OutOfOrder(meters=M1, at=at(start), until=at(start + 2), by=by), flow=MOVING).says()
    assert sorted(one.seq for one in said) == list(range(1, WHOLE + 1))
    assert all(0 <= one.sent - (one.at or 0) <= minutes * 60_000 for one in said)


def test_messages_do_overtake_one_another() -> None:
    said = actor(OutOfOrder(meters=M1, at=at(6), until=at(8), by=timedelta(minutes=20))).says()
    numbers = [one.seq for one in said]
    assert numbers != sorted(numbers)


@pytest.mark.parametrize(("fast", "slow", "off"), [(3, 0, 3), (0, 2, -2)])
def test_a_wrong_clock_says_another_time_and_sends_in_time(fast: int, slow: int, off: int) -> None:
    fault = ClockSkew(meters=M1, at=at(6), until=at(7), fast=at(fast), slow=at(slow))
    said = actor(fault).says()
    offs = Counter((one.at or 0) - one.sent for one in said)
    assert offs == {0: WHOLE - 12, off * HOUR_MS: 12}


def test_a_line_that_comes_and_goes_is_away_first_and_connects_anew_each_time() -> None:
    fault = FlappingLine(meters=M1, at=at(6), until=at(8), off=timedelta(minutes=20), on=timedelta(minutes=10))
    said = actor(fault).says()
    assert len(said) == WHOLE - 16, "four messages in each of four gaps"
    back = [one.sent for one in said if one.connects]
    assert back == [ms(6) + minutes * 60_000 for minutes in (20, 50, 80, 110)]


def test_a_storm_connects_before_each_message_and_a_power_cut_once_when_it_is_over() -> None:
    storm = actor(Reconnects(meters=M1, at=at(6), until=at(7), times=4)).says()
    assert Counter(one.connects for one in storm) == {0: WHOLE - 12, 4: 12}
    dark = actor(PowerLoss(meters=M1, at=at(6), until=at(7))).says()
    assert [one.sent for one in dark if one.connects] == [ms(7)]
    assert len(dark) == WHOLE - 12


def test_a_stuck_value_is_the_last_one_and_a_register_behind_it_counts_on() -> None:
    said = shown(Stuck(meters=M1, metric="ep_imp", at=at(6), until=at(9)))
    assert {said[at] for at in said if ms(6) <= at < ms(9)} == {1_720.0}
    assert said[ms(9)] == 2_080.0


def test_a_spike_is_one_value_or_as_many_as_it_says() -> None:
    sound = shown(Spike(meters=M1, metric="p", at=at(30), value=1.0), "p")
    for samples in (1, 3):
        said = shown(Spike(meters=M1, metric="p", at=at(6), value=9e5, samples=samples), "p")
        wrong = [at for at in said if said[at] != sound[at]]
        assert [said[at] for at in wrong] == [9e5] * samples
        assert wrong[0] == ms(6)


def test_a_drift_gathers_by_the_hour_and_is_set_right() -> None:
    said = shown(Drift(meters=M1, metric="p", at=at(6), until=at(9), by=5.0), "p")
    assert [said[ms(hour)] for hour in (6, 7, 8, 9)] == [120.0, 125.0, 130.0, 120.0]


@given(st.floats(0.1, 50))
def test_noise_keeps_within_its_amplitude_on_both_sides_of_the_truth(amplitude: float) -> None:
    said = shown(Noise(meters=M1, metric="p", at=at(0), amplitude=amplitude), "p")
    off = [value - 120.0 for value in said.values()]
    assert max(map(abs, off)) <= amplitude + 0.001
    assert min(off) < 0 < max(off)


def test_a_chattering_contact_goes_by_turns_and_begins_high() -> None:
    fault = FlappingValue(meters=M1, metric="p", at=at(6), until=at(7), high=1, low=0, every=timedelta(minutes=10))
    said = shown(fault, "p")
    assert [said[at] for at in said if ms(6) <= at < ms(7)] == [1, 1, 0, 0] * 3


@given(hours, st.floats(1_000, 900_000))
def test_a_register_that_begins_anew_counts_on_by_what_flows(hour: int, opening: float) -> None:
    for fault, first in (
        (Replacement(meters=M1, at=at(hour), opening=round(opening, 2)), round(opening, 2)),
        (Reset(meters=M1, at=at(hour)), 0.0),
    ):
        said = shown(fault)
        assert said[ms(hour)] == pytest.approx(first, abs=0.011)
        assert said[ms(hour) - 300_000] == pytest.approx(1_000 + 120 * hour - 10, abs=0.011)
        assert said[ms(24)] - said[ms(hour)] == pytest.approx(120 * (24 - hour), abs=0.011)


@given(hours)
def test_a_rollover_is_at_its_moment_and_stays_below_the_width(hour: int) -> None:
    said = shown(Rollover(meters=M1, at=at(hour), width=100_000))
    assert said[ms(hour)] == pytest.approx(0, abs=0.011)
    assert said[ms(hour) - 300_000] == pytest.approx(100_000 - 10, abs=0.011)
    assert max(said.values()) < 100_000
    assert sum(later < earlier for earlier, later in zip(said.values(), list(said.values())[1:], strict=False)) == 1


def test_other_transformers_move_the_display_by_less_and_never_back() -> None:
    of = meter(multiplier=100)
    said = shown(MultiplierChange(meters=M1, at=at(6), before=100, after=200), of=of, decimals=4)
    assert [round(said[ms(hour)] - 1_000, 3) for hour in (5, 6, 7, 8)] == [6.0, 7.2, 7.8, 8.4]
    power = shown(MultiplierChange(meters=M1, at=at(6), before=100, after=200), "p", of=of)
    assert (power[ms(5)], power[ms(7)]) == (1.2, 0.6)


@pytest.mark.parametrize("announced", [False, True])
def test_another_unit_is_the_same_quantity_whether_it_is_said_or_not(announced: bool) -> None:  # noqa: FBT001  # a case
    fault = UnitChange(meters=M1, metric="ep_imp", at=at(6), until=at(7), unit="MWh", announced=announced)
    said = {one.sent: one.values["ep_imp"] for one in actor(fault).says()}
    assert said[ms(6)] == ({"v": 1.72, "u": "MWh"} if announced else 1.72)
    assert said[ms(7)] == 1_840.0


def test_a_second_device_speaks_between_with_a_register_and_numbers_of_its_own() -> None:
    said = actor(TwoDevices(meters=M1, at=at(6), until=at(7), opening=52_000, share=0.5)).says()
    others = [one for one in said if one.sent % 300_000]
    assert len(others) == 12
    assert len(said) == WHOLE + 12
    assert [one.seq for one in others] == list(range(12))
    assert others[0].values == {"ep_imp": 52_002.5, "p": 60.0}
    assert others[-1].values["ep_imp"] == pytest.approx(52_000 + 57.5)


def reason(how: Broken) -> str:
    said = actor(Malformed(meters=M1, at=at(6), until=at(7), how=how, every=4)).says()
    [*broken] = [one for one in said if one.payload is not None]
    assert len(broken) == 3
    whole = broken[0]
    context = Context("m1", from_ms(whole.sent), codec="native")
    try:
        claims = read(whole.content, context).claims
    except Unreadable as error:
        return error.reason.value
    return claims[0].unit or claims[0].metric


@pytest.mark.parametrize(
    ("how", "because"),
    [
        (Broken.CUT, "not_json"),
        (Broken.TEXT, "not_json"),
        (Broken.NAN, "not_json"),
        (Broken.TIME, "time_form"),
        (Broken.UNIT, "MPa"),
        (Broken.METRIC, "voltage_of_the_moon"),
        (Broken.EMPTY, "empty"),
    ],
)
def test_each_way_of_breaking_a_message_is_refused_for_that(how: Broken, because: str) -> None:
    assert reason(how) == because


def test_a_message_that_was_broken_is_another_each_time() -> None:
    said = actor(Malformed(meters=M1, at=at(6), until=at(9), how=Broken.TEXT)).says()
    broken = [one.content for one in said if one.payload is not None]
    assert len(set(broken)) == len(broken) == 36, "what comes twice is held once"
    assert json.loads(actor().says()[0].content)["seq"] == 1
