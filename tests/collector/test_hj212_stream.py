"""Frames are found in a stream whatever comes between them, and in whatever portions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.hj212_stream import MOST, FrameStream
from park.decode.hj212_frame import Frame, build, parse
from tests.collector.hj212_logger import data
from tests.park.hj212_frames import GOLDEN, WATER, framed

A, B = data(1), data(2)
a, b = A.strip(), B.strip()
BROKEN = a.replace(b"1.5", b"7.5")


@pytest.mark.parametrize(
    ("sentence", "stream", "found", "passed_over"),
    [
        ("one frame",                          A,                              [a],                0),
        ("two frames",                         A + B,                          [a, b],             0),
        ("no ends of lines",                   a + b,                          [a, b],             0),
        ("ends of lines as on Unix",           a + b"\n" + b + b"\n",          [a, b],             0),
        ("something before",                   b"\0\xff##garbage\r\n" + A,     [b"##garbage", a],  2),
        ("something between",                  A + b"AT+CSQ\r\nOK\r\n" + B,    [a, b],             10),
        ("one sign of a beginning",            b"#" + A + b"#" + B,            [a, b],             2),
        ("a frame broken on the line",         BROKEN + b"\r\n" + B,           [BROKEN, b],        0),
        ("a frame cut by the next",            a[:40] + B,                     [a[:40], b],        0),
        ("a length that is too small",         framed("QN=1;CP=&&&&", length=3) + B,
                                               [framed("QN=1;CP=&&&&", length=3).strip(), b],      0),
        ("a length that is too large",         framed("QN=1;CP=&&&&", length=9_999) + B,
                                               [framed("QN=1;CP=&&&&", length=9_999).strip(), b],  0),
        ("a length that is no number",         framed("QN=1;CP=&&&&").replace(b"0012", b"abcd") + B,
                                               [framed("QN=1;CP=&&&&").replace(b"0012", b"abcd").strip(), b], 0),
        ("half a frame",                       a[:40],                         [],                 0),
        ("nothing",                            b"",                            [],                 0),
        ("only ends of lines",                 b"\r\n\r\n\r\n",                [],                 0),
    ],
)  # fmt: skip
def test_found(sentence: str, stream: bytes, found: list[bytes], passed_over: int) -> None:
    whole = FrameStream()
    assert whole.feed(stream) == found, sentence
    assert whole.passed_over == passed_over, sentence


@given(
    st.lists(st.sampled_from([A, B, *(build(parse(golden)) for golden in GOLDEN)]), max_size=5),
    st.lists(st.integers(1, 400), max_size=10),
)
def test_portions_do_not_matter(frames: list[bytes], portions: list[int]) -> None:
    rest, stream = b"".join(frames), FrameStream()
    found: list[bytes] = []
    for size in portions:
        found += stream.feed(rest[:size])
        rest = rest[size:]
    found += stream.feed(rest)
    assert found == [frame.strip() for frame in frames]
    assert stream.passed_over == 0


@given(st.lists(st.one_of(st.binary(max_size=40).filter(lambda noise: b"#" not in noise), st.just(WATER)), max_size=8))
def test_every_whole_frame_is_found_between_whatever_noise(parts: list[bytes]) -> None:
    stream = FrameStream()
    found = [each for part in parts for each in stream.feed(part + b"\r\n")]
    assert found == [part for part in parts if part == WATER]


@given(st.lists(st.binary(max_size=600), max_size=20))
def test_any_bytes_leave_a_bounded_rest(portions: list[bytes]) -> None:
    stream = FrameStream()
    for portion in portions:
        assert all(each.startswith(b"##") for each in stream.feed(portion))
    assert stream.feed(A + A)[-1:] == [a]


def test_a_frame_that_never_ends_is_given_up() -> None:
    stream = FrameStream()
    assert stream.feed(b"##9999" + b"x" * 4_000) == []
    while not stream.passed_over:
        assert stream.feed(b"x" * 4_000) == []
    assert stream.passed_over > MOST
    assert stream.feed(A) == [a]


def test_the_last_frame_needs_no_end_of_its_line() -> None:
    stream = FrameStream()
    wrong = framed("QN=1;CP=&&&&", length=3).strip()
    assert stream.feed(wrong) == []
    assert stream.end() == [wrong]
    assert parse(wrong) == Frame(qn="1", flag=0, remarks=("length",))
