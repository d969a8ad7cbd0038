"""Files of a spreadsheet program, read as sheets of cells: .xlsx and .csv, bounded, values only.

Errors:
    SheetError  the file cannot be read as a sheet, and how to mend it; see workbook_parts

"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as WorkbookCell
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from adapters import workbook_parts
from adapters.workbook_parts import SheetError, too_much, unreadable
from park.sheet import Broken, Cell, Sheet, place

LARGEST = 4 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
ZIP = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0"
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"


def read(content: bytes) -> list[Sheet]:
    """Read a workbook or a text of comma-separated values, whichever the bytes are.  Raises SheetError."""
    if len(content) > LARGEST:
        raise SheetError(
            f"文件超过 {LARGEST // 1024**2} MB; 请分成几个文件。",
            f"The file exceeds {LARGEST // 1024**2} MB; split it.",
        )
    if content.startswith(ZIP):
        return _workbook(content)
    if content.startswith(OLD):
        raise SheetError(
            "这是旧版 .xls (或加密) 文件; 请另存为 .xlsx (不加密) 后再导入。",
            "This is an old .xls file or an encrypted one; save it as plain .xlsx and try again.",
        )
    return [_csv(content)]


def _workbook(content: bytes) -> list[Sheet]:
    formulas = workbook_parts.look_inside(content)
    try:
        values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
        written = load_workbook(io.BytesIO(content), keep_links=False) if formulas else None
    except Exception as error:  # whatever a broken part makes the library raise
        raise unreadable() from error
    sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise unreadable()
    return [_sheet(sheet, written, several=len(values.sheetnames) > 1) for sheet in sheets]


def _sheet(sheet: Worksheet, written: Workbook | None, *, several: bool) -> Sheet:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise SheetError(
            f"工作表“{sheet.title}”有 {sheet.max_row} 行 {sheet.max_column} 列, "
            f"超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列; 请删去空白的行列或分表。",
            f"Sheet {sheet.title!r} has {sheet.max_row} rows and {sheet.max_column} columns, more than {MOST_ROWS} or "
            f"{MOST_COLUMNS}; delete the empty ones or split it.",
        )
    name = sheet.title if several else ""
    source = None if written is None else written[sheet.title]
    heads = {
        (row, column): (area.min_row, area.min_col) for area in sheet.merged_cells.ranges for row, column in area.cells
    }

    def cell(row: int, column: int) -> Cell:
        head = heads.get((row, column), (row, column))
        first = sheet.cell(*head)
        formula = None if source is None else source.cell(*head)
        return Cell(
            place=place(row, column, name),
            value=_value(first, formula),
            percent="%" in str(first.number_format),
            merged=head != (row, column),
        )

    columns = range(1, sheet.max_column + 1)
    rows = range(1, sheet.max_row + 1)
    return Sheet(sheet.title, tuple(tuple(cell(row, column) for column in columns) for row in rows))


def _value(cell: WorkbookCell | MergedCell, written: WorkbookCell | MergedCell | None) -> object:
    if cell.data_type == "e":
        return Broken.ERROR
    if cell.value is None and written is not None and written.data_type == "f":
        return Broken.UNCOMPUTED
    return cell.value.date() if isinstance(cell.value, datetime) else cell.value


def _csv(content: bytes) -> Sheet:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            break
    else:
        raise unreadable()
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        rows = list(_bounded(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        raise unreadable() from error
    width = max(map(len, rows), default=0)
    return Sheet(
        "",
        tuple(
            tuple(Cell(place(number, column), value) for column, value in enumerate((row + [""] * width)[:width], 1))
            for number, row in enumerate(rows, 1)
        ),
    )


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        if number >= MOST_ROWS or len(row) > MOST_COLUMNS:
            raise too_much()
        yield row
