"""Terms are understood as people write them, and nothing is guessed."""

from datetime import date

import pytest

from park import term
from park.term_words import read_words, term_words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-10", "2026-10"),
        ("2026-3", "2026-03"),
        ("2026年3月", "2026-03"),
        ("2026/10", "2026-10"),
        (date(2026, 10, 1), "2026-10"),
        ("2026Q3", "2026-Q3"),
        ("2026-Q3", "2026-Q3"),
        ("2026年第三季度", "2026-Q3"),
        ("2026年3季度", "2026-Q3"),
        ("2026年", "2026"),
        ("2026年度", "2026"),
        (2026, "2026"),
        (2026.0, "2026"),
        ("２０２６", "2026"),
    ],
)
def test_a_term_as_people_write_it(written: object, meant: str) -> None:
    assert read_words(written) == term.read(meant)


@pytest.mark.parametrize(
    "written", ["", None, "10月", "2026-13", "2026Q5", date(2026, 10, 2), "0026", 202610, 2026.5, "2026.1", "x"]
)
def test_what_could_be_several_things_is_none(written: object) -> None:
    assert read_words(written) is None


@pytest.mark.parametrize(
    ("written", "words"),
    [("2026-10", "2026年10月"), ("2026-Q3", "2026年第三季度"), ("2026", "2026年"), ("2026-10/ytd", "2026年10月累计")],
)
def test_a_term_is_said_in_words(written: str, words: str) -> None:
    assert term_words(term.read(written)) == words
    assert term_words(term.read(written), "en") == written


@pytest.mark.parametrize("written", ["2026-10", "2026-Q1", "2026-Q4", "2026"])
def test_the_words_of_a_term_are_read_again(written: str) -> None:
    assert read_words(term_words(term.read(written))) == term.read(written)
