"""Messages keep the contract's limits."""

import json
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import MAX_BYTES, Context, decode
from park.decode.native import MAX_RECORDS
from park.place import Role
from simulators.backfill import Era, days_before, eras, messages
from simulators.days import ORIGIN_MS
from simulators.live import moments
from simulators.message import Record, bundles, history_metrics, records, single
from tests.simulators.park import DAY_MS, NOON, NOON_MS, device, devices, window


@given(count=st.integers(0, 2_500), metrics=st.integers(1, 200), most=st.integers(1, 1_000))
def test_bundles_carry_every_record_once_in_order_within_both_limits(count: int, metrics: int, most: int) -> None:
    values: dict[str, object] = {f"metric_{number}": 123456.789 for number in range(metrics)}
    said: list[Record] = [{"ts": number, "m": values} for number in range(count)]  # type: ignore[typeddict-item]  # plain floats
    made = list(bundles(said, most=most, seq=1))
    assert [record for bundle in made for record in bundle.records] == said
    assert all(len(bundle.payload) <= MAX_BYTES and len(bundle.records) <= min(most, MAX_RECORDS) for bundle in made)
    assert [json.loads(bundle.payload)["seq"] for bundle in made] == list(range(1, len(made) + 1))


@given(
    said=st.lists(
        st.tuples(st.integers(0, 5), st.sets(st.sampled_from(["p", "q", "ep_imp"]), min_size=1)), max_size=60
    ),
    most=st.integers(1, 20),
)
def test_records_of_one_instant_come_in_order_and_no_message_says_a_metric_of_it_twice(
    said: list[tuple[int, set[str]]], most: int
) -> None:
    rows: list[Record] = [{"ts": NOON_MS + at, "m": dict.fromkeys(sorted(names), 1.0)} for at, names in said]
    made = list(bundles(rows, most=most))
    assert [record for bundle in made for record in bundle.records] == rows
    for bundle in made:
        decode(bundle.payload, Context("m", NOON))  # raises Malformed where a metric is said twice


def test_a_bundle_decodes_to_what_went_in() -> None:
    boiler = device("e06-stack")
    said = records(boiler, window(NOON_MS - DAY_MS, DAY_MS, 900_000))
    claims = [claim for bundle in bundles(said) for claim in decode(bundle.payload, Context(boiler.meter.id, NOON))]
    assert len(claims) == sum(len(record["m"]) for record in said)
    assert [claim.value for claim in claims] == [value for record in said for value in record["m"].values()]


def test_a_live_message_carries_time_number_and_values() -> None:
    record = records(device("e01-main"), np.array([NOON_MS], dtype=np.int64))[0]
    message = json.loads(single(record, 7))
    assert (message["v"], message["ts"], message["seq"]) == (1, NOON_MS, 7)
    assert set(message["m"]) == set(device("e01-main").meter.metrics)


def test_a_history_goes_from_the_newest_day_to_the_oldest_and_meets_the_present() -> None:
    spans = days_before(NOON_MS, 30)
    assert len(spans) == 31
    assert spans[0].end == NOON_MS
    assert all(newer.start == older.end for newer, older in pairwise(spans))
    assert spans[-1].end - spans[-1].start == DAY_MS


def test_a_history_ends_where_the_park_begins() -> None:
    assert days_before(ORIGIN_MS + 2 * DAY_MS + 1, 3_650)[-1].start == ORIGIN_MS
    assert days_before(ORIGIN_MS + 2 * DAY_MS, 3_650)[0].start == ORIGIN_MS + DAY_MS


def test_a_history_of_40_days_has_every_quarter_hour_once_and_keeps_the_limits() -> None:
    some = [device("e01-main"), device("e06-stack"), device("e01-nh3")]
    times: dict[str, list[int]] = {}
    order: list[int] = []
    for topic, bundle in messages(Era(some, days_before(NOON_MS, 40), history_metrics)):
        assert len(bundle.payload) <= MAX_BYTES
        assert len(bundle.records) <= MAX_RECORDS
        times.setdefault(topic, []).extend(record["ts"] for record in bundle.records)
        order.append(bundle.records[0]["ts"])
    assert order == sorted(order, reverse=True)
    for topic, seen in times.items():
        assert sorted(seen) == list(range(days_before(NOON_MS, 40)[-1].start, NOON_MS, 900_000)), topic


def test_history_and_live_agree_on_the_same_instant() -> None:
    at = window(NOON_MS - DAY_MS, DAY_MS, 900_000)
    for each in devices()[:20]:
        kept = history_metrics(each)
        for old, new in zip(records(each, at, kept), records(each, at), strict=True):
            assert old["m"] == {name: value for name, value in new["m"].items() if name in kept}


@pytest.mark.parametrize("name", ["e01-main", "e02-main", "e05-solvent", "e06-stack"])
def test_a_device_speaks_at_once_and_then_keeps_its_period(name: str) -> None:
    each = device(name)
    when = moments(each, NOON_MS)
    first, *rest = [next(when) for _ in range(20)]
    assert NOON_MS < first <= NOON_MS + 1_500
    assert rest[0] > first
    steps = {later - sooner for sooner, later in pairwise(rest)}
    assert steps == {each.meter.period // timedelta(milliseconds=1)}


def test_a_longer_history_is_of_what_accounts_are_made_of_and_begins_where_the_shorter_ends() -> None:
    near, far = eras(devices(), NOON_MS, days=2, register_days=5)
    assert near.spans[-1].start == far.spans[0].end
    assert [len(near.spans), len(far.spans)] == [3, 3]
    metrics = {name for device in far.devices for name in far.metrics(device)}
    counted = {"ep_imp", "volume", "gas_volume", "steam_mass", "heat_energy"}
    assert metrics == counted | {"flow", "cod", "nh3n", "flue_flow", "so2", "nox"}
    assert {device.meter.role for device in far.devices} == {Role.BOUNDARY, Role.GENERATION, Role.OUTLET}
    [*said] = messages(far)
    assert len(said) == far.steps
    assert all(set(record["m"]) <= metrics for _, bundle in said for record in bundle.records)


@pytest.mark.parametrize(
    ("days", "register_days", "steps"),
    [(0, 0, []), (2, 0, [3]), (2, 1, [3]), (0, 4, [5])],
    ids=["no history", "no longer one", "a longer one that is shorter", "registers alone"],
)
def test_an_era_without_anything_is_left_out(days: int, register_days: int, steps: list[int]) -> None:
    assert [len(era.spans) for era in eras(devices(), NOON_MS, days=days, register_days=register_days)] == steps
