"""Payloads of any dialect made wrong: cut, spliced, swapped, repeated, and some that are sealed again afterwards."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from park.decode.hj212_frame import DIGITS, HEAD, crc
from tests.park.payloads import FOREIGN, HOSTILE

TOKEN = re.compile(rb"[\w.+-]+|\s+|[^\w\s]")
WORD = re.compile(rb"[\w.+-]+")
FIGURE = re.compile(rb"-?\d+(?:\.\d+)?")
FIGURES = [
    b"0", b"-0.0", b"-1", b"0.1", b"5e-324", b"1e308", b"1e400", b"9" * 30, b"9" * 400, b"9" * 4_300, b"268435456",
    b"1795420800", b"1795420800000", b"99999999999999", b"-1795420800000000000", b"20261123080000", b"20261323080000",
    b"[" * 900 + b"]" * 900,
]  # fmt: skip
VARINTS = [b"\xff" * 9 + b"\x01", b"\xff" * 10, b"\x80", b"\x00", b"\x7f", b"\xff\xff\xff\xff\x0f", b"\x80\x80\x01"]
Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _cut(rng: random.Random, payload: bytes, _others: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(payload) + 1)
    return payload[:at] if rng.random() < 0.5 else payload[at:]


def _flip(rng: random.Random, payload: bytes, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(payload)
    for _ in range(1 + int(rng.random() * 3)):
        changed[int(rng.random() * len(changed))] = int(rng.random() * 256)
    return bytes(changed)


def _splice(rng: random.Random, payload: bytes, others: Sequence[bytes]) -> bytes:
    other = others[int(rng.random() * len(others))]
    at, start = int(rng.random() * len(payload)), int(rng.random() * len(other))
    return payload[:at] + other[start : start + int(rng.random() * 60)] + payload[at + int(rng.random() * 20) :]


def _swap(rng: random.Random, payload: bytes, _others: Sequence[bytes]) -> bytes:
    tokens = TOKEN.findall(payload)
    tokens[int(rng.random() * len(tokens))] = HOSTILE[int(rng.random() * len(HOSTILE))]
    return b"".join(tokens)


def _drop(rng: random.Random, payload: bytes, _others: Sequence[bytes]) -> bytes:
    tokens = TOKEN.findall(payload)
    del tokens[int(rng.random() * len(tokens))]
    return b"".join(tokens)


def _repeat(rng: random.Random, payload: bytes, _others: Sequence[bytes]) -> bytes:
    at = int(rng.random() * len(payload))
    piece = payload[at : at + 1 + int(rng.random() * 40)]
    return payload[:at] + piece * (1 + int(rng.random() * 4)) + payload[at:]


def _number(rng: random.Random, payload: bytes, _others: Sequence[bytes]) -> bytes:
    """Put a strange varint or length in the place of a byte, which protobuf takes to heart."""
    at = int(rng.random() * len(payload))
    return payload[:at] + VARINTS[int(rng.random() * len(VARINTS))] + payload[at + 1 :]


def _exchange(rng: random.Random, payload: bytes, others: Sequence[bytes]) -> bytes:
    """Put one word or number in the place of another: the form stays, the sense goes."""
    tokens = TOKEN.findall(payload)
    words = [place for place, token in enumerate(tokens) if WORD.fullmatch(token)]
    if not words:
        return payload
    given = tokens if rng.random() < 0.5 else TOKEN.findall(others[int(rng.random() * len(others))])
    fitting = [token for token in given if WORD.fullmatch(token)] or [b"0"]
    tokens[words[int(rng.random() * len(words))]] = fitting[int(rng.random() * len(fitting))]
    return b"".join(tokens)


def _figure(rng: random.Random, payload: bytes, _others: Sequence[bytes]) -> bytes:
    """Put a strange number in the place of a number."""
    found = list(FIGURE.finditer(payload))
    if not found:
        return payload
    start, end = found[int(rng.random() * len(found))].span()
    return payload[:start] + FIGURES[int(rng.random() * len(FIGURES))] + payload[end:]


def _noise(rng: random.Random, _payload: bytes, _others: Sequence[bytes]) -> bytes:
    return rng.randbytes(int(rng.random() * 120))


def _foreign(rng: random.Random, _payload: bytes, others: Sequence[bytes]) -> bytes:
    rows = FOREIGN if rng.random() < 0.5 else others
    return rows[int(rng.random() * len(rows))]


MUTATIONS: list[Mutation] = [
    *(_cut, _flip, _flip, _splice, _swap, _swap, _drop, _repeat, _number, _noise, _foreign),
    *[_exchange] * 8,
    *[_figure] * 8,
]


def sealed(payload: bytes) -> bytes:
    """Give a frame of HJ 212 the length and the checksum that its changed data would have."""
    segment = payload[HEAD:].rstrip()[:-DIGITS]
    return b"##%04d%s%04X\r\n" % (len(segment) % 10_000, segment, crc(segment))


def mutants(seed: int, payload: bytes, others: Sequence[bytes], count: int, *, seal: bool = False) -> Iterator[bytes]:
    """Give a payload made wrong in `count` ways; the same seed gives the same ones."""
    rng = random.Random(seed)  # noqa: S311  # a test wants the same payloads again, no secret
    for _ in range(count):
        changed = payload
        for _ in range(1 + int(rng.random() * 2)):
            changed = MUTATIONS[int(rng.random() * len(MUTATIONS))](rng, changed or payload, others)
            changed = changed if TOKEN.search(changed) else payload[:1] + changed
        yield sealed(changed) if seal and rng.random() < 0.75 else changed
