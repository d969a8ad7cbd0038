"""A table of statements, a row each, as people fill in a sheet: every cell checked, every mistake at its cell."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from park import statement_headings as headings
from park.entered import is_blank, is_withdrawn, read_number
from park.mistake import Mistake
from park.place import Enterprise
from park.registry_notes import Notes, near, show
from park.sheet import Broken, Cell, Sheet
from park.statement import Line, Statement, Status, lines
from park.statement_check import STATUS_WORDS
from park.statement_headings import Headed, plain
from park.term_words import read_words

PERCENT = 100
Parts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """What a workbook says: statements, each with the places of its parts, and every mistake."""

    statements: tuple[Statement, ...] = ()
    places: tuple[Mapping[str, str], ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    blank: int = 0
    """Rows that name an enterprise and state nothing: of a template, not filled in."""


@dataclass(slots=True)
class _Table:
    notes: Notes
    known: Mapping[str, Enterprise]
    called: Mapping[str, Sequence[str]]
    """Ids by name, in either language."""
    statements: list[Statement] = field(default_factory=list)
    places: list[Parts] = field(default_factory=list)
    blank: int = 0


def read_sheets(sheets: Sequence[Sheet], enterprises: Sequence[Enterprise]) -> Read:
    """Read every sheet that has the headings of a statement; others, such as notes, are passed over."""
    table = _Table(Notes({}), {one.id: one for one in enterprises}, _by_name(enterprises))
    found = [headed for headed in map(headings.find, sheets) if headed is not None]
    if not found:
        table.notes.add(
            sheets[0].name if sheets else "",
            "找不到表头; 请使用模板: 表头要有 企业编号 (或 企业名称)、期别, 及至少一项指标, 如 工业增加值。",
            "No headings found; use the template: they are Enterprise (or Name), Term and the lines, as Value added.",
        )
    for headed in found:
        if headings.check(table.notes, headed):
            _read_rows(table, headed)
    return Read(tuple(table.statements), tuple(table.places), tuple(table.notes.mistakes), table.blank)


def _by_name(enterprises: Sequence[Enterprise]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in enterprises:
        for name in {plain(one.name), plain(one.name_en)} - {""}:
            found.setdefault(name, []).append(one.id)
    return found


def _read_rows(table: _Table, headed: Headed) -> None:
    for row in headed.sheet.rows[headed.first :]:
        given = {name: row[number] for name, number in headed.columns.items()}
        if any(not is_blank(cell.value) for cell in given.values()):
            _read_row(table, given)


def _read_row(table: _Table, row: Mapping[str, Cell]) -> None:
    notes, before = table.notes, len(table.notes.mistakes)
    given = {name: cell for name, cell in row.items() if name in lines() and not is_blank(cell.value)}
    if not given:
        table.blank += 1
        return
    places = {name: cell.place for name, cell in row.items()}
    places[""] = next(iter(places.values()))
    enterprise = _enterprise(table, row, places)
    term = read_words(row["term"].value)
    if term is None:
        notes.add(
            places["term"],
            f"期别 {show(row['term'].value)} 无法识别; 请写 2026-10 (月)、2026-Q3 (季) 或 2026 (年)。",
            f"Term {show(row['term'].value)} is not understood; write 2026-10, 2026-Q3 or 2026.",
        )
    status = _status(notes, row.get("status"))
    values = {name: _value(notes, lines()[name], cell) for name, cell in given.items()}
    if len(notes.mistakes) > before or enterprise is None or term is None or status is None:
        return
    table.statements.append(Statement(enterprise, term, status, values))
    table.places.append(places)


def _enterprise(table: _Table, row: Mapping[str, Cell], places: Parts) -> str | None:
    """Name the enterprise of a row; where both its id and its name stand there, they must be one's."""
    number, name = (_text(row.get(key)) for key in ("enterprise", "name"))
    places.setdefault("enterprise", places.get("name", places[""]))
    called = table.called.get(plain(name), ()) if name else ()
    if number and number in table.known:
        one = table.known[number]
        if name and number not in called:
            table.notes.add(
                places.get("name", places[""]),
                f"企业编号 {number} 在台账中是 {one.name}, 这里写的是 {show(name)}; 请核对是否错行。",
                f"Enterprise {number} is {one.name} in the registry, and {show(name)} stands here; is the row shifted?",
            )
        return number
    if not number and len(called) == 1:
        return called[0]
    known = [*table.known] if number else [one.name for one in table.known.values()]
    zh, en = near(number or name, known)
    table.notes.add(
        places["enterprise"],
        f"台账中没有企业 {show(number or name)}; {zh}",
        f"There is no enterprise {show(number or name)} in the registry; {en}",
    )
    return None


def _status(notes: Notes, cell: Cell | None) -> Status | None:
    """Read the status of a row; flash where nothing is said, which claims the least."""
    text = _text(cell)
    if cell is None or not text:
        return Status.FLASH
    found = {plain(word): status for status, words in STATUS_WORDS.items() for word in words}
    status = found.get(plain(text).removesuffix("数"))
    if status is None:
        notes.add(
            cell.place,
            f"状态 {show(text)} 无法识别; 请写 快报 或 核定。",
            f"Status {show(text)} is not understood; write flash or verified.",
        )
    return status


def _text(cell: Cell | None) -> str:
    if cell is None or is_blank(cell.value) or isinstance(cell.value, Broken):
        return ""
    value = int(cell.value) if isinstance(cell.value, float) and cell.value.is_integer() else cell.value
    return unicodedata.normalize("NFKC", str(value)).strip()


BROKEN = {
    Broken.UNCOMPUTED: (
        "这里的公式还没有计算结果; 请用 Excel 或 WPS 打开并保存一次, 或改为数值。",
        "The formula here was never worked out; open and save the file in a spreadsheet program, or write the value.",
    ),
    Broken.ERROR: ("这里是错误值 (如 #REF!); 请改为数值。", "There is an error here, such as #REF!; write the value."),
}


def _value(notes: Notes, line: Line, cell: Cell) -> Decimal | None:
    """Read the value of a cell; None where it says that there is none, or after noting why it cannot be one."""
    if isinstance(cell.value, Broken):
        notes.add(cell.place, *BROKEN[cell.value])
        return None
    if cell.merged:
        notes.add(
            cell.place,
            "这里是合并单元格的一部分, 不知道数属于哪一行; 请取消合并, 逐格填写。",
            "This is part of a merged cell, so it is not clear whose the value is; split it and fill in each cell.",
        )
        return None
    if is_withdrawn(cell.value):
        return None
    value = cell.value
    if cell.percent and isinstance(value, int | float) and not isinstance(value, bool):
        if line.unit != "%":
            notes.add(
                cell.place,
                f"{line.zh}的单位是{line.unit}, 但这一格是百分数; 请改为普通数字。",
                f"{line.en} is in {line.unit}, but this cell is a percentage; make it a plain number.",
            )
            return None
        value = Decimal(f"{float(value):.15g}") * PERCENT
    return read_number(notes, cell.place, value, unit=line.unit, digits=line.digits, least=line.least)
