"""A table of real data (CSV), read row by row: what is in a row, or the reason why it cannot be read.

Nothing is repaired here.  Duplicates and disorder pass through as they are.

Errors:
    SheetError   the table as a whole cannot be read as asked; the sentence names what is there instead

"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from park.window import SITE

SHOWN: Final = 40
DAY: Final = timedelta(days=1)


class SheetError(ValueError):
    """The table cannot be read as asked."""


class Unreadable(ValueError):
    """One row cannot be read; the sentence says why."""


class Midnight(StrEnum):
    """What a row at 00:00 belongs to."""

    START = "start"
    """The beginning of the day whose date it carries."""
    END = "end"
    """The end of the day whose date it carries: it means 24:00, so its date is one day early."""


class Wanted(NamedTuple):
    """A column to take, the metric it is, and its unit where it is not the meter's."""

    column: str
    metric: str
    unit: str | None = None


class Row(NamedTuple):
    """What one line says."""

    line: int
    at: datetime
    values: tuple[tuple[Wanted, Decimal], ...]


class Unread(NamedTuple):
    """One line that could not be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Layout:
    """How a table is to be read."""

    wanted: tuple[Wanted, ...]
    time_columns: tuple[str, ...] = ()
    """Joined by a space where there are several; none at all for rows that follow one another from `first_at`."""
    time_format: str | None = None
    """As strptime has it; without one, ISO 8601 and nothing else."""
    zone: ZoneInfo = SITE
    header: bool = True
    delimiter: str = ","
    midnight: Midnight = Midnight.START
    first_at: datetime | None = None
    every: timedelta | None = None


class Columns(NamedTuple):
    """Where in a row the wanted things are."""

    times: tuple[int, ...]
    wanted: tuple[tuple[Wanted, int], ...]


class Slot(NamedTuple):
    """What is needed to read one row besides its cells."""

    columns: Columns
    number: int
    """How many rows came before it."""
    layout: Layout


class Reader(Protocol):
    """What csv.reader gives; it has no public type of its own."""

    @property
    def line_num(self) -> int:
        """The line last read, from 1."""

    def __next__(self) -> list[str]:
        """Read one row."""


def read(lines: Iterable[str], layout: Layout) -> Iterator[Row | Unread]:
    """Read every row in the order of the file.  Raises SheetError before the first when the columns are not there."""
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    first = _next(reader)
    if first is None:
        raise SheetError("文件是空的 / the file is empty")
    if isinstance(first, Unread):
        raise SheetError(f"第 1 行无法读取 / line 1 cannot be read: {first.reason}")
    names = first if layout.header else None
    columns = Columns(
        tuple(_find(column, names, len(first)) for column in layout.time_columns),
        tuple((wanted, _find(wanted.column, names, len(first))) for wanted in layout.wanted),
    )
    cells: list[str] | Unread | None = _next(reader) if layout.header else first
    number = 0
    while cells is not None:
        if isinstance(cells, Unread):
            yield cells
        elif cells:
            try:
                yield _row(cells, reader.line_num, Slot(columns, number, layout))
            except Unreadable as why:
                yield Unread(reader.line_num, str(why))
        number += bool(cells)
        cells = _next(reader)


def _next(reader: Reader) -> list[str] | Unread | None:
    try:
        return next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        return Unread(reader.line_num, f"不是有效的 CSV / not valid CSV: {error}")


def _find(column: str, names: Sequence[str] | None, width: int) -> int:
    """Find a column by its name, or by its number counted from 1."""
    if names is not None and column in names:
        return names.index(column)
    if names is None and column.isascii() and column.isdigit():
        if 1 <= int(column) <= width:
            return int(column) - 1
        raise SheetError(f"没有第 {column} 列, 文件只有 {width} 列 / there is no column {column}, only {width}")
    if names is None:
        raise SheetError(f"没有表头时列用数字表示 / without a header columns are numbers: {column!r}, 1 to {width}")
    raise SheetError(f"没有 {column!r} 这一列, 文件里有 / there is no such column; the file has: {', '.join(names)}")


def _row(cells: Sequence[str], line: int, slot: Slot) -> Row:
    columns = slot.columns
    if len(cells) <= max([*columns.times, *(place for _, place in columns.wanted)]):
        raise Unreadable(f"只有 {len(cells)} 列 / only {len(cells)} cells")
    at = _instant(" ".join(cells[place].strip() for place in columns.times), slot.number, slot.layout)
    values = tuple((wanted, _value(cells[place])) for wanted, place in columns.wanted if cells[place].strip())
    if not values:
        raise Unreadable("没有数值 / no value")
    return Row(line, at, values)


def _value(cell: str) -> Decimal:
    try:
        value = Decimal(cell.strip())
    except InvalidOperation:
        raise Unreadable(f"不是数字 / not a number: {cell[:SHOWN]!r}") from None
    if not value.is_finite():
        raise Unreadable(f"不是有限的数 / not a finite number: {cell[:SHOWN]!r}")
    return value


def _instant(text: str, number: int, layout: Layout) -> datetime:
    if not layout.time_columns:
        if layout.first_at is None or layout.every is None:
            raise SheetError(
                "没有时间列时须给出起始时间和间隔 / without a time column give its first time and interval"
            )
        return (layout.first_at + number * layout.every).astimezone(UTC)
    try:
        at = datetime.fromisoformat(text) if layout.time_format is None else _strptime(text, layout.time_format)
        if layout.midnight is Midnight.END and at.time() == at.time().min:
            at += DAY
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        instant = at.replace(tzinfo=layout.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        form = layout.time_format or "ISO 8601 (2026-11-23 08:00:00)"
        raise Unreadable(f"时间 / time {text[:SHOWN]!r} ≠ {form}") from None
    if instant.astimezone(layout.zone).replace(tzinfo=None) != at:
        raise Unreadable(f"{text[:SHOWN]} 在 {layout.zone} 不存在 (夏令时) / does not exist there (clocks go forward)")
    return instant


def _strptime(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007  # the zone is the layout's, given by a person
