"""Factors people added, as revisions: kept with who, when and why, and never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, tuple_, update

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import Refused
from adapters.relational.schema import edition
from adapters.relational.tables_factor import own_factor as table
from park.factor import Factor, Input, Purpose
from park.factor_book import FactorBook
from park.own_factor import OwnFactor, read, revised

SUBJECT = "factors"


class FactorRefused(Refused):
    """A revision that cannot be made."""


def version(engine: Engine) -> int:
    """Give a number that is another one after each revision; asking costs one row."""
    with engine.connect() as connection:
        number: int = connection.execute(select(edition.c.number).where(edition.c.subject == SUBJECT)).scalar_one()
    return number


def book(engine: Engine) -> FactorBook:
    """Give every factor there is: those shipped, and those in force that people added."""
    return FactorBook(one.factor for one in current(engine) if not one.withdrawn)


def current(engine: Engine) -> list[OwnFactor]:
    """Give the newest revision of every entry, those taken back too."""
    newest = select(table.c.number, func.max(table.c.revision)).group_by(table.c.number)
    query = select(table).where(tuple_(table.c.number, table.c.revision).in_(newest)).order_by(table.c.number)
    with reading(engine) as connection:
        return [_own(row) for row in connection.execute(query)]


def history(engine: Engine, number: int) -> list[OwnFactor]:
    """Give every revision of one entry, the newest first."""
    query = select(table).where(table.c.number == number).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        return [_own(row) for row in connection.execute(query)]


def add(engine: Engine, document: Mapping[str, Any], *, today: date, who: str, now: datetime) -> OwnFactor:
    """Take a new entry.  Raises park.own_factor.FactorMistaken with every mistake."""
    factor, value = read(document, today=today)
    with deciding(engine) as connection:
        last = connection.execute(select(func.max(table.c.number))).scalar()
        return _write(
            connection, OwnFactor((last or 0) + 1, 1, factor, value, withdrawn=False, who=who, at=now, reason="")
        )


def revise(
    engine: Engine, number: int, document: Mapping[str, Any], *, today: date, who: str, now: datetime, reason: str
) -> OwnFactor | None:
    """Take a correction of an entry; None where there is no such entry.

    Saying the same again makes no revision.  Raises FactorMistaken, and FactorRefused for one that was taken back.
    """
    factor, value = read(document, today=today)
    with deciding(engine) as connection:
        old = _newest(connection, number)
        if old is None:
            return None
        if old.withdrawn:
            raise FactorRefused(
                f"因子 {number} 已撤回, 不能再修订; 请新录入一条。",
                f"Factor {number} was taken back and cannot be revised; enter a new one.",
            )
        if (revised(factor, number, old.revision), value) == (old.factor, old.value):
            return old
        made = OwnFactor(number, old.revision + 1, factor, value, withdrawn=False, who=who, at=now, reason=reason)
        return _write(connection, made, old)


def withdraw(engine: Engine, number: int, *, who: str, now: datetime, reason: str) -> OwnFactor | None:
    """Take an entry back, as a revision of its own; None where there is no such entry."""
    with deciding(engine) as connection:
        old = _newest(connection, number)
        if old is None or old.withdrawn:
            return old
        made = OwnFactor(
            number, old.revision + 1, old.factor, old.value, withdrawn=True, who=who, at=now, reason=reason
        )
        return _write(connection, made, old)


def _newest(connection: Connection, number: int) -> OwnFactor | None:
    query = select(table).where(table.c.number == number).order_by(table.c.revision.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _own(row)


def _write(connection: Connection, made: OwnFactor, old: OwnFactor | None = None) -> OwnFactor:
    row = _plain(made) | {"number": made.number, "revision": made.revision, "who": made.who, "at": made.at}
    connection.execute(insert(table).values(row))
    connection.execute(update(edition).where(edition.c.subject == SUBJECT).values(number=edition.c.number + 1))
    action = "factor.withdraw" if made.withdrawn else "factor.create" if old is None else "factor.change"
    audit.record(
        connection,
        at=made.at,
        who=made.who,
        action=action,
        subject=str(made.number),
        before=None if old is None else _facts(old),
        after=_facts(made),
    )
    return _own_of(made)


def _plain(made: OwnFactor) -> dict[str, Any]:
    factor = made.factor
    return {
        "park": factor.park,
        "enterprise": factor.enterprise,
        "factor_set": factor.set,
        "key": factor.key,
        "purpose": factor.purpose.value,
        "value": str(made.value),
        "unit": factor.unit,
        "region": factor.region,
        "data_year": factor.data_year,
        "published": factor.published,
        "valid_from": factor.valid_from,
        "valid_to": factor.valid_to,
        "source": factor.source,
        "note": factor.note,
        "inputs": [[one.name, one.value, one.unit, one.detail] for one in factor.inputs],
        "withdrawn": made.withdrawn,
        "reason": made.reason,
    }


def _facts(made: OwnFactor) -> dict[str, object]:
    """Write a revision for the audit."""
    plain = _plain(made)
    days = {name: plain[name].isoformat() for name in ("published", "valid_from", "valid_to") if plain[name]}
    return {name: value for name, value in (plain | days).items() if value not in (None, "", [])}


def _own_of(made: OwnFactor) -> OwnFactor:
    factor = revised(made.factor, made.number, made.revision)
    return OwnFactor(made.number, made.revision, factor, made.value, made.withdrawn, made.who, made.at, made.reason)


def _own(row: Row[Any]) -> OwnFactor:
    value = Decimal(row.value)
    factor = Factor(
        id="",
        set=row.factor_set,
        key=row.key,
        purpose=Purpose(row.purpose),
        value=float(value),
        unit=row.unit,
        published=row.published,
        source=row.source,
        region=row.region,
        data_year=row.data_year,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        verified=True,
        note=row.note,
        note_en=row.note,
        inputs=tuple(Input(*part) for part in row.inputs),
        park=row.park,
        enterprise=row.enterprise,
    )
    return _own_of(OwnFactor(row.number, row.revision, factor, value, row.withdrawn, row.who, row.at, row.reason))
