"""Files from spreadsheet programs are read as they show themselves, and none of them can drown us."""

import io
from collections.abc import Callable
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from adapters import sheet, workbook_parts
from adapters.sheet import LARGEST, read
from adapters.workbook_parts import SheetError
from park.sheet import Broken, Cell

Fill = Callable[[Worksheet], None]


def workbook(fill: Fill, *more: str) -> bytes:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    book.active.title = "月报"
    fill(book.active)
    for name in more:
        book.create_sheet(name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Give a workbook with its parts changed."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part)))
    return out.getvalue()


def first(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in read(content)[0].rows]


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(old, new) if name == "xl/worksheets/sheet1.xml" else part


def plain(one: Worksheet) -> None:
    one["A1"], one["B2"] = "企业编号", 1234.5


def test_cells_are_read_with_their_places() -> None:
    [found] = read(workbook(plain))
    assert found.name == "月报"
    assert found.rows[1][1] == Cell("B2", 1234.5)
    assert found.rows[0][1] == Cell("B1", None)


def test_with_several_sheets_a_place_names_its_sheet() -> None:
    assert read(workbook(plain, "说明"))[0].rows[1][1].place == "月报!B2"


def test_a_sheet_that_is_hidden_is_not_read() -> None:
    def hide(one: Worksheet) -> None:
        plain(one)
        assert one.parent is not None
        one.parent.create_sheet("旧").sheet_state = "hidden"

    assert [found.name for found in read(workbook(hide))] == ["月报"]


def test_a_percentage_a_date_an_error_and_a_truth_stay_what_they_are() -> None:
    def fill(one: Worksheet) -> None:
        one["A1"], one["B1"], one["C1"], one["D1"] = 0.085, datetime(2026, 10, 1), "#REF!", True  # noqa: DTZ001  # as sheets have it
        one["A1"].number_format = "0.0%"
        one["C1"].data_type = "e"

    [found] = read(workbook(fill))
    assert found.rows[0] == (
        Cell("A1", 0.085, percent=True),
        Cell("B1", date(2026, 10, 1)),
        Cell("C1", Broken.ERROR),
        Cell("D1", value=True),
    )


def test_a_formula_is_its_worked_out_value_and_without_one_it_is_broken() -> None:
    def fill(one: Worksheet) -> None:
        one["A1"], one["B1"] = "=1+1", "=2+2"

    made = workbook(fill)
    worked = rewritten(made, in_sheet(b"<f>1+1</f><v /></c>", b"<f>1+1</f><v>2</v></c>"))
    assert worked != made, "the library writes formulas in another form now"
    assert first(worked) == [[2, Broken.UNCOMPUTED]]


def test_a_merged_cell_gives_its_value_to_every_row_and_says_so() -> None:
    def fill(one: Worksheet) -> None:
        one["A1"], one["B2"] = "e01", 1
        one.merge_cells("A1:A2")

    [found] = read(workbook(fill))
    assert (found.rows[0][0], found.rows[1][0]) == (Cell("A1", "e01"), Cell("A2", "e01", merged=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_separated_values_are_read_in_the_encodings_and_forms_of_the_field(encoding: str, delimiter: str) -> None:
    text = delimiter.join(("企业编号", "期别")) + "\r\n" + delimiter.join(("e01", '"1,5"', "x")) + "\r\n"
    assert first(text.encode(encoding)) == [["企业编号", "期别", ""], ["e01", "1,5", "x"]]


def bomb(_: str, __: bytes) -> bytes:
    return b" " * (workbook_parts.UNPACKED + 1)


def doctype(name: str, part: bytes) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY a "b">]>' + part if name.startswith("xl/worksheets") else part


def utf16(name: str, part: bytes) -> bytes:
    return part.decode().encode("utf-16") if name.startswith("xl/worksheets") else part


def merged_whole(name: str, part: bytes) -> bytes:
    area = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    return part.replace(b"</worksheet>", area) if name.startswith("xl/worksheets") else part


def far_away(one: Worksheet) -> None:
    one.cell(1_000_000, 5, 1)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


REFUSED: list[tuple[str, bytes, str]] = [
    ("more bytes than a file may have", b"a" * (LARGEST + 1), "split it"),
    ("parts that unpack into too much", rewritten(workbook(plain), bomb), "holds too much"),
    ("a merged area as large as a sheet can be", rewritten(workbook(plain), merged_whole), "holds too much"),
    ("entities of its own", rewritten(workbook(plain), doctype), "cannot be read"),
    ("another encoding to hide in", rewritten(workbook(plain), utf16), "cannot be read"),
    ("a cell far away", workbook(far_away), "more than 20000"),
    ("half a workbook", cut(workbook(plain)), "cannot be read"),
    ("a zip of something else", rewritten(workbook(plain), lambda _, __: b"x"), "cannot be read"),
    ("an old or encrypted workbook", b"\xd0\xcf\x11\xe0rest", "old .xls"),
    ("bytes that are no text", b"\x00\xff\xfe\x80" * 9, "cannot be read"),
    ("an endless table", b"a,b\n" * 20_001, "holds too much"),
]


@pytest.mark.parametrize(("content", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_no_table_is_refused_with_how_to_mend_it(content: bytes, said: str) -> None:
    with pytest.raises(SheetError) as refused:
        read(content)
    assert said in refused.value.sentence("en")
    assert refused.value.sentence()


def test_a_size_that_the_directory_lies_about_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "UNPACKED", 500)
    with pytest.raises(SheetError, match="holds too much"):
        read(workbook(plain))


def test_an_empty_file_is_an_empty_sheet() -> None:
    assert sheet.read(b"")[0].rows == ()
