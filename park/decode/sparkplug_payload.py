"""Sparkplug B payloads as they stand on the wire: a time, a number, and metrics.  What they mean is not decided here.

Arrays, data sets, templates, bytes and extensions are not taken apart: they are no measurement, and their `value` is
None while their `slot` says that there was one.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from park.decode import protobuf
from park.decode.protobuf import bytes_of, double_of, fields, float_of, number_of, text_of
from park.decode.sparkplug_types import Slot
from park.malformed import Malformed
from park.reason import Reason

MOST_METRICS: Final = 10_000
COMPRESSED: Final = "SPBV1.0_COMPRESSED"
"""What stands in `uuid` where the payload itself is compressed into `body`."""

NAME, ALIAS, AT, TYPE, HISTORICAL, TRANSIENT, NULL, METADATA, PROPERTIES = range(1, 10)
"""The fields of a metric before its value."""
FIRST_SLOT, LAST_SLOT = min(Slot), max(Slot)
PROPERTY_SHIFT: Final = Slot.INT - 3
"""A property holds its value in the same slots, seven fields earlier."""
PROPERTY_STRING: Final = Slot.STRING - PROPERTY_SHIFT


class Metric(NamedTuple):
    """One metric of a payload."""

    name: str | None = None
    alias: int | None = None
    at: int | None = None
    """Milliseconds since 1970."""
    kind: int | None = None
    """Its data type, None where it does not say."""
    slot: Slot | None = None
    value: int | float | bool | str | None = None
    """As its field holds it: a whole number is unsigned until its type is known."""
    null: bool = False
    historical: bool = False
    transient: bool = False
    properties: Mapping[str, int | float | bool | str] = {}


class Payload(NamedTuple):
    """One payload."""

    at: int | None = None
    seq: int | None = None
    metrics: tuple[Metric, ...] = ()


def read(data: bytes) -> Payload:
    """Read a payload.  Raises Malformed."""
    at = seq = None
    metrics: list[Metric] = []
    for number, value in fields(data):
        if number == 1:
            at = number_of(value)
        elif number == 2:  # noqa: PLR2004  # the fields of a payload, in their order
            if len(metrics) == MOST_METRICS:
                raise Malformed(Reason.TOO_LARGE, f"> {MOST_METRICS}")
            metrics.append(_metric(bytes_of(value)))
        elif number == 3:  # noqa: PLR2004
            seq = number_of(value)
        elif number == 4 and text_of(value) == COMPRESSED:  # noqa: PLR2004
            raise Malformed(Reason.NOT_READABLE, COMPRESSED)
    return Payload(at, seq, tuple(metrics))


def _metric(data: bytes) -> Metric:  # noqa: C901  # a branch a field is how it reads best
    name = alias = at = kind = slot = value = None
    null = historical = transient = False
    properties: Mapping[str, int | float | bool | str] = {}
    for number, raw in fields(data):
        if FIRST_SLOT <= number <= LAST_SLOT:
            slot = Slot(number)
            value = _value(slot, raw)
        elif number == NAME:
            name = text_of(raw)
        elif number == ALIAS:
            alias = number_of(raw)
        elif number == AT:
            at = number_of(raw)
        elif number == TYPE:
            kind = number_of(raw) & protobuf.WORD or None
        elif number == HISTORICAL:
            historical = bool(number_of(raw))
        elif number == TRANSIENT:
            transient = bool(number_of(raw))
        elif number == NULL:
            null = bool(number_of(raw))
        elif number == PROPERTIES:
            properties = _properties(bytes_of(raw))
    return Metric(name, alias, at, kind, slot, value, null, historical, transient, properties)


def _value(slot: Slot, raw: protobuf.Value) -> int | float | bool | str | None:
    read = _READ.get(slot)
    if read is None:
        bytes_of(raw)
        return None
    return read(raw)


_READ: Final[Mapping[Slot, Callable[[protobuf.Value], int | float | bool | str]]] = {
    Slot.INT: lambda raw: number_of(raw) & protobuf.WORD,
    Slot.LONG: number_of,
    Slot.FLOAT: float_of,
    Slot.DOUBLE: double_of,
    Slot.BOOLEAN: lambda raw: bool(number_of(raw)),
    Slot.STRING: text_of,
}


def _properties(data: bytes) -> Mapping[str, int | float | bool | str]:
    """Read a set of properties, those of one number or text only; what is null or a set of its own says nothing."""
    keys: list[str] = []
    values: list[int | float | bool | str | None] = []
    for number, raw in fields(data):
        if number == 1:
            keys.append(text_of(raw))
        elif number == 2:  # noqa: PLR2004  # the keys are 1, their values 2
            values.append(_property(bytes_of(raw)))
    if len(keys) != len(values):
        raise Malformed(Reason.NOT_READABLE, f"properties: {len(keys)} / {len(values)}")
    return {key: value for key, value in zip(keys, values, strict=True) if value is not None}


def _property(data: bytes) -> int | float | bool | str | None:
    value = None
    for number, raw in fields(data):
        if FIRST_SLOT - PROPERTY_SHIFT <= number <= PROPERTY_STRING:
            value = _value(Slot(number + PROPERTY_SHIFT), raw)
        elif number == 2 and number_of(raw):  # noqa: PLR2004  # is_null
            return None
    return value
