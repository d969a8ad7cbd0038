"""A report as a workbook: a sheet a table, with what it is of and the hash at the head of each."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from park.report import Cell, Column, Kind, Report, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOLD, SHADE = Font(bold=True), PatternFill("solid", fgColor="FFE3EEF1")
HEADING = Font(bold=True, size=14)
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
LONGEST_TITLE = 31
CHARACTERS = 11
"""Of a column of width 1."""
FORMATS = {Kind.NUMBER: "#,##0.00####", Kind.SHARE: "0.0%", Kind.TEXT: "General"}


def write(report: Report) -> bytes:
    """Write the workbook."""
    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    for table in report.tables:
        _table(book.create_sheet(table.name.translate(FORBIDDEN)[:LONGEST_TITLE]), report, table)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _table(sheet: Worksheet, report: Report, table: Table) -> None:
    _put(sheet, 1, 1, report.title)
    sheet.cell(1, 1).font = HEADING
    facts = [*report.facts, ("SHA-256", report.digest)]
    for row, (name, value) in enumerate(facts, 2):
        _put(sheet, row, 1, name)
        _put(sheet, row, 2, value)
        sheet.cell(row, 1).font = BOLD
    top = len(facts) + 3
    for place, column in enumerate(table.columns, 1):
        _put(sheet, top, place, column.title)
        cell = sheet.cell(top, place)
        cell.font, cell.fill, cell.alignment = BOLD, SHADE, Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = column.width * CHARACTERS
    _rows(sheet, top + 1, table.columns, table.rows)
    for row, note in enumerate(report.notes, top + len(table.rows) + 2):
        _put(sheet, row, 1, note)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{top}"
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(f"SHA-256 {report.digest}"), right=_HeaderFooterPart("&P / &N")
    )


def _rows(sheet: Worksheet, top: int, columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]]) -> None:
    for row, cells in enumerate(rows, top):
        for place, (column, value) in enumerate(zip(columns, cells, strict=True), 1):
            _put(sheet, row, place, value, column.kind)


def _put(sheet: Worksheet, row: int, column: int, value: Cell, kind: Kind = Kind.TEXT) -> None:
    """Write a value; a text that begins like a formula stays text."""
    if isinstance(value, str):
        cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
        return
    cell = sheet.cell(row, column, value)
    if isinstance(value, float):
        cell.number_format = FORMATS[kind]
