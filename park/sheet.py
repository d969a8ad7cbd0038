"""A sheet of a workbook as its cells say it: values with their places, what is broken told apart from what is empty."""

from dataclasses import dataclass
from enum import StrEnum

LETTERS = 26


class Broken(StrEnum):
    """A cell that has something in it, but no value."""

    UNCOMPUTED = "uncomputed"
    """A formula that was never worked out by the program that wrote the file."""
    ERROR = "error"
    """#REF!, #DIV/0! and their like."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    place: str
    """As in `B7`, or `月报!B7` in a workbook of several sheets."""
    value: object
    percent: bool = False
    """Shown as a percentage: 0.085 means 8.5 %."""
    merged: bool = False
    """Not the first of a merged cell, whose value is given here too."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; every row has a cell for each column."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def place(row: int, column: int, sheet: str = "") -> str:
    """Write the place of a cell from its row and column, both counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{sheet}!{letters}{row}" if sheet else f"{letters}{row}"
