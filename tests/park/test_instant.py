"""Instants: which forms of a time are believed, which are not, and that nothing moves on the way."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.instant import from_ms, from_text, to_ms

EIGHT = datetime(2026, 11, 23, tzinfo=UTC)
MS = timedelta(milliseconds=1)
FIRST_MS = to_ms(datetime.min.replace(tzinfo=UTC))
LAST_MS = to_ms(datetime.max.replace(tzinfo=UTC))
offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def read(text: str) -> datetime | None:
    with suppress(ValueError):
        return from_text(text)
    return None


@pytest.mark.parametrize(
    ("sentence", "text", "expected"),
    [
        ("Beijing time",                       "2026-11-23T08:00:00+08:00",           EIGHT),
        ("Greenwich by its letter",            "2026-11-23T00:00:00Z",                EIGHT),
        ("small letters",                      "2026-11-23t00:00:00z",                EIGHT),
        ("a space for the T",                  "2026-11-23 08:00:00+08:00",           EIGHT),
        ("an offset behind Greenwich",         "2026-11-22T19:30:00-04:30",           EIGHT),
        ("an offset of nothing, either way",   "2026-11-23T00:00:00-00:00",           EIGHT),
        ("one digit of a second",              "2026-11-23T08:00:00.5+08:00",         EIGHT + 500 * MS),
        ("milliseconds",                       "2026-11-23T08:00:00.123+08:00",       EIGHT + 123 * MS),
        ("microseconds are cut",               "2026-11-23T08:00:00.123999+08:00",    EIGHT + 123 * MS),
        ("nanoseconds are cut",                "2026-11-23T08:00:00.123999999+08:00", EIGHT + 123 * MS),
        ("the last nanosecond stays in its second", "2026-11-23T07:59:59.999999999+08:00", EIGHT - MS),
        ("before 1970 it is cut the same way", "1969-12-31T23:59:59.9999Z",           from_ms(-1)),
        ("a leap day", "2028-02-29T00:00:00Z", datetime(2028, 2, 29, tzinfo=UTC)),
        ("the widest offset there can be",     "2026-11-23T23:59:00+23:59",           EIGHT),
        ("the first instant",                  "0001-01-01T00:00:00Z",                datetime.min.replace(tzinfo=UTC)),
        ("the last millisecond",               "9999-12-31T23:59:59.999Z",            from_ms(LAST_MS)),
    ],
)  # fmt: skip
def test_believed(sentence: str, text: str, expected: datetime) -> None:
    at = from_text(text)
    assert at == expected, sentence
    assert at.tzinfo is UTC


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("no offset: whose eight o'clock?",   "2026-11-23T08:00:00"),
        ("a zone's name",                     "2026-11-23T08:00:00 Asia/Shanghai"),
        ("an offset and a name",              "2026-11-23T08:00:00+08:00[Asia/Shanghai]"),
        ("an offset without a colon",         "2026-11-23T08:00:00+0800"),
        ("an offset of hours only",           "2026-11-23T08:00:00+08"),
        ("an offset of a day",                "2026-11-23T08:00:00+24:00"),
        ("an offset with 60 minutes",         "2026-11-23T08:00:00+07:60"),
        ("an offset with seconds",            "2026-11-23T08:00:00+08:00:00"),
        ("seconds left out",                  "2026-11-23T08:00+08:00"),
        ("a date alone",                      "2026-11-23"),
        ("the basic form",                    "20261123T080000Z"),
        ("a week date",                       "2026-W48-1T08:00:00Z"),
        ("an ordinal date",                   "2026-327T08:00:00Z"),
        ("HJ 212's form",                     "20261123080000"),
        ("slashes",                           "2026/11/23T08:00:00Z"),
        ("no separator",                      "2026-11-2308:00:00Z"),
        ("one digit of a month",              "2026-1-23T08:00:00Z"),
        ("a comma before the fraction",       "2026-11-23T08:00:00,5Z"),
        ("a point without a fraction",        "2026-11-23T08:00:00.Z"),
        ("ten digits of a second",            "2026-11-23T08:00:00.1234567890Z"),
        ("a leap second, which no day of ours has", "2016-12-31T23:59:60Z"),
        ("24 o'clock",                        "2026-11-23T24:00:00Z"),
        ("25 o'clock",                        "2026-11-23T25:00:00Z"),
        ("minute 60",                         "2026-11-23T08:60:00Z"),
        ("month 13",                          "2026-13-01T00:00:00Z"),
        ("month 0",                           "2026-00-01T00:00:00Z"),
        ("30 February",                       "2026-02-30T00:00:00Z"),
        ("29 February of a common year",      "2026-02-29T00:00:00Z"),
        ("the year 0",                        "0000-01-01T00:00:00Z"),
        ("a year of five digits",             "12026-01-01T00:00:00Z"),
        ("a year before Christ",              "-001-01-01T00:00:00Z"),
        ("the year 1, moved over the edge",   "0001-01-01T00:00:00+08:00"),
        ("the year 9999, moved over the edge", "9999-12-31T23:59:59-08:00"),
        ("milliseconds as text",              "1795420800000"),
        ("spaces around",                     " 2026-11-23T00:00:00Z "),
        ("a newline at the end",              "2026-11-23T00:00:00Z\n"),
        ("wide digits",                       "２０２６-11-23T00:00:00Z"),
        ("Arabic digits",                     "٢٠٢٦-11-23T00:00:00Z"),
        ("a minus that is none",              "2026−11−23T00:00:00Z"),
        ("words",                             "now"),
        ("nothing",                           ""),
    ],
)  # fmt: skip
def test_not_guessed(sentence: str, text: str) -> None:
    assert read(text) is None, sentence


@given(st.integers(FIRST_MS, LAST_MS))
def test_milliseconds_survive_the_way_there_and_back(ms: int) -> None:
    at = from_ms(ms)
    assert to_ms(at) == ms
    assert at.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_loses_less_than_a_millisecond_and_never_moves_ahead(at: datetime) -> None:
    assert timedelta(0) <= at - from_ms(to_ms(at)) < timedelta(milliseconds=1)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=offsets))  # noqa: DTZ001  # hypothesis adds it
def test_text_and_milliseconds_name_the_same_instant(at: datetime) -> None:
    assert from_text(at.isoformat(timespec="microseconds")) == from_ms(to_ms(at))


@pytest.mark.parametrize(
    ("sentence", "ms"),
    [
        ("after the year 9999",            LAST_MS + 1),
        ("before the year 1",              FIRST_MS - 1),
        ("nanoseconds sent for milliseconds, almost", 10**20),
        ("more than any clock",            10**400),
        ("less than any clock",            -(10**400)),
    ],
)  # fmt: skip
def test_milliseconds_beyond_the_calendar_are_refused(sentence: str, ms: int) -> None:
    try:
        at = from_ms(ms)
    except ValueError:
        return
    pytest.fail(f"{sentence}: {at}")


def test_seconds_sent_for_milliseconds_land_in_january_1970() -> None:
    assert from_ms(1_795_420_800) == datetime(1970, 1, 21, 18, 43, 40, 800_000, tzinfo=UTC)


@given(st.text(max_size=40))
def test_any_text_is_an_instant_or_a_value_error(text: str) -> None:
    at = read(text)
    assert at is None or at.tzinfo is UTC
