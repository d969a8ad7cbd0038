"""A picture is told by its bytes, and what cannot be drawn on is refused in words."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.mistake import Mistake
from park.picture import MOST_BYTES, PNG, Picture, recognise


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int) -> bytes:
    rows = b"".join(b"\0" + b"\xd8\xe2\xea" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    note = b"\xff\xe0\x00\x10JFIF\0" + bytes(9)
    frame = b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + note + b"\xff" + frame + b"\xff\xd9"


def webp(kind: bytes, inner: bytes) -> bytes:
    body = b"WEBP" + kind + struct.pack("<I", len(inner)) + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


LOSSY = webp(b"VP8 ", bytes(6) + struct.pack("<HH", 640, 360))
LOSSLESS = webp(b"VP8L", b"\x2f" + struct.pack("<I", 639 | 359 << 14))
EXTENDED = webp(b"VP8X", bytes(4) + (639).to_bytes(3, "little") + (359).to_bytes(3, "little"))


@pytest.mark.parametrize(
    ("content", "picture"),
    [
        (png(640, 360), Picture("image/png", 640, 360)),
        (jpeg(640, 360), Picture("image/jpeg", 640, 360)),
        (LOSSY, Picture("image/webp", 640, 360)),
        (LOSSLESS, Picture("image/webp", 640, 360)),
        (EXTENDED, Picture("image/webp", 640, 360)),
    ],
)
def test_a_picture_says_its_kind_and_its_sides(content: bytes, picture: Picture) -> None:
    assert recognise(content) == picture


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "不是 PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "不是 PNG"),
        (b"GIF89a" + bytes(100), "不是 PNG"),
        (b"%PDF-1.7", "不是 PNG"),
        (png(640, 360)[:-20], "不完整"),
        (jpeg(640, 360)[:-2], "不完整"),
        (LOSSY[:-1], "不完整"),
        (png(63, 360), "63 × 360"),
        (jpeg(12_001, 360), "12001 × 360"),
        (png(640, 360) + bytes(MOST_BYTES), "超过 5 MB"),
    ],
)
def test_what_is_no_picture_to_draw_on_is_refused(content: bytes, words: str) -> None:
    found = recognise(content)
    assert isinstance(found, Mistake)
    assert words in found.zh


@given(st.sampled_from([png(64, 64), jpeg(64, 64), LOSSY, LOSSLESS, EXTENDED]), st.data())
def test_no_bytes_make_it_fail(content: bytes, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(content)))
    place = data.draw(st.integers(0, len(content) - 1))
    broken = bytearray(content)
    broken[place] = data.draw(st.integers(0, 255))
    for one in (content[:end], bytes(broken)):
        assert isinstance(recognise(one), Picture | Mistake)
