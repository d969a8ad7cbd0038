"""Every meter's account as the collector last copied it; the collector alone writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.relational.engine import reading, writing
from adapters.relational.schema import account as table
from park.account import Account, Double
from park.run import Gap

COUNTS = ("received", "unnumbered", "missing", "duplicates", "restarts", "held", "accepted", "refused", "stored")
CHUNK = 10_000
"""Ids in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What can be added up over meters; park.account.Account says what each is."""

    received: int = 0
    unnumbered: int = 0
    missing: int = 0
    duplicates: int = 0
    restarts: int = 0
    held: int = 0
    accepted: int = 0
    refused: int = 0
    stored: int = 0

    @property
    def published(self) -> int:
        """How many messages were sent, as their numbers tell."""
        return self.received + self.missing

    def __add__(self, other: "Totals") -> "Totals":
        """Add up."""
        return Totals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Totals)))


@dataclass(frozen=True, slots=True)
class Standing:
    """One meter's account."""

    meter: str
    since: datetime
    heard: datetime
    totals: Totals
    gaps: tuple[Gap, ...]
    doubles: tuple[Double, ...]


def save(engine: Engine, accounts: Mapping[str, Account]) -> None:
    """Write accounts over what was written of them before."""
    if not accounts:
        return
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    written = {column.name: statement.excluded[column.name] for column in table.c if column.name != "meter"}
    with writing(engine) as connection:
        connection.execute(
            statement.on_conflict_do_update(index_elements=["meter"], set_=written),
            [_values(meter, account) for meter, account in sorted(accounts.items())],
        )


def one(engine: Engine, meter: str) -> Standing | None:
    """Give the account of one meter, or None where nothing was ever received."""
    return next(iter(several(engine, [meter])), None)


def several(engine: Engine, meters: Sequence[str]) -> list[Standing]:
    """Give the accounts of some meters, by id; those of which nothing was received have none."""
    found: list[Standing] = []
    with reading(engine) as connection:
        for start in range(0, len(meters), CHUNK):
            query = select(table).where(table.c.meter.in_(meters[start : start + CHUNK]))
            found += map(_standing, connection.execute(query))
    return sorted(found, key=lambda standing: standing.meter)


def totals(engine: Engine, meters: Sequence[str] | None = None) -> tuple[Totals, int]:
    """Add up the accounts of some meters, or of all; tell also in how many something is missing."""
    gappy = func.count().filter(table.c.missing > 0)
    query = select(*(func.coalesce(func.sum(table.c[name]), 0) for name in COUNTS), gappy)
    whole, with_gaps = Totals(), 0
    with reading(engine) as connection:
        for start in range(0, 1 if meters is None else len(meters), CHUNK):
            chosen = query if meters is None else query.where(table.c.meter.in_(meters[start : start + CHUNK]))
            *sums, count = connection.execute(chosen).one()
            whole += Totals(*map(int, sums))
            with_gaps += count
    return whole, with_gaps


def worst(engine: Engine, most: int) -> list[tuple[str, int]]:
    """Give the meters of which most is missing, and how much; none of which nothing is."""
    query = select(table.c.meter, table.c.missing).where(table.c.missing > 0)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(table.c.missing.desc(), table.c.meter).limit(most))
        return [(meter, missing) for meter, missing in rows]


def _values(meter: str, account: Account) -> dict[str, object]:
    return {
        "meter": meter,
        "since": account.since,
        "heard": account.heard,
        **{name: getattr(account, name) for name in COUNTS},
        "gaps": [[gap.first, gap.last, gap.before.isoformat(), gap.after.isoformat()] for gap in account.gaps],
        "doubles": [[one.first, one.last, one.since.isoformat(), one.until.isoformat()] for one in account.doubles],
    }


def _standing(row: Row[*tuple[Any, ...]]) -> Standing:
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's name for the public view of a row
    return Standing(
        meter=values["meter"],
        since=values["since"],
        heard=values["heard"],
        totals=Totals(*(values[name] for name in COUNTS)),
        gaps=tuple(Gap(*_spread(gap)) for gap in values["gaps"]),
        doubles=tuple(Double(*_spread(one)) for one in values["doubles"]),
    )


def _spread(written: tuple[int, int, str, str]) -> tuple[int, int, datetime, datetime]:
    first, last, begin, end = written
    return first, last, datetime.fromisoformat(begin), datetime.fromisoformat(end)
