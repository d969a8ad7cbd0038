"""Virtual meters as they are kept: every revision for ever, checked against the registry and one another.

Errors are EntryRefused, with every mistake; Refused for what stands in the way; and those of `trouble`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, tuple_

from adapters.relational import audit, registry_rows, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused, Refused
from adapters.relational.tables_virtual import virtual_meter as table
from park import term
from park.place import Role
from park.registry_notes import Notes
from park.virtual_check import check, users
from park.virtual_meter import VirtualMeter

SUBJECT = "virtual_meters"
SAID = ("enterprise", "carrier", "role", "name", "formula", "since", "until", "withdrawn")
"""What a revision says; the rest is who said it, when and why."""


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def current(engine: Engine, enterprise: str | None = None) -> list[VirtualMeter]:
    """Give the virtual meters in force, of one enterprise or of all, by id."""
    with reading(engine) as connection:
        kept = _newest(connection).values()
    return [one for one in kept if not one.withdrawn and enterprise in {None, one.enterprise}]


def history(engine: Engine, name: str) -> list[VirtualMeter]:
    """Give every revision of one, the newest first."""
    query = select(table).where(table.c.id == name).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        return [_meter(row) for row in connection.execute(query)]


def check_alone(engine: Engine, one: VirtualMeter, *, place: str = "") -> None:
    """Check what `save` would, and keep nothing.  Raises EntryRefused with every mistake."""
    with reading(engine) as connection:
        _refuse(connection, one, _newest(connection), place)


def save(engine: Engine, one: VirtualMeter, *, who: str, now: datetime, place: str = "") -> VirtualMeter:
    """Keep one as its next revision; what says nothing new makes none.  Raises EntryRefused with every mistake."""
    with deciding(engine) as connection:
        kept = _newest(connection)
        old = kept.get(one.id)
        _refuse(connection, one, kept, place)
        if old is not None and _said(old) == _said(one):
            return old
        if old is not None and not one.reason.strip():
            raise _reasonless(place)
        made = replace(one, revision=1 if old is None else old.revision + 1, who=who, at=now, withdrawn=False)
        _add(connection, old, made, now)
    return made


def withdraw(engine: Engine, name: str, *, who: str, now: datetime, reason: str) -> VirtualMeter | None:
    """Take one back as its next revision; None where there is none.  Raises Refused while another names it."""
    with deciding(engine) as connection:
        kept = {key: one for key, one in _newest(connection).items() if not one.withdrawn}
        old = kept.get(name)
        if old is None:
            return None
        if not reason.strip():
            raise _reasonless("")
        named = users(name, list(kept.values()))
        if named:
            raise Refused(
                f"虚拟表 {name} 还在 {', '.join(named)} 的公式中, 不能删除; 请先改那些公式。",
                f"Virtual meter {name} stands in the formula of {', '.join(named)} and cannot be taken back; "
                "change those first.",
            )
        made = replace(old, revision=old.revision + 1, who=who, at=now, reason=reason, withdrawn=True)
        _add(connection, old, made, now)
    return made


def _add(connection: Connection, old: VirtualMeter | None, made: VirtualMeter, now: datetime) -> None:
    connection.execute(insert(table), _row(made))
    revised.bump(connection, SUBJECT)
    verb = "delete" if made.withdrawn else "create" if old is None else "change"
    before = None if old is None else _said(old)
    audit.record(
        connection,
        at=now,
        who=made.who,
        action=f"virtual_meter.{verb}",
        subject=made.id,
        before=before,
        after=_said(made),
    )


def _refuse(connection: Connection, one: VirtualMeter, kept: Mapping[str, VirtualMeter], place: str) -> None:
    others = {key: each for key, each in kept.items() if not each.withdrawn} | {one.id: one}
    registry = registry_rows.read(connection)
    notes = Notes({})
    check(notes, place, one, others, registry)
    for each in users(one.id, list(others.values())) if not notes.mistakes else ():
        inner = Notes({})  # those that stand upon it must go on standing
        check(inner, each, others[each], others, registry)
        notes.mistakes += inner.mistakes
    if notes.mistakes:
        raise EntryRefused(notes.mistakes)


def _reasonless(place: str) -> EntryRefused:
    notes = Notes({})
    notes.add(
        f"{place}.reason" if place else "reason",
        "这将是新的修订, 相关数字会重算; 请写明原因。",
        "This becomes a revision and restates figures; say why.",
    )
    return EntryRefused(notes.mistakes)


def _newest(connection: Connection) -> dict[str, VirtualMeter]:
    newest = select(table.c.id, func.max(table.c.revision)).group_by(table.c.id)
    query = select(table).where(tuple_(table.c.id, table.c.revision).in_(newest)).order_by(table.c.id)
    return {row.id: _meter(row) for row in connection.execute(query)}


def _meter(row: Row[*tuple[Any, ...]]) -> VirtualMeter:
    return VirtualMeter(
        id=row.id,
        enterprise=row.enterprise,
        carrier=row.carrier,
        role=Role(row.role),
        name=row.name,
        formula=row.formula,
        since=None if row.since is None else term.read(row.since),
        until=None if row.until is None else term.read(row.until),
        revision=row.revision,
        withdrawn=row.withdrawn,
        who=row.who,
        at=row.at,
        reason=row.reason,
    )


def _row(one: VirtualMeter) -> dict[str, object]:
    return {
        "id": one.id,
        "revision": one.revision,
        "enterprise": one.enterprise,
        "carrier": one.carrier,
        "role": one.role.value,
        "name": one.name,
        "formula": one.formula,
        "since": None if one.since is None else str(one.since),
        "until": None if one.until is None else str(one.until),
        "withdrawn": one.withdrawn,
        "who": one.who,
        "at": one.at,
        "reason": one.reason,
    }


def _said(one: VirtualMeter) -> dict[str, object]:
    return {name: value for name, value in _row(one).items() if name in SAID}
