"""One cause is told by one item: what it spoils beside is no failure of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from park.acceptance.examine import examine
from park.acceptance.heard import BrokerLine, Message, Plug, Session
from park.acceptance.item import Item, Verdict
from park.acceptance.listened import requests
from park.decode import hj212_write, sparkplug_write
from park.decode.sparkplug_types import DataType
from park.instant import to_ms
from park.place import Multiplier
from park.reading import Claim
from tests.park.acceptance_session import DATA, METER, NOON, PERIOD, REGISTRY, Device, failures, session, values

BACKFILL = DATA.replace("/data", "/backfill")


def test_a_register_that_stands_still_while_power_flows_is_not_read_any_more() -> None:
    stuck = session(Device(spoil=values(ep_imp=lambda _place, _value: 5_000.1234)))
    assert failures(stuck) == [Item.MULTIPLIER]
    (found,) = (one for one in examine(METER, REGISTRY, stuck).findings if one.item is Item.MULTIPLIER)
    assert "stands at" in found.en
    assert "没有更新" in found.zh


@pytest.mark.parametrize(("shown", "power"), [(5_000.0, 10.0), (5_000.1234, 0.0)], ids=["coarse", "idle"])
def test_a_register_that_may_well_stand_still_is_not_blamed(shown: float, power: float) -> None:
    still = Device(spoil=values(ep_imp=lambda _place, _value: shown, p=lambda _place, _value: power))
    assert failures(session(still)) == []


def test_what_a_gateway_had_kept_is_not_out_of_order_among_what_is_live() -> None:
    whole = session(Device())
    late = [
        message._replace(topic=BACKFILL, at=message.at + 30 * PERIOD)
        for place, message in enumerate(whole.messages)
        if 40 < place < 44
    ]
    rest = [message for place, message in enumerate(whole.messages) if not 40 < place < 44]
    heard = whole._replace(messages=tuple(sorted([*rest, *late], key=lambda one: one.at)))
    assert failures(heard) == []
    assert failures(whole._replace(messages=tuple(rest))) == [Item.SEQUENCE]


def test_numbers_lost_while_the_plug_was_pulled_are_the_plugs() -> None:
    gone = Device(skip=lambda place: 40 < place < 50)
    assert failures(session(gone)) == [Item.SEQUENCE]
    asked = NOON + 41 * PERIOD
    offline = Message(NOON + 45 * PERIOD, DATA.replace("/data", "/state"), b"offline", retained=True)
    online = offline._replace(at=NOON + 51 * PERIOD - timedelta(seconds=1), payload=b"online")
    gone.states += [offline, online]
    assert failures(session(gone, plug=Plug(asked, NOON + 60 * PERIOD))) == []


def test_two_devices_fail_for_that_alone() -> None:
    both = Device(spoil=values(ep_imp=lambda place, value: value + 70_000 * (place % 2)))
    assert failures(session(both)) == [Item.MONOTONY]
    first = session(Device())
    other = session(Device(spoil=values(p=lambda _place, value: value + 3, ep_imp=lambda _place, value: value * 2)))
    merged = tuple(sorted([*first.messages, *other.messages], key=lambda one: one.at))
    assert failures(first._replace(messages=merged)) == [Item.IDENTITY]


@pytest.mark.parametrize(("opening", "item"), [(0.0, Item.MONOTONY), (90_000.0, Item.RATING)], ids=["new", "used"])
def test_a_swap_spoils_neither_resolution_nor_multiplier(opening: float, item: Item) -> None:
    swapped = values(ep_imp=lambda place, value: value - 5_000 + opening if place > 50 else value)
    assert failures(session(Device(spoil=swapped))) == [item]


def test_values_that_are_refused_were_there_all_the_same() -> None:
    mixed = Device(spoil=lambda place, body: body | {"m": {"p": {"v": 1, "u": "MPa"}}} if place % 4 == 0 else body)
    assert failures(session(mixed)) == [Item.UNITS]


def entered(place: int) -> BrokerLine:
    text = "New client connected from 10.0.0.7:51000 as e01-main (p2, c1, k60, u'e01-main')."
    return BrokerLine(NOON + place * PERIOD, text)


def test_a_device_that_connects_again_and_again_unasked_is_restless() -> None:
    calm, restless = (tuple(entered(place) for place in range(count)) for count in (3, 4))
    assert failures(session(Device(), lines=calm)) == []
    assert failures(session(Device(), lines=restless)) == [Item.RECONNECT]


NODE = replace(METER, codec="sparkplug", options={"group": "g", "node": "n"}, multipliers=(Multiplier(NOON, 1.0),))


def spoken(place: int, *, born: bool) -> Message:
    """Give what a node says: its birth, or its values by number."""
    at = NOON + place * PERIOD
    values_ = {"p": 10.0, "ep_imp": 5_000 + 10 * (place * PERIOD / timedelta(hours=1))}
    written = [
        sparkplug_write.metric(
            name if born else None, DataType.DOUBLE, value, alias=number, at=to_ms(at), typed=born
        )
        for number, (name, value) in enumerate(values_.items())
    ]  # fmt: skip
    body = (
        sparkplug_write.node_birth(written, at=to_ms(at), bd_seq=0)
        if born
        else sparkplug_write.write(written, at=to_ms(at), seq=place % 256)
    )
    return Message(at, f"spBv1.0/g/{'NBIRTH' if born else 'NDATA'}/n", body)


def test_what_a_node_said_before_its_birth_is_read_once_that_has_come() -> None:
    said = tuple(spoken(place, born=place == 5) for place in range(1, 60))
    heard = Session(NOON, NOON + 60 * PERIOD, said)
    assert examine(NODE, replace(REGISTRY, meters=(NODE,)), heard).failed == ()
    unborn = examine(NODE, replace(REGISTRY, meters=(NODE,)), heard._replace(messages=said[10:]))
    (payload,) = (one for one in unborn.findings if one.item is Item.PAYLOAD)
    assert (unborn.failed, payload.verdict) == ((), Verdict.NOTE)
    assert "restart the node" in payload.en


def test_a_node_is_asked_for_its_names_and_nobody_else_for_anything() -> None:
    ((topic, payload),) = requests(NODE, NOON)
    assert topic == "spBv1.0/g/NCMD/n"
    assert payload == sparkplug_write.rebirth_command(to_ms(NOON))
    assert requests(METER, NOON) == ()


LOGGER = replace(
    METER, period=timedelta(minutes=1), metrics=("cod",), codec="hj212", options={"mn": "M1"}, multipliers=()
)


@pytest.mark.parametrize(("late", "items"), [(62, []), (70, [Item.OFFSET])], ids=["its minute", "its clock"])
def test_minute_data_that_are_stamped_with_the_beginning_of_their_minute_are_in_time(
    late: int, items: list[Item]
) -> None:
    said = []
    for place in range(12):
        at = NOON + place * LOGGER.period
        [frame] = hj212_write.encode([Claim(LOGGER.id, "cod", 30.0 + place, at)], mn="M1", cn="2051")
        said.append(Message(at + timedelta(seconds=late), "hj212/M1", frame))
    heard = Session(NOON, NOON + 14 * LOGGER.period, tuple(said))
    found = examine(LOGGER, replace(REGISTRY, meters=(LOGGER,)), heard)
    assert list(found.failed) == items
    assert {one.item for one in found.findings if one.verdict is Verdict.PASS} >= {
        Item.PERIOD,
        Item.JITTER,
        Item.METRICS,
    }
