"""Payloads that devices might send: real ones, readings for any of them, and endless broken ones.

`malformed(seed, count)` yields payloads of which the native codec refuses every one; the same seed gives the same ones.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache

from hypothesis import strategies as st

from park.decode import MAX_BYTES, Context, decode
from park.instant import from_ms
from park.malformed import Malformed
from park.metric import metrics
from park.quality import Quality
from park.reading import Claim
from tests.park.examples import NOW

METER = "m1"
CONTEXT = Context(METER, NOW)

# What the contract shows, and what simulators and gateways make of it.
REAL = [
    b'{"v":1,"ts":"2026-11-23T08:00:00.000+08:00","seq":18231,"m":{"p":12450.5,"ep_imp":9.25},"q":{"p":"uncertain"}}',
    b'{"v":1,"seq":18232,"r":[{"ts":1795420800000,"m":{"p":12.1}},{"ts":1795420860000,"m":{"p":12.4},"q":"estimated"}]}',
    b'{"v":1,"ts":1795420800000,"m":{"p":{"v":12.45,"u":"kW"}}}',
    b'{"v":1,"ts":1795420800000,"seq":7,"m":{"ep_imp":998871.25,"p":12.5,"q":1.5,"u1":231.5,"i1":12.25,"pf":0.97}}',
    b'{"v":1,"m":{"smoke":true,"lel":null,"co":{"v":3,"u":"ppm"}},"q":"fault|calibration"}',
    b'{ "v" : 1 , "ts" : "2026-11-23T00:00:00Z" , "m" : { "cable_temp" : -4.25e1 } , "fw" : "2.1.0" }',
    '{"v":1,"ts":1795420800000,"m":{"volume":{"v":208992,"u":"m³"}},"name":"一号总表"}'.encode(),
    b'{"v":1,"ts":1795420800000,"q":{"p":"estimated"},"r":[{"m":{"p":1.5}},{"ts":1795420860000,"m":{"p":2.5},"q":{}}]}',
]

# What arrives on the same topic by mistake.
FOREIGN = [
    b"", b" ", b"\x00", b"null", b"true", b"0", b'""', b"[]", b"{}", b"online", b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0",
    b"##0101QN=20261123080000001;ST=32;CN=2011;PW=123456;MN=81733553213013;Flag=5;CP=&&w01018-Rtd=36.5&&1C80\r\n",
    b"electricity,meter=m1 p=12.5 1795420800000000000",
    b'[{"bn":"urn:dev:m1:","bt":1795420800,"n":"p","u":"W","v":12.5}]',
    b'{"Time":"2026-11-23T08:00:00","ENERGY":{"Total":3.185,"Power":0}}',
    b"\x08\xc0\x9c\xaa\xb3\x8e4\x12\x0e\n\x01p\x18\x93\x89\xb1\xb3\x8e4 \nm\x00\x00HB\x18\x07",
    b"\x68\x61\x01\x00\x00\x00\x00\x68\x11\x04\x33\x33\x34\x33\x14\x16",
    b"<?xml version='1.0'?><meter id='m1'><p>12.5</p></meter>",
    b"v: 1\nm:\n  p: 12.5\n",
    b"p=12.5&ts=1795420800000",
    "{'v':1,'m':{'p':１２.5}}".encode(),
]  # fmt: skip

HOSTILE = [
    b"NaN", b"-Infinity", b"Infinity", b"1e999", b"-1e999", b"1" + b"0" * 400, b"9" * 5_000, b"-", b"+1", b"01",
    b"0x1f", b"1.", b".5", b"1_000", b"1e", b"true", b"False", b"None", b"null", b"undefined", b'""', b'"12.5"', b"'p'",
    b'"\\ud800"', b'"\\u0000"', b'"\x00"', b'"\xff"', b'"\xed\xa0\x80"', b"[]", b"[[1]]", b"{}", b'{"v":1}',
    b'{"u":"kW"}', b'{"v":[],"u":{}}', b'{"$ref":"#"}', b"", b",", b":", b"}", b"]", b"\\", b'"', b"/*",
    b"2026-11-23T08:00:00", b'"2026-11-23T08:00:00"', b'"2026-02-30T08:00:00Z"', b'"1795420800000"',
    b"9999999999999999", b"-9223372036854775809", b"18446744073709551616", b"0.1e-400", b'"dubious"', b'"\\"',
]  # fmt: skip

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}\[\],:]|\w+|\s+')
TOKENS = [TOKEN.findall(payload) for payload in REAL]
Mutator = Callable[[random.Random], bytes]


def _pick(rng: random.Random, rows: list[bytes]) -> bytes:
    return rows[int(rng.random() * len(rows))]


def _cut(rng: random.Random) -> bytes:
    payload = _pick(rng, REAL)
    return payload[: int(rng.random() * len(payload))]


def _flip(rng: random.Random) -> bytes:
    payload = bytearray(_pick(rng, REAL))
    for _ in range(1 + int(rng.random() * 3)):
        payload[int(rng.random() * len(payload))] = int(rng.random() * 256)
    return bytes(payload)


def _splice(rng: random.Random) -> bytes:
    """Put a piece of one payload into another, which repeats keys, brackets and halves of both."""
    payload, other = _pick(rng, REAL), _pick(rng, REAL)
    at, start = int(rng.random() * len(payload)), int(rng.random() * len(other))
    return payload[:at] + other[start : start + int(rng.random() * 40)] + payload[at + int(rng.random() * 20) :]


def _swap(rng: random.Random) -> bytes:
    """Put a hostile token in the place of a real one."""
    tokens = list(TOKENS[int(rng.random() * len(TOKENS))])
    tokens[int(rng.random() * len(tokens))] = _pick(rng, HOSTILE)
    return b"".join(tokens)


def _drop(rng: random.Random) -> bytes:
    tokens = list(TOKENS[int(rng.random() * len(TOKENS))])
    del tokens[int(rng.random() * len(tokens))]
    return b"".join(tokens)


def _repeat(rng: random.Random) -> bytes:
    """Say a key of an object twice, the second time sometimes in disguise."""
    payload = _pick(rng, REAL)
    keys = KEYS[payload]
    key, end = keys[int(rng.random() * len(keys))]
    disguise = b"\\u%04x" % key[0] + key[1:] if rng.random() < 0.2 else key
    return payload[:end] + b'null,"' + disguise + b'":' + payload[end:]


def _encode(rng: random.Random) -> bytes:
    text = _pick(rng, REAL).decode()
    encoding = ("utf-16", "utf-32", "utf-16-be", "utf-8-sig", "utf-7")[int(rng.random() * 5)]
    return text.replace('"v"', '"值"').encode(encoding)


def _wrap(rng: random.Random) -> bytes:
    payload = _pick(rng, REAL)
    before, after = ((b"[", b"]"), (b'{"data":', b"}"), (b"", payload), (b"\x00", b""), (b"", b"\x00"), (b"(", b")"))[
        int(rng.random() * 6)
    ]
    return before + payload + after


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(int(rng.random() * 120))


def _foreign(rng: random.Random) -> bytes:
    return _pick(rng, FOREIGN)


@cache
def _giants() -> list[bytes]:
    """Make what is too much of something: depth, bytes, records, digits, keys."""
    deep = 20_000
    record = b'{"m":{"p":1}}'
    return [
        b'{"v":1,"m":{"p":1},"x":' + b"[" * deep + b"]" * deep + b"}",
        b'{"v":1,"m":{"p":1},"x":' + b'{"x":' * deep + b"1" + b"}" * deep + b"}",
        b'{"v":1,"m":' + b"[" * deep,
        b'{"v":1,"m":{"p":1},"x":"' + b"x" * MAX_BYTES + b'"}',
        b" " * (MAX_BYTES + 1),
        b'{"v":1,"r":[' + b",".join([record] * 1_001) + b"]}",
        b'{"v":1,"ts":' + b"9" * 4_000 + b',"m":{"p":1}}',
        b'{"v":1,"m":{"p":1},"x":{' + b",".join(b'"k%d":1' % n for n in range(5_000)) + b',"k4999":2}}',
    ]


def _giant(rng: random.Random) -> bytes:
    return _pick(rng, _giants())


KEYS = {
    payload: [(match[1], match.end()) for match in re.finditer(rb'"(\w+)"\s*:', payload)] for payload in REAL
}  # fmt: skip
MUTATORS: list[Mutator] = [_cut, _flip, _splice, _swap, _swap, _swap, _drop, _repeat, _encode, _wrap, _noise, _foreign]
ONE_GIANT_IN = 2_000
BYTES = [bytes([number]) for number in range(256)]


def mutations(seed: int, count: int) -> Iterator[bytes]:
    """Give mutated payloads, most of them broken; one in two thousand is a giant."""
    rng = random.Random(seed)  # noqa: S311  # a test wants the same payloads again, no secret
    for number in range(count):
        if number % ONE_GIANT_IN == ONE_GIANT_IN - 1:
            yield _giant(rng)
            continue
        payload = MUTATORS[int(rng.random() * len(MUTATORS))](rng)
        if payload and rng.random() < 0.5:
            at = int(rng.random() * len(payload))
            payload = payload[:at] + BYTES[int(rng.random() * 256)] + payload[at + 1 :]
        yield payload


def malformed(seed: int, count: int, context: Context = CONTEXT) -> Iterator[bytes]:
    """Give exactly `count` payloads that `decode` refuses."""
    given = 0
    while given < count:
        for payload in mutations(seed, count - given):
            try:
                decode(payload, context)
            except Malformed:
                given += 1
                yield payload
        seed += 1


names = st.one_of(st.sampled_from(sorted(metrics())), st.text(max_size=12))
values = st.floats(allow_nan=False, allow_infinity=False)
instants = st.integers(0, 4_102_444_800_000).map(from_ms)
qualities = st.integers(0, 2 * int(max(Quality)) - 1)
units = st.one_of(st.none(), st.sampled_from(["kW", "m³", "%LEL", ""]), st.text(max_size=8))

claims = st.lists(
    st.builds(Claim, st.just(METER), names, values, instants, qualities, units),
    min_size=1,
    max_size=20,
    unique_by=lambda claim: (claim.metric, claim.at),
)
"""What one meter might say in one message."""

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=8,
)
almost = st.fixed_dictionaries(
    {},
    optional={
        "v": st.one_of(st.just(1), json_values),
        "ts": st.one_of(st.integers(), st.just("2026-11-23T08:00:00+08:00"), json_values),
        "seq": st.one_of(st.integers(), json_values),
        "m": st.one_of(st.dictionaries(names, st.one_of(values, json_values), max_size=4), json_values),
        "q": st.one_of(st.sampled_from(["good", "fault|stopped", ""]), json_values),
        "r": st.one_of(st.lists(st.fixed_dictionaries({"m": st.dictionaries(names, values)}), max_size=3), json_values),
        "x": json_values,
    },
).map(lambda message: json.dumps(message).encode())
"""Messages with the right keys and the wrong things under them."""
