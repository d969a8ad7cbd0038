"""Sparkplug B as another implementation writes it: payloads it wrote, and, where it is installed, any payload.

The payloads were written by pysparkplug 0.6.1 over protobuf 7.36.2.  It pins an old MQTT client, so it has an
environment of its own; SMARTPARK_TEST_PYSPARKPLUG names the Python of one, and both are then held against each other:

    python -m venv elsewhere && elsewhere/bin/pip install pysparkplug
    SMARTPARK_TEST_PYSPARKPLUG=elsewhere/bin/python scripts/test tests/park/test_sparkplug_golden.py
"""

import json
import os
import random
import subprocess

import pytest

from park.decode import Said
from park.decode.sparkplug_payload import read
from park.decode.sparkplug_topic import Kind
from park.decode.sparkplug_types import DataType, Slot, Value, integer
from park.decode.sparkplug_write import metric, node_birth, node_death, rebirth_command, write
from park.reading import Claim
from park.reason import Reason
from tests.park.sparkplugs import AT, DEVICE, MS, NODE, SECOND, Host, spoken
from tests.programs import PYSPARKPLUG

NBIRTH = bytes.fromhex(
    "088088adbba03412120a056264536571188088adbba0342004580712210a144e6f646520436f6e74726f6c2f526562697274"
    "68188088adbba034200b700012250a13436162696e65742f54656d70657261747572651001188088adbba0342009650000c4"
    "411800"
)
DBIRTH = bytes.fromhex(
    "088088adbba034121a0a0a4d657465722f496e7438100a188088adbba034200150fb01121c0a0b4d657465722f496e743136"
    "100b188088adbba034200250d4fd03121e0a0b4d657465722f496e743332100c188088adbba03420035090ddfbff0f12230a"
    "0b4d657465722f496e743634100d188088adbba034200458809ce8afedffffffff01121b0a0b4d657465722f55496e743810"
    "0e188088adbba034200550fa01121d0a0c4d657465722f55496e743136100f188088adbba034200650e8fb03121f0a0c4d65"
    "7465722f55496e7433321010188088adbba03420075080d0acf30e12220a0c4d657465722f55496e7436341011188088adbb"
    "a0342008588080808080808010121d0a0b4d657465722f466c6f61741012188088adbba0342009650080674312220a0c4d65"
    "7465722f446f75626c651013188088adbba034200a69000000004051c840121c0a0d4d657465722f426f6f6c65616e101418"
    "8088adbba034200b700112230a0c4d657465722f537472696e671015188088adbba034200c7a08445453443133353212220a"
    "0e4d657465722f4461746554696d651016188088adbba034200d588088adbba034121f0a0a4d657465722f54657874101718"
    "8088adbba034200e7a06e4b889e79bb8121d0a0a4d657465722f555549441018188088adbba034200f7a0436653062121d0a"
    "0b4d657465722f42797465731019188088adbba034201182010200ff12190a0a4d657465722f4e756c6c101a188088adbba0"
    "34200a38011801"
)
DDATA = bytes.fromhex(
    "0898fdadbba034120c100a1898fdadbba03450fa011214100d1898fdadbba03458ff9be8afedffffffff01121210131898fd"
    "adbba0346900000000a051c840121010121888afadbba03428016500406643120b101a1898fdadbba03438011802"
)
NDEATH = bytes.fromhex("088088adbba03412120a056264536571188088adbba03420045807")
DDEATH = bytes.fromhex("08a0a4aebba0341803")
NCMD = bytes.fromhex("088088adbba03412210a144e6f646520436f6e74726f6c2f52656269727468188088adbba034200b7001")

TAHU = bytes.fromhex(
    "088088adbba034121d0a0a4d657465722f496e7438100a188088adbba034200150fbffffff0f121e0a0b4d657465722f496e"
    "743136100b188088adbba034200250d4fdffff0f121e0a0b4d657465722f496e743332100c188088adbba03420035090ddfb"
    "ff0f12230a0b4d657465722f496e743634100d188088adbba034200458809ce8afedffffffff01121f0a0c4d657465722f55"
    "496e7433321010188088adbba03420075880d0acf30e12220a0c4d657465722f55496e7436341011188088adbba034200858"
    "ffffffffffffff0f121d0a0b4d657465722f466c6f61741012188088adbba0342009650080674312220a0c4d657465722f44"
    "6f75626c651013188088adbba034200a69000000004051c840121c0a0d4d657465722f426f6f6c65616e1014188088adbba0"
    "34200b700112230a0c4d657465722f537472696e671015188088adbba034200c7a08445453443133353212420a0a4d657465"
    "722f50726f701016188088adbba034200a4a200a07656e67556e69740a075175616c6974791205080c4201571205080318c0"
    "0169000000000000f83f12190a0a4d657465722f4e756c6c1017188088adbba034200a380112260a094d657465722f536574"
    "1018188088adbba03420108a010d0801120161180322040a0208011801"
)
"""Written by sparkplug-payload 1.0.3 (Eclipse Tahu's), an Int8 as the complement of 32 bits, a UInt32 as a long."""

KINDS = (
    "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float", "Double", "Boolean", "String",
    "DateTime", "Text", "UUID", "Bytes", "Null",
)  # fmt: skip
VALUES = (-5, -300, -70_000, -5_000_000_000, 250, 65_000, 4_000_000_000, 2**53, 231.5, 12450.5, True)


def test_a_birth_of_all_types_is_read() -> None:
    payload = read(DBIRTH)
    assert (payload.at, payload.seq) == (MS, 1)
    assert [each.name for each in payload.metrics] == [f"Meter/{kind}" for kind in KINDS]
    assert [each.alias for each in payload.metrics] == list(range(10, 27))
    assert {each.at for each in payload.metrics} == {MS}
    numbers = [
        integer(int(each.value or 0), each.slot, each.kind or 0) if each.slot in {Slot.INT, Slot.LONG} else each.value
        for each in payload.metrics
    ]
    assert numbers == [*VALUES, "DTSD1352", MS, "三相", "6e0b", None, None]
    assert [each.null for each in payload.metrics] == [False] * 16 + [True]


def test_births_and_data_by_number_come_to_claims() -> None:
    names: dict[str, object] = {f"Meter/{kind}": kind for kind in ("Int8", "Int64", "Float", "Double", "Null")}
    host = Host(spoken(names=names), spoken("gw", {"Cabinet/Temperature": "temperature"}, device=""))
    assert host.values(Kind.NBIRTH, NBIRTH, NODE) == [("gw", "temperature", 24.5)]
    assert host.values(Kind.DBIRTH, DBIRTH) == [
        ("m1", "Int8", -5.0), ("m1", "Int64", -5e9), ("m1", "Float", 231.5), ("m1", "Double", 12450.5),
    ]  # fmt: skip
    later = AT + 15 * SECOND
    assert host.hear(Kind.DDATA, DDATA) == Said(
        [
            Claim("m1", "Int8", -6.0, later),
            Claim("m1", "Int64", -5_000_000_001.0, later),
            Claim("m1", "Double", 12451.25, later),
            Claim("m1", "Float", 230.25, AT + 5 * SECOND),
        ]
    )
    assert host.hear(Kind.DDEATH, DDEATH, DEVICE) == Said([])
    assert host.hear(Kind.NDEATH, NDEATH, NODE) == Said([])


def test_what_we_write_is_what_it_writes() -> None:
    kinds = [DataType[name.upper()] for name in KINDS[:-1]]
    values: tuple[Value, ...] = (*VALUES, "DTSD1352", MS, "三相", "6e0b", b"\x00\xff")
    rows: list[tuple[str, DataType, Value | None]] = list(zip(KINDS, kinds, values, strict=False))
    rows.append(("Null", DataType.DOUBLE, None))
    born = [metric(f"Meter/{name}", kind, value, alias=10 + n, at=MS) for n, (name, kind, value) in enumerate(rows)]
    assert write(born, at=MS, seq=1) == DBIRTH
    assert node_birth([metric("Cabinet/Temperature", DataType.FLOAT, 24.5, alias=1, at=MS)], at=MS, bd_seq=7) == NBIRTH
    assert rebirth_command(MS) == NCMD
    [will], [its] = read(node_death(7)).metrics, read(NDEATH).metrics
    assert will == its._replace(at=None)


def test_a_birth_of_another_writers_ways_is_read_the_same() -> None:
    told = ("Int8", "Int16", "Int32", "Int64", "UInt32", "UInt64", "Float", "Double", "Boolean", "Prop", "Null")
    said = Host(spoken(names={f"Meter/{kind}": kind for kind in told})).hear(Kind.DBIRTH, TAHU)
    assert isinstance(said, Said)
    assert [(claim.metric, claim.value, claim.unit, claim.quality) for claim in said.claims] == [
        ("Int8", -5.0, None, 0), ("Int16", -300.0, None, 0), ("Int32", -70_000.0, None, 0), ("Int64", -5e9, None, 0),
        ("UInt32", 4e9, None, 0), ("UInt64", 2.0**53 - 1, None, 0), ("Float", 231.5, None, 0),
        ("Double", 12450.5, None, 0), ("Boolean", 1.0, None, 0), ("Prop", 1.5, "W", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["String", "Set"])
def test_what_is_no_number_is_refused_where_it_is_asked_for(kind: str) -> None:
    assert Host(spoken(names={f"Meter/{kind}": "p"})).hear(Kind.DBIRTH, TAHU) is Reason.NOT_READABLE


PEER = """
import datetime, json, sys
import pysparkplug as p

UTC = datetime.timezone.utc

def given(kind, value):
    if value is None or kind not in ("BYTES", "DATETIME"):
        return value
    return bytes.fromhex(value) if kind == "BYTES" else datetime.datetime.fromtimestamp(value / 1000, UTC)

def told(value):
    if isinstance(value, bytes):
        return value.hex()
    return round(value.timestamp() * 1000) if isinstance(value, datetime.datetime) else value

answers = []
for written, rows in json.load(sys.stdin):
    metrics = tuple(
        p.Metric(timestamp=at, name=name, datatype=p.DataType[kind], value=given(kind, value), alias=alias,
                 is_historical=historical)
        for name, alias, at, kind, value, historical in rows
    )
    read = p.DBirth.decode(bytes.fromhex(written))
    answers.append([
        p.DBirth(timestamp=rows[0][2], seq=1, metrics=metrics).encode().hex(),
        [[m.name, m.alias, m.timestamp, m.datatype.name, told(m.value), m.is_historical] for m in read.metrics],
    ])
json.dump(answers, sys.stdout)
"""
Row = tuple[str, int, int, str, int | float | bool | str | None, bool]


def test_any_payload_is_read_and_written_by_both_alike() -> None:
    """Hold three hundred payloads of all types against each other, in both directions."""
    python = os.environ.get(PYSPARKPLUG)
    if not python:
        pytest.skip(f"{PYSPARKPLUG} names no Python that has pysparkplug")
    asked = [_rows(random.Random(seed)) for seed in range(300)]  # noqa: S311  # the same payloads each time
    ours = [write([_written(row) for row in rows], at=rows[0][2], seq=1) for rows in asked]
    cases = [[written.hex(), rows] for written, rows in zip(ours, asked, strict=True)]
    done = subprocess.run(  # the Python that whoever runs the tests has named
        [python, "-c", PEER], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    answers = json.loads(done.stdout)
    assert [answer[0] for answer in answers] == [written.hex() for written in ours]
    assert [answer[1] for answer in answers] == [[list(row) for row in rows] for rows in asked]


def _written(row: Row) -> bytes:
    name, alias, at, kind, value, historical = row
    raw = bytes.fromhex(value) if kind == "BYTES" and isinstance(value, str) else value
    return metric(name, DataType[kind], raw, alias=alias, at=at, historical=historical)


def _rows(rng: random.Random) -> list[Row]:
    return [
        (
            f"Meter/{place}",
            rng.choice((0, place, 2**40)) + place,
            MS + rng.randrange(10**9),
            *_typed(rng),
            rng.random() < 0.2,
        )
        for place in range(rng.randrange(1, 20))
    ]


def _typed(rng: random.Random) -> tuple[str, int | float | bool | str | None]:
    kind = rng.choice(KINDS[:-1])
    bits = int(kind.lstrip("UInt") or 0) if "Int" in kind else 0
    values: dict[str, int | float | bool | str] = {
        "Float": rng.randrange(-(2**23), 2**23) / 8,
        "Double": rng.uniform(-1e12, 1e12),
        "Boolean": rng.random() < 0.5,
        "DateTime": rng.randrange(2**31) * 1000,  # of milliseconds it loses some, by way of a float
        "Bytes": rng.randbytes(rng.randrange(9)).hex(),
    }
    if rng.random() < 0.05:
        return kind.upper(), None
    if bits:
        low, high = (0, 2**bits) if kind.startswith("U") else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        return kind.upper(), rng.choice((low, high - 1, rng.randrange(low, high)))
    return kind.upper(), values.get(kind, "三相 DTSD1352"[: rng.randrange(11)])
