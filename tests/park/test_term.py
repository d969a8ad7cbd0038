"""Terms: what they take in, how they are written, and which they are compared with."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import term
from park.term import Span, Term

TERMS = st.builds(Term, st.just(Span.MONTH), st.integers(1971 * 12, 2198 * 12)).map(
    lambda month: month
) | st.sampled_from(["2026-Q1", "2026-Q4", "2024", "2026-03/ytd", "2026-12/ytd", "2026-02/r12"]).map(term.read)


@pytest.mark.parametrize(
    ("name", "text", "start", "end", "months"),
    [
        ("a month begins at local midnight", "2026-10", "2026-09-30T16:00", "2026-10-31T16:00", 1),
        ("a quarter is three months",        "2026-Q3", "2026-06-30T16:00", "2026-09-30T16:00", 3),
        ("a year is twelve",                 "2026",    "2025-12-31T16:00", "2026-12-31T16:00", 12),
        ("to date begins in January",        "2026-03/ytd", "2025-12-31T16:00", "2026-03-31T16:00", 3),
        ("rolling crosses the new year",     "2026-02/r12", "2025-02-28T16:00", "2026-02-28T16:00", 12),
    ],
)  # fmt: skip
def test_a_term_takes_in_whole_local_months(name: str, text: str, start: str, end: str, months: int) -> None:
    found = term.read(text)
    assert found.start() == datetime.fromisoformat(start).replace(tzinfo=UTC), name
    assert found.end() == datetime.fromisoformat(end).replace(tzinfo=UTC), name
    assert found.length == len(list(found.months())) == months, name


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "26-10", "2026-1", "2026-Q3/ytd", "1066", "２０２６"]
)
def test_no_other_form_is_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        term.read(text)


@pytest.mark.parametrize(
    ("text", "before", "year_ago"),
    [
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026", "2025", "2025"),
        ("2026-03/ytd", "2026-02/ytd", "2025-03/ytd"),
        ("2026-03/r12", "2026-02/r12", "2025-03/r12"),
    ],
)
def test_a_term_is_compared_with_its_own_kind(text: str, before: str, year_ago: str) -> None:
    assert str(term.read(text).before()) == before
    assert str(term.read(text).year_ago()) == year_ago


@given(TERMS)
def test_what_is_written_is_read_back(one: Term) -> None:
    assert term.read(str(one)) == one


@given(TERMS)
def test_a_terms_months_join_without_gap_or_overlap(one: Term) -> None:
    months = list(one.months())
    assert months[0].start() == one.start()
    assert months[-1].end() == one.end()
    assert all(left.end() == right.start() for left, right in itertools.pairwise(months))
    assert all(one.holds(month) for month in months)


def test_an_instant_has_its_local_month_quarter_and_year() -> None:
    month = term.month_of(datetime(2026, 9, 30, 16, 0, tzinfo=UTC))
    assert [str(one) for one in (month, term.quarter_of(month), term.year_of(month))] == ["2026-10", "2026-Q4", "2026"]
