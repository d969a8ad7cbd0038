"""The native codec: the contract's examples, every way to depart from it, and laws for all the rest."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from park.decode import DIALECTS, MAX_BYTES, Context, decode, read
from park.decode.native import MAX_RECORDS
from park.malformed import Malformed
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from tests.park.examples import NOW
from tests.park.payloads import CONTEXT, METER, REAL

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TS = '"ts":1795420800000'


def said(metric: str, value: float, *, at: object = AT, quality: int = 0, unit: str | None = None) -> Claim:
    return Claim(METER, metric, value, at, quality, unit)  # type: ignore[arg-type]  # `object` spares each row a cast


def refusal(payload: bytes | str, context: Context = CONTEXT) -> Reason | list[Claim]:
    """Say why a payload is refused, or what it claims if it is not."""
    try:
        return decode(payload.encode() if isinstance(payload, str) else payload, context)
    except Malformed as malformed:
        refused = malformed
    assert refused.subject.isprintable()
    assert len(refused.subject) <= 200
    return refused.reason


@pytest.mark.parametrize(
    ("sentence", "payload", "expected"),
    [
        ("a message of one instant", REAL[0].decode(),
         [said("p", 12450.5, at=AT - 8 * HOUR, quality=Quality.UNCERTAIN), said("ep_imp", 9.25, at=AT - 8 * HOUR)]),
        ("a message of several instants", REAL[1].decode(),
         [said("p", 12.1), said("p", 12.4, at=AT + MINUTE, quality=Quality.ESTIMATED)]),
        ("a value with its own unit", REAL[2].decode(), [said("p", 12.45, unit="kW")]),
        ("no time: when it reached us, and marked so", '{"v":1,"m":{"p":1}}',
         [said("p", 1.0, at=NOW, quality=Quality.RECEIVE_TIME)]),
        ("a time of null is no time", '{"v":1,"ts":null,"m":{"p":1}}',
         [said("p", 1.0, at=NOW, quality=Quality.RECEIVE_TIME)]),
        ("no time, and a quality beside", '{"v":1,"m":{"p":1},"q":"fault"}',
         [said("p", 1.0, at=NOW, quality=Quality.RECEIVE_TIME | Quality.FAULT)]),
        ("null makes no claim", '{"v":1,%s,"m":{"p":null,"q":1}}', [said("q", 1.0)]),
        ("nor does null with a unit", '{"v":1,%s,"m":{"p":{"v":null,"u":"kW"}}}', []),
        ("a state may be true or false", '{"v":1,%s,"m":{"smoke":true,"p":false}}',
         [said("smoke", 1.0), said("p", 0.0)]),
        ("a state with a unit, too", '{"v":1,%s,"m":{"smoke":{"v":true,"u":"1"}}}', [said("smoke", 1.0, unit="1")]),
        ("an empty unit is a unit of its own", '{"v":1,%s,"m":{"pf":{"v":1,"u":""}}}', [said("pf", 1.0, unit="")]),
        ("an integer is a number", '{"v":1,%s,"m":{"p":12}}', [said("p", 12.0)]),
        ("an integer beyond 64 bits is a number", '{"v":1,%s,"m":{"p":18446744073709551616}}', [said("p", 2.0**64)]),
        ("minus nothing is nothing", '{"v":1,%s,"m":{"p":-0.0}}', [said("p", 0.0)]),
        ("the smallest number there is", '{"v":1,%s,"m":{"p":5e-324}}', [said("p", 5e-324)]),
        ("smaller is nothing", '{"v":1,%s,"m":{"p":1e-400}}', [said("p", 0.0)]),
        ("one quality for all", '{"v":1,%s,"m":{"p":1,"q":2},"q":"stopped"}',
         [said("p", 1.0, quality=Quality.STOPPED), said("q", 2.0, quality=Quality.STOPPED)]),
        ("several flags at once", '{"v":1,%s,"m":{"p":1},"q":"fault|calibration"}',
         [said("p", 1.0, quality=Quality.FAULT | Quality.CALIBRATION)]),
        ("a flag said twice is said", '{"v":1,%s,"m":{"p":1},"q":"fault|fault"}',
         [said("p", 1.0, quality=Quality.FAULT)]),
        ("good is nothing against it", '{"v":1,%s,"m":{"p":1},"q":"good"}', [said("p", 1.0)]),
        ("a quality of what is not there says nothing", '{"v":1,%s,"m":{"p":1},"q":{"x":"fault"}}', [said("p", 1.0)]),
        ("a message's time is its records' default", '{"v":1,%s,"r":[{"m":{"p":1}},{"ts":1795420860000,"m":{"p":2}}]}',
         [said("p", 1.0), said("p", 2.0, at=AT + MINUTE)]),
        ("a message's quality is its records' default",
         '{"v":1,"q":"fault","r":[{"ts":1795420800000,"m":{"p":1}},{"ts":1795420860000,"m":{"p":2},"q":"good"}]}',
         [said("p", 1.0, quality=Quality.FAULT), said("p", 2.0, at=AT + MINUTE)]),
        ("a message's quality by metric is, too",
         '{"v":1,"q":{"p":"fault"},"r":[{"ts":1795420800000,"m":{"p":1,"q":2}}]}',
         [said("p", 1.0, quality=Quality.FAULT), said("q", 2.0)]),
        ("one instant may be told in two records", '{"v":1,%s,"r":[{"m":{"p":1}},{"m":{"q":2}}]}',
         [said("p", 1.0), said("q", 2.0)]),
        ("keys of a later version are passed over", '{"v":1,%s,"fw":"2:1","x":{"y":[{"z":1}]},"m":{"p":1}}',
         [said("p", 1.0)]),
        ("within a record, too", '{"v":1,"r":[{%s,"m":{"p":1},"crc":"a:b"}]}', [said("p", 1.0)]),
        ("and within a value", '{"v":1,%s,"m":{"p":{"v":1,"u":"kW","raw":7}}}', [said("p", 1.0, unit="kW")]),
        ("space is free", ' {\n"v" :\t1 , %s , "m" : { "p" : 1 } }\r\n', [said("p", 1.0)]),
        ("a key in disguise is the same key", '{"\\u0076":1,%s,"m":{"\\u0070":1}}', [said("p", 1.0)]),
        ("a name is anything until somebody asks", '{"v":1,%s,"m":{"":1,"功率":2,"a:b":3,"\\u0000":4}}',
         [said("", 1.0), said("功率", 2.0), said("a:b", 3.0), said("\x00", 4.0)]),
        ("a colon in a unit is no key", '{"v":1,%s,"m":{"p":{"v":1,"u":"k:W"}}}', [said("p", 1.0, unit="k:W")]),
        ("a null quality is none", '{"v":1,%s,"m":{"p":1},"q":null}', [said("p", 1.0)]),
        ("seq may be null, below nothing or beyond 64 bits", '{"v":1,"seq":-99999999999999999999,%s,"m":{"p":1}}',
         [said("p", 1.0)]),
    ],
)  # fmt: skip
def test_believed(sentence: str, payload: str, expected: list[Claim]) -> None:
    assert refusal(payload.replace("%s", TS)) == expected, sentence


@pytest.mark.parametrize(
    ("sentence", "payload", "reason"),
    [
        ("nothing",                              "",                                         Reason.NOT_JSON),
        ("space",                                " \n",                                      Reason.NOT_JSON),
        ("a word",                               "online",                                   Reason.NOT_JSON),
        ("half a message",                       '{"v":1,"m":{"p":1',                        Reason.NOT_JSON),
        ("more after the end",                   '{"v":1,"m":{"p":1}} x',                    Reason.NOT_JSON),
        ("two messages",                         '{"v":1,"m":{"p":1}}{"v":1,"m":{"p":1}}',   Reason.NOT_JSON),
        ("a comma too many",                     '{"v":1,"m":{"p":1,}}',                     Reason.NOT_JSON),
        ("single quotes",                        "{'v':1,'m':{'p':1}}",                      Reason.NOT_JSON),
        ("a comment",                            '{"v":1,/* power */"m":{"p":1}}',           Reason.NOT_JSON),
        ("NaN",                                  '{"v":1,"m":{"p":NaN}}',                    Reason.NOT_JSON),
        ("infinity",                             '{"v":1,"m":{"p":Infinity}}',               Reason.NOT_JSON),
        ("a number with a plus",                 '{"v":1,"m":{"p":+1}}',                     Reason.NOT_JSON),
        ("a number with a leading nought",       '{"v":1,"m":{"p":01}}',                     Reason.NOT_JSON),
        ("a hexadecimal number",                 '{"v":1,"m":{"p":0x1f}}',                   Reason.NOT_JSON),
        ("half a surrogate in a name",           '{"v":1,"m":{"\\ud800":1}}',                Reason.NOT_JSON),
        ("half a surrogate in a unit",           '{"v":1,"m":{"p":{"v":1,"u":"\\udc00"}}}',  Reason.NOT_JSON),
        ("half a surrogate where nobody looks",  '{"v":1,"m":{"p":1},"x":"\\ud800"}',        Reason.NOT_JSON),
        ("a bare NUL in a name",                 '{"v":1,"m":{"p\0":1}}',                    Reason.NOT_JSON),
        ("a NUL after the end",                  '{"v":1,"m":{"p":1}}\0',                    Reason.NOT_JSON),
        ("a byte order mark",                    '\ufeff{"v":1,"m":{"p":1}}',                Reason.NOT_JSON),
        ("bytes that are no UTF-8",              b'{"v":1,"m":{"\xff":1}}',                  Reason.NOT_JSON),
        ("no UTF-8 where nobody looks",          b'{"v":1,"m":{"p":1},"x":"\xff"}',          Reason.NOT_JSON),
        ("a surrogate as UTF-8",                 b'{"v":1,"m":{"\xed\xa0\x80":1}}',          Reason.NOT_JSON),
        ("UTF-16",                               '{"v":1,"m":{"p":1}}'.encode("utf-16"),     Reason.NOT_JSON),
        ("Chinese in GBK",                       '{"v":1,"m":{"功率":1}}'.encode("gbk"),     Reason.NOT_JSON),
        ("a list",                               "[]",                                       Reason.WRONG_FORM),
        ("a number",                             "12.5",                                     Reason.WRONG_FORM),
        ("null",                                 "null",                                     Reason.WRONG_FORM),
        ("no version",                           '{"m":{"p":1}}',                            Reason.WRONG_FORM),
        ("another version",                      '{"v":2,"m":{"p":1}}',                      Reason.WRONG_FORM),
        ("a version of text",                    '{"v":"1","m":{"p":1}}',                    Reason.WRONG_FORM),
        ("a version with a point",               '{"v":1.0,"m":{"p":1}}',                    Reason.WRONG_FORM),
        ("a version of true",                    '{"v":true,"m":{"p":1}}',                   Reason.WRONG_FORM),
        ("a value of text",                      '{"v":1,"m":{"p":"12.5"}}',                 Reason.WRONG_FORM),
        ("a value of a list",                    '{"v":1,"m":{"p":[1]}}',                    Reason.WRONG_FORM),
        ("a value and no unit",                  '{"v":1,"m":{"p":{"v":1}}}',                Reason.WRONG_FORM),
        ("a unit and no value",                  '{"v":1,"m":{"p":{"u":"kW"}}}',             Reason.WRONG_FORM),
        ("a unit of null",                       '{"v":1,"m":{"p":{"v":1,"u":null}}}',       Reason.WRONG_FORM),
        ("a number beyond all floats",           '{"v":1,"m":{"p":1e999}}',                  Reason.WRONG_FORM),
        ("an integer beyond all floats",         '{"v":1,"m":{"p":1%s}}' % ("0" * 400),      Reason.WRONG_FORM),
        ("an integer of 5,000 digits",           '{"v":1,"m":{"p":%s}}' % ("9" * 5_000),     Reason.WRONG_FORM),
        ("values in a list",                     '{"v":1,"m":[1]}',                          Reason.WRONG_FORM),
        ("a time with a fraction",               '{"v":1,"ts":1795420800000.5,"m":{"p":1}}', Reason.WRONG_FORM),
        ("a time in an exponent",                '{"v":1,"ts":1.7954208e12,"m":{"p":1}}',    Reason.WRONG_FORM),
        ("a time of true",                       '{"v":1,"ts":true,"m":{"p":1}}',            Reason.WRONG_FORM),
        ("a time of 5,000 digits",               '{"v":1,"ts":%s,"m":{"p":1}}' % ("9" * 5_000), Reason.WRONG_FORM),
        ("a seq with a fraction",                '{"v":1,"seq":1.5,"m":{"p":1}}',            Reason.WRONG_FORM),
        ("a quality of a number",                '{"v":1,"m":{"p":1},"q":2}',                Reason.WRONG_FORM),
        ("a quality by metric of a number",      '{"v":1,"m":{"p":1},"q":{"p":2}}',          Reason.WRONG_FORM),
        ("records in an object",                 '{"v":1,"r":{"m":{"p":1}}}',                Reason.WRONG_FORM),
        ("a record of null",                     '{"v":1,"r":[null]}',                       Reason.WRONG_FORM),
        ("a record without values",              '{"v":1,"r":[{"ts":1795420800000}]}',       Reason.WRONG_FORM),
        ("both forms at once",                   '{"v":1,"m":{"p":1},"r":[{"m":{"p":1}}]}',  Reason.WRONG_FORM),
        ("neither form",                         '{"v":1,"ts":1795420800000}',               Reason.EMPTY),
        ("values of null",                       '{"v":1,"m":null}',                         Reason.EMPTY),
        ("no values",                            '{"v":1,"m":{}}',                           Reason.EMPTY),
        ("no records",                           '{"v":1,"r":[]}',                           Reason.EMPTY),
        ("one record without values",            '{"v":1,"r":[{"m":{"p":1}},{"m":{}}]}',     Reason.EMPTY),
        ("a time without an offset",             '{"v":1,"ts":"2026-11-23T08:00:00","m":{"p":1}}', Reason.TIME_FORM),
        ("milliseconds as text",                 '{"v":1,"ts":"1795420800000","m":{"p":1}}', Reason.TIME_FORM),
        ("a time of no text",                    '{"v":1,"ts":"","m":{"p":1}}',              Reason.TIME_FORM),
        ("a time after the year 9999",           '{"v":1,"ts":999999999999999,"m":{"p":1}}', Reason.TIME_FORM),
        ("a time beyond 64 bits",                '{"v":1,"ts":-99999999999999999999,"m":{"p":1}}', Reason.TIME_FORM),
        ("a record's time of another form",      '{"v":1,"r":[{"ts":"8:00","m":{"p":1}}]}',  Reason.TIME_FORM),
        ("a default time of another form",       '{"v":1,"ts":"8:00","r":[{"m":{"p":1}}]}',  Reason.TIME_FORM),
        ("a quality nobody knows",               '{"v":1,"m":{"p":1},"q":"dubious"}',        Reason.UNKNOWN_QUALITY),
        ("a quality of a metric nobody knows",   '{"v":1,"m":{"p":1},"q":{"p":"dubious"}}',  Reason.UNKNOWN_QUALITY),
        ("a quality in capitals",                '{"v":1,"m":{"p":1},"q":"FAULT"}',          Reason.UNKNOWN_QUALITY),
        ("a quality of no text",                 '{"v":1,"m":{"p":1},"q":""}',               Reason.UNKNOWN_QUALITY),
        ("a bar too many between flags",         '{"v":1,"m":{"p":1},"q":"fault|"}',         Reason.UNKNOWN_QUALITY),
        ("a metric twice",                       '{"v":1,"m":{"p":1,"p":2}}',                Reason.METRIC_TWICE),
        ("a metric twice with one value",        '{"v":1,"m":{"p":1,"p":1}}',                Reason.METRIC_TWICE),
        ("a metric twice, once null",            '{"v":1,"m":{"p":1,"p":null}}',             Reason.METRIC_TWICE),
        ("a metric twice, once in disguise",     '{"v":1,"m":{"p":1,"\\u0070":2}}',          Reason.METRIC_TWICE),
        ("a metric twice, spaced out",           '{"v":1,"m":{"p":1,"p" \t\n :2}}',          Reason.METRIC_TWICE),
        ("a metric twice behind a time without its colons",
         '{"v":1,"ts":"2026-11-23T08\\u003a00\\u003a00Z","m":{"p":1,"p":2}}',                Reason.METRIC_TWICE),
        ("a version twice",                      '{"v":1,"v":1,"m":{"p":1}}',                Reason.METRIC_TWICE),
        ("a time twice",                         '{"v":1,"ts":1,"ts":2,"m":{"p":1}}',        Reason.METRIC_TWICE),
        ("values twice",                         '{"v":1,"m":{"p":1},"m":{"q":1}}',          Reason.METRIC_TWICE),
        ("a unit twice",                         '{"v":1,"m":{"p":{"v":1,"u":"W","u":"kW"}}}', Reason.METRIC_TWICE),
        ("a quality twice", '{"v":1,"m":{"p":1},"q":{"p":"good","p":"fault"}}', Reason.METRIC_TWICE),
        ("records twice", '{"v":1,"r":[{"m":{"p":1}}],"r":[{"m":{"p":1}}]}', Reason.METRIC_TWICE),
        ("a metric twice in the second record",
         '{"v":1,"r":[{"ts":1,"m":{"p":1}},{"ts":2,"m":{"p":1,"p":2}}]}',                    Reason.METRIC_TWICE),
        ("a key twice where nobody looks",       '{"v":1,"m":{"p":1},"x":[{"y":1,"y":1}]}',  Reason.METRIC_TWICE),
        ("a metric twice at one instant",
         '{"v":1,"r":[{"ts":1795420800000,"m":{"p":1}},{"ts":"2026-11-23T16:00:00+08:00","m":{"p":2}}]}',
         Reason.METRIC_TWICE),
        ("a metric twice without a time",        '{"v":1,"r":[{"m":{"p":1}},{"m":{"p":2}}]}', Reason.METRIC_TWICE),
    ],
)  # fmt: skip
def test_refused(sentence: str, payload: bytes | str, reason: Reason) -> None:
    assert refusal(payload) is reason, sentence


def records(count: int) -> str:
    return json.dumps({"v": 1, "r": [{"ts": number, "m": {"p": 1}} for number in range(count)]})


def test_a_thousand_records_are_let_in_and_one_more_is_not() -> None:
    believed = decode(records(MAX_RECORDS).encode(), CONTEXT)
    assert len(believed) == 1_000
    assert refusal(records(MAX_RECORDS + 1)) is Reason.TOO_LARGE


def test_256_kib_are_let_in_and_one_byte_more_is_not() -> None:
    payload = REAL[2].ljust(256 * 1024)
    assert len(payload) == MAX_BYTES
    assert refusal(payload) == [said("p", 12.45, unit="kW")]
    assert refusal(payload + b" ") is Reason.TOO_LARGE


@pytest.mark.parametrize("opening", ["[", '{"x":', '[{"x":['])
@pytest.mark.parametrize("inside", ['{"v":1,"m":{"p":1},"x":%s', '{"v":1,"m":{"p":%s', '{"v":1,"r":%s', "%s"])
def test_depth_is_refused_and_never_overflows(opening: str, inside: str) -> None:
    payload = inside % (opening * (200_000 // len(opening)))
    assert refusal(payload) in {Reason.NOT_JSON, Reason.WRONG_FORM}


def test_depth_that_is_closed_again_is_refused_too() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert refusal(f'{{"v":1,"m":{{"p":1}},"x":{deep}}}') is Reason.NOT_JSON


def test_an_unknown_codec_is_a_matter_of_the_registry() -> None:
    assert refusal(REAL[0], Context(METER, NOW, "morse")) is Reason.UNKNOWN_CODEC
    assert "native" in DIALECTS


def test_no_time_is_the_receive_time_in_whole_milliseconds() -> None:
    (claim,) = decode(b'{"v":1,"m":{"p":1}}', Context(METER, NOW + timedelta(microseconds=999)))
    assert claim.at == NOW


def test_real_payloads_are_all_believed() -> None:
    for payload in REAL:
        assert isinstance(refusal(payload), list), payload


@pytest.mark.parametrize(
    ("sentence", "payload", "seq"),
    [
        ("a message with a number", '{"v":1,"seq":18231,"m":{"p":1}}', 18231),
        ("a message without one", '{"v":1,"m":{"p":1}}', None),
        ("a number of null is none", '{"v":1,"seq":null,"m":{"p":1}}', None),
        ("several instants have one number", '{"v":1,"seq":7,"r":[{"ts":1,"m":{"p":1}},{"ts":2,"m":{"p":2}}]}', 7),
    ],
)
def test_a_message_is_read_with_its_number(sentence: str, payload: str, seq: int | None) -> None:
    del sentence
    said = read(payload.encode(), CONTEXT)
    assert said.seq == seq
    assert said.claims == decode(payload.encode(), CONTEXT)


@pytest.mark.parametrize(
    ("sentence", "payload", "seq"),
    [
        ("without a value", '{"v":1,"seq":3,"m":{}}', 3),
        ("with a time nobody understands", '{"v":1,"seq":3,"ts":"yesterday","m":{"p":1}}', 3),
        ("of another version", '{"v":2,"seq":3,"m":{"p":1}}', 3),
        ("with a value that is text", '{"v":1,"seq":3,"m":{"p":"high"}}', 3),
        ("with a key twice", '{"v":1,"seq":3,"m":{"p":1,"p":2}}', 3),
        ("whose number is no number", '{"v":1,"seq":"3","m":{"p":1}}', None),
        ("cut off", '{"v":1,"seq":3,"m":{"p"', None),
        ("too large", '{"v":1,"seq":3,"m":{"p":1}}' + " " * MAX_BYTES, None),
    ],
)
def test_a_message_that_is_refused_keeps_its_number_where_that_can_be_read(
    sentence: str, payload: str, seq: int | None
) -> None:
    del sentence
    with pytest.raises(Malformed) as refused:
        read(payload.encode(), CONTEXT)
    assert refused.value.seq == seq
