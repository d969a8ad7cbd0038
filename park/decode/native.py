"""The platform's own payload: JSON, version 1.

    {"v":1,"ts":"2026-11-23T08:00:00.000+08:00","seq":18231,"m":{"p":12450.5},"q":{"p":"uncertain"}}
    {"v":1,"seq":18232,"r":[{"ts":1795420800000,"m":{"p":12.1}},{"ts":1795420860000,"m":{"p":12.4},"q":"estimated"}]}
    {"v":1,"ts":1795420800000,"m":{"p":{"v":12.45,"u":"kW"}}}

A `null` value says that there is none: it makes no claim.  Keys that version 1 does not name are ignored.
A record without `ts` or `q` takes the message's; what has neither happened when the message reached us.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from park.decode.context import Context
from park.decode.dialect import Dialect
from park.decode.said import Said
from park.instant import from_ms, from_text, to_ms
from park.malformed import Malformed
from park.quality import BY_NAME, Quality, names
from park.reading import Claim, Reading
from park.reason import Reason

MAX_RECORDS = 1_000
RECEIVE_TIME = int(Quality.RECEIVE_TIME)
FLAGS = {name: int(flag) for name, flag in BY_NAME.items()}
ALL_FLAGS = sum(FLAGS.values())
NO_MARKS: dict[str, str] = {}


class Quantity(msgspec.Struct, gc=False):
    """A value that names its own unit."""

    v: float | bool | None
    u: str


Values = dict[str, float | bool | Quantity | None]


class Record(msgspec.Struct, gc=False):
    """The values of one instant."""

    m: Values
    ts: int | str | None = None
    q: str | dict[str, str] | None = None


class Message(msgspec.Struct, gc=False):
    """One message: one record in itself, or several under `r`."""

    v: Literal[1]
    ts: int | str | None = None
    seq: int | None = None
    m: Values | None = None
    q: str | dict[str, str] | None = None
    r: list[Record] | None = None


class Number(msgspec.Struct, gc=False):
    """As much of a message as its number takes."""

    seq: int | None = None


_decoder = msgspec.json.Decoder(Message)
_number = msgspec.json.Decoder(Number)


def read(payload: bytes, context: Context) -> Said:
    """Read one message of one meter with its number.  Raises Malformed, which knows the number too."""
    message = None
    try:
        message = _message(payload)
        return Said(_claims(message, payload, context.meter, context.received), message.seq)
    except Malformed as malformed:
        malformed.seq = _seq(payload) if message is None else message.seq
        raise


def _seq(payload: bytes) -> int | None:
    """Look for the number of a message that cannot be read otherwise."""
    try:
        return _number.decode(payload).seq
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _message(payload: bytes) -> Message:
    try:
        return _decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise Malformed(Reason.WRONG_FORM, str(error)[:200]) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(Reason.NOT_JSON, str(error)[:200]) from None
    except RecursionError:
        raise Malformed(Reason.NOT_JSON, "nested too deep") from None


def _claims(message: Message, payload: bytes, meter: str, received: datetime) -> list[Claim]:
    records = _records(message)
    claims: list[Claim] = []
    keys = _keys(message)
    for record in records:
        keys += _claim(claims, record, message, meter, received)
    if len(records) > 1 and len({claim.at for claim in claims}) < len(records):
        _refuse_overlap(claims)
    # Without escapes every key has one colon, and a time may bring more: one too many is a repeated or an unknown key.
    if payload.count(b":") != keys or b"\\" in payload:
        _refuse_twice(payload)
    return claims


def _records(message: Message) -> Sequence[Record | Message]:
    """Give the records of either form, and refuse a message that has both or none."""
    if message.r is None:
        if message.m is None:
            raise Malformed(Reason.EMPTY, "m")
        return (message,)
    if message.m is not None:
        raise Malformed(Reason.WRONG_FORM, "m + r")
    if len(message.r) > MAX_RECORDS:
        raise Malformed(Reason.TOO_LARGE, f"r: {len(message.r)}")
    if not message.r:
        raise Malformed(Reason.EMPTY, "r")
    return message.r


def _keys(message: Message) -> int:
    """Count the colons of the message's head, as far as the decoded message accounts for them."""
    count = 1 + (message.seq is not None)
    return count if message.r is None else count + 1 + _own(message.ts, message.q)


def _own(ts: int | str | None, marks: str | dict[str, str] | None) -> int:
    """Count the colons of a time and a quality."""
    count = 0
    if ts is not None:
        count = 1 if ts.__class__ is int else 1 + ts.count(":")  # type: ignore[union-attr]  # narrowed by its class
    if marks is not None:
        count += 1 + len(marks) if isinstance(marks, dict) else 1
    return count


def _claim(claims: list[Claim], record: Record | Message, message: Message, meter: str, received: datetime) -> int:
    """Append what one record claims, and count the colons it accounts for."""
    values, ts, marks = record.m, record.ts, record.q
    if not values:
        raise Malformed(Reason.EMPTY, "m")
    count = 1 + len(values) + _own(ts, marks)
    marks = message.q if marks is None else marks
    at, common = _instant(message.ts if ts is None else ts, received)
    each: dict[str, str] = NO_MARKS
    if isinstance(marks, str):
        common |= _flag(marks)
    elif marks is not None:
        each = marks
    for metric, value in values.items():
        quality = common | _flag(each[metric]) if metric in each else common
        if value.__class__ is float:
            claims.append(Claim(meter, metric, value, at, quality))
        elif isinstance(value, Quantity):
            count += 2
            if value.v is not None:
                claims.append(Claim(meter, metric, float(value.v), at, quality, value.u))
        elif value is not None:
            claims.append(Claim(meter, metric, float(value), at, quality))
    return count


def _instant(ts: int | str | None, received: datetime) -> tuple[datetime, int]:
    """Read a time, or take the receive time and the flag that says so."""
    if ts is None:
        return from_ms(to_ms(received)), RECEIVE_TIME
    try:
        return (from_ms(ts) if isinstance(ts, int) else from_text(ts)), 0
    except ValueError:
        raise Malformed(Reason.TIME_FORM, str(ts)[:60]) from None


def _flag(marks: str) -> int:
    """Read one flag, or several joined by `|`."""
    flags = 0
    for name in marks.split("|"):
        if name not in FLAGS:
            raise Malformed(Reason.UNKNOWN_QUALITY, name[:60])
        flags |= FLAGS[name]
    return flags


def _refuse_overlap(claims: Iterable[Claim]) -> None:
    """Refuse two records that say something of the same metric at the same instant."""
    seen: set[tuple[str, datetime]] = set()
    for claim in claims:
        if (claim.metric, claim.at) in seen:
            raise Malformed(Reason.METRIC_TWICE, f"{claim.metric[:60]} @ {claim.at.isoformat()}")
        seen.add((claim.metric, claim.at))


def _refuse_twice(payload: bytes) -> None:
    """Look closely at a message whose keys do not add up: a repeated key refuses it, an unknown key does not."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        whole = dict(pairs)
        if len(whole) != len(pairs):
            twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
            raise Malformed(Reason.METRIC_TWICE, twice[:60])
        return whole

    try:
        json.loads(payload, object_pairs_hook=once)
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:
        raise Malformed(Reason.NOT_JSON, str(error)[:200]) from None


def encode(readings: Iterable[Reading | Claim], *, seq: int | None = None) -> bytes:
    """Write readings of one meter as one message, a record an instant.  The inverse of `decode`.

    Of two readings of one identity the later counts.  Raises ValueError for what no message can carry: no reading at
    all, more than 1,000 instants, a value that is not finite, a quality bit that has no name.
    """
    records: dict[int, tuple[dict[str, object], dict[str, str]]] = {}
    for reading in readings:
        if not math.isfinite(reading.value) or reading.quality & ~ALL_FLAGS:
            raise ValueError(f"{reading.metric}: {reading.value} (quality {reading.quality})")
        values, marks = records.setdefault(to_ms(reading.at), ({}, {}))
        unit = getattr(reading, "unit", None)
        values[reading.metric] = {"v": reading.value, "u": unit} if unit is not None else reading.value
        marks.pop(reading.metric, None)
        if reading.quality:
            marks[reading.metric] = "|".join(names(reading.quality))
    if not 0 < len(records) <= MAX_RECORDS:
        raise ValueError(f"a message carries 1 to {MAX_RECORDS} instants, not {len(records)}")
    rows = [
        {"ts": ms, "m": values, "q": marks} if marks else {"ts": ms, "m": values}
        for ms, (values, marks) in records.items()
    ]
    head: dict[str, object] = {"v": 1} if seq is None else {"v": 1, "seq": seq}
    return msgspec.json.encode(head | rows[0] if len(rows) == 1 else head | {"r": rows})


DIALECT = Dialect("native", "本平台 JSON", "The platform's own JSON", read)
