"""A sheet is read by its headings, cell by cell; what could be misread is refused at its cell."""

from datetime import date
from decimal import Decimal

import pytest

from park.place import Enterprise
from park.sheet import Broken, Cell, Sheet, place
from park.statement import Status
from park.statement_table import Read, read_sheets

ENTERPRISES = (
    Enterprise("e01", "hk", "富硒食品 (安康)", "Selenium Foods"),
    Enterprise("e02", "hk", "毛绒玩具", "Plush Toys"),
)
HEAD = ("企业编号", "企业名称", "期别", "状态", "工业增加值", "实缴税收", "工业增加值增速 (可比价)")
UNITS = ("单位", "", "", "", "万元", "万元", "%")
Line = tuple[object, ...]


def sheet(*rows: Line, name: str = "") -> Sheet:
    return Sheet(
        name,
        tuple(
            tuple(
                value if isinstance(value, Cell) else Cell(place(number, column, name), value)
                for column, value in enumerate(row, 1)
            )
            for number, row in enumerate(rows, 1)
        ),
    )


def read(*rows: Line) -> Read:
    return read_sheets([sheet(*rows)], ENTERPRISES)


def said(found: Read) -> list[tuple[str, str]]:
    return [(mistake.path, mistake.en) for mistake in found.mistakes]


def test_a_row_is_a_statement_with_the_places_of_its_parts() -> None:
    found = read(HEAD, UNITS, ("e01", "富硒食品（安康）", "2026年10月", "核定", 1234.5, "86.20", -0.5))
    assert found.mistakes == ()
    [one] = found.statements
    assert (one.enterprise, str(one.term), one.status) == ("e01", "2026-10", Status.VERIFIED)
    assert one.values == {
        "value_added": Decimal("1234.5"), "tax": Decimal("86.20"), "value_added_growth": Decimal("-0.5"),
    }  # fmt: skip
    assert found.places[0]["tax"] == "F3"


ROWS: list[tuple[str, Line, str]] = [
    ("headings in English", ("Enterprise", "Term", "Value added"), "2026-10"),
    ("names of the lines themselves", ("enterprise", "term", "value_added"), "2026-10"),
    ("headings with their unit", ("企业编号", "期别", "工业增加值（万元）"), "2026-10"),
    ("headings with blanks in them", (" 企业 编号", "期 别", "工业增加值"), "2026-10"),
    ("a date for its month", ("企业编号", "期别", "工业增加值"), date(2026, 10, 1)),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("head", "when"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_headings_are_found_by_what_they_say(head: Line, when: object) -> None:
    found = read(("某园区 2026 年报表",), head, ("e01", when, 7))
    assert found.mistakes == ()
    assert [str(one.term) for one in found.statements] == ["2026-10"]


def test_a_name_alone_names_the_enterprise_in_either_language() -> None:
    found = read(("企业名称", "期别", "实缴税收"), ("毛绒玩具", "2026-10", 1), ("selenium foods", "2026-10", 2))
    assert [one.enterprise for one in found.statements] == ["e02", "e01"]


def test_a_row_that_was_not_filled_in_is_passed_over_and_counted() -> None:
    found = read(HEAD, UNITS, ("e01", "", "2026-10", "", None, "", None), ("", "", "", "", "", "", ""))
    assert (found.statements, found.mistakes, found.blank) == ((), (), 1)


def test_an_empty_cell_says_nothing_and_a_dash_withdraws() -> None:
    [one] = read(HEAD, UNITS, ("e01", "", "2026-10", "", None, "—", 5)).statements
    assert one.values == {"tax": None, "value_added_growth": Decimal(5)}
    assert one.status is Status.FLASH


def test_a_cell_shown_as_a_percentage_means_hundredths() -> None:
    row = ("e01", "", "2026-10", "", None, None, Cell("G3", 0.085, percent=True))
    assert read(HEAD, UNITS, row).statements[0].values == {"value_added_growth": Decimal("8.5")}


def good(**changed: object) -> Line:
    row = {"id": "e01", "name": "", "term": "2026-10", "status": "快报", "value": 1, "tax": 1, "growth": 1} | changed
    return tuple(row.values())


WRONG: list[tuple[str, Line, str, str]] = [
    ("an enterprise that is not registered", good(id="e09"), "A3", "There is no enterprise 'e09'"),
    ("a name that is another's", good(name="毛绒玩具"), "B3", "is the row shifted?"),
    ("a term nobody understands", good(term="10月"), "C3", "is not understood"),
    ("no term", good(term=None), "C3", "is not understood"),
    ("a status nobody understands", good(status="初步"), "D3", "is not understood"),
    ("commas in the wrong places", good(value="1,2345"), "E3", "is not a number"),
    ("a formula nobody worked out", good(value=Broken.UNCOMPUTED), "E3", "never worked out"),
    ("an error of the sheet", good(value=Broken.ERROR), "E3", "#REF!"),
    ("a percentage of money", good(value=Cell("E3", 0.5, percent=True)), "E3", "is a percentage"),
    ("part of a merged cell", good(value=Cell("E3", 5, merged=True)), "E3", "merged cell"),
    ("a truth", good(value=True), "E3", "must be a number"),
]


@pytest.mark.parametrize(("row", "path", "sentence"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_cell_is_told_at_its_place_and_the_row_is_not_read(row: Line, path: str, sentence: str) -> None:
    found = read(HEAD, UNITS, row)
    [(place_of, words)] = said(found)
    assert place_of == path
    assert sentence in words
    assert found.statements == ()


def test_every_mistake_is_told_and_not_the_first_alone() -> None:
    found = read(HEAD, UNITS, good(id="e09", term="x", value="y", tax="z"), good())
    assert [path for path, _ in said(found)] == ["A3", "C3", "E3", "F3"]
    assert len(found.statements) == 1


COLUMNS: list[tuple[str, list[Line], str, str]] = [
    ("no headings", [("a", "b"), ("c", "d")], "", "No headings found"),
    ("no column of terms", [("企业编号", "工业增加值", "实缴税收"), ("e01", 1, 2)], "A1", "Term is missing"),
    ("a column nobody knows", [(*HEAD, "利润"), (*good(), 3)], "H1", "There is no column"),
    ("a column twice", [(*HEAD, "税收"), (*good(), 3)], "H1", "There is no column"),
    ("a line twice", [(*HEAD, "实缴税收"), (*good(), 3)], "H1", "there twice"),
    ("yuan in the row of units", [HEAD, (*UNITS[:5], "元", "%"), good()], "F2", "元 stands here"),
    ("hundred millions in the heading", [(*HEAD[:4], "工业增加值(亿元)"), good()[:5]], "E1", "亿元 stands here"),
]


@pytest.mark.parametrize(("rows", "path", "sentence"), [row[1:] for row in COLUMNS], ids=[row[0] for row in COLUMNS])
def test_headings_that_could_be_misread_are_refused(rows: list[Line], path: str, sentence: str) -> None:
    [(place_of, words)] = said(read(*rows))
    assert place_of == path
    assert sentence in words


def test_a_merged_name_stands_for_all_its_rows() -> None:
    below = (Cell("A4", "e01", merged=True), Cell("B4", "", merged=True), "2026-09", "", 2, None, None)
    found = read(HEAD, UNITS, good(), below)
    assert [(one.enterprise, str(one.term)) for one in found.statements] == [("e01", "2026-10"), ("e01", "2026-09")]


def test_sheets_that_are_about_something_else_are_passed_over() -> None:
    found = read_sheets([sheet(("说明",), name="说明"), sheet(HEAD, UNITS, good(), name="月报")], ENTERPRISES)
    assert found.mistakes == ()
    assert found.places[0][""] == "月报!A3"


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")])
def test_a_place_is_written_as_spreadsheets_do(column: int, letters: str) -> None:
    assert place(7, column) == f"{letters}7"
