"""Laws of HJ 212: what is written is read again, and whatever comes is claims or a reason."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import Context, read
from park.decode.hj212_codes import code_of
from park.decode.hj212_frame import LONGEST_CP, crc, parse
from park.decode.hj212_options import check, topics
from park.decode.hj212_write import LETTERS, encode
from park.decode.memory import Memory
from park.malformed import Malformed
from park.metric import metrics
from park.reading import Claim, Reading
from park.registry_notes import Notes
from park.units import conversion
from tests.park.hj212_frames import GOLDEN, framed
from tests.park.test_hj212 import NOW, outlet

CONTEXT = Context("m1", NOW, "hj212")
STEMS = {metric: factor.code for metric, (factor, _) in code_of().items()}
instants = st.integers(0, 10 * 366 * 86_400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(0, seconds)
)
one = st.builds(
    Reading,
    st.just("m1"),
    st.sampled_from(sorted(code_of())),
    st.floats(-1e9, 1e9),
    instants,
    st.sampled_from([0, *(int(bit) for bit, _ in LETTERS)]),
)
several = st.lists(one, min_size=1, max_size=40, unique_by=lambda reading: STEMS[reading.metric])


def converted(claim: Claim) -> float:
    metric = metrics()[claim.metric]
    return conversion(claim.unit or metric.unit, metric.unit, metric.molar_mass)(claim.value)


@given(several, st.sampled_from(["22", "31", "32"]), st.sampled_from(["2011", "2051", "2061", "2031"]))
def test_what_was_written_is_read_again(readings: list[Reading], system: str, cn: str) -> None:
    memory = Memory()
    frames = encode(readings, mn="M1", st=system, cn=cn)
    context = Context("", NOW, "hj212", "hj212/M1", (outlet("m1"),), memory)
    claims = [claim for frame in frames for claim in read(frame, context).claims]
    assert [(each.metric, each.at, each.quality) for each in claims] == [
        (each.metric, each.at, each.quality) for each in readings
    ]
    assert [converted(claim) for claim in claims] == pytest.approx([reading.value for reading in readings])
    assert all(len(parse(frame).cp) <= LONGEST_CP for frame in frames)
    assert len(frames) == 1 or {parse(frame).pnum for frame in frames} == {len(frames)}


def test_a_value_and_that_at_reference_oxygen_share_their_factor() -> None:
    [frame] = encode([Reading("m1", "so2", 12.0, NOW), Reading("m1", "so2_zs", 15.0, NOW)], mn="M1", st="31")
    assert parse(frame).cp.endswith(";a21026-Rtd=12.0,a21026-ZsRtd=15.0,a21026-Flag=N")


@pytest.mark.parametrize(
    ("sentence", "readings", "words"),
    [
        ("nothing", [], "at least one"),
        ("a metric of no factor", [Reading("m1", "ep_imp", 1.0, NOW)], "ep_imp"),
        ("one factor at two times",
         [Reading("m1", "so2", 1.0, NOW), Reading("m1", "so2_zs", 1.0, NOW + timedelta(1))], "so2, so2_zs"),
    ],
)  # fmt: skip
def test_what_no_frame_carries_is_refused(sentence: str, readings: list[Reading], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        encode(readings, mn="M1")
    assert sentence


def listen(payload: bytes) -> None:
    """Read bytes as of somebody unknown and as of a station with memory: claims, or a reason."""
    meters = (outlet("m1", mn="81733553213013"), outlet("m2", mn="M1"))
    for context in (CONTEXT, Context("", NOW, "hj212", "hj212/M1", meters, Memory())):
        with suppress(Malformed):
            for claim in read(payload, context).claims:
                assert claim.meter in {"m1", "m2"}
                assert claim.at.tzinfo is UTC


@given(st.binary(max_size=200))
def test_any_bytes_are_claims_or_malformed(payload: bytes) -> None:
    listen(payload)
    listen(b"##" + payload)
    listen(b"##%04d%s%04X" % (len(payload), payload, crc(payload)))


TOKENS = st.sampled_from([
    "DataTime=20261123080000", "DataTime=", "w01018", "a21026", "011", "-Rtd=", "-Avg=", "-Flag=", "-SampleTime=",
    "-ZsRtd=", "-Cou=", "1", "1e999", "-0.5", "nan", "N", "D", "20261123080000", "99999999999999", ",", ";", "=", "-",
    "&&", "测", "\0", " ",
])  # fmt: skip


@given(
    st.lists(TOKENS, max_size=30).map("".join),
    st.sampled_from(["2011", "2061", "1062", ""]),
    st.sampled_from(["", "PNUM=2;PNO=1;", "PNUM=2;PNO=2;", "PNUM=9999;PNO=1;", "PNUM=0;PNO=0;"]),
)
def test_any_data_with_a_right_checksum_are_claims_or_malformed(data: str, cn: str, number: str) -> None:
    listen(framed(f"QN=1;ST=32;CN={cn};PW=1;MN=M1;Flag=6;{number}CP=&&{data}&&"))


@given(st.sampled_from(GOLDEN), st.data())
def test_a_frame_of_the_field_with_a_mistake_is_claims_or_malformed(payload: bytes, data: st.DataObject) -> None:
    broken = bytearray(payload)
    for _ in range(data.draw(st.integers(1, 3))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    listen(bytes(broken))
    segment = bytes(broken[6:-4])
    listen(b"##%04d%s%04X" % (len(segment), segment, crc(segment)))


@pytest.mark.parametrize(
    ("sentence", "options", "places"),
    [
        ("all there is", {"mn": "M1", "codes": {"w99001": "cod"}, "skip": ["w01010"], "take": ["hour"], "pw": "1"}, []),
        ("no station", {}, ["x.mn"]),
        ("a station without quotes", {"mn": 81733553213013}, ["x.mn"]),
        ("a station that is a filter", {"mn": "a/+"}, ["x.mn"]),
        ("a key nobody knows", {"mn": "M1", "st": "32"}, ["x.st"]),
        ("a metric the meter has not", {"mn": "M1", "codes": {"w99001": "tp"}}, ["x.codes.w99001"]),
        ("a code that is none", {"mn": "M1", "codes": {"w 1": "cod"}}, ["x.codes.w 1"]),
        ("codes that are no table", {"mn": "M1", "codes": ["w99001"]}, ["x.codes"]),
        ("a unit of another kind", {"mn": "M1", "codes": {"w1": {"metric": "cod", "unit": "kW"}}}, ["x.codes.w1.unit"]),
        ("a kind that is none", {"mn": "M1", "take": ["second"]}, ["x.take[0]"]),
        ("no kind at all", {"mn": "M1", "take": []}, ["x.take"]),
        ("a factor that is none", {"mn": "M1", "skip": ["w01018", "a/b"]}, ["x.skip[1]"]),
        ("a password that breaks the frame", {"mn": "M1", "pw": "1;2"}, ["x.pw"]),
        ("two at once", {"skip": [1], "pw": 5}, ["x.mn", "x.pw", "x.skip[0]"]),
    ],
)  # fmt: skip
def test_a_mistake_in_the_registry_is_named_with_its_place(
    sentence: str, options: dict[str, object], places: list[str]
) -> None:
    notes = Notes({})
    check(notes, "x", options, ("cod", "flow"))
    assert sorted(mistake.path for mistake in notes.mistakes) == places, sentence
    assert all(mistake.zh and mistake.en for mistake in notes.mistakes)


def test_a_station_speaks_on_the_listeners_topic() -> None:
    assert topics(outlet(mn="81733553213013")) == ("hj212/81733553213013",)
    assert topics(outlet(mn="a/#")) == ()
