"""Device acceptance: a good device passes every item that can be told, and a bad one fails for exactly its fault."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.acceptance.examine import examine
from park.acceptance.heard import BrokerLine, Message, Plug, Session
from park.acceptance.item import NAMES, Item, Verdict
from park.acceptance.listened import filters
from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PERIOD = timedelta(seconds=10)
METER = Meter(
    "e01-main",
    "e01",
    "hk",
    Medium.ELECTRICITY,
    Role.BOUNDARY,
    "一号变总表",
    PERIOD,
    ("ep_imp", "p"),
    multipliers=(Multiplier(NOON - timedelta(days=900), 120.0),),
    register=Register(rated="2000 kW"),
)
REGISTRY = Registry((Park("hk", "恒口"),), (Enterprise("e01", "hk", "食品厂"),), (METER,))
DATA = "park/v1/hk/e01/e01-main/data"
STATE = "park/v1/hk/e01/e01-main/state"
COUNT = 90
POWER = 10.0
"""kW at the secondary side: 1,200 kW behind a multiplier of 120."""


@dataclass
class Device:
    """What one device says: message by message, to be spoilt by a test."""

    topic: str = DATA
    qos: int = 1
    retained: bool = False
    shift: timedelta = timedelta()
    skip: Callable[[int], bool] = lambda _place: False
    spoil: Callable[[int, dict[str, Any]], Any] = lambda _place, body: body
    states: list[Message] = field(default_factory=lambda: [Message(NOON, STATE, b"online", retained=True, stored=True)])
    period: timedelta = PERIOD

    def messages(self) -> list[Message]:
        """Say it all."""
        said = list(self.states)
        for place in range(COUNT):
            if self.skip(place):
                continue
            at = NOON + (place + 1) * self.period
            hours = (place + 1) * self.period / timedelta(hours=1)
            body = {
                "v": 1,
                "ts": (at + self.shift).isoformat(timespec="milliseconds"),
                "seq": place + 1,
                "m": {"p": POWER, "ep_imp": round(5_000 + POWER * hours, 4)},
            }
            spoilt = self.spoil(place, body)
            payload = spoilt if isinstance(spoilt, bytes) else json.dumps(spoilt).encode()
            came = at + timedelta(milliseconds=200)
            said.append(Message(came, self.topic, payload, self.qos, self.retained))
        return said


def session(device: Device, **more: Any) -> Session:  # noqa: ANN401  # the rest of a session, as it is
    end = NOON + (COUNT + 1) * device.period
    return Session(NOON, end, tuple(sorted(device.messages(), key=lambda one: one.at)), **more)


def failures(heard: Session, meter: Meter = METER) -> list[Item]:
    return list(examine(meter, replace(REGISTRY, meters=(meter,)), heard).failed)


def values(**changes: Callable[[int, float], float]) -> Callable[[int, dict[str, Any]], Any]:
    """Change what a metric says, by its place in the course of the session."""

    def spoil(place: int, body: dict[str, Any]) -> dict[str, Any]:
        for name, change in changes.items():
            body["m"][name] = change(place, body["m"][name])
        return body

    return spoil


def without(key: str) -> Callable[[int, dict[str, Any]], Any]:
    return lambda _place, body: {name: value for name, value in body.items() if name != key}


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


PULLED = NOON + 40 * PERIOD
BACK = NOON + 60 * PERIOD


def trial(*, will: bool = True, back: bool = True, kept: bool = True, online: bool = True) -> Session:
    """Pull the plug for twenty periods."""
    said = session(Device()).messages
    before = [one for one in said if one.at < PULLED]
    after = [one for one in said if one.at >= BACK] if back else []
    late = [
        one._replace(at=BACK + timedelta(seconds=1), topic=DATA.replace("/data", "/backfill"))
        for one in said
        if kept and back and PULLED <= one.at < BACK
    ]
    state = [Message(PULLED + timedelta(seconds=15), STATE, b"offline", retained=True)] if will else []
    state += [Message(BACK, STATE, b"online", retained=True)] if back and online else []
    messages = sorted([*before, *state, *after, *late], key=lambda one: one.at)
    return Session(NOON, NOON + 95 * PERIOD, tuple(messages), plug=Plug(PULLED, NOON + 95 * PERIOD))


TRIALS: dict[str, tuple[Session, list[Item], dict[Item, Verdict]]] = {
    "a will, and all that was kept": (
        trial(), [], {Item.LAST_WILL: Verdict.PASS, Item.RECONNECT: Verdict.PASS},
    ),
    "no will": (trial(will=False), [Item.LAST_WILL], {Item.RECONNECT: Verdict.PASS}),
    "nothing was kept": (trial(kept=False), [], {Item.RECONNECT: Verdict.NOTE}),
    "it does not come back": (trial(back=False), [Item.RECONNECT], {Item.LAST_WILL: Verdict.PASS}),
    "it comes back and never says online": (trial(online=False), [Item.STATE], {Item.RECONNECT: Verdict.PASS}),
    "it was never away": (
        session(Device(), plug=Plug(PULLED)), [], {Item.LAST_WILL: Verdict.NOTE, Item.RECONNECT: Verdict.NOTE},
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", TRIALS)
def test_the_plug_is_pulled_and(sentence: str) -> None:
    heard, failed, verdicts = TRIALS[sentence]
    acceptance = examine(METER, REGISTRY, heard)
    # Numbers that never came are missing, whatever the reason.
    assert [item for item in acceptance.failed if item is not Item.SEQUENCE] == failed
    found = {one.item: one.verdict for one in acceptance.findings}
    assert {item: found[item] for item in verdicts} == verdicts


def lines(*texts: str) -> tuple[BrokerLine, ...]:
    return tuple(BrokerLine(NOON, text) for text in texts)


CAME = "New connection from 10.0.0.7:5021 on port {port}."
IN = "New client connected from 10.0.0.7:5021 as {client} (p5, c0, k60, u'{user}')."
LOGS: dict[str, tuple[tuple[BrokerLine, ...], list[Item], list[Item]]] = {
    "its own account over TLS": (
        lines(CAME.format(port=8883), IN.format(client="e01-main", user="e01-main")),
        [], [Item.CLIENT_ID, Item.ACCOUNT, Item.TLS],
    ),
    "another device's account": (
        lines(CAME.format(port=8883), IN.format(client="e01-main", user="e07-main")),
        [Item.ACCOUNT], [Item.CLIENT_ID, Item.TLS],
    ),
    "no account at all": (
        lines(CAME.format(port=8883), "New client connected from 10.0.0.7:5021 as e01-main (p2, c1, k60)."),
        [Item.ACCOUNT], [Item.CLIENT_ID, Item.TLS],
    ),
    "the plain port": (
        lines(CAME.format(port=1883), IN.format(client="gw-7", user="e01-main")),
        [Item.TLS], [Item.CLIENT_ID, Item.ACCOUNT],
    ),
    "a client id that another connection has too": (
        lines(
            CAME.format(port=8883), IN.format(client="gw-7", user="e01-main"),
            "Client gw-7 already connected, closing old connection.",
        ),
        [Item.CLIENT_ID], [Item.ACCOUNT, Item.TLS],
    ),
    "others only": (lines(CAME.format(port=1883), IN.format(client="gw-9", user="e09-main")), [], []),
}  # fmt: skip


@pytest.mark.parametrize("sentence", LOGS)
def test_the_brokers_log_tells_of(sentence: str) -> None:
    log, failed, passed = LOGS[sentence]
    acceptance = examine(METER, REGISTRY, session(Device(), lines=log))
    assert list(acceptance.failed) == failed
    told = [one.item for one in acceptance.findings if one.item in {Item.CLIENT_ID, Item.ACCOUNT, Item.TLS}]
    found = {one.item: one.verdict for one in acceptance.findings}
    assert [item for item in told if found[item] is Verdict.PASS] == passed


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
