"""Writing Sparkplug B, as simulated nodes and devices do: the inverse of reading it."""

from collections.abc import Iterable, Mapping
from typing import Final

from park.decode import protobuf
from park.decode.sparkplug_payload import (
    ALIAS,
    AT,
    HISTORICAL,
    NAME,
    NULL,
    PROPERTIES,
    PROPERTY_SHIFT,
    TRANSIENT,
    TYPE,
)
from park.decode.sparkplug_types import SIGNED, UNSIGNED, DataType, Slot, Value, raw_of, slot_of

REBIRTH: Final = "Node Control/Rebirth"
BD_SEQ: Final = "bdSeq"


def metric(
    name: str | None,
    kind: DataType,
    value: Value | None,
    *,
    alias: int | None = None,
    at: int | None = None,
    historical: bool = False,
    transient: bool = False,
    typed: bool = True,
    properties: Mapping[str, int | float | bool | str] | None = None,
) -> bytes:
    """Write one metric; `typed` as in births, where its type is told.  None is null.

    Raises OverflowError for a number that its type cannot hold.
    """
    parts = [
        *((protobuf.write_bytes(NAME, name.encode()),) if name is not None else ()),
        *((protobuf.write_number(ALIAS, alias),) if alias is not None else ()),
        *((protobuf.write_number(AT, at),) if at is not None else ()),
        *((protobuf.write_number(TYPE, kind),) if typed else ()),
        *((protobuf.write_number(HISTORICAL, 1),) if historical else ()),
        *((protobuf.write_number(TRANSIENT, 1),) if transient else ()),
        *((protobuf.write_bytes(PROPERTIES, _write_properties(properties)),) if properties else ()),
        protobuf.write_number(NULL, 1) if value is None else _write_value(slot_of(kind), kind, value, 0),
    ]
    return b"".join(parts)


def _write_value(slot: Slot, kind: DataType, value: Value, shift: int) -> bytes:
    field = slot - shift
    if kind in SIGNED or kind in UNSIGNED:
        return protobuf.write_number(field, raw_of(int(value), kind))
    match slot:
        case Slot.BOOLEAN:
            return protobuf.write_number(field, int(bool(value)))
        case Slot.FLOAT:
            return protobuf.write_float(field, float(value))
        case Slot.DOUBLE:
            return protobuf.write_double(field, float(value))
        case _:
            return protobuf.write_bytes(field, value if isinstance(value, bytes) else str(value).encode())


def _write_properties(properties: Mapping[str, int | float | bool | str]) -> bytes:
    keys = [protobuf.write_bytes(1, key.encode()) for key in properties]
    values = []
    for value in properties.values():
        kind = next(kind for type_, kind in _PROPERTY_KINDS if isinstance(value, type_))
        written = _write_value(slot_of(kind), kind, value, PROPERTY_SHIFT)
        values.append(protobuf.write_bytes(2, protobuf.write_number(1, kind) + written))
    return b"".join((*keys, *values))


_PROPERTY_KINDS: tuple[tuple[type, DataType], ...] = (
    (bool, DataType.BOOLEAN),
    (int, DataType.INT32),
    (float, DataType.DOUBLE),
    (str, DataType.STRING),
)


def write(metrics: Iterable[bytes], *, at: int | None = None, seq: int | None = None) -> bytes:
    """Write a payload of metrics that are written already."""
    head = protobuf.write_number(1, at) if at is not None else b""
    tail = protobuf.write_number(3, seq) if seq is not None else b""
    return b"".join((head, *(protobuf.write_bytes(2, each) for each in metrics), tail))


def node_birth(metrics: Iterable[bytes], *, at: int, bd_seq: int) -> bytes:
    """Write a node's birth, which is number 0 and answers to the will of the same `bd_seq`."""
    control = metric(REBIRTH, DataType.BOOLEAN, value=False, at=at)
    return write([metric(BD_SEQ, DataType.INT64, bd_seq, at=at), control, *metrics], at=at, seq=0)


def node_death(bd_seq: int, *, at: int | None = None) -> bytes:
    """Write a node's last will."""
    return write([metric(BD_SEQ, DataType.INT64, bd_seq)], at=at)


def rebirth_command(at: int) -> bytes:
    """Write the command that has a node publish its births again."""
    return write([metric(REBIRTH, DataType.BOOLEAN, value=True, at=at)], at=at)
