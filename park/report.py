"""A report as people carry it about: what it is of, tables, and a hash that tells one that was changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Cell = str | float | int | None


class Kind(StrEnum):
    """How the cells of a column are written."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    """0.98 is 98 %."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; widths are shares of the whole of any sum."""

    title: str
    width: float = 1.0
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """One table: a sheet of a workbook, or some pages."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What is written; `facts` stand on each sheet and page, for a page may be torn from the others."""

    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    digest: str
    """SHA-256 of the canonical content, which does not depend on form, language, or who asked when."""
    notes: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()


def canonical(content: Mapping[str, Any]) -> bytes:
    """Write content the one way in which it is hashed: keys in order, no blanks, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(content: bytes) -> str:
    """Give the SHA-256."""
    return hashlib.sha256(content).hexdigest()
