"""Sparkplug's data types, and how each is written: negative numbers stand in unsigned fields, as two's complement.

The writers of the field differ on how wide the complement is: an Int8 of -1 comes as 255 and as 4294967295, an Int32 in
the field of 32 bits and in the one of 64.  All of these can be told apart from a number that is too large, and are.
"""

from enum import IntEnum
from typing import Final

from park.malformed import Malformed
from park.reason import Reason

Value = int | float | bool | str | bytes


class DataType(IntEnum):
    """The types of a metric that can stand in a payload."""

    UNKNOWN = 0
    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12
    DATETIME = 13
    TEXT = 14
    UUID = 15
    DATASET = 16
    BYTES = 17
    FILE = 18
    TEMPLATE = 19
    PROPERTY_SET = 20
    PROPERTY_SET_LIST = 21


class Slot(IntEnum):
    """The fields of a metric of which one holds its value."""

    INT = 10
    LONG = 11
    FLOAT = 12
    DOUBLE = 13
    BOOLEAN = 14
    STRING = 15
    BYTES = 16
    DATASET = 17
    TEMPLATE = 18
    EXTENSION = 19


BITS: Final = {Slot.INT: 32, Slot.LONG: 64}
SIGNED: Final = {DataType.INT8: 8, DataType.INT16: 16, DataType.INT32: 32, DataType.INT64: 64}
UNSIGNED: Final = {
    DataType.UINT8: 8,
    DataType.UINT16: 16,
    DataType.UINT32: 32,
    DataType.UINT64: 64,
    DataType.DATETIME: 64,
}
TEXTS: Final = frozenset({DataType.STRING, DataType.TEXT, DataType.UUID})
NUMBERS: Final = frozenset({*SIGNED, *UNSIGNED, DataType.FLOAT, DataType.DOUBLE, DataType.BOOLEAN}) - {
    DataType.DATETIME
}
"""What can be a measurement.  A time is a number on the wire and none in meaning."""


def integer(raw: int, slot: Slot, kind: int) -> int | bool:
    """Read the whole number of a field.  Raises Malformed for one that its type cannot hold."""
    width = BITS[slot]
    if kind == DataType.BOOLEAN:
        return bool(raw)
    if kind in SIGNED:
        bits = min(SIGNED[DataType(kind)], width)
        if raw < 1 << bits:
            return raw - (1 << bits) if raw >> bits - 1 else raw
        if raw >= (1 << width) - (1 << bits - 1):
            return raw - (1 << width)
    elif kind not in UNSIGNED or raw < 1 << UNSIGNED[DataType(kind)]:
        return raw
    raise Malformed(Reason.NOT_READABLE, f"{raw}: {name_of(kind)}")


def slot_of(kind: DataType) -> Slot:
    """Say in which field a type is written."""
    if kind in {DataType.INT64, DataType.UINT64, DataType.DATETIME}:
        return Slot.LONG
    if kind in SIGNED or kind in UNSIGNED:
        return Slot.INT
    return _SLOTS[kind]


_SLOTS = {
    DataType.FLOAT: Slot.FLOAT,
    DataType.DOUBLE: Slot.DOUBLE,
    DataType.BOOLEAN: Slot.BOOLEAN,
    DataType.STRING: Slot.STRING,
    DataType.TEXT: Slot.STRING,
    DataType.UUID: Slot.STRING,
    DataType.DATASET: Slot.DATASET,
    DataType.BYTES: Slot.BYTES,
    DataType.FILE: Slot.BYTES,
    DataType.TEMPLATE: Slot.TEMPLATE,
}


def raw_of(value: int, kind: DataType) -> int:
    """Write a whole number as its field holds it.  Raises OverflowError for one that its type cannot hold."""
    signed = SIGNED.get(kind)
    low, high = (-(1 << signed - 1), 1 << signed - 1) if signed else (0, 1 << UNSIGNED[kind])
    if not low <= value < high:
        raise OverflowError(f"{value}: {name_of(kind)}")
    return value + (1 << signed) if signed and value < 0 else value


def name_of(kind: int) -> str:
    """Name a type as people know it; arrays and what a later version brings by their number."""
    return DataType(kind).name.title().replace("Ui", "UI") if kind in _KNOWN else f"datatype {kind}"


_KNOWN = frozenset(DataType)
