"""A number is read exactly as it was entered, or refused with how to mend it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.entered import is_blank, is_withdrawn, read_number
from park.registry_notes import Notes


def read(
    value: object, unit: str = "万元", digits: int = 6, least: Decimal | None = None
) -> tuple[Decimal | None, str]:
    notes = Notes({})
    number = read_number(notes, "B7", value, unit=unit, digits=digits, least=least)
    assert all(mistake.path == "B7" and mistake.zh and mistake.en for mistake in notes.mistakes)
    return number, " ".join(mistake.en for mistake in notes.mistakes)


GOOD: list[tuple[str, object, str, str]] = [
    ("digits are a number", "1234.56", "万元", "1234.56"),
    ("thousands may be set apart", "1,234,567.89", "万元", "1234567.89"),
    ("full-width digits are digits", "１，２３４．５", "万元", "1234.5"),
    ("a typographic minus is one", "−3.2", "%", "-3.2"),
    ("a sign of percent is taken where the unit is percent", "8.5 %", "%", "8.5"),
    ("a whole number is exact", 573564, "万元", "573564"),
    ("what binary arithmetic left behind the fifteenth digit is not meant", 0.1 + 0.2, "万元", "0.3"),
    ("blanks around do not matter", "  12.50 ", "万元", "12.50"),
    ("0 is a number", "0", "万元", "0"),
]


@pytest.mark.parametrize(("value", "unit", "number"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_a_number_as_people_write_it(value: object, unit: str, number: str) -> None:
    assert read(value, unit) == (Decimal(number), "")


BAD: list[tuple[str, object, str]] = [
    ("commas in the wrong places may be a decimal point of others", "1,2345", "is not a number"),
    ("a unit beside it may be another one", "1234元", "is not a number"),
    ("a percentage is no amount", "8.5%", "is not a number"),
    ("words", "约一千", "is not a number"),
    ("an exponent is nobody's handwriting", "1e9", "is not a number"),
    ("a truth is no number", True, "must be a number, not true or false"),
    ("NaN", float("nan"), "must be a number"),
    ("infinity", Decimal("Infinity"), "must be a number"),
    ("more decimals than the line has", "1.1234567", "more than 6 decimals"),
    ("larger than anything in a park", "1234567890123", "too large"),
    ("more digits than a sheet or JSON keeps", "12345678901.123456", "more than 15 digits"),
    ("a thousand digits", "9" * 1000, "is not a number"),
]


@pytest.mark.parametrize(("value", "said"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_no_number_is_refused_with_how_to_mend_it(value: object, said: str) -> None:
    number, sentence = read(value)
    assert number is None
    assert said in sentence


def test_a_number_below_the_least_is_refused() -> None:
    assert "below the least possible, 0" in read("-1", least=Decimal(0))[1]
    assert read("-1")[0] == Decimal(-1)


@pytest.mark.parametrize("value", ["-", "——", "无", "N/A", " / "])
def test_people_say_in_several_ways_that_there_is_no_value(value: str) -> None:
    assert is_withdrawn(value)
    assert not is_blank(value)


def test_blank_is_not_the_same_as_no_value() -> None:
    assert is_blank("  ")
    assert is_blank(None)
    assert not is_withdrawn("")
    assert not is_blank(0)


@given(st.decimals(-(10**9) + 1, 10**9 - 1, places=6))
def test_what_is_written_is_what_is_read(value: Decimal) -> None:
    assert read(f"{value:f}")[0] == value
    assert read(f"{value:,f}")[0] == value
    assert read(float(value))[0] == value
