"""Lengths of time as people write them."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import period


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15s", timedelta(seconds=15)),
        ("5m", timedelta(minutes=5)),
        ("15min", timedelta(minutes=15)),
        ("1h", timedelta(hours=1)),
        ("1 d", timedelta(days=1)),
        (" 250ms ", timedelta(milliseconds=250)),
    ],
)
def test_a_number_with_its_unit_is_a_length_of_time(text: str, length: timedelta) -> None:
    assert period.read(text) == length


@pytest.mark.parametrize(
    "text", ["", "15", "s", "0s", "-5m", "1.5h", "1h30m", "5 weeks", "367d", "9999999999s", "99999999999d", "１５s"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(text)}$"):
        period.read(text)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=90), "90s"),
        (timedelta(minutes=60), "1h"),
        (timedelta(days=2), "2d"),
        (timedelta(milliseconds=1500), "1500ms"),
    ],
)
def test_the_largest_unit_without_a_rest_is_written(length: timedelta, text: str) -> None:
    assert period.write(length) == text


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1), timedelta(microseconds=1)])
def test_what_is_no_whole_millisecond_cannot_be_written(length: timedelta) -> None:
    with pytest.raises(ValueError, match="milliseconds above 0"):
        period.write(length)


@given(st.integers(1, period.LONGEST // timedelta(milliseconds=1)))
def test_what_is_written_reads_back(milliseconds: int) -> None:
    length = timedelta(milliseconds=milliseconds)
    assert period.read(period.write(length)) == length
