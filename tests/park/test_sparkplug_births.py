"""What is kept of a Sparkplug node between its messages: names, numbers, and when it is asked for its births again."""

from datetime import timedelta
from itertools import pairwise

import pytest

from park.decode import Said
from park.decode.sparkplug_payload import read as read_payload
from park.decode.sparkplug_topic import Kind, Sender
from park.decode.sparkplug_types import DataType
from park.decode.sparkplug_write import REBIRTH, metric, node_death, write
from park.reading import Claim
from park.reason import Reason
from tests.park.sparkplugs import AT, BIRTH, MS, NODE, NODE_BIRTH, SECOND, Host, P, by_alias, data, spoken

NCMD = "spBv1.0/hengkou/NCMD/gw1"
HOUR = timedelta(hours=1)


def power(value: float, kind: DataType = DataType.DOUBLE, **more: object) -> bytes:
    return metric("Meter/P", kind, value, alias=1, at=MS, **more)  # type: ignore[arg-type]  # each test gives what it says


def test_after_a_birth_a_number_stands_for_its_name() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, BIRTH)
    written = data(2, by_alias(1, DataType.DOUBLE, 12.5), by_alias(2, DataType.UINT64, 9_300, at=None), at=MS + 1_000)
    assert host.hear(Kind.DDATA, written) == Said(
        [Claim("m1", "p", 12.5, AT), Claim("m1", "ep_imp", 9300.0, AT + SECOND, unit="Wh")]
    )


def test_a_unit_of_the_birth_holds_for_what_follows() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, write([power(1.0, properties={"engUnit": "W"})], at=MS, seq=1))
    assert host.hear(Kind.DDATA, data(2)) == Said([Claim("m1", "p", 12.5, AT, unit="W")])


def test_a_signed_number_of_data_has_the_type_its_birth_told() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, write([power(1, DataType.INT8)], at=MS, seq=1))
    assert host.values(Kind.DDATA, data(2, by_alias(1, DataType.INT8, -5))) == [("m1", "p", -5.0)]


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("a number (alias) of a birth that never came", by_alias(1, DataType.DOUBLE, 1.0)),
        ("a whole number whose type nobody told", metric("Meter/P", DataType.INT8, 255 - 256, typed=False)),
        ("neither a name nor a number", metric(None, DataType.DOUBLE, 1.0)),
    ],
)
def test_what_only_a_birth_explains_is_held_and_the_birth_asked_for(sentence: str, written: bytes) -> None:
    host = Host()
    assert host.hear(Kind.DDATA, data(2, written)) is Reason.NO_BIRTH, sentence
    assert host.asked() == [NCMD]


def test_a_number_the_birth_did_not_give_is_held_too() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, BIRTH)
    assert host.hear(Kind.DDATA, data(2, by_alias(3, DataType.DOUBLE, 1.0))) is Reason.NO_BIRTH
    assert host.asked() == [NCMD]


def test_a_message_that_was_held_is_read_once_the_birth_is_here() -> None:
    host = Host()
    held = data(2)
    assert host.hear(Kind.DDATA, held) is Reason.NO_BIRTH
    host.hear(Kind.DBIRTH, BIRTH)
    host.now = AT  # replayed as of when it came, before the birth
    assert host.values(Kind.DDATA, held) == [("m1", "p", 12.5)]


def test_a_float_by_name_needs_no_birth() -> None:
    written = metric("Meter/P", DataType.DOUBLE, 1.0, at=MS, typed=False)
    assert Host().values(Kind.DDATA, data(2, written)) == [("m1", "p", 1.0)]


def test_a_birth_says_all_names_anew() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, BIRTH)
    host.hear(Kind.DBIRTH, write([metric("Meter/Energy", DataType.UINT64, 1, alias=1, at=MS)], at=MS, seq=2))
    assert host.values(Kind.DDATA, data(3, by_alias(1, DataType.UINT64, 5))) == [("m1", "ep_imp", 5.0)]
    assert host.hear(Kind.DDATA, data(4, by_alias(2, DataType.UINT64, 5))) is Reason.NO_BIRTH


def test_a_message_from_before_the_last_birth_is_read_by_the_one_before() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, BIRTH)
    came = host.now
    host.now += HOUR
    host.hear(Kind.DBIRTH, write([metric("Meter/Energy", DataType.UINT64, 1, alias=1, at=MS)], at=MS, seq=2))
    host.now = came
    assert host.values(Kind.DDATA, data(2)) == [("m1", "p", 12.5)]


def test_a_birth_of_long_ago_that_is_replayed_changes_no_name_of_today() -> None:
    host = Host()
    old = write([metric("Meter/Energy", DataType.UINT64, 1, alias=1, at=MS)], at=MS, seq=1)
    host.now += HOUR
    host.hear(Kind.DBIRTH, BIRTH)
    today = host.now
    host.now = AT
    host.hear(Kind.DBIRTH, old)
    host.now = today
    assert host.values(Kind.DDATA, data(2)) == [("m1", "p", 12.5)]


def test_a_node_that_is_born_again_ends_the_names_of_its_devices() -> None:
    host = Host()
    host.hear(Kind.NBIRTH, NODE_BIRTH, NODE)
    host.hear(Kind.DBIRTH, BIRTH)
    assert host.values(Kind.DDATA, data(2)) == [("m1", "p", 12.5)]
    host.hear(Kind.NBIRTH, NODE_BIRTH, NODE)
    assert host.hear(Kind.DDATA, data(2)) is Reason.NO_BIRTH
    host.hear(Kind.DBIRTH, BIRTH)
    assert host.values(Kind.DDATA, data(3)) == [("m1", "p", 12.5)]


def test_what_was_learnt_outlives_a_restart() -> None:
    host, again = Host(), Host()
    host.hear(Kind.NBIRTH, NODE_BIRTH, NODE)
    host.hear(Kind.DBIRTH, BIRTH)
    again.memory.load(host.memory.dump())
    again.now = host.now
    assert again.hear(Kind.DDATA, data(2)) == Said([Claim("m1", "p", 12.5, AT)])


NUMBERS = [
    ("one after the other", [1, 2, 3], []),
    ("255 is followed by 0", [254, 255, 0, 1], []),
    ("the first heard is where we begin", [77, 78], []),
    ("one is missing", [1, 3, 4], [1]),
    ("many are missing", [1, 200], [1]),
    ("one that comes again", [1, 2, 2, 3], []),
    ("some that come again", [1, 2, 3, 2, 3, 4], []),
    ("two times", [1, 3, 4, 6], [1, 3]),
]


@pytest.mark.parametrize(("sentence", "numbers", "gaps"), NUMBERS)
def test_numbers_that_are_missing_are_counted(sentence: str, numbers: list[int], gaps: list[int]) -> None:
    host = Host()
    host.hear(Kind.DBIRTH, write([P], at=MS))
    said = [host.hear(Kind.DDATA, data(number)) for number in numbers]
    found = [place for place, each in enumerate(said) if isinstance(each, Said) and each.remarks == ("gap",)]
    assert found == gaps, sentence
    assert host.asked() == ([NCMD] if gaps else [])


def test_a_node_numbers_through_its_own_messages_and_its_devices() -> None:
    host = Host(spoken(), spoken("m2", device="m8"))
    eighth = Sender("hengkou", "gw1", "m8")
    heard = [
        host.hear(Kind.NBIRTH, NODE_BIRTH, NODE),
        host.hear(Kind.DBIRTH, BIRTH),
        host.hear(Kind.DBIRTH, write([P], at=MS, seq=2), eighth),
        host.hear(Kind.DDATA, data(3)),
        host.hear(Kind.NDATA, data(4), NODE),
        host.hear(Kind.DDATA, data(5), eighth),
    ]
    assert [each.remarks for each in heard if isinstance(each, Said)] == [()] * 6


def test_a_node_that_died_or_is_born_begins_its_numbers_again() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, BIRTH)
    host.hear(Kind.NDEATH, node_death(7), NODE)
    host.hear(Kind.NBIRTH, NODE_BIRTH, NODE)
    host.hear(Kind.DBIRTH, BIRTH)
    host.hear(Kind.NBIRTH, NODE_BIRTH, NODE)
    assert host.hear(Kind.DBIRTH, BIRTH) == Said(
        [Claim("m1", "p", 12450.5, AT), Claim("m1", "ep_imp", 9250.0, AT, unit="Wh")]
    )
    assert host.asked() == []


def test_a_replay_moves_no_number() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, BIRTH)
    host.hear(Kind.DDATA, data(2))
    now, host.now = host.now, AT - HOUR
    assert host.hear(Kind.DDATA, data(99)) == Said([Claim("m1", "p", 12.5, AT)])
    host.now = now
    assert host.hear(Kind.DDATA, data(3)) == Said([Claim("m1", "p", 12.5, AT)])


def test_a_node_that_does_not_answer_is_asked_ever_less_often() -> None:
    host = Host()
    asked = []
    for second in range(6 * 3_600):
        host.now = AT + second * SECOND
        host.hear(Kind.DDATA, data(second % 256, by_alias(9, DataType.DOUBLE, 1.0)))
        asked += [second] * len(host.asked())
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert [round(wait / 60) for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_after_a_day_without_a_reason_it_is_asked_as_at_first() -> None:
    host = Host()
    strange = data(1, by_alias(9, DataType.DOUBLE, 1.0))
    asked = []
    for hours in (0, 1, 30, 30.1):
        host.now = AT + hours * HOUR
        host.hear(Kind.DDATA, strange)
        asked.append(len(host.asked()))
    assert asked == [1, 1, 1, 1]


def test_what_is_asked_is_a_rebirth() -> None:
    host = Host()
    host.hear(Kind.DDATA, data(1))
    [wish] = host.memory.take_wishes()
    [asked] = read_payload(wish.payload).metrics
    assert wish.topic == NCMD
    assert (asked.name, asked.value, asked.kind) == (REBIRTH, True, DataType.BOOLEAN)
