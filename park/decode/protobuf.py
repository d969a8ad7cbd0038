"""The wire format of protocol buffers: fields of a message, read and written without knowing their names.

A reader for one known message needs no more, and none of ours takes what it reads for anything but bounded: a length
beyond the end, a number longer than ten bytes or a group ends the reading.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

from park.malformed import Malformed
from park.reason import Reason

LONGEST_VARINT: Final = 10
SEVEN_BITS: Final = 0x7F
MORE: Final = 0x80
WORD: Final = 2**32 - 1
LONG: Final = 2**64 - 1

_float = struct.Struct("<f")
_double = struct.Struct("<d")


class Wire(IntEnum):
    """How a field is written."""

    VARINT = 0
    FIXED64 = 1
    BYTES = 2
    FIXED32 = 5


FIXED = {Wire.FIXED64: 8, Wire.FIXED32: 4}

Value = int | bytes
"""A number of a varint; the bytes of all else."""


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """Give each field's number and value, in the order written.  Raises Malformed."""
    at, end = 0, len(data)
    while at < end:
        key = data[at]
        if key < MORE:  # a number below 16, as nearly all are
            at += 1
        else:
            key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if not number:
            raise _broken("field 0", at)
        value: Value
        if wire == Wire.VARINT:
            value, at = _varint(data, at)
        elif wire == Wire.BYTES:
            length, at = _varint(data, at)
            if length > end - at:
                raise Malformed(Reason.LENGTH, f"protobuf: {length} B @ {at}, {end - at} B")
            value, at = data[at : at + length], at + length
        elif wire in FIXED:
            length = FIXED[Wire(wire)]
            if length > end - at:
                raise Malformed(Reason.LENGTH, f"protobuf: {length} B @ {at}, {end - at} B")
            value, at = data[at : at + length], at + length
        else:
            raise _broken(f"wire type {wire}", at)
        yield number, value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of up to 64 bits; what is beyond them is cut off, as everybody does."""
    number = 0
    for place, byte in enumerate(data[at : at + LONGEST_VARINT]):
        number |= (byte & SEVEN_BITS) << 7 * place
        if byte < MORE:
            return number & LONG, at + place + 1
    raise _broken("varint", at)


def _broken(what: str, at: int) -> Malformed:
    return Malformed(Reason.NOT_READABLE, f"protobuf: {what} @ {at}")


def number_of(value: Value) -> int:
    """Take a field for a number.  Raises Malformed where it was written as bytes."""
    if isinstance(value, int):
        return value
    raise Malformed(Reason.NOT_READABLE, "protobuf: bytes for a number")


def bytes_of(value: Value) -> bytes:
    """Take a field for bytes, such as a message within.  Raises Malformed where it was written as a number."""
    if isinstance(value, bytes):
        return value
    raise Malformed(Reason.NOT_READABLE, "protobuf: a number for bytes")


def text_of(value: Value) -> str:
    """Take a field for text.  Raises Malformed."""
    try:
        return bytes_of(value).decode()
    except UnicodeDecodeError:
        raise Malformed(Reason.NOT_READABLE, "protobuf: UTF-8") from None


def float_of(value: Value) -> float:
    """Take a field for a `float` of four bytes.  Raises Malformed."""
    return _real(_float, value)


def double_of(value: Value) -> float:
    """Take a field for a `double`.  Raises Malformed."""
    return _real(_double, value)


def _real(form: struct.Struct, value: Value) -> float:
    whole = bytes_of(value)
    if len(whole) != form.size:
        raise Malformed(Reason.LENGTH, f"protobuf: {form.size} B, {len(whole)} B")
    number: float = form.unpack(whole)[0]
    return number


def varint(number: int) -> bytes:
    """Write a number from 0 to 2⁶⁴ - 1.  Raises ValueError."""
    if not 0 <= number <= LONG:
        raise ValueError(number)
    written = bytearray()
    while number >= MORE:
        written.append(number & SEVEN_BITS | MORE)
        number >>= 7
    written.append(number)
    return bytes(written)


def write_number(field: int, number: int) -> bytes:
    """Write a field of an unsigned number."""
    return varint(field << 3 | Wire.VARINT) + varint(number)


def write_bytes(field: int, value: bytes) -> bytes:
    """Write a field of bytes, text or a message within."""
    return varint(field << 3 | Wire.BYTES) + varint(len(value)) + value


def write_float(field: int, value: float) -> bytes:
    """Write a field of four bytes.  Raises OverflowError for what is too large for them."""
    return varint(field << 3 | Wire.FIXED32) + _float.pack(value)


def write_double(field: int, value: float) -> bytes:
    """Write a field of eight bytes."""
    return varint(field << 3 | Wire.FIXED64) + _double.pack(value)
