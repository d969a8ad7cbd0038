"""Terms as people write them in a sheet: 2026-10, 2026年10月, 2026Q3, 2026年第三季度, 2026年, or a date."""

import re
import unicodedata
from datetime import date

from park import term as terms
from park.term import FORM, Span, Term

NUMERALS = str.maketrans("一二三四", "1234")
MONTH = re.compile(r"(\d{4})[-/年](\d{1,2})月?", re.ASCII)
QUARTER = re.compile(r"(\d{4})[-/年]?(?:[Qq]([1-4])|第?([1-4])季度?)", re.ASCII)
YEAR = re.compile(r"(\d{4})年?度?", re.ASCII)


def read_words(value: object) -> Term | None:
    """Read a term; None for what is none.  A date stands for its month where it is the first of one.

    2026.10 is not read: a sheet takes it for a number, and 2026.1 is then October as well as January.
    """
    if isinstance(value, date):
        return _read(f"{value.year:04}-{value.month:02}") if value.day == 1 else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).strip().replace(" ", "")
    if FORM.fullmatch(text):
        return _read(text)
    if month := MONTH.fullmatch(text):
        return _read(f"{month[1]}-{int(month[2]):02}")
    if quarter := QUARTER.fullmatch(text.translate(NUMERALS)):
        return _read(f"{quarter[1]}-Q{quarter[2] or quarter[3]}")
    if year := YEAR.fullmatch(text):
        return _read(year[1])
    return None


def term_words(term: Term, language: str = "zh") -> str:
    """Write a term for people."""
    year, month = divmod(term.last, terms.MONTHS)
    if language != "zh":
        return str(term)
    if term.span is Span.YEAR:
        return f"{year}年"
    if term.span is Span.QUARTER:
        return f"{year}年第{'一二三四'[month // terms.QUARTER]}季度"
    tail = {Span.TO_DATE: "累计", Span.ROLLING: "(滚动12个月)"}.get(term.span, "")
    return f"{year}年{month + 1}月{tail}"


def _read(text: str) -> Term | None:
    try:
        return terms.read(text)
    except ValueError:
        return None
