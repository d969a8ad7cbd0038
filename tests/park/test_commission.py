"""Out of what nobody registered sends, a registry entry is drafted that a person has only to complete."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.commission import NICE, USUAL, Heap, Sender, called, senders, usual_period
from park.commission_draft import draft
from park.commission_guess import Guess, Sample, guess
from park.commission_paths import MOST, numbers_of
from park.decode import hj212_write, senml_write, sparkplug_write
from park.decode.json_path import find, steps
from park.decode.json_text import load
from park.decode.sparkplug_types import DataType
from park.place import IDENTIFIER
from park.reading import Claim
from park.reason import Reason
from park.registry_file import check, dump
from tests.park.examples import meter, registry

NOW = datetime(2026, 11, 26, tzinfo=UTC)
MS = 1_795_651_200_000
MINUTE = timedelta(minutes=1)
MN = "81733553213013"
PARK = registry(meter("m1"))


def birth() -> bytes:
    """Say a node's birth: one name that is ours and one that is not."""
    named = [
        sparkplug_write.metric("Meter/P", DataType.DOUBLE, 5.0, alias=7),
        sparkplug_write.metric("ep_imp", DataType.DOUBLE, 9.0, alias=8),
    ]
    return sparkplug_write.node_birth(named, at=MS, bd_seq=0)


def number(at: int = MS) -> bytes:
    """Say a value of the node by its number alone."""
    return sparkplug_write.write([sparkplug_write.metric(None, DataType.DOUBLE, 6.0, alias=7)], at=at, seq=1)


TASMOTA = b'{"Time":"2026-11-25T10:00:00","ENERGY":{"Total":3.185,"Power":1500,"Voltage":230,"Current":6.5}}'
SENML = senml_write.encode([Claim("", "p", 1.5, NOW, unit="kW"), Claim("", "foo", 2.0, NOW)])
HJ212 = hj212_write.encode([Claim("x", "so2", 35.0, NOW)], mn=MN, st="31")[0]
OWN = "park/v1/hengkou/e01/new/data"

ROWS: dict[str, tuple[str, bytes, str, list[str], list[str]]] = {
    "our own form": (OWN, b'{"v":1,"m":{"p":1.5,"ep_imp":5}}', "native", ["ep_imp", "p"], []),
    "a plug of a known make": ("tele/plug7/SENSOR", TASMOTA, "json", ["ep_imp", "i1", "p", "u1"], []),
    "JSON of nobody's form": ("gw/7", b'{"d":{"P":1,"x":[1,true]}}', "json", [], ["d.P", "d.x.0"]),
    "SenML": ("a/b", SENML, "senml", ["p"], ["foo"]),
    "lines": ("telegraf/x", b"m,id=7 p=3.5,foo=7 1795651200000000000", "line", ["p"], ["foo"]),
    "a node's birth": ("spBv1.0/g/NBIRTH/gw", birth(), "sparkplug", ["ep_imp"], ["Meter/P"]),
    "a node whose birth was missed": ("spBv1.0/g/NDATA/gw", number(), "sparkplug", [], []),
    "a logger": (f"hj212/{MN}", HJ212, "hj212", ["so2"], []),
    "a logger over the contract's topic": (OWN, HJ212, "hj212", ["so2"], []),
}


def heard(topic: str, count: int = 10) -> Sender:
    """Make a sender of one topic, heard every 15 s."""
    [one] = senders([Heap(topic, None, count, NOW, NOW + (count - 1) * timedelta(seconds=15))])
    return one


def guessed(topic: str, *payloads: bytes, content_type: str | None = None) -> Guess | None:
    """Guess by messages of one topic."""
    return guess([Sample(topic, payload, NOW, content_type) for payload in payloads])


@pytest.mark.parametrize(("topic", "said", "codec", "metrics", "strange"), ROWS.values(), ids=ROWS.keys())
def test_each_message_is_read_by_the_codec_it_is_of(
    topic: str, said: bytes, codec: str, metrics: list[str], strange: list[str]
) -> None:
    found = guessed(topic, said)
    assert found is not None
    assert (found.codec, sorted(found.metrics), sorted(found.strange)) == (codec, metrics, strange)


@pytest.mark.parametrize("said", [b"", b"hello", b"\x00\x01", b"[]", b"{}", b'"x"', b"\xff" * 300])
def test_what_no_codec_reads_is_not_guessed_at(said: bytes) -> None:
    assert guessed("x/y", said) is None


@pytest.mark.parametrize(
    ("said", "options"),
    [
        (b"m,id=7 p=1", {"measurement": "m"}),
        (b"m,id=7 p=1\nm,id=7 p=1", {"measurement": "m"}),
        (b"m,id=7 p=1\nm,id=8 p=2", {"measurement": "m", "tags": {"id": "7"}}),
        (b"m p=1\nn p=2", {"measurement": "m"}),
    ],
    ids=["one series", "one series twice", "two told apart by a tag", "two told apart by their measurement"],
)
def test_of_several_series_the_first_is_meant(said: bytes, options: dict[str, object]) -> None:
    found = guessed("telegraf/x", said)
    assert found is not None
    assert found.options == {"topic": "telegraf/x"} | options
    assert found.readings["p"].value == 1


def test_without_a_message_there_is_no_guess() -> None:
    assert guess([]) is None


def test_a_content_type_is_believed() -> None:
    found = guessed("x/y", SENML, content_type="application/senml+json")
    assert found is not None
    assert found.codec == "senml"
    assert guessed("x/y", TASMOTA, content_type="application/senml+json") is None


def test_a_birth_tells_what_the_numbers_after_it_are() -> None:
    samples = [Sample("spBv1.0/g/NBIRTH/gw", birth(), NOW), Sample("spBv1.0/g/NDATA/gw", number(MS + 1), NOW)]
    found = guess(samples)
    assert found is not None
    assert found.strange == {"Meter/P": 6.0}


def test_why_something_would_not_be_let_in_is_told_and_what_it_measures_all_the_same() -> None:
    found = guessed(OWN, b'{"v":1,"ts":4102444800000,"m":{"p":1}}')
    assert found is not None
    assert found.refusal is not None
    assert (found.refusal.reason, found.metrics, dict(found.readings)) == (Reason.IN_FUTURE, ("p",), {})


# --- senders ----------------------------------------------------------------------------------------------------------


def test_the_topics_of_one_node_and_the_channels_of_one_meter_are_one_sender() -> None:
    topics = [
        "spBv1.0/g/NBIRTH/gw",
        "spBv1.0/g/NDATA/gw",
        "spBv1.0/g/DDATA/gw/d7",
        OWN,
        OWN.replace("data", "backfill"),
    ]
    found = senders(Heap(topic, None, 1, NOW, NOW + n * MINUTE) for n, topic in enumerate(topics))
    assert [(one.name, one.messages, len(one.topics)) for one in found] == [
        ("new", 2, 2), ("spBv1.0/g/gw/d7", 1, 1), ("spBv1.0/g/gw", 2, 2),
    ]  # fmt: skip
    assert (found[0].first, found[0].last) == (NOW, NOW + 4 * MINUTE)
    assert len({one.id for one in found}) == 3
    assert found[0].id == heard(OWN).id


@given(st.text(max_size=40))
def test_every_topic_has_a_sender(topic: str) -> None:
    assert called(topic) == heard(topic).name


@given(st.sampled_from(NICE), st.integers(3, 50), st.floats(0.9, 1.1))
def test_a_period_is_found_in_spite_of_jitter(nice: timedelta, count: int, jitter: float) -> None:
    assert usual_period(count, NOW, NOW + nice * (count - 1) * jitter) == nice


@pytest.mark.parametrize(("count", "span"), [(1, MINUTE), (5, timedelta(0))])
def test_what_was_heard_once_has_the_usual_period(count: int, span: timedelta) -> None:
    assert usual_period(count, NOW, NOW + span) == USUAL


# --- drafts -----------------------------------------------------------------------------------------------------------

FILLED = {"name": "新表", "metrics": ["p"]}


@pytest.mark.parametrize(("topic", "said", "strange"), [(row[0], row[1], row[4]) for row in ROWS.values()], ids=ROWS)
def test_a_draft_with_what_a_person_adds_is_an_entry_the_registry_takes(
    topic: str, said: bytes, strange: Sequence[str]
) -> None:
    chosen = {strange[0]: "f"} if strange else {}
    made = draft(heard(topic), guessed(topic, said), PARK, chosen=chosen)
    document = {key: value or FILLED.get(key) for key, value in made.document.items()}
    assert document["period"] == "15s"
    checked = check(dump(PARK) | {"meters": [*whole(), document]})
    assert checked.registry is not None, checked.mistakes
    assert "name" in made.asked


def whole() -> Iterable[object]:
    """Give the meters that stand already."""
    found = dump(PARK)["meters"]
    assert isinstance(found, list)
    return found


def test_a_meter_of_the_contract_has_the_id_and_the_enterprise_of_its_topic() -> None:
    made = draft(heard(OWN), guessed(OWN, ROWS["our own form"][1]), PARK)
    assert (made.document["id"], made.document["enterprise"]) == ("new", "e01")
    assert made.asked == ("name", "role", "multiplier")


def test_what_is_chosen_for_a_strange_name_is_written_and_what_is_not_is_left_out_on_purpose() -> None:
    topic, said = ROWS["a node's birth"][:2]
    found = guessed(topic, said)
    without, chosen = (draft(heard(topic), found, PARK, chosen=words) for words in ({}, {"Meter/P": "p"}))
    node = {"group": "g", "node": "gw"}
    assert without.document["codec"] == {"sparkplug": node | {"names": {"ep_imp": "ep_imp"}}}
    assert chosen.document["codec"] == {"sparkplug": node | {"names": {"ep_imp": "ep_imp", "Meter/P": "p"}}}
    assert chosen.document["metrics"] == ["ep_imp", "p"]


def test_the_medium_is_that_of_most_metrics_and_the_others_are_named() -> None:
    said = b'{"v":1,"m":{"so2":1,"nox":2,"p":3}}'
    made = draft(heard(OWN), guessed(OWN, said), PARK)
    assert (made.document["medium"], made.document["role"]) == ("emission", "outlet")
    assert (made.document["metrics"], made.left_out) == (["so2", "nox"], ("p",))


@given(st.text(max_size=90), st.integers(1, 3))
def test_an_id_is_one_that_no_meter_has(topic: str, taken: int) -> None:
    known = PARK
    for _ in range(taken):
        number = draft(heard(f"gw/{topic}"), None, known).document["id"]
        assert isinstance(number, str)
        assert IDENTIFIER.fullmatch(number)
        assert number not in known.by_meter
        known = registry(*known.meters, meter(number))


def test_of_several_enterprises_none_is_guessed() -> None:
    two = check(
        {"park": {"id": "a", "name": "甲"}, "enterprises": [{"id": n, "name": n} for n in ("x", "y")], "meters": []}
    )
    assert two.registry is not None
    made = draft(heard("gw/1"), None, two.registry)
    assert made.document["enterprise"] == ""
    assert {"enterprise", "metrics"} <= set(made.asked)


# --- paths ------------------------------------------------------------------------------------------------------------

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_every_number_found_is_found_again_by_its_path(document: object) -> None:
    try:
        payload = json.dumps(document, allow_nan=False).encode()
    except ValueError:
        payload = json.dumps(document).encode()
        assert numbers_of(payload) == {}
        return
    found = numbers_of(payload)
    assert len(found) <= MOST
    for path, value in found.items():
        assert find(load(payload), steps(path)) == value
