"""Sparkplug B's laws: what is written is read, and any bytes on any topic are claims of our meters or a refusal."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import Context
from park.decode.memory import Memory
from park.decode.protobuf import write_bytes, write_double, write_float, write_number
from park.decode.sparkplug import DIALECT
from park.decode.sparkplug_payload import Metric, Payload
from park.decode.sparkplug_payload import read as read_payload
from park.decode.sparkplug_topic import OF_DEVICE, OF_NODE, Kind, parse, topic
from park.decode.sparkplug_types import NUMBERS, SIGNED, TEXTS, UNSIGNED, DataType, Slot, integer, raw_of, slot_of
from park.decode.sparkplug_write import metric, node_birth, write
from park.malformed import Malformed
from park.reading import Claim
from tests.park.sparkplugs import AT, BIRTH, DEVICE, MS, NODE, NODE_BIRTH, Host, by_alias, data, spoken

TOPICS = [topic(kind, DEVICE) for kind in (*OF_NODE, *OF_DEVICE, Kind.NCMD, Kind.DCMD)]

numbers = st.sampled_from(sorted(NUMBERS))


@st.composite
def typed(draw: st.DrawFn, kinds: st.SearchStrategy[DataType] = numbers) -> tuple[DataType, float]:
    """Give a type, and a number that it holds."""
    kind = draw(kinds)
    if kind in SIGNED:
        half = 1 << SIGNED[kind] - 1
        return kind, draw(st.integers(-half, half - 1))
    if kind in UNSIGNED:
        return kind, draw(st.integers(0, (1 << UNSIGNED[kind]) - 1))
    if kind == DataType.BOOLEAN:
        return kind, draw(st.booleans())
    return kind, draw(st.floats(allow_nan=False, width=32 if kind == DataType.FLOAT else 64))


@given(st.lists(typed(), min_size=1, max_size=20))
def test_what_a_birth_says_is_claimed(values: list[tuple[DataType, float]]) -> None:
    names: dict[str, object] = {f"Meter/{place}": f"v{place}" for place in range(len(values))}
    written = [metric(name, kind, value, at=MS) for name, (kind, value) in zip(names, values, strict=True)]
    wanted = [("m1", f"v{place}", float(value)) for place, (_, value) in enumerate(values)]
    assert Host(spoken(names=names)).values(Kind.DBIRTH, write(written)) == wanted


@given(st.lists(typed(), min_size=1, max_size=20), st.data())
def test_data_by_number_are_what_data_by_name_are(values: list[tuple[DataType, float]], more: st.DataObject) -> None:
    """After one birth, each value said by its number, without its type, is the value."""
    host = Host(spoken(names={f"Meter/{place}": f"v{place}" for place in range(len(values))}))
    born = [metric(f"Meter/{place}", kind, value, alias=place * 7, at=MS) for place, (kind, value) in enumerate(values)]
    host.hear(Kind.DBIRTH, write(born))
    later = [more.draw(typed(st.just(kind))) for kind, _ in values]
    said = [by_alias(place * 7, kind, value) for place, (kind, value) in enumerate(later)]
    wanted = [("m1", f"v{place}", float(value)) for place, (_, value) in enumerate(later)]
    assert host.values(Kind.DDATA, write(said)) == wanted


@given(typed(st.sampled_from(sorted(SIGNED.keys() | UNSIGNED.keys()))))
def test_a_whole_number_is_the_same_in_either_field(given_: tuple[DataType, float]) -> None:
    kind, value = given_
    raw = raw_of(int(value), kind)
    assert integer(raw, slot_of(kind), kind) == value
    assert integer(int(value) % 2**64, Slot.LONG, kind) == value
    if slot_of(kind) is Slot.INT:
        assert integer(int(value) % 2**32, Slot.INT, kind) == value


@pytest.mark.parametrize("kind", sorted(SIGNED.keys() | UNSIGNED.keys()))
def test_a_number_beyond_its_type_cannot_be_written(kind: DataType) -> None:
    beyond = 1 << (SIGNED[kind] - 1 if kind in SIGNED else UNSIGNED[kind])
    with pytest.raises(OverflowError):
        raw_of(beyond, kind)
    with pytest.raises(OverflowError):
        raw_of(-beyond - 1, kind)


properties = st.dictionaries(
    st.text(max_size=8),
    st.one_of(st.booleans(), st.integers(0, 2**31 - 1), st.floats(allow_nan=False), st.text(max_size=8)),
    max_size=4,
)


texts = st.builds(
    Metric,
    name=st.text(max_size=20),
    alias=st.one_of(st.none(), st.integers(0, 2**64 - 1)),
    at=st.one_of(st.none(), st.integers(0, 2**64 - 1)),
    kind=st.sampled_from(sorted(TEXTS)),
    slot=st.just(Slot.STRING),
    value=st.text(max_size=20),
    null=st.just(False),  # noqa: FBT003
    historical=st.booleans(),
    transient=st.booleans(),
    properties=properties,
)


@given(texts, st.one_of(st.none(), st.integers(0, 255)))
def test_all_of_a_payload_is_read_as_it_was_written(said: Metric, seq: int | None) -> None:
    written = metric(
        said.name,
        DataType(said.kind or 0),
        said.value,
        alias=said.alias,
        at=said.at,
        historical=said.historical,
        transient=said.transient,
        properties=said.properties,
    )
    assert read_payload(write([written], at=MS, seq=seq)) == Payload(MS, seq, (said,))


@pytest.mark.parametrize("kind", [*OF_NODE, *OF_DEVICE, Kind.NCMD, Kind.DCMD])
def test_a_topic_is_read_as_it_was_written(kind: Kind) -> None:
    assert parse(topic(kind, DEVICE)) == (kind, DEVICE if kind.startswith("D") else NODE)


METERS = (spoken(), spoken("gw", {"Cabinet/P": "p"}, device=""), spoken("open", None))


def claims(payload: bytes, topic: str, memory: Memory) -> list[Claim]:
    with suppress(Malformed):
        return DIALECT.read(payload, Context("", AT, "sparkplug", topic, METERS, memory)).claims
    return []


@given(st.binary(max_size=300), st.sampled_from(TOPICS))
def test_any_bytes_are_claims_or_malformed(payload: bytes, topic: str) -> None:
    for claim in claims(payload, topic, Memory()):
        assert claim.at.tzinfo is not None
        assert claim.meter in {each.id for each in METERS}


@given(st.text(max_size=60))
def test_any_topic_is_read_or_malformed(topic: str) -> None:
    assert claims(BIRTH, topic, Memory()) == []


def messages(fields: int, inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Give messages with the right fields and the wrong things under them."""
    numbers = st.integers(1, fields)
    whole = st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 40), st.just(MS))
    return st.lists(
        st.one_of(
            st.builds(write_number, numbers, whole),
            st.builds(write_bytes, numbers, inner),
            st.builds(write_float, numbers, st.floats(width=32)),
            st.builds(write_double, numbers, st.floats()),
        ),
        max_size=8,
    ).map(b"".join)


words = st.one_of(st.sampled_from([b"Meter/P", b"p", b"Quality", b"engUnit", b"bdSeq"]), st.binary(max_size=8))
almost = messages(4, messages(20, st.one_of(words, messages(3, messages(9, words)))))


@given(st.lists(st.tuples(almost, st.sampled_from(TOPICS)), min_size=1, max_size=4))
def test_wrong_things_in_the_right_places_are_claims_or_malformed(said: list[tuple[bytes, str]]) -> None:
    """Several after each other, for what one leaves in memory must not trip the next."""
    memory = Memory()
    for payload, place in said:
        for claim in claims(payload, place, memory):
            assert claim.meter in {each.id for each in METERS}
    memory.load(memory.dump())
    assert claims(BIRTH, "spBv1.0/hengkou/DBIRTH/gw1/m7", memory)


@given(
    st.sampled_from([BIRTH, NODE_BIRTH, data(2), data(3, by_alias(2, DataType.UINT64, 7))]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, 200),
    st.sampled_from(TOPICS),
)
def test_mutated_payloads_are_claims_or_malformed(
    payload: bytes, flips: list[tuple[int, int]], cut: int, topic: str
) -> None:
    broken = bytearray(payload)
    for at, byte in flips:
        broken[at % len(broken)] = byte
    memory = Memory()
    claims(BIRTH, "spBv1.0/hengkou/DBIRTH/gw1/m7", memory)
    for each in (bytes(broken), bytes(broken[: max(len(broken) - cut, 0)])):
        for claim in claims(each, topic, memory):
            assert claim.meter in {meter.id for meter in METERS}


@pytest.mark.parametrize(
    ("sentence", "payload"),
    [
        ("metrics without anything", b"\x12\x00" * 10_000),
        ("one name of all the message", write([metric("x" * 250_000, DataType.DOUBLE, 1.0)])),
        ("fields of one metric that come again and again", write([b"\x69" + b"\0" * 8 + (b"\x0a\x00" * 60_000)])),
        ("numbers of ten bytes", b"\x08" + (b"\xff" * 9 + b"\x01\x08") * 20_000),
        ("sets within sets", write([b"\x4a\x04\x12\x02\x08\x01" * 20_000])),
        ("names of ten thousand metrics", node_birth(
            [metric(f"M{n}", DataType.INT8, 1, alias=n) for n in range(9_998)], at=MS, bd_seq=0)),
    ],
)  # fmt: skip
def test_no_payload_takes_more_than_its_length(sentence: str, payload: bytes) -> None:
    """Reading is over: what would be read for ever would not come back."""
    said = claims(payload, "spBv1.0/hengkou/DBIRTH/gw1/m7", Memory())
    assert len(said) <= 10_000, sentence
