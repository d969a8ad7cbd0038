"""The columns of a table of statements, found by what their headings say, in the units the lines are kept in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from park.entered import is_blank
from park.registry_notes import Notes, near, show
from park.sheet import Cell, Sheet
from park.statement import Line, lines

HEADINGS = {
    "enterprise": ("企业编号", "Enterprise"),
    "name": ("企业名称", "Name"),
    "term": ("期别", "Term"),
    "status": ("状态", "Status"),
}
"""The columns beside the lines, in their order."""
HEADING_ROWS = 10
"""The headings stand within the first rows."""
FEWEST = 3
"""As many known headings make a row of headings."""
IN_BRACKETS = re.compile(r"(.+)[(\[]([^()\[\]]+)[)\]]")
UNIT_WORDS = {"单位", "计量单位", "unit", "units"}


@dataclass(frozen=True, slots=True)
class Headed:
    """A sheet whose headings were found."""

    sheet: Sheet
    at: int
    """The row of headings, from 0."""
    columns: Mapping[str, int]
    first: int
    """The first row after the headings and their units."""


def find(sheet: Sheet) -> Headed | None:
    """Find the row of headings, and the column of each; None where the sheet is about something else."""
    for at, row in enumerate(sheet.rows[:HEADING_ROWS]):
        columns: dict[str, int] = {}
        for number, cell in enumerate(row):
            name = None if cell.merged else _named(cell.value)
            if name is not None:
                columns.setdefault(name, number)
        if len(columns) >= FEWEST and columns.keys() & lines().keys():
            below = at + 1
            return Headed(
                sheet, at, columns, below + (below < len(sheet.rows) and _is_units(sheet.rows[below], columns))
            )
    return None


def check(notes: Notes, headed: Headed) -> bool:
    """Note what is wrong with the headings; whether the rows can be read by them."""
    head, columns = headed.sheet.rows[headed.at], headed.columns
    for number, cell in enumerate(head):
        if not is_blank(cell.value) and not cell.merged and number not in columns.values():
            _note_unknown(notes, cell)
    for name, number in columns.items():
        line = lines().get(name)
        for row in headed.sheet.rows[headed.at : headed.first]:
            if line is not None:
                _check_unit(notes, line, row[number], heading=row is head)
    wanted = ("term",) if columns.keys() & {"enterprise", "name"} else ("enterprise", "term")
    missing = [name for name in wanted if name not in columns]
    for name in missing:
        zh, en = HEADINGS[name]
        notes.add(head[0].place, f"缺少“{zh}”一列; 请补上。", f"The column {en} is missing; add it.")
    return not missing


def plain(text: str) -> str:
    """Write words so that blanks, width and case make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


@cache
def _words() -> dict[str, str]:
    words = {plain(word): name for name, pair in HEADINGS.items() for word in (*pair, name)}
    for name, line in lines().items():
        for word in map(plain, (line.zh, line.en, name)):
            words[word] = name
            words.setdefault(_outside(word), name)
    return words


def _outside(word: str) -> str:
    inner = IN_BRACKETS.fullmatch(word)
    return inner[1] if inner else word


def _named(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    word = plain(value)
    return _words().get(word) or _words().get(_outside(word))


def _note_unknown(notes: Notes, cell: Cell) -> None:
    if _named(cell.value) is not None:
        notes.add(
            cell.place,
            f"{show(cell.value)} 一列出现了两次; 请只留一列。",
            f"The column {show(cell.value)} is there twice; keep one.",
        )
        return
    zh, en = near(str(cell.value), [line.zh for line in lines().values()])
    notes.add(
        cell.place,
        f"没有 {show(cell.value)} 这一列; {zh} 请改正列名或删去此列。",
        f"There is no column {show(cell.value)}; {en} Mend its heading or delete it.",
    )


def _is_units(row: Sequence[Cell], columns: Mapping[str, int]) -> bool:
    """Tell a row of units from one of values: it names no enterprise and no term, and holds words."""
    ids = [row[columns[name]] for name in HEADINGS if name in columns]
    units = [row[number] for name, number in columns.items() if name in lines()]
    named = all(is_blank(cell.value) or cell.merged or plain(str(cell.value)) in UNIT_WORDS for cell in ids)
    return named and any(isinstance(cell.value, str) and not is_blank(cell.value) for cell in units)


def _check_unit(notes: Notes, line: Line, cell: Cell, *, heading: bool) -> None:
    """Refuse a column in another unit: figures in yuan read as 万元 would be 10,000 times too large."""
    if cell.merged or not isinstance(cell.value, str):
        return
    word = plain(cell.value)
    if heading:
        inner = IN_BRACKETS.fullmatch(word)
        said = inner[2] if inner and word not in {plain(line.zh), plain(line.en)} else ""
    else:
        said = word.strip("()[]")
    if said and said != plain(line.unit):
        notes.add(
            cell.place,
            f"{line.zh}的单位应为{line.unit}, 这里写的是 {said}; 请换算后填写并改正单位。",
            f"{line.en} is in {line.unit}, and {said} stands here; convert the column and mend its unit.",
        )
