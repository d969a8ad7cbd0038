"""Evaluation schemes as they are kept: each change a revision; the shipped ones are examples and stay as they are.

Errors are EntryRefused, with every mistake, and those of `trouble`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, tuple_

from adapters.relational import audit
from adapters.relational.engine import deciding, reading
from adapters.relational.refusal import EntryRefused
from adapters.relational.tables_evaluation import scheme as table
from park.evaluation.scheme import Scheme
from park.evaluation.scheme_dump import dump
from park.evaluation.scheme_file import check
from park.evaluation.shipped import shipped
from park.mistake import Mistake


@dataclass(frozen=True, slots=True)
class KeptScheme:
    """A scheme in force, and who made it so.  Revision 0 is a shipped one."""

    scheme: Scheme
    revision: int = 0
    who: str = ""
    at: datetime | None = None
    reason: str = ""


def current(engine: Engine) -> dict[str, KeptScheme]:
    """Give every scheme in force by id: the shipped ones first."""
    newest = select(table.c.id, func.max(table.c.revision)).group_by(table.c.id)
    query = select(table).where(tuple_(table.c.id, table.c.revision).in_(newest)).order_by(table.c.id)
    with reading(engine) as connection:
        own = {row.id: _kept(row) for row in connection.execute(query)}
    return {name: KeptScheme(scheme) for name, scheme in shipped().items()} | own


def find(engine: Engine, name: str) -> KeptScheme | None:
    """Give one scheme in force."""
    return current(engine).get(name)


def history(engine: Engine, name: str) -> list[KeptScheme]:
    """Give every revision of a scheme of one's own, the newest first."""
    query = select(table).where(table.c.id == name).order_by(table.c.revision.desc())
    with reading(engine) as connection:
        return [_kept(row) for row in connection.execute(query)]


def save(engine: Engine, document: Mapping[str, object], *, who: str, now: datetime, reason: str = "") -> KeptScheme:
    """Keep a scheme as a new revision; the same again makes none.  From the second on a reason is required."""
    checked = check(document)
    if checked.scheme is None:
        raise EntryRefused(checked.mistakes)
    made = checked.scheme
    if made.id in shipped():
        raise EntryRefused(
            [
                Mistake(
                    "id",
                    None,
                    f"{made.id} 是随平台提供的示例, 不能修改; 请换一个编号另存。",
                    f"{made.id} comes with the platform and stays as it is; save yours under another id.",
                )
            ]
        )
    with deciding(engine) as connection:
        old = _newest(connection, made.id)
        if old is not None and old.scheme == made:
            return old
        if old is not None and not reason.strip():
            raise EntryRefused(
                [
                    Mistake(
                        "reason",
                        None,
                        f"方案已有第 {old.revision} 版, 修改需要写明理由。",
                        f"There is revision {old.revision}; say why it is changed.",
                    )
                ]
            )
        kept = KeptScheme(made, 1 if old is None else old.revision + 1, who, now, reason.strip())
        row = {"id": made.id, "revision": kept.revision, "document": dump(made), "who": who, "at": now}
        connection.execute(insert(table).values(row | {"reason": kept.reason}))
        audit.record(
            connection,
            at=now,
            who=who,
            action="scheme.create" if old is None else "scheme.change",
            subject=made.id,
            before=None if old is None else dump(old.scheme),
            after=dump(made),
        )
    return kept


def _newest(connection: Connection, name: str) -> KeptScheme | None:
    query = select(table).where(table.c.id == name).order_by(table.c.revision.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _kept(row)


def _kept(row: Row[Any]) -> KeptScheme:
    checked = check(row.document)
    if checked.scheme is None:  # it was checked when it was kept
        raise EntryRefused(checked.mistakes)
    return KeptScheme(checked.scheme, row.revision, row.who, row.at, row.reason)
