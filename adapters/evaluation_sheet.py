"""The roster of an evaluation as a workbook: a sheet a cohort, with scheme, revision and digest on each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from adapters.relational.evaluations import Kept
from park.evaluation.indicator import indicators
from park.evaluation.result import Panel, Result

Cell = str | float | int | None
TITLES = {
    "zh": ("名次", "等级", "企业编号", "企业名称", "总分", "指标得分", "加减分", "说明"),
    "en": ("Place", "Grade", "Id", "Enterprise", "Total", "Points", "Adders", "Reason"),
}
PARTS = {"zh": ("值", "得分", "实测"), "en": ("value", "points", "measured")}
REST = {"zh": "未评与不参评", "en": "Not graded"}
PARK = {"zh": "园区合计", "en": "Park"}
PARK_TITLES = {
    "zh": ("指标", "单位", "值 (合计之比)", "分子合计", "分母合计", "计入企业", "缺数企业"),
    "en": ("Indicator", "Unit", "Ratio of sums", "Sum above", "Sum below", "Counted", "Without data"),
}
HEAD = {
    "zh": (
        "评价方案",
        "方案版本",
        "期别",
        "结果版本",
        "电力折标",
        "因子集",
        "评价时间",
        "经办人",
        "数据指纹 (SHA-256)",
    ),
    "en": ("Scheme", "Its revision", "Period", "Revision", "Electricity", "Factor sets", "Run at", "By", "SHA-256"),
}
BOLD, SHADE = Font(bold=True), PatternFill("solid", fgColor="FFE3EEF1")
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
LONGEST_TITLE = 31
WIDTHS = (8, 8, 12, 32, 10, 10, 10, 60)


def roster(kept: Kept, language: str, at: datetime) -> bytes:
    """Write the workbook; `at` is when it was run, as the site's clocks show it."""
    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    head = _head(kept, language, at)
    for group in kept.result.groups:
        members = [one for one in kept.result.results if one.cohort == group.key and one.grade is not None]
        title = (group.name or group.name_en) if language == "zh" else (group.name_en or group.name)
        _cohort(_sheet(book, title), head, members, [one.key for one in group.standards], language)
    rest = [one for one in kept.result.results if one.grade is None]
    if rest:
        _cohort(_sheet(book, REST[language]), head, rest, [], language)
    _park(_sheet(book, PARK[language]), head, kept.result.panels, language)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet(book: Workbook, title: str) -> Worksheet:
    made: Worksheet = book.create_sheet(title.translate(FORBIDDEN)[:LONGEST_TITLE])
    made.page_setup.orientation = "landscape"
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return made


def _head(kept: Kept, language: str, at: datetime) -> list[tuple[str, Cell]]:
    values: Sequence[Cell] = (
        str(kept.inputs.scheme.get("name", kept.scheme)),
        kept.scheme_revision,
        str(kept.term),
        kept.revision,
        kept.inputs.basis,
        ", ".join(kept.inputs.factors) or "—",
        at.strftime("%Y-%m-%d %H:%M"),
        kept.who,
        kept.digest,
    )
    return list(zip(HEAD[language], values, strict=True))


def _cohort(
    sheet: Worksheet, head: list[tuple[str, Cell]], results: Sequence[Result], keys: Sequence[str], language: str
) -> None:
    *before, reason = TITLES[language]
    names = [indicators()[key] for key in keys]
    columns = [
        f"{indicator.zh if language == 'zh' else indicator.en} {part}" + (f" ({indicator.unit})" if not place else "")
        for indicator in names
        for place, part in enumerate(PARTS[language])
    ]
    rows = [_row(one, keys, language) for one in results]
    _write(sheet, head, [*before, *columns, reason], rows)
    widths = (*WIDTHS[:-1], *([14] * len(columns)), WIDTHS[-1])
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _row(one: Result, keys: Sequence[str], language: str) -> list[Cell]:
    scores = {score.key: score for score in one.scores}
    name = (one.name or one.name_en) if language == "zh" else (one.name_en or one.name)
    row: list[Cell] = [one.rank, one.grade.value if one.grade else "—", one.id, name, one.total, one.base, one.added]
    for key in keys:
        score = scores[key]
        row += [score.value, score.score, None if score.value is None else score.coverage.measured]
    return [*row, one.reason.sentence(language)]


def _park(sheet: Worksheet, head: list[tuple[str, Cell]], panels: Iterable[Panel], language: str) -> None:
    rows: list[list[Cell]] = [
        [
            indicators()[one.key].zh if language == "zh" else indicators()[one.key].en,
            one.unit,
            one.value,
            one.over,
            one.under,
            one.counted,
            ", ".join(one.left_out),
        ]
        for one in panels
    ]
    _write(sheet, head, list(PARK_TITLES[language]), rows)
    for place in range(1, len(PARK_TITLES[language]) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 20


def _write(sheet: Worksheet, head: list[tuple[str, Cell]], titles: Sequence[str], rows: Iterable[list[Cell]]) -> None:
    for number, (name, value) in enumerate(head, 1):
        _put(sheet, number, 1, name)
        _put(sheet, number, 3, value)
    top = len(head) + 2
    for place, title in enumerate(titles, 1):
        _put(sheet, top, place, title)
        cell = sheet.cell(top, place)
        cell.font, cell.fill, cell.alignment = BOLD, SHADE, Alignment(wrap_text=True, vertical="center")
    for number, row in enumerate(rows, top + 1):
        for place, value in enumerate(row, 1):
            _put(sheet, number, place, value)
    sheet.freeze_panes = f"E{top + 1}"


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    """Write a value; a text that begins like a formula stays text."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, float):
        cell.number_format = "#,##0.00##"
