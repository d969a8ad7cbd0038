"""The report on alarms as a workbook: figures beside their targets, who is to blame, and how each shift fared."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from park.alarm_quality import Actor, Lengths, Quality, Stretch
from park.alarm_target import Grade, targets
from park.rulebook import Key
from park.severity import EN, ZH

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | float | int | datetime | None
Names = Callable[[Key], tuple[str, str]]
BOLD, HEAD = Font(bold=True), PatternFill("solid", fgColor="FFE3EEF1")
SHADES = {
    Grade.GOOD: PatternFill("solid", fgColor="FFDDF0E0"),
    Grade.FAIR: PatternFill("solid", fgColor="FFFBEFCF"),
    Grade.POOR: PatternFill("solid", fgColor="FFF6D9D5"),
}
GRADES = {
    "zh": {Grade.GOOD: "达标", Grade.FAIR: "可管理", Grade.POOR: "不达标", Grade.UNKNOWN: "无告警"},
    "en": {Grade.GOOD: "met", Grade.FAIR: "manageable", Grade.POOR: "missed", Grade.UNKNOWN: "no alarms"},
}
SHEETS = {
    "zh": ("总览", "告警源", "抖动", "久未消除", "泛滥", "班次", "月份"),
    "en": ("Summary", "Sources", "Chattering", "Stale", "Floods", "Shifts", "Months"),
}
TITLES = {
    "zh": {
        "summary": ("指标", "数值", "目标", "界限", "结论"),
        "actors": ("规则", "设备", "规则编号", "设备编号", "次数", "占比", "抖动阵数"),
        "stale": ("规则", "设备", "规则编号", "设备编号", "级别", "触发时间", "确认时间", "已持续 (小时)"),
        "floods": ("开始", "结束", "告警数", "十分钟最多"),
        "stretch": (
            "开始", "结束", "告警数", "每小时", "十分钟最多", "已确认", "未确认", "确认中位 (分)", "确认 P90 (分)",
        ),
    },
    "en": {
        "summary": ("Figure", "Value", "Target", "Bound", "Grade"),
        "actors": ("Rule", "Meter", "Rule id", "Meter id", "Raised", "Share", "Chattering bursts"),
        "stale": ("Rule", "Meter", "Rule id", "Meter id", "Severity", "Raised", "Acknowledged", "Stood (hours)"),
        "floods": ("From", "To", "Alarms", "Most in ten minutes"),
        "stretch": (
            "From", "To", "Alarms", "An hour", "Most in ten minutes", "Acknowledged", "Not", "Median to ack (min)",
            "P90 to ack (min)",
        ),
    },
}  # fmt: skip
FACTS = {
    "zh": (
        "起", "止", "班组人数", "告警总数", "一小时最多", "确认: 中位 / P90 (分)", "未确认", "消除: 中位 / P90 (分)",
    ),
    "en": (
        "From", "To", "Operators", "Alarms", "Most in an hour", "To acknowledge: median / P90 (min)",
        "Not acknowledged", "To clear: median / P90 (min)",
    ),
}  # fmt: skip
SOURCE = "ANSI/ISA-18.2, IEC 62682"
MOST = 5_000


def write(quality: Quality, names: Names, language: str, zone: ZoneInfo) -> bytes:
    """Write the workbook; `names` gives an alert's rule and meter as people know them."""
    book = Workbook()
    summary = book.active
    if not isinstance(summary, Worksheet):
        raise TypeError("a new workbook has a sheet")
    titles, tabs = TITLES[language], SHEETS[language]
    summary.title = tabs[0]
    _summary(summary, quality, language, zone)
    for tab, actors in ((tabs[1], quality.actors), (tabs[2], quality.chattering)):
        _table(book, tab, titles["actors"], (_actor(one, names) for one in actors))
    levels = ZH if language == "zh" else EN
    stale = (
        (
            *names(one.spell.key), *one.spell.key, levels[one.spell.severity], _local(one.spell.raised, zone),
            _local(one.spell.seen_to, zone), round(one.stood / timedelta(hours=1), 1),
        )
        for one in quality.stale
    )  # fmt: skip
    _table(book, tabs[3], titles["stale"], stale)
    floods = ((_local(one.start, zone), _local(one.end, zone), one.raised, one.peak) for one in quality.floods)
    _table(book, tabs[4], titles["floods"], floods)
    for tab, stretches in ((tabs[5], quality.shifts), (tabs[6], quality.months)):
        _table(book, tab, titles["stretch"], (_stretch(one, zone) for one in stretches))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _summary(sheet: Worksheet, quality: Quality, language: str, zone: ZoneInfo) -> None:
    values = (
        _local(quality.start, zone), _local(quality.end, zone), quality.operators, quality.raised, quality.peak_hour,
        _pair(quality.to_acknowledge), quality.to_acknowledge.missing, _pair(quality.to_clear),
    )  # fmt: skip
    for name, value in zip(FACTS[language], values, strict=True):
        sheet.append([name, value])
    levels = ZH if language == "zh" else EN
    for level, number in quality.severities:
        sheet.append([levels[level], number])
    sheet.append([])
    sheet.append([*TITLES[language]["summary"]])
    _head(sheet, sheet.max_row)
    for one in targets(quality):
        name = one.name.pick(language)
        sheet.append([name, one.value, one.target, one.bound, GRADES[language][one.grade]])
        row = sheet[sheet.max_row]
        for cell in row[1:4]:
            cell.number_format = "0.0 %" if one.share else "0.0"
        if one.grade in SHADES:
            row[4].fill = SHADES[one.grade]
    sheet.append([])
    sheet.append([SOURCE])
    _widths(sheet, (40, 20, 12, 12, 14))


def _table(book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append([*heads])
    _head(sheet, 1)
    sheet.freeze_panes = "A2"
    for place, row in enumerate(rows):
        if place < MOST:
            sheet.append([_safe(cell) for cell in row])
    _widths(sheet, [max(14, 2 * len(head)) for head in heads])


def _head(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        cell.font, cell.fill = BOLD, HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _actor(one: Actor, names: Names) -> tuple[Cell, ...]:
    return (*names(one.key), *one.key, one.raised, round(one.share, 4), one.chattering)


def _stretch(one: Stretch, zone: ZoneInfo) -> tuple[Cell, ...]:
    took = one.to_acknowledge
    return (
        _local(one.start, zone), _local(one.end, zone), one.raised, round(one.per_hour, 2), one.peak, took.known,
        took.missing, _minutes(took.median), _minutes(took.p90),
    )  # fmt: skip


def _pair(took: Lengths) -> str:
    return f"{_minutes(took.median)} / {_minutes(took.p90)}" if took.known else "—"


def _minutes(took: timedelta | None) -> float | None:
    return None if took is None else round(took / timedelta(minutes=1), 1)


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Give the time as the site's clocks show it; a workbook knows no zones."""
    return None if at is None else at.astimezone(zone).replace(tzinfo=None, microsecond=0)


def _safe(cell: Cell) -> Cell:
    """Keep a name from being taken for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@"} else cell
