"""Alerts, their history and their notices, as the rules service copies them and as whoever shows them reads them.

A copy that comes twice changes nothing: changes have numbers and stay as they are, the rest is as it was last said.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, Row, Select, Table, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.alert_store import NoticeRow, Numbered
from adapters.relational.engine import reading, writing
from adapters.relational.tables_alert import alert, alert_change, notice
from park.alert import ACTIVE, Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.care import Care
from park.evidence import Why
from park.rulebook import Key
from park.severity import Severity

OPEN: Final = (*sorted(ACTIVE), Phase.LATCHED)
CARED = tuple(Care.__struct_fields__)


def copy(
    engine: Engine,
    *,
    records: Mapping[Key, AlertRecord],
    changes: Sequence[Numbered],
    notices: Sequence[NoticeRow],
) -> None:
    """Write what is new, all or nothing."""
    numbers = {one.change.key: one.id for one in changes}
    with writing(engine) as connection:
        _upsert(connection, alert, [_record_row(one, numbers.get(key, 0)) for key, one in records.items()])
        _add(connection, alert_change, [_change_row(one) for one in changes])
        _upsert(connection, notice, [_notice_row(one) for one in notices])


def alerts(
    engine: Engine,
    *,
    phases: Collection[Phase] = OPEN,
    meters: Collection[str] | None = None,
    least: Severity = Severity.NOTICE,
) -> list[AlertRecord]:
    """Give alerts, the gravest first and of those the oldest."""
    query = select(alert).where(alert.c.phase.in_(sorted(phases)), alert.c.severity >= int(least))
    if meters is not None:
        query = query.where(alert.c.meter.in_(sorted(meters)))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(alert.c.severity.desc(), alert.c.since, alert.c.rule, alert.c.meter))
        return [_record(row) for row in rows]


def numbered(engine: Engine) -> list[tuple[int, AlertRecord]]:
    """Give every alert, however it stands, with the number of the last change its row knows of."""
    with reading(engine) as connection:
        return [(row.change, _record(row)) for row in connection.execute(select(alert))]


def one(engine: Engine, key: Key) -> AlertRecord | None:
    """Give one alert, however it stands; None where there was never one."""
    with reading(engine) as connection:
        row = connection.execute(select(alert).where(alert.c.rule == key.rule, alert.c.meter == key.meter)).first()
    return None if row is None else _record(row)


def changes(
    engine: Engine,
    *,
    key: Key | None = None,
    meters: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 1_000,
) -> list[Numbered]:
    """Give changes, the newest first; `before` is the number of the last one of the page before."""
    query = select(alert_change)
    if key is not None:
        query = query.where(alert_change.c.rule == key.rule, alert_change.c.meter == key.meter)
    if meters is not None:
        query = query.where(alert_change.c.meter.in_(sorted(meters)))
    if since is not None:
        query = query.where(alert_change.c.known_at >= since)
    if until is not None:
        query = query.where(alert_change.c.known_at < until)
    if before is not None:
        query = query.where(alert_change.c.id < before)
    return _changes(engine, query.order_by(alert_change.c.id.desc()).limit(limit))


def changes_after(engine: Engine, number: int, *, limit: int = 1_000) -> list[Numbered]:
    """Give what came after a change, in order: for whoever follows."""
    return _changes(
        engine, select(alert_change).where(alert_change.c.id > number).order_by(alert_change.c.id).limit(limit)
    )


def last_number(engine: Engine) -> int:
    """Give the number of the newest change; 0 where there is none."""
    with engine.connect() as connection:
        number: int = connection.execute(select(func.coalesce(func.max(alert_change.c.id), 0))).scalar_one()
    return number


def notices(engine: Engine, numbers: Collection[int]) -> list[NoticeRow]:
    """Give what was decided about some changes, and what became of it."""
    query = select(notice).where(notice.c.change.in_(sorted(numbers))).order_by(notice.c.change, notice.c.receiver)
    with reading(engine) as connection:
        return [_notice(row) for row in connection.execute(query)]


def notices_from(engine: Engine, number: int) -> list[NoticeRow]:
    """Give the notices of a change and of all after it, and all that wait for their receivers."""
    query = select(notice).where(or_(notice.c.change >= number, notice.c.state == "waiting"))
    with reading(engine) as connection:
        return [_notice(row) for row in connection.execute(query.order_by(notice.c.change))]


def _changes(engine: Engine, query: Select[Any]) -> list[Numbered]:
    with reading(engine) as connection:
        return [_change(row) for row in connection.execute(query)]


def _upsert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    insert = _insert(connection, table)
    keys = {column.name for column in table.primary_key}
    values: dict[str, Any] = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in keys}
    if table is alert:  # a row that came without a change of its own keeps the number of the one before
        greater = func.greatest if connection.dialect.name == "postgresql" else func.max
        values["change"] = greater(table.c.change, insert.excluded.change)
    connection.execute(insert.on_conflict_do_update(index_elements=sorted(keys), set_=values), rows)


def _add(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _record_row(record: AlertRecord, number: int) -> dict[str, object]:
    plain: dict[str, object] = {
        "rule": record.rule,
        "meter": record.meter,
        "episode": record.episode,
        "phase": record.phase.value,
        "since": record.since,
        "raised_at": record.raised_at,
        "severity": int(record.severity),
        "metric": record.metric,
        "value": record.value,
        "why": record.why,
        "drill": record.drill,
        "change": number,
    }
    return plain | {name: getattr(record.care, name) for name in CARED}


def _record(row: Row[Any]) -> AlertRecord:
    return AlertRecord(
        rule=row.rule,
        meter=row.meter,
        episode=row.episode,
        phase=Phase(row.phase),
        since=row.since,
        raised_at=row.raised_at,
        severity=Severity(row.severity),
        metric=row.metric,
        value=row.value,
        why=row.why,
        care=Care(**{name: getattr(row, name) for name in CARED}),
        drill=row.drill,
    )


def _change_row(numbered: Numbered) -> dict[str, object]:
    change = numbered.change
    plain = msgspec.structs.asdict(change)
    why = "" if change.why is None else change.why.value
    return plain | {
        "id": numbered.id,
        "kind": change.kind.value,
        "before": change.before.value,
        "after": change.after.value,
        "severity": int(change.severity),
        "why": why,
    }


def _change(row: Row[Any]) -> Numbered:
    plain: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  # its public name
    number = plain.pop("id")
    plain |= {
        "kind": Kind(row.kind),
        "before": Phase(row.before),
        "after": Phase(row.after),
        "severity": Severity(row.severity),
        "why": Why(row.why) if row.why else None,
    }
    return Numbered(number, AlertChange(**plain))


def _notice_row(row: NoticeRow) -> dict[str, object]:
    return row._asdict() | {"document": row.document.decode()}


def _notice(row: Row[Any]) -> NoticeRow:
    return NoticeRow(**{**row._mapping, "document": row.document.encode()})  # noqa: SLF001  # its public name
