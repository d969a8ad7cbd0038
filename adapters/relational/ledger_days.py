"""What each register did on each local day, and how far it is accounted for.  Writer: the rules service."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, Row, and_, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from adapters.relational.engine import reading, writing
from adapters.relational.tables_ledger import accounted
from adapters.relational.tables_ledger import ledger_day as table
from park.basis import Basis
from park.counter import Mark

CHUNK = 400
"""Registers named in one query: two parameters each."""
Register = tuple[str, str]
"""A meter and the metric of its register or gauge."""


class Day(NamedTuple):
    """One register on one local day."""

    meter: str
    metric: str
    day: datetime
    """The local midnight it begins with."""
    opening: Mark | None
    """The last believed sample before it; None before the first."""
    closing: Mark | None
    """The last believed sample of the day, or before it."""
    firm: Mark | None
    """The last of them that nothing later can refute: reckoning may begin from it."""
    undecided: int
    """Samples at its end that the next may refute."""
    booked: float
    """By the steps that end in the day."""
    estimated: float
    """Of what was booked."""
    off: float
    """Booked, less what closing and opening readings say; 0 but for rounding, or something is wrong."""
    causes: Mapping[str, int]
    basis: str
    """Which facts and epochs it was reckoned with."""


class Accounted(NamedTuple):
    """How far one register is accounted for, and with which facts and epochs."""

    until: datetime
    basis: str


class Broken(NamedTuple):
    """A register whose booked amounts are not what its readings say, and the first day of it."""

    meter: str
    metric: str
    day: datetime
    off: float


def save(engine: Engine, days: Sequence[Day]) -> None:
    """Write days in the place of those that were there."""
    insert = _dialect(engine).insert(table)
    names = [column.name for column in table.columns if not column.primary_key]
    upsert = insert.on_conflict_do_update(
        index_elements=["meter", "metric", "day"], set_={name: insert.excluded[name] for name in names}
    )
    if days:
        with writing(engine) as connection:
            connection.execute(upsert, [_row(day) for day in days])


def days(engine: Engine, register: Register, start: datetime, end: datetime) -> list[Day]:
    """Give the days of one register, in order."""
    query = select(table).where(_of(register), table.c.day >= start, table.c.day < end).order_by(table.c.day)
    with reading(engine) as connection:
        return [_day(row) for row in connection.execute(query)]


def before(engine: Engine, register: Register, day: datetime) -> Day | None:
    """Give the last day before one; None where there is none."""
    query = select(table).where(_of(register), table.c.day < day).order_by(table.c.day.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else _day(row)


def after(engine: Engine, register: Register, day: datetime) -> Day | None:
    """Give a day, or the first after it that is there."""
    query = select(table).where(_of(register), table.c.day >= day).order_by(table.c.day).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else _day(row)


def newest(
    engine: Engine, registers: Collection[Register], before: datetime, *, previous: datetime
) -> dict[Register, Day]:
    """Give the last day of each register before a day; most have the `previous` midnight, others take a search."""
    found: dict[Register, Day] = {}
    with reading(engine) as connection:
        for some in _chunks(registers):
            for row in connection.execute(select(table).where(_one_of(some), table.c.day == previous)):
                found[row.meter, row.metric] = _day(row)
        for some in _chunks([register for register in registers if register not in found]):
            last = select(table.c.meter, table.c.metric, func.max(table.c.day)).where(
                _one_of(some), table.c.day < before
            )
            same = tuple_(table.c.meter, table.c.metric, table.c.day)
            query = select(table).where(same.in_(last.group_by(table.c.meter, table.c.metric)))
            for row in connection.execute(query):
                found[row.meter, row.metric] = _day(row)
    return found


def on(engine: Engine, registers: Collection[Register], day: datetime) -> dict[Register, Day]:
    """Give one day of each register that has it."""
    found: dict[Register, Day] = {}
    with reading(engine) as connection:
        for some in _chunks(registers):
            for row in connection.execute(select(table).where(_one_of(some), table.c.day == day)):
                found[row.meter, row.metric] = _day(row)
    return found


def other_basis(engine: Engine, register: Register, basis: Basis) -> list[datetime]:
    """Give the days of a register that were reckoned with other facts or epochs than hold for them by now."""
    query = select(table.c.day, table.c.basis).where(_of(register)).order_by(table.c.day)
    with reading(engine) as connection:
        return [row.day for row in connection.execute(query) if row.basis != basis.on(row.day)]


def reach(engine: Engine) -> dict[Register, Accounted]:
    """Say how far every register is accounted for."""
    with reading(engine) as connection:
        return {
            (row.meter, row.metric): Accounted(row.until, row.basis) for row in connection.execute(select(accounted))
        }


def advance(engine: Engine, reached: Mapping[Register, Accounted]) -> None:
    """Note how far some registers are accounted for."""
    insert = _dialect(engine).insert(accounted)
    upsert = insert.on_conflict_do_update(
        index_elements=["meter", "metric"], set_={"until": insert.excluded.until, "basis": insert.excluded.basis}
    )
    rows = [
        {"meter": meter, "metric": metric, "until": each.until, "basis": each.basis}
        for (meter, metric), each in reached.items()
    ]
    if rows:
        with writing(engine) as connection:
            connection.execute(upsert, rows)


def broken(engine: Engine, *, share: float = 1e-6, least: float = 1e-3) -> list[Broken]:
    """Give the registers of which Σ booked is not closing − opening, and the first such day of each.

    Also those of which a day does not open where the day before closed: some of it would be booked twice or never.
    """
    before = table.alias()
    earlier = table.alias()
    last = (
        select(func.max(earlier.c.day))
        .where(earlier.c.meter == table.c.meter, earlier.c.metric == table.c.metric, earlier.c.day < table.c.day)
        .correlate(table)
        .scalar_subquery()
    )
    chain = and_(before.c.meter == table.c.meter, before.c.metric == table.c.metric, before.c.day == last)
    torn = or_(
        func.coalesce(before.c.closing_ms, -1) != func.coalesce(table.c.opening_ms, -1),
        func.coalesce(before.c.closing_total, 0.0) != func.coalesce(table.c.opening_total, 0.0),
    )
    wrong = func.abs(table.c.off) > least + share * func.abs(table.c.booked)
    query = (
        select(table.c.meter, table.c.metric, table.c.day, table.c.off)
        .select_from(table.outerjoin(before, chain))
        .where(or_(wrong, and_(before.c.day.is_not(None), torn)))
        .order_by(table.c.meter, table.c.metric, table.c.day)
    )
    found: dict[Register, Broken] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            found.setdefault((row.meter, row.metric), Broken(*row))
    return list(found.values())


def _one_of(registers: Sequence[Register]) -> ColumnElement[bool]:
    return tuple_(table.c.meter, table.c.metric).in_(registers)


def _of(register: Register) -> ColumnElement[bool]:
    return and_(table.c.meter == register[0], table.c.metric == register[1])


def _day(row: Row[*tuple[Any, ...]]) -> Day:
    return Day(
        meter=row.meter,
        metric=row.metric,
        day=row.day,
        opening=None if row.opening_ms is None else Mark(row.opening_ms, row.opening_total),
        closing=None if row.closing_ms is None else Mark(row.closing_ms, row.closing_total),
        firm=None if row.firm_ms is None else Mark(row.firm_ms, row.firm_total),
        undecided=row.undecided,
        booked=row.booked,
        estimated=row.estimated,
        off=row.off,
        causes=row.causes,
        basis=row.basis,
    )


def _row(day: Day) -> dict[str, object]:
    return {
        "meter": day.meter,
        "metric": day.metric,
        "day": day.day,
        "opening_ms": None if day.opening is None else day.opening.ms,
        "opening_total": None if day.opening is None else day.opening.total,
        "closing_ms": None if day.closing is None else day.closing.ms,
        "closing_total": None if day.closing is None else day.closing.total,
        "firm_ms": None if day.firm is None else day.firm.ms,
        "firm_total": None if day.firm is None else day.firm.total,
        "undecided": day.undecided,
        "booked": day.booked,
        "estimated": day.estimated,
        "off": day.off,
        "causes": dict(day.causes),
        "basis": day.basis,
    }


def _chunks(registers: Collection[Register]) -> Iterator[list[Register]]:
    named = sorted(registers)
    return (named[first : first + CHUNK] for first in range(0, len(named), CHUNK))


def _dialect(engine: Engine) -> Any:  # noqa: ANN401  # the two modules have no common type
    return postgresql if engine.dialect.name == "postgresql" else sqlite
