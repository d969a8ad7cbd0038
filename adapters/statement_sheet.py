"""The workbook of statements: a template to fill in, and an export of what is kept, which are one form.

A sheet a kind of term, a row an enterprise and term; the headings are locked, statuses and numbers are validated.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as WorkbookCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from park.place import Enterprise
from park.statement import Line, Statement, Status, lines
from park.statement_check import STATUS_WORDS
from park.statement_headings import HEADINGS
from park.term import Span, Term

SHEETS = {
    Span.MONTH: ("月报", "Months"),
    Span.QUARTER: ("季报", "Quarters"),
    Span.YEAR: ("年报", "Years"),
}
FIXED = 3
"""Columns that say whose and when; the rest is for filling in."""
FIRST = 3
"""The first row below headings and units."""
INK = "FF1F2933"
HEAD = PatternFill("solid", start_color="FFE3EEF0")
KNOWN = PatternFill("solid", start_color="FFF4F6F7")
THIN = Side(style="thin", color="FFC9D3D6")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
OPEN = Protection(locked=False)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMIT = Decimal(10) ** 12

Key = tuple[str, Term]


def write(
    keys: Iterable[Key],
    *,
    enterprises: Mapping[str, Enterprise],
    statements: Iterable[Statement] = (),
    language: str = "zh",
) -> bytes:
    """Write a row for each enterprise and term, with what is kept of it filled in."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    kept = {statement.key: statement for statement in statements}
    spans: dict[Span, list[Key]] = {span: [] for span in SHEETS}
    for key in keys:
        spans[key[1].span].append(key)
    for span, rows in spans.items():
        if rows or span is Span.MONTH:
            sheet = book.create_sheet(SHEETS[span][language != "zh"])
            _fill(sheet, rows, kept, enterprises, language)
    _notes(book.create_sheet("说明" if language == "zh" else "Notes"), language)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(
    sheet: Worksheet,
    keys: Sequence[Key],
    kept: Mapping[Key, Statement],
    enterprises: Mapping[str, Enterprise],
    language: str,
) -> None:
    zh = language == "zh"
    table = list(lines().values())
    heads = [words[not zh] for words in HEADINGS.values()] + [line.called(language) for line in table]
    units = ["单位" if zh else "Unit", "", "", "", *(line.unit for line in table)]
    for row, words in enumerate((heads, units), 1):
        for column, word in enumerate(words, 1):
            _head(_text(sheet, row, column, word), first=row == 1)
    for row, (enterprise, term) in enumerate(keys, FIRST):
        statement = kept.get((enterprise, term))
        one = enterprises.get(enterprise)
        name = "" if one is None else (one.name if zh else one.name_en or one.name)
        for column, word in enumerate((enterprise, name, str(term)), 1):
            _text(sheet, row, column, word).fill = KNOWN
        status = _text(sheet, row, FIXED + 1, "" if statement is None else STATUS_WORDS[statement.status][not zh])
        status.protection, status.border = OPEN, BOX
        for column, line in enumerate(table, FIXED + 2):
            figure = sheet.cell(row, column, None if statement is None else statement.values.get(line.name))
            figure.number_format = "#,##0.######" if line.unit != "%" else "0.####"
            figure.protection, figure.border = OPEN, BOX
    last = max(FIRST + len(keys) - 1, FIRST)
    _validate(sheet, table, last, language)
    sheet.freeze_panes = f"{get_column_letter(FIXED + 1)}{FIRST}"
    for column, width in enumerate((14, 30, 11, 9, *(16 for _ in table)), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = 32
    sheet.protection.sheet = True  # without a password: it keeps the headings from slips, not from people
    sheet.protection.formatColumns = sheet.protection.formatCells = False


def _text(sheet: Worksheet, row: int, column: int, word: str) -> WorkbookCell:
    """Write words as words, also where they begin with an equals sign."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, WorkbookCell):
        raise TypeError("nothing is merged here")
    if word:
        cell.value = word
        cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _head(cell: WorkbookCell, *, first: bool) -> None:
    cell.font = Font(bold=first, color=INK)
    cell.fill, cell.border = HEAD, BOX
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _validate(sheet: Worksheet, table: Sequence[Line], last: int, language: str) -> None:
    zh = language == "zh"
    words = ",".join(STATUS_WORDS[status][not zh] for status in Status)
    status = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=True)
    status.error = f"请选择 {words}" if zh else f"Choose one of {words}"
    column = get_column_letter(FIXED + 1)
    status.add(f"{column}{FIRST}:{column}{last}")
    sheet.add_data_validation(status)
    for number, line in enumerate(table, FIXED + 2):
        least = -LIMIT if line.least is None else line.least
        rule = DataValidation(
            type="decimal",
            operator="between",
            formula1=str(least),
            formula2=str(LIMIT),
            allow_blank=True,
            showErrorMessage=True,
            showInputMessage=True,
        )
        rule.promptTitle = line.called(language)[:32]
        rule.prompt = f"单位: {line.unit}" if zh else f"Unit: {line.unit}"
        rule.error = f"请填数字, 不写单位; 不小于 {least}。" if zh else f"A number without its unit, at least {least}."
        column = get_column_letter(number)
        rule.add(f"{column}{FIRST}:{column}{last}")
        sheet.add_data_validation(rule)


NOTES = (
    ("留空表示不改动已有的数; 填 - 表示撤回这一项。", "An empty cell leaves what is kept; - withdraws a value."),
    (
        "状态: 快报 (初步数) 或 核定 (统计部门认可); 核定之后不能改回快报。",
        "Status: flash or verified; nothing verified becomes flash again.",
    ),
    (
        "增速按可比价填报统计数, 平台不从现价推算。",
        "Growth is the published rate at comparable prices; it is never derived from current prices.",
    ),
    (
        "期别: 2026-10 (月)、2026-Q3 (季)、2026 (年)。季度不会被拆成月。",
        "Terms: 2026-10, 2026-Q3, 2026. A quarter is never split into months.",
    ),
    (
        "更正已有的数会成为新的修订, 导入时要写明原因; 旧的修订一直可查。",
        "What corrects a kept value is a new revision, with a reason; the old ones stay readable.",
    ),
)


def _notes(sheet: Worksheet, language: str) -> None:
    for row, words in enumerate(NOTES, 1):
        _text(sheet, row, 1, words[language != "zh"]).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 100
