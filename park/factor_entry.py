"""A document that a person filled in, read field by field; every mistake is kept with its place."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from park.factor import REGIONS
from park.mistake import Mistake

LONGEST = 2_000
YEARS = range(1990, 2200)
NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)
SHOWN = 40
PAIR = 2


class Entry:
    """The document, and what was found wrong with it so far."""

    def __init__(self, document: Mapping[str, Any], path: str = "", mistakes: list[Mistake] | None = None) -> None:
        self._document = document
        self._path = path
        self.mistakes: list[Mistake] = [] if mistakes is None else mistakes

    def __contains__(self, name: str) -> bool:
        return self._document.get(name) not in (None, "")

    def mistake(self, name: str, zh: str, en: str) -> None:
        """Note a mistake of one field."""
        self.mistakes.append(Mistake(f"{self._path}{name}", None, zh, en))

    def finish(self, error: Callable[[tuple[Mistake, ...]], Exception]) -> None:
        """Raise the error with every mistake there is; nothing where there is none."""
        if self.mistakes:
            raise error(tuple(self.mistakes))

    def known(self, names: Sequence[str]) -> None:
        """Refuse fields nobody knows."""
        for name in self._document:
            if name not in names:
                some = ", ".join(names)
                self.mistake(
                    str(name)[:SHOWN],
                    f"没有这一项; 可用的是 {some}。",
                    f"There is no such field; these are: {some}.",
                )

    def inner(self, name: str, names: Sequence[str]) -> "Entry":
        """Read a document within the document; its mistakes are this one's too."""
        found = self._document.get(name)
        if not isinstance(found, Mapping):
            self.mistake(name, "应为一组字段。", "This must be a group of fields.")
            found = {}
        made = Entry(found, f"{self._path}{name}.", self.mistakes)
        made.known(names)
        return made

    def text(self, name: str) -> str | None:
        """Read a text; None where there is none."""
        found = self._document.get(name)
        if found is None or found == "":
            return None
        if not isinstance(found, str) or len(found) > LONGEST:
            self.mistake(name, f"应为不超过 {LONGEST} 字的文字。", f"This must be text of at most {LONGEST} letters.")
            return None
        return found.strip() or None

    def optional(self, name: str) -> str:
        """Read a text that may be empty."""
        return self.text(name) or ""

    def words(self, name: str, zh: str, en: str) -> str | None:
        """Read a text that must be there."""
        found = self.text(name)
        if found is None and not self._told(name):
            self.mistake(name, f"此项必填; {zh}。", f"This is needed; {en}.")
        return found

    def choice(self, name: str, among: Sequence[str], *, needed: bool = True) -> str | None:
        """Read one of some words."""
        found = self.text(name)
        if found is None:
            if needed and not self._told(name):
                some = ", ".join(among)
                self.mistake(name, f"此项必填, 可取 {some}。", f"This is needed, one of {some}.")
            return None
        if found not in among:
            some = ", ".join(among)
            self.mistake(name, f"没有 {found[:SHOWN]!r}; 可取 {some}。", f"No {found[:SHOWN]!r}; take one of {some}.")
            return None
        return found

    def region(self, name: str) -> str | None:
        """Read a region."""
        return self.choice(name, tuple(REGIONS), needed=False)

    def number(self, name: str, *, needed: bool = True) -> Decimal | None:
        """Read a number, exactly as it was written.

        No commas: who writes 1,21 for 1.21 must not be understood as 121.
        """
        found = self._document.get(name)
        if found is None or found == "":
            if needed:
                self.mistake(name, "此项必填, 应为数字。", "This is needed, as a number.")
            return None
        if not isinstance(found, bool) and isinstance(found, (int, float, str, Decimal)):
            with suppress(ValueError):  # a whole number of thousands of digits is not even written down
                written = str(found).strip()
                value = Decimal(written) if NUMBER.fullmatch(written) else None
                if value is not None and abs(value.adjusted()) < SHOWN:
                    return value
        self.mistake(
            name,
            "这里不是数字; 请写成 1.21 这样, 不带逗号和单位。",
            "This is no number; write it as 1.21, without comma and unit.",
        )
        return None

    def year(self, name: str) -> int | None:
        """Read a year."""
        value = self.number(name, needed=False)
        if value is None:
            return None
        if value != int(value) or int(value) not in YEARS:
            self.mistake(name, "应为四位年份, 如 2024。", "This must be a year, as 2024.")
            return None
        return int(value)

    def day(self, name: str) -> date | None:
        """Read a day."""
        found = self._document.get(name)
        if isinstance(found, date):
            return found
        text = self.text(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.mistake(name, "应为日期, 如 2026-12-31。", "This must be a day, as 2026-12-31.")
            return None

    def names(self) -> tuple[str, ...]:
        """Give the fields that are there."""
        return tuple(str(name) for name in self._document)

    def flag(self, name: str, *, default: bool) -> bool:
        """Read a yes or no."""
        found = self._document.get(name)
        if found is None:
            return default
        if not isinstance(found, bool):
            self.mistake(name, "应为 true 或 false。", "This must be true or false.")
            return default
        return found

    def some(self, name: str, among: Sequence[str], *, default: tuple[str, ...]) -> tuple[str, ...]:
        """Read a list of words, each of which is one of some."""
        found = self._document.get(name)
        if found is None:
            return default
        if not isinstance(found, (list, tuple)):
            self.mistake(name, "应为列表。", "This must be a list.")
            return default
        for place, one in enumerate(found):
            if one not in among:
                words = ", ".join(among)
                shown = str(one)[:SHOWN]
                self.mistake(
                    f"{name}[{place}]", f"没有 {shown!r}; 可取 {words}。", f"No {shown!r}; take some of {words}."
                )
        return tuple(dict.fromkeys(str(one) for one in found))

    def between(self, name: str, low: float, high: float, *, default: float) -> float:
        """Read a number between two others."""
        value = self.number(name, needed=False)
        if value is None:
            return default
        if not low <= value <= high:
            self.mistake(name, f"应在 {low} 与 {high} 之间。", f"This must be between {low} and {high}.")
            return default
        return float(value)

    def pair(self, name: str) -> tuple[float, float] | None:
        """Read two numbers."""
        found = self._document.get(name)
        if isinstance(found, (list, tuple)) and len(found) == PAIR:
            inner = Entry({"0": found[0], "1": found[1]}, f"{self._path}{name}.", self.mistakes)
            low, high = inner.number("0"), inner.number("1")
            return None if low is None or high is None else (float(low), float(high))
        self.mistake(name, "应为两个数, 如 [0, 0.05]。", "This must be two numbers, as [0, 0.05].")
        return None

    def _told(self, name: str) -> bool:
        return any(one.path == f"{self._path}{name}" for one in self.mistakes)
