"""Whom to tell, and how to reach them.  How is written here by the API, which cannot read it again."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine, RowMapping, delete, insert, select, update

from adapters.relational import audit, revised
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_alarm_desk import receiver as table
from park.contact import CONSOLE, PANEL, Contact
from park.receiver import Receiver, Way
from park.registry_notes import Notes

SUBJECT = "receivers"
SEEN = (table.c.id, table.c.document, table.c.reached, table.c.signed)
REACHED = frozenset({Way.APPRISE, Way.WEBHOOK})
"""The ways that need an address."""

ALWAYS = frozenset({CONSOLE.id, PANEL.id})


class Listed(NamedTuple):
    """A receiver as people see it: whether it has an address and a key, never which."""

    receiver: Receiver
    reached: bool
    signed: bool


def version(engine: Engine) -> int:
    """Give a number that is another one after each change; asking costs one row."""
    return revised.version(engine, SUBJECT)


def load(engine: Engine) -> tuple[Contact, ...]:
    """Give every receiver with its address: for the rules service alone."""
    with reading(engine) as connection:
        rows = connection.execute(select(table).order_by(table.c.id)).mappings()
        return tuple(Contact(receiver=_receiver(row), address=row["address"], secret=row["secret"]) for row in rows)


def listing(engine: Engine) -> list[Listed]:
    """Give every receiver as people see it."""
    with reading(engine) as connection:
        return [_listed(row) for row in connection.execute(select(*SEEN).order_by(table.c.id)).mappings()]


def save(
    engine: Engine,
    receiver: Receiver,
    *,
    address: str | None = None,
    secret: str | None = None,
    who: str,
    now: datetime,
) -> Listed:
    """Keep a receiver; an address or a key that is not given stays as it is.  Raises EntryRefused."""
    with deciding(engine) as connection:
        others = {one.receiver.id: one for one in map(_listed, connection.execute(select(*SEEN)).mappings())}
        old = others.pop(receiver.id, None)
        reached = bool(address) if address is not None else old is not None and old.reached
        signed = bool(secret) if secret is not None else old is not None and old.signed
        mistakes = check(receiver, (one.receiver for one in others.values()), reached=reached)
        if mistakes.mistakes:
            raise EntryRefused(mistakes.mistakes)
        values: dict[str, object] = {"document": _document(receiver), "reached": reached, "signed": signed}
        given = {"address": address, "secret": secret}
        if old is None:
            kept = {name: value or "" for name, value in given.items()}
            connection.execute(insert(table).values(values | kept | {"id": receiver.id}))
        else:
            kept = {name: value for name, value in given.items() if value is not None}
            connection.execute(update(table).where(table.c.id == receiver.id).values(values | kept))
        revised.bump(connection, SUBJECT)
        audit.record(
            connection,
            at=now,
            who=who,
            action="receiver.create" if old is None else "receiver.change",
            subject=receiver.id,
            before=None if old is None else _document(old.receiver),
            after=_document(receiver) | {name: "***" for name, value in given.items() if value is not None},
        )
    return Listed(receiver, reached, signed)


def remove(engine: Engine, name: str, *, who: str, now: datetime) -> bool:
    """Take a receiver out; tell whether it was there.  Raises EntryRefused while another escalates to it."""
    with deciding(engine) as connection:
        found = {one.receiver.id: one.receiver for one in map(_listed, connection.execute(select(*SEEN)).mappings())}
        old = found.pop(name, None)
        if old is None:
            return False
        _refuse_needed(name, found.values())
        connection.execute(delete(table).where(table.c.id == name))
        revised.bump(connection, SUBJECT)
        audit.record(connection, at=now, who=who, action="receiver.delete", subject=name, before=_document(old))
    return True


def check(receiver: Receiver, others: Iterable[Receiver], *, reached: bool) -> Notes:
    """Note every mistake of a receiver among the others."""
    notes, next_of = Notes({}), {one.id: one.escalates_to for one in others}
    notes.identifier("id", receiver.id)
    if receiver.id in ALWAYS:
        notes.add("id", f"{receiver.id} 始终存在; 请换一个编号。", f"{receiver.id} is always there; take another id.")
    notes.text("name", receiver.name)
    if receiver.way in REACHED and not reached:
        notes.add("address", "请填写地址, 否则无法送达。", "Give an address; without one nothing arrives.")
    if receiver.escalates_to not in {"", receiver.id, *next_of}:
        notes.add(
            "escalates_to",
            f"没有接收人 {receiver.escalates_to}; 请先添加。",
            f"There is no receiver {receiver.escalates_to}; add it first.",
        )
    seen, ahead = {receiver.id}, receiver.escalates_to
    while ahead:
        if ahead in seen:
            notes.add(
                "escalates_to",
                "升级链绕回了自己; 请改为其他接收人。",
                "The escalation comes back to itself; name another.",
            )
            break
        seen.add(ahead)
        ahead = next_of.get(ahead, "")
    return notes


def _refuse_needed(name: str, others: Iterable[Receiver]) -> None:
    needing = [one.id for one in others if one.escalates_to == name]
    if needing:
        notes, names = Notes({}), ", ".join(needing)
        notes.add("id", f"{names} 升级到它; 请先改这些。", f"{names} escalates to it; change that first.")
        raise EntryRefused(notes.mistakes)


def _document(receiver: Receiver) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(receiver)
    return plain


def _receiver(row: RowMapping) -> Receiver:
    return msgspec.convert(row["document"], Receiver)


def _listed(row: RowMapping) -> Listed:
    return Listed(_receiver(row), row["reached"], row["signed"])
