"""The wire format: what is written is read, and what is cut, too long or of no kind is refused."""

import math
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import protobuf
from park.decode.protobuf import fields
from park.malformed import Malformed
from park.reason import Reason


def refusal(data: bytes) -> Reason | list[tuple[int, protobuf.Value]]:
    try:
        return list(fields(data))
    except Malformed as malformed:
        return malformed.reason


@pytest.mark.parametrize(
    ("sentence", "data", "expected"),
    [
        ("nothing is a message without fields", "", []),
        ("a number", "089601", [(1, 150)]),
        ("text", "120774657374696e67", [(2, b"testing")]),
        ("a message within", "1a03089601", [(3, b"\x08\x96\x01")]),
        (
            "four bytes and eight",
            "6d00004842710000000000000840",
            [(13, b"\0\0\x48\x42"), (14, b"\0\0\0\0\0\0\x08\x40")],
        ),
        ("a field beyond 15 has a key of two bytes", "800101", [(16, 1)]),
        ("a field that comes again comes again", "08010802", [(1, 1), (1, 2)]),
        ("a number of more bytes than it needs", "08818000", [(1, 1)]),
        ("minus one, as a signed number is written", "08ffffffffffffffffff01", [(1, 2**64 - 1)]),
        ("what is beyond 64 bits is cut off", "08ffffffffffffffffff7f", [(1, 2**64 - 1)]),
        ("field 0", "0001", Reason.NOT_READABLE),
        ("a group", "0b0c", Reason.NOT_READABLE),
        ("wire types that do not exist", "0e01", Reason.NOT_READABLE),
        ("a number without an end", "0880", Reason.NOT_READABLE),
        ("a number of eleven bytes", "08" + "80" * 10 + "01", Reason.NOT_READABLE),
        ("a key without a value", "08", Reason.NOT_READABLE),
        ("a key without an end", "80", Reason.NOT_READABLE),
        ("bytes beyond the end", "120574657374", Reason.LENGTH),
        ("a length of more than there is memory", "12ffffffffffffffff7f", Reason.LENGTH),
        ("four bytes cut to three", "0d010203", Reason.LENGTH),
        ("eight bytes cut to seven", "0901020304050607", Reason.LENGTH),
    ],
)
def test_a_message_is_its_fields_or_refused(sentence: str, data: str, expected: object) -> None:
    assert refusal(bytes.fromhex(data)) == expected, sentence


@given(st.integers(1, 2**29 - 1), st.integers(0, 2**64 - 1), st.binary(max_size=300))
def test_what_is_written_is_read(field: int, number: int, data: bytes) -> None:
    written = protobuf.write_number(field, number) + protobuf.write_bytes(field, data)
    assert list(fields(written)) == [(field, number), (field, data)]


@given(st.floats())
def test_a_double_is_read_as_it_was_written(value: float) -> None:
    [(_, raw)] = fields(protobuf.write_double(13, value))
    read = protobuf.double_of(raw)
    assert read == value or (math.isnan(read) and math.isnan(value))


@given(st.floats(width=32, allow_nan=False))
def test_so_is_a_float_of_four_bytes(value: float) -> None:
    [(_, raw)] = fields(protobuf.write_float(12, value))
    assert protobuf.float_of(raw) == value


@pytest.mark.parametrize(
    ("sentence", "read", "raw", "reason"),
    [
        ("bytes for a number", protobuf.number_of, b"1", Reason.NOT_READABLE),
        ("a number for bytes", protobuf.bytes_of, 1, Reason.NOT_READABLE),
        ("a number for a float", protobuf.float_of, 1, Reason.NOT_READABLE),
        ("eight bytes for a float", protobuf.float_of, struct.pack("<d", 1.0), Reason.LENGTH),
        ("four bytes for a double", protobuf.double_of, struct.pack("<f", 1.0), Reason.LENGTH),
        ("text in another encoding", protobuf.text_of, "功率".encode("gbk"), Reason.NOT_READABLE),
    ],
)  # fmt: skip
def test_a_field_of_another_kind_than_it_should_be_is_refused(
    sentence: str, read: object, raw: protobuf.Value, reason: Reason
) -> None:
    assert callable(read), sentence
    with pytest.raises(Malformed) as refused:
        read(raw)
    assert refused.value.reason is reason


@pytest.mark.parametrize("number", [-1, 2**64])
def test_no_number_beyond_64_bits_can_be_written(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        protobuf.varint(number)


@given(st.binary(max_size=400))
def test_any_bytes_are_fields_or_malformed(data: bytes) -> None:
    with suppress(Malformed):
        for number, value in fields(data):
            assert number > 0
            assert isinstance(value, int) or len(value) <= len(data)
