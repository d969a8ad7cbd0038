"""经济报表: what an enterprise produced, earned, paid and employed in a term.  Never edited, only revised."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from zoneinfo import ZoneInfo

from park.amount import PLAIN, Amount, Conflict, Fold, Gap, Part, Status, add_up
from park.term import Term, month_of, quarter_of, year_of

__all__ = [
    "PLAIN",
    "Amount",
    "Conflict",
    "Gap",
    "Line",
    "Part",
    "Statement",
    "Status",
    "amounts",
    "due",
    "lines",
    "merged",
]

Values = Mapping[str, Decimal | None]
NOTHING: Values = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement.  A table, not code; adding one adds a row to `statement_lines.csv` beside this."""

    name: str
    unit: str
    fold: Fold
    least: Decimal | None
    """The least it can be; None where it may fall below 0, as value added and net tax may."""
    digits: int
    """The most places after the point that mean something."""
    zh: str
    en: str

    def called(self, language: str = "zh") -> str:
        """Name it in one language."""
        return self.zh if language == "zh" else self.en


@cache
def lines() -> dict[str, Line]:
    """Every line by name, in the order of the form."""
    text = resources.files("park").joinpath("statement_lines.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Line(
            name=row["name"],
            unit=row["unit"],
            fold=Fold(row["fold"]),
            least=Decimal(row["least"]) if row["least"] else None,
            digits=int(row["digits"]),
            zh=row["zh"],
            en=row["en"],
        )
        for row in csv.DictReader(text.splitlines())
    }


@dataclass(frozen=True, slots=True)
class Statement:
    """One revision of what one enterprise reports for one month, quarter or year."""

    enterprise: str
    term: Term
    status: Status
    values: Values = field(default_factory=lambda: NOTHING)
    """By line.  None says that a line's value is withdrawn; a line that is not there was never stated."""
    revision: int = 0
    """1 for the first; 0 while it is not kept yet."""
    who: str = ""
    at: datetime | None = None
    reason: str = ""
    """Why it differs from the revision before."""

    @property
    def key(self) -> tuple[str, Term]:
        """What it is a revision of."""
        return self.enterprise, self.term


def amounts(statements: Iterable[Statement], key: str, term: Term) -> Amount:
    """Add up one line over a term from the newest statements of one enterprise.

    Growth rates are given for the very term they were entered for, employees are a mean over the months.  Raises
    ValueError for statements of several enterprises: a sum over enterprises is a figure of its own.
    """
    known: dict[Term, Part] = {}
    owners = set()
    for statement in statements:
        owners.add(statement.enterprise)
        value = statement.values.get(key)
        if value is not None:
            known[statement.term] = Part(statement.term, value, statement.status, statement.revision)
    if len(owners) > 1:
        raise ValueError(f"statements of {len(owners)} enterprises")
    return add_up(known, term, lines()[key].fold)


def due(now: datetime, zone: ZoneInfo) -> tuple[Term, Term, Term]:
    """Give the last month, quarter and year that are over: what is to be reported now."""
    month = month_of(now, zone).before()
    quarter, year = quarter_of(month), year_of(month)
    return (
        month,
        quarter if quarter.last == month.last else quarter.before(),
        year if year.last == month.last else year.before(),
    )


def merged(old: Statement | None, given: Statement) -> Values:
    """Give the values after a revision: a line that it does not name stays as it was."""
    before = {} if old is None else old.values
    named = {**before, **given.values}
    return {name: named[name] for name in lines() if name in named}
