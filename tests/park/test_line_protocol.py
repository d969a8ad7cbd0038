"""InfluxDB line protocol: its grammar, whose lines are whose, and that writing and reading are inverse."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import DIALECTS, Context, read
from park.decode.line import MAX_LINES, STRANGER, encode
from park.decode.line_text import Line, escape, lines_of
from park.instant import from_ms
from park.malformed import Malformed
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from tests.park.examples import NOW
from tests.park.meters import mistakes, registered

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
NS = "1795420800000000000"
TOPIC = "telegraf/gw1"


def told(payload: bytes | str, *meters: Meter) -> list[Claim]:
    raw = payload.encode() if isinstance(payload, str) else payload
    return read(raw, Context("", NOW, "line", TOPIC, meters)).claims


def refusal(payload: bytes | str, *meters: Meter) -> tuple[Reason, str]:
    with pytest.raises(Malformed) as caught:
        told(payload, *(meters or (registered("line"),)))
    return caught.value.reason, caught.value.subject


@pytest.mark.parametrize(
    ("sentence", "written", "expected"),
    [
        ("the plainest line", "m f=1", Line("m", {}, {"f": 1.0}, None)),
        ("with tags, fields and a time", "m,a=b,c=d f=1.5,g=-2e3 -7",
         Line("m", {"a": "b", "c": "d"}, {"f": 1.5, "g": -2000.0}, -7)),
        ("whole numbers, signed and not", "m f=-3i,g=18446744073709551615u",
         Line("m", {}, {"f": -3.0, "g": 2.0**64}, None)),
        ("truths", "m a=t,b=TRUE,c=False,d=F", Line("m", {}, {"a": True, "b": True, "c": False, "d": False}, None)),
        ("a text, with quotes and blanks in it", r'm f="a \"b\", c=d \\",g=1',
         Line("m", {}, {"f": 'a "b", c=d \\', "g": 1.0}, None)),
        ("a text over two lines", 'm f="a\nb" 1', Line("m", {}, {"f": "a\nb"}, 1)),
        ("an empty text", 'm f=""', Line("m", {}, {"f": ""}, None)),
        ("names with blanks, commas and equals signs", r"m\ 1\,2,t\=1=v\ \, f\ \==1",
         Line("m 1,2", {"t=1": "v ,"}, {"f =": 1.0}, None)),
        ("a backslash before anything else is itself", r"m\x,a=c:\d f\g=1",
         Line("m\\x", {"a": "c:\\d"}, {"f\\g": 1.0}, None)),
        ("an equals sign in a measurement", r"m=1 f=1", Line("m=1", {}, {"f": 1.0}, None)),
        ("a blank too many", "m  f=1  7  ", Line("m", {}, {"f": 1.0}, 7)),
        ("the line end of Windows", "m f=1 7\r\n", Line("m", {}, {"f": 1.0}, 7)),
        ("Chinese", "电表,位置=东门 功率=1", Line("电表", {"位置": "东门"}, {"功率": 1.0}, None)),
    ],
)  # fmt: skip
def test_a_line_is_read(sentence: str, written: str, expected: Line) -> None:
    assert list(lines_of(written.encode())) == [expected], sentence


def test_comments_and_empty_lines_say_nothing() -> None:
    assert list(lines_of(b"# a\n\n  m f=1\n#b=1 c=2\nm f=2\n# end")) == [
        Line("m", {}, {"f": 1.0}, None),
        Line("m", {}, {"f": 2.0}, None),
    ]


@pytest.mark.parametrize(
    ("sentence", "payload", "reason"),
    [
        ("no line at all", b"", Reason.EMPTY),
        ("only comments", b"# x\n", Reason.EMPTY),
        ("no fields", b"m", Reason.NOT_READABLE),
        ("a tag without a value", b"m,a= f=1", Reason.NOT_READABLE),
        ("a field without a value", b"m f=", Reason.NOT_READABLE),
        ("a comma at the end of the fields", b"m f=1,", Reason.NOT_READABLE),
        ("a word that is no value", b"m f=yes", Reason.NOT_READABLE),
        ("an unsigned below nothing", b"m f=-1u", Reason.NOT_READABLE),
        ("an integer with a point", b"m f=1.5i", Reason.NOT_READABLE),
        ("not a number", b"m f=NaN", Reason.NOT_READABLE),
        ("Python's underscores", b"m f=1_000", Reason.NOT_READABLE),
        ("a text without an end", b'm f="abc', Reason.NOT_READABLE),
        ("a time that is no whole number", b"m p=1 1.5", Reason.NOT_READABLE),
        ("something after the time", b"m p=1 1 x", Reason.NOT_READABLE),
        ("bytes that are no UTF-8", b"m p=1\xff", Reason.NOT_READABLE),
        ("the same field twice", b"m p=1,p=2", Reason.METRIC_TWICE),
        ("the same tag twice", b"m,a=1,a=2 p=1", Reason.METRIC_TWICE),
        ("a number beyond all numbers", b"m p=1e999", Reason.NOT_FINITE),
        ("two values for one instant", b"m p=1 1\nm p=2 1", Reason.METRIC_TWICE),
        ("more lines than a message may have", b"m p=1 1\n" * (MAX_LINES + 1), Reason.TOO_LARGE),
        ("JSON", b'{"p": 1}', Reason.NOT_READABLE),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(sentence: str, payload: bytes, reason: Reason) -> None:
    assert refusal(payload)[0] is reason, sentence


def test_a_time_beyond_the_calendar_is_refused() -> None:
    seconds = registered({"line": {"precision": "s"}})
    assert refusal("m p=1 9999999999999999999", seconds)[0] is Reason.TIME_FORM


@pytest.mark.parametrize(
    ("precision", "time"),
    [("ns", NS), ("us", "1795420800000000"), ("ms", "1795420800000"), ("s", "1795420800"), (None, NS)],
)
def test_a_time_counts_in_the_registered_steps_since_1970(precision: str | None, time: str) -> None:
    meter = registered({"line": {"precision": precision} if precision else {}})
    assert told(f"m p=1 {time}", meter) == [Claim("m1", "p", 1.0, AT)]


def test_a_line_without_a_time_happened_when_it_came() -> None:
    assert told("m p=1", registered("line")) == [Claim("m1", "p", 1.0, NOW, Quality.RECEIVE_TIME)]


def test_the_same_line_once_more_is_nothing_new() -> None:
    assert told(f"m p=1 {NS}\nm p=1 {NS}", registered("line")) == [Claim("m1", "p", 1.0, AT)]


def test_without_fields_each_number_claims_to_be_the_metric_of_its_name() -> None:
    said = told(f'm p=1,volt=2,on=true,note="x" {NS}', registered("line"))
    assert [(claim.metric, claim.value) for claim in said] == [("p", 1.0), ("volt", 2.0), ("on", 1.0)]


def test_with_fields_what_they_leave_out_is_left_out() -> None:
    meter = registered({"line": {"fields": {"P": {"metric": "p", "unit": "W", "factor": 10}, "E": "ep_imp"}}})
    assert told(f"m P=1i,E=2,X=3 {NS}", meter) == [
        Claim("m1", "p", 10.0, AT, 0, "W"),
        Claim("m1", "ep_imp", 2.0, AT),
    ]
    assert refusal('m P="1"', meter) == (Reason.WRONG_FORM, "P: '1'")


def test_measurement_and_tags_tell_whose_a_line_is() -> None:
    one = registered({"line": {"measurement": "modbus", "tags": {"slave": "1"}}}, id="m1")
    two = registered({"line": {"measurement": "modbus", "tags": {"slave": "2", "host": "gw"}}}, id="m2")
    payload = f"modbus,host=gw,slave=2 p=2 {NS}\nmodbus,host=gw,slave=1 p=1 {NS}\ncpu,host=gw idle=9 {NS}\n"
    assert told(payload, one, two) == [Claim("m2", "p", 2.0, AT), Claim("m1", "p", 1.0, AT)]
    assert read(payload.encode(), Context("", NOW, "line", TOPIC, (one, two))).remarks == STRANGER
    assert read(b"modbus,slave=1 p=1", Context("", NOW, "line", TOPIC, (one,))).remarks == ()
    assert refusal("modbus,host=gw,slave=3 p=1", one, two) == (Reason.UNKNOWN_SENDER, "modbus,host=gw,slave=3")
    assert refusal("cpu p=1", one, two) == (Reason.UNKNOWN_SENDER, "cpu")


def test_where_nobody_is_registered_the_topic_is_named() -> None:
    with pytest.raises(Malformed) as caught:
        told("m p=1")
    assert (caught.value.reason, caught.value.subject) == (Reason.UNKNOWN_SENDER, TOPIC)


@pytest.mark.parametrize(
    ("options", "place", "words"),
    [
        ({"feilds": {}}, ".feilds", "did you mean fields?"),
        ({"measurement": 7}, ".measurement", "must be text"),
        ({"tags": {"slave": 3}}, ".tags.slave", "must be text"),
        ({"tags": "slave"}, ".tags", "must be a mapping"),
        ({"fields": {}}, ".fields", "not an empty mapping"),
        ({"fields": {"P": "watts"}}, ".fields.P", "not among this meter's metrics"),
        ({"fields": {"P": "p", "Q": "p"}}, ".fields.Q", "a metric has one field"),
        ({"precision": "min"}, ".precision", "none of the choices"),
        ({"topic": "a/b#"}, ".topic", "cannot be used"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_options_is_named_with_its_place(options: dict[str, object], place: str, words: str) -> None:
    [mistake] = mistakes({"line": options})
    assert mistake.path == f"meters[0].codec.line{place}"
    assert words in mistake.en
    assert mistake.zh


def test_the_topics_are_those_of_the_options() -> None:
    assert DIALECTS["line"].topics(registered({"line": {"topic": "telegraf/#"}})) == ("telegraf/#",)
    assert DIALECTS["line"].topics(registered("line")) == ()


names = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), min_size=1, max_size=12).filter(
    lambda name: not name.endswith("\\")
)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.lists(
        st.builds(Claim, st.just("m1"), names, numbers, st.integers(0, 4_102_444_800_000).map(from_ms)),
        min_size=1,
        max_size=20,
        unique_by=lambda claim: (claim.metric, claim.at),
    ),
    names.filter(lambda name: name[0] not in "# \t"),
    st.dictionaries(names, names, max_size=3),
)
def test_what_is_written_is_read(written: list[Claim], measurement: str, tags: dict[str, str]) -> None:
    options = {"measurement": measurement, "tags": tags}
    meter = replace(registered("line"), options=options)
    payload = encode(written, measurement=measurement, tags=tags)
    assert sorted(told(payload, meter), key=repr) == sorted(written, key=repr)


@pytest.mark.parametrize("name", ["", "a\nb", "a\r", "a\\"])
def test_what_no_line_can_carry_is_not_written(name: str) -> None:
    with pytest.raises(ValueError, match="no line can carry"):
        escape(name)
