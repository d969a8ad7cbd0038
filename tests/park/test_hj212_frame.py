"""The frame of HJ 212: what is whole is read, what is broken is refused for what is broken in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode.hj212_frame import Frame, answer, build, crc, parse
from park.malformed import Malformed
from park.reason import Reason
from tests.park.hj212_frames import GOLDEN, REQUEST, WATER, framed

SEGMENT = "QN=20261123080000000;ST=32;CN=2011;PW=123456;MN=M1;Flag=4;CP=&&DataTime=20261123080000;w01018-Rtd=36.5&&"


@pytest.mark.parametrize("payload", GOLDEN)
def test_a_frame_of_the_field_is_read_and_written_again_to_the_letter(payload: bytes) -> None:
    frame = parse(payload)
    assert frame.remarks == ()
    assert build(frame) == payload + b"\r\n"


def test_the_words_before_the_data_are_told_apart() -> None:
    assert parse(REQUEST) == Frame(
        qn="20160801085857223",
        st="32",
        cn="1062",
        pw="100000",
        mn="010000A8900016F000169DC0",
        flag=5,
        cp="RtdInterval=30",
    )


def test_the_checksum_is_not_that_of_modbus() -> None:
    assert f"{crc(WATER[6:-4]):04X}" == "6E80"
    modbus = 0xFFFF
    for byte in WATER[6:-4]:
        modbus ^= byte
        for _ in range(8):
            modbus = modbus >> 1 ^ 0xA001 if modbus & 1 else modbus >> 1
    assert crc(WATER[6:-4]) != modbus


@pytest.mark.parametrize(
    ("flag", "year", "asks"),
    [(0, 2005, False), (1, 2005, True), (4, 2017, False), (5, 2017, True), (8, 2025, False), (9, 2025, True),
     (13, 2025, True)],
)  # fmt: skip
def test_the_flag_says_the_version_and_whether_an_answer_is_wanted(flag: int, year: int, asks: bool) -> None:  # noqa: FBT001  # a column
    frame = parse(framed(SEGMENT.replace("Flag=4", f"Flag={flag}")))
    assert (frame.year, frame.wants_answer) == (year, asks)


@pytest.mark.parametrize(
    ("sentence", "payload", "remarks"),
    [
        ("the ends of a line count for nothing",         framed(SEGMENT).strip() + b"\n",             ()),
        ("a checksum in small letters is one",           framed(SEGMENT).lower()[:2] + framed(SEGMENT)[2:-6]
                                                         + framed(SEGMENT)[-6:].lower(),               ()),
        ("a wrong length is let pass, and counted",      framed(SEGMENT, length=7),                    ("length",)),
        ("so is one in hexadecimal", framed(SEGMENT).replace(b"##0104", b"##0068"), ("length",)),
        ("a frame of 2005 without a flag",               framed(SEGMENT.replace("Flag=4;", "")),        ()),
        ("a password may be empty",                      framed(SEGMENT.replace("PW=123456", "PW=")),   ()),
        ("a word nobody knows",                          framed(SEGMENT.replace("PW", "XY=1;PW")),      ()),
        ("a whole message may be numbered 1 of 1",       framed(SEGMENT.replace("CP", "PNUM=1;PNO=1;CP")), ()),
    ],
)  # fmt: skip
def test_read_leniently(sentence: str, payload: bytes, remarks: tuple[str, ...]) -> None:
    frame = parse(payload)
    assert (frame.mn, frame.cp, frame.pnum, frame.remarks) == (
        "M1", "DataTime=20261123080000;w01018-Rtd=36.5", None, remarks,
    ), sentence  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "payload", "reason"),
    [
        ("no bytes", b"", Reason.NOT_READABLE),
        ("JSON", b'{"v":1}', Reason.NOT_READABLE),
        ("only the head",                          b"##0101",                                       Reason.LENGTH),
        ("a letter was changed on the line",       framed(SEGMENT).replace(b"36.5", b"36.6"),        Reason.CHECKSUM),
        ("another checksum",                       framed(SEGMENT, checksum="1C80"),                 Reason.CHECKSUM),
        ("Modbus's checksum",                      framed(SEGMENT, checksum="0XFF"),                 Reason.CHECKSUM),
        ("the end is missing",                     framed(SEGMENT)[:-20],                            Reason.LENGTH),
        ("something follows",                      framed(SEGMENT).strip() + b"garbage",             Reason.LENGTH),
        ("no data area", framed("QN=1;ST=32;CN=2011;MN=M1;Flag=4"), Reason.NOT_READABLE),
        ("a data area that is not closed", framed(SEGMENT.removesuffix("&&")), Reason.NOT_READABLE),
        ("a word twice", framed(SEGMENT.replace("MN=M1", "MN=M1;MN=M2")), Reason.NOT_READABLE),
        ("a word without a value", framed(SEGMENT.replace("PW=123456", "PW")), Reason.NOT_READABLE),
        ("a flag that is no number", framed(SEGMENT.replace("Flag=4", "Flag=N")), Reason.NOT_READABLE),
        ("the third of two pieces", framed(SEGMENT.replace("CP", "PNUM=2;PNO=3;CP")), Reason.NOT_READABLE),
        ("a piece without its number", framed(SEGMENT.replace("CP", "PNUM=2;CP")), Reason.NOT_READABLE),
    ],
)  # fmt: skip
def test_refused(sentence: str, payload: bytes, reason: Reason) -> None:
    with pytest.raises(Malformed) as caught:
        parse(payload)
    assert caught.value.reason is reason, sentence


def test_the_answer_names_the_request_and_the_station_and_asks_nothing() -> None:
    asked = Frame("20261123080000000", "32", "2011", "123456", "M1", 9, cp="DataTime=20261123080000")
    said = parse(answer(asked, "9014"))
    assert said == Frame("20261123080000000", "91", "9014", "123456", "M1", 8)
    assert not said.wants_answer


words = st.text("0123456789ABCabc_", max_size=24)


flags, data_areas = st.integers(0, 15), st.text("w0123456789-=,;.RtdFlagN", max_size=80)
frames = st.tuples(words, words, words, words, words, flags, st.none(), st.none(), data_areas).map(
    lambda said: Frame(*said)
)


@given(frames)
def test_what_was_written_is_read_again(frame: Frame) -> None:
    assert parse(build(frame)) == frame


@given(st.data())
def test_no_single_changed_byte_is_taken_for_the_frame(data: st.DataObject) -> None:
    payload = bytearray(framed(SEGMENT))
    place = data.draw(st.integers(6, len(payload) - 3))
    other = data.draw(st.integers(1, 255))
    payload[place] ^= other
    try:
        assert parse(bytes(payload)) == parse(framed(SEGMENT))  # a checksum in small letters is the same
    except Malformed as error:
        assert error.reason in {Reason.CHECKSUM, Reason.LENGTH}  # noqa: PT017  # either end is well
