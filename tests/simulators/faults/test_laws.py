"""What every fault keeps: the truth where only the telling is wrong, its own time, one stream for one seed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.metric import Medium
from simulators.faults.courses import GasLeak, StackExceedance
from simulators.faults.fault import Fault
from simulators.faults.flows import PipeLeak, PowerLoss
from simulators.faults.lines import ClockSkew, Dropout, Duplicate, FlappingLine, OutOfOrder, Reconnects
from simulators.faults.registers import MultiplierChange, Replacement, Reset, Rollover
from simulators.faults.said import Said
from simulators.faults.sensors import Drift, FlappingValue, Noise, Spike, Stuck
from simulators.faults.strangers import Broken, Malformed, TwoDevices
from simulators.faults.table import FAULTS
from simulators.faults.units import UnitChange
from simulators.scenario.actor import Actor
from tests.simulators.faults.stage import DAY_MS, MOVING, START_MS, actor, at, meter, ms

M1 = ("m1",)
MINUTES = timedelta(minutes=20)
SPAN: dict[str, Any] = {"meters": M1, "at": at(6), "until": at(9)}
POINT: dict[str, Any] = {"meters": M1, "at": at(6)}

EXAMPLES: dict[str, Fault] = {
    "dropout": Dropout(**SPAN, buffered=True),
    "duplicate": Duplicate(**SPAN),
    "out_of_order": OutOfOrder(**SPAN, by=MINUTES),
    "clock_skew": ClockSkew(**SPAN, slow=MINUTES),
    "stuck": Stuck(**SPAN, metric="ep_imp"),
    "spike": Spike(**POINT, metric="p", value=9e5),
    "drift": Drift(**SPAN, metric="p", by=5.0),
    "noise": Noise(**SPAN, metric="p", amplitude=5.0),
    "unit_change": UnitChange(**SPAN, metric="ep_imp", unit="MWh"),
    "multiplier_change": MultiplierChange(**POINT, before=100, after=200),
    "rollover": Rollover(**POINT, width=1e5),
    "reset": Reset(**POINT),
    "replacement": Replacement(**POINT, opening=77_000),
    "two_devices": TwoDevices(**SPAN, opening=52_000),
    "malformed": Malformed(**SPAN, how=Broken.CUT),
    "flapping_value": FlappingValue(**SPAN, metric="p", high=1, low=0, every=MINUTES),
    "flapping_line": FlappingLine(**SPAN, on=MINUTES, off=MINUTES),
    "gas_leak": GasLeak(**POINT, metric="p", peak=400.0),
    "stack_exceedance": StackExceedance(**POINT, metric="p", peak=400.0),
    "pipe_leak": PipeLeak(**SPAN, flow=30.0),
    "power_loss": PowerLoss(**SPAN),
    "reconnects": Reconnects(**SPAN),
}
REAL = {"pipe_leak", "power_loss"}
"""Those after which something else really flows."""
every = pytest.mark.parametrize("name", EXAMPLES)


def truth(one: Actor) -> float:
    found = one.truth(START_MS, START_MS + DAY_MS)
    assert found is not None
    return found


def before(said: list[Said], hours: float) -> list[Said]:
    return [one for one in said if one.sent < ms(hours)]


def test_every_fault_has_its_example_here() -> None:
    assert EXAMPLES.keys() == FAULTS.keys()
    assert {name: type(one) for name, one in EXAMPLES.items()} == {name: one.kind for name, one in FAULTS.items()}


@every
def test_what_flows_is_touched_by_what_really_happens_alone(name: str) -> None:
    sound, wrong = actor(flow=MOVING), actor(EXAMPLES[name], flow=MOVING)
    assert (truth(wrong) == truth(sound)) is (name not in REAL)


@every
def test_a_fault_changes_something_and_nothing_before_it_begins(name: str) -> None:
    sound, wrong = actor(flow=MOVING).says(), actor(EXAMPLES[name], flow=MOVING).says()
    assert wrong != sound
    if name != "rollover":  # whose register shows from the start what brings it there
        assert before(wrong, 6) == before(sound, 6)


@every
def test_the_same_seed_gives_the_same_stream_in_order_of_time_within_the_scenario(name: str) -> None:
    said = actor(EXAMPLES[name], flow=MOVING).says()
    assert said == actor(EXAMPLES[name], flow=MOVING).says()
    assert [one.sent for one in said] == sorted(one.sent for one in said)
    assert all(START_MS <= one.sent <= START_MS + DAY_MS for one in said)


@given(st.integers(0, 2**31), st.floats(1, 400), st.integers(0, 22))
def test_what_a_sound_register_counts_is_what_flows(seed: int, size: float, hour: int) -> None:
    one = actor(flow=MOVING.__class__(size, "two_shift", "food"), seed=seed, decimals=4)
    said = {each.sent: each.values["ep_imp"] for each in one.says()}
    first, last = ms(hour), ms(hour + 2)
    flowed = one.truth(first, last)
    assert said[last] - said[first] == pytest.approx(flowed, abs=2e-4)  # type: ignore[operator]  # plain numbers


@given(st.integers(0, 20), st.integers(1, 4), st.floats(0.1, 50))
def test_a_leak_adds_what_leaks_and_a_power_cut_takes_away_what_would_have_flowed(
    start: int, hours: int, flow: float
) -> None:
    span: dict[str, Any] = {"meters": M1, "at": at(start), "until": at(start + hours)}
    lost = truth(actor(PipeLeak(**span, flow=flow), flow=MOVING)) - truth(actor(flow=MOVING))
    assert lost == pytest.approx(flow * hours, rel=1e-6)
    sound, dark = actor(flow=MOVING), actor(PowerLoss(**span), flow=MOVING)
    first, last = ms(start), ms(start + hours)
    assert dark.truth(first, last) == pytest.approx(0, abs=1e-6)
    assert truth(sound) - truth(dark) == pytest.approx(sound.truth(first, last), abs=1e-5)


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"malformed"}))
def test_every_payload_but_a_broken_one_is_json_of_the_contract(name: str) -> None:
    for one in actor(EXAMPLES[name], flow=MOVING).says():
        content = json.loads(one.content)
        assert content["v"] == 1
        assert content["m"]


def test_a_gas_leak_stays_within_what_escapes_and_is_over_when_it_is() -> None:
    of = meter(Medium.SAFETY, "lel")
    leak = GasLeak(meters=M1, at=at(6), peak=60.0, rise=MINUTES, hold=MINUTES, fall=MINUTES)
    sound = {
        one.sent: one.values["lel"] for one in actor(kind="detector", of=of, flow=None, traits={"lel": "3"}).says()
    }
    wrong = {
        one.sent: one.values["lel"]
        for one in actor(leak, kind="detector", of=of, flow=None, traits={"lel": "3"}).says()
    }
    higher = [at for at in sound if wrong[at] != sound[at]]
    assert max(wrong.values()) == 60.0  # type: ignore[type-var]  # plain numbers
    assert min(higher) > ms(6)
    assert max(higher) < ms(7)
    assert all(wrong[at] >= sound[at] for at in sound)  # type: ignore[operator]
