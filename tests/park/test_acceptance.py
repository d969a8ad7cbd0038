"""Device acceptance: a good device passes every item that can be told, and a bad one fails for exactly its fault."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.acceptance.examine import examine
from park.acceptance.heard import Message, Plug, Session
from park.acceptance.item import NAMES, Item, Verdict
from park.acceptance.listened import filters
from park.place import Register
from tests.park.acceptance_session import (
    COUNT,
    DATA,
    METER,
    NOON,
    PERIOD,
    REGISTRY,
    STATE,
    Device,
    failures,
    session,
    values,
    without,
)


def test_a_good_device_fails_nothing_and_passes_all_that_can_be_told() -> None:
    acceptance = examine(METER, REGISTRY, session(Device()))
    assert acceptance.accepted
    assert [one.item for one in acceptance.findings] == list(Item)
    noted = {one.item for one in acceptance.findings if one.verdict is Verdict.NOTE}
    assert noted == {Item.LAST_WILL, Item.RECONNECT, Item.CLIENT_ID, Item.ACCOUNT, Item.TLS}
    assert (acceptance.messages, acceptance.readings) == (COUNT, 2 * COUNT)


BAD: dict[str, tuple[Device, Item]] = {
    "it speaks under another enterprise": (Device(topic="park/v1/hk/e02/e01-main/data"), Item.TOPIC),
    "it speaks on a topic that is none": (Device(topic="park/v1/hk/e01/e01-main/telemetry"), Item.TOPIC),
    "it publishes with QoS 0": (Device(qos=0), Item.QOS),
    "its values are retained": (Device(retained=True), Item.RETAINED),
    "it sends something else than the contract": (Device(spoil=lambda _place, _body: b"P=12.3;E=99"), Item.PAYLOAD),
    "one message in ten is cut off": (
        Device(spoil=lambda place, body: json.dumps(body).encode()[:-5] if place % 10 == 9 else body),
        Item.PAYLOAD,
    ),
    "it gives power a unit of energy": (
        Device(spoil=lambda _place, body: body | {"m": body["m"] | {"q": {"v": 1.0, "u": "kWh"}}}),
        Item.UNITS,
    ),
    "it names a metric nobody knows": (
        Device(spoil=lambda _place, body: body | {"m": body["m"] | {"wattage": 1.0}}),
        Item.UNITS,
    ),
    "it leaves out a registered metric": (
        Device(spoil=lambda _place, body: body | {"m": {"ep_imp": body["m"]["ep_imp"]}}),
        Item.METRICS,
    ),
    "it sends what cannot be": (
        Device(spoil=values(p=lambda place, value: 9e6 if place == 40 else value)),
        Item.RANGE,
    ),
    "it marks every value as a fault": (Device(spoil=lambda _place, body: body | {"q": "fault"}), Item.QUALITY),
    "it gives no time": (Device(spoil=without("ts")), Item.TIME),
    "its clock is two minutes ahead": (Device(shift=timedelta(minutes=2)), Item.OFFSET),
    "its clock is an hour behind": (Device(shift=-timedelta(hours=1)), Item.OFFSET),
    "it reports half as often as registered": (Device(period=2 * PERIOD), Item.PERIOD),
    "it says the same number again and again": (
        Device(spoil=lambda _place, body: body | {"seq": 7}),
        Item.SEQUENCE,
    ),
    "its register goes back once": (
        Device(spoil=values(ep_imp=lambda place, value: value - 400 if place == 50 else value)),
        Item.MONOTONY,
    ),
    "its register has only whole counts": (
        Device(spoil=values(ep_imp=lambda _place, value: 5_000.0 + 40.0 * (value > 5_001.2))),
        Item.REGISTER_STEP,
    ),
    "its power is multiplied in the device already": (
        Device(spoil=values(p=lambda _place, value: value * 120)),
        Item.MULTIPLIER,
    ),
    "its register counts Wh": (
        Device(spoil=values(ep_imp=lambda _place, value: 5_000_000 + (value - 5_000) / 1000)),
        Item.MULTIPLIER,
    ),
    "it never says that it is there": (Device(states=[]), Item.STATE),
    "it says up instead of online": (Device(states=[Message(NOON, STATE, b"up", retained=True)]), Item.STATE),
    "its state is not retained": (Device(states=[Message(NOON, STATE, b"online")]), Item.STATE),
    "it is offline and sends all the same": (
        Device(states=[Message(NOON, STATE, b"offline", retained=True, stored=True)]),
        Item.STATE,
    ),
}


@pytest.mark.parametrize("sentence", BAD)
def test_a_bad_device_fails_for_exactly_its_fault(sentence: str) -> None:
    device, item = BAD[sentence]
    assert failures(session(device)) == [item], sentence


def test_two_devices_under_one_id_contradict_each_other_or_jump_to_and_fro() -> None:
    same_instants = Device(spoil=values(ep_imp=lambda place, value: value + 70_000 * (place % 2)))
    assert failures(session(same_instants))[:1] == [Item.MONOTONY]
    first = session(Device()).messages
    second = session(Device(spoil=values(p=lambda _place, value: value + 3)), tls=None).messages
    both = Session(NOON, NOON + 100 * PERIOD, tuple(sorted([*first, *second], key=lambda one: one.at)))
    assert Item.IDENTITY in failures(both)


def test_a_device_that_loses_every_fourth_value_is_told_by_its_numbers_and_by_its_steps() -> None:
    assert failures(session(Device(skip=lambda place: place % 4 == 1))) == [Item.JITTER, Item.SEQUENCE]


def test_times_in_whole_minutes_overwrite_each_other() -> None:
    def cut(_place: int, body: dict[str, Any]) -> dict[str, Any]:
        body["ts"] = body["ts"][:17] + "00.000+00:00"
        return body

    assert Item.RESOLUTION in failures(session(Device(spoil=cut)))


def test_a_register_faster_than_its_plate_is_seen() -> None:
    slow = replace(METER, register=Register(rated="100 kW"))
    assert failures(session(Device()), slow) == [Item.RATING]


def test_of_a_device_that_says_nothing_only_that_is_told() -> None:
    assert failures(Session(NOON, NOON + timedelta(minutes=15))) == [Item.TOPIC, Item.STATE]


def test_what_lay_at_the_broker_before_is_no_evidence_of_now() -> None:
    old = Message(NOON, DATA, b'{"v":1,"m":{"p":1}}', retained=True, stored=True)
    heard = session(Device())
    assert failures(heard._replace(messages=(old, *heard.messages))) == [Item.RETAINED]


def test_every_item_has_its_names_and_every_finding_both_languages() -> None:
    assert set(NAMES) == set(Item)
    for device, _ in BAD.values():
        for one in examine(METER, REGISTRY, session(device)).findings:
            assert one.zh.rstrip().endswith(("。", ".")), one
            assert one.en.rstrip().endswith((".", "。")), one


def test_a_meter_is_listened_to_wherever_it_speaks() -> None:
    assert filters(METER) == ("park/v1/+/+/e01-main/#",)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 900),
            st.sampled_from([DATA, STATE, DATA.replace("/data", "/backfill"), "x/y", DATA + "/z"]),
            st.binary(max_size=60) | st.just(b'{"v":1,"m":{"p":1.5,"ep_imp":7}}'),
            st.integers(0, 2),
            st.booleans(),
            st.booleans(),
        ),
        max_size=30,
    ),
    st.booleans(),
)
def test_whatever_is_heard_every_item_is_told_once(heard: list[tuple[Any, ...]], pulled: bool) -> None:  # noqa: FBT001  # drawn
    messages = tuple(
        Message(NOON + timedelta(seconds=s), topic, payload, qos, retained, stored=stored)
        for s, topic, payload, qos, retained, stored in sorted(heard, key=lambda one: one[0])
    )
    plug = Plug(NOON + timedelta(seconds=300)) if pulled else None
    acceptance = examine(METER, REGISTRY, Session(NOON, NOON + timedelta(seconds=900), messages, plug=plug))
    assert [one.item for one in acceptance.findings] == list(Item)
    json.dumps(acceptance.document(), allow_nan=False)
