"""The workbook that is written is the one that is read: nothing is lost on the way through a spreadsheet program."""

import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from adapters import sheet, statement_sheet
from park import term
from park.place import Enterprise
from park.statement import Statement, Status, lines
from park.statement_table import read_sheets
from park.term import Span, Term

ENTERPRISES = {
    one.id: one
    for one in (
        Enterprise("e01", "hk", "富硒食品", "Selenium Foods"),
        Enterprise("e02", "hk", '=HYPERLINK("http://x","毛绒玩具")'),
    )
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_is_rows_to_fill_in_and_says_nothing_yet(language: str) -> None:
    keys = [(one, term.read(name)) for name in ("2026-10", "2026-Q3", "2025") for one in ENTERPRISES]
    content = statement_sheet.write(keys, enterprises=ENTERPRISES, language=language)
    found = read_sheets(sheet.read(content), [*ENTERPRISES.values()])
    assert (found.statements, found.mistakes, found.blank) == ((), (), 6)
    names = load_workbook(io.BytesIO(content)).sheetnames
    assert names == [*(words[language != "zh"] for words in statement_sheet.SHEETS.values()), names[-1]]


def test_headings_are_locked_values_are_open_and_both_are_validated() -> None:
    content = statement_sheet.write([("e01", term.read("2026-10"))], enterprises=ENTERPRISES)
    one = load_workbook(io.BytesIO(content))["月报"]
    assert one.protection.sheet
    assert (one["E1"].protection.locked, one["A3"].protection.locked, one["E3"].protection.locked) == (
        True,
        True,
        False,
    )
    assert [one["E1"].value, one["E2"].value] == ["工业增加值", "万元"]
    assert one.freeze_panes == "D3"
    rules = {str(rule.sqref): rule for rule in one.data_validations.dataValidation}
    assert rules["D3"].formula1 == '"快报,核定"'
    assert (rules["F3"].formula1, rules["F3"].type) == ("0", "decimal")


def test_a_name_that_begins_with_an_equals_sign_is_no_formula() -> None:
    content = statement_sheet.write([("e02", term.read("2026-10"))], enterprises=ENTERPRISES)
    assert load_workbook(io.BytesIO(content))["月报"]["B3"].data_type == "s"
    assert sheet.read(content)[0].rows[2][1].value == ENTERPRISES["e02"].name


def entered(name: str) -> st.SearchStrategy[Decimal]:
    """Make values that a line may have: as many digits as a sheet carries."""
    line = lines()[name]
    places = min(line.digits, 3)
    return st.decimals(line.least if line.least is not None else -(10**11), 10**11, places=places, allow_nan=False)


VALUES = st.fixed_dictionaries({}, optional={name: entered(name) for name in lines()}).filter(bool)
TERMS = st.builds(Term, st.just(Span.MONTH), st.integers(2020 * 12, 2030 * 12))


@given(st.dictionaries(st.tuples(st.sampled_from(sorted(ENTERPRISES)), TERMS), VALUES, min_size=1, max_size=4))
@settings(deadline=None, max_examples=15)
def test_what_is_exported_is_read_again_to_the_last_digit(kept: dict[tuple[str, Term], dict[str, Decimal]]) -> None:
    given_ones = [Statement(one, when, Status.VERIFIED, values) for (one, when), values in kept.items()]
    content = statement_sheet.write(kept, enterprises=ENTERPRISES, statements=given_ones)
    found = read_sheets(sheet.read(content), [*ENTERPRISES.values()])
    assert found.mistakes == ()
    assert {one.key: one.values for one in found.statements} == kept
    assert {one.status for one in found.statements} == {Status.VERIFIED}
