"""What was not let in, kept with its reason until it is mended and replayed.

The collector alone inserts, evicts and deletes; others read, and ask for a replay (`replay`, whose names are here too).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Engine, Select, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from adapters.relational import page
from adapters.relational.engine import reading, writing
from adapters.relational.replay import Request, finish_replay, pending_replays, replay_status, request_replay
from adapters.relational.schema import meter as meters
from adapters.relational.schema import quarantine as table
from park.instant import EPOCH

__all__ = [
    "Group",
    "Held",
    "NewHeld",
    "Request",
    "delete",
    "evict",
    "fetch",
    "finish_replay",
    "insert",
    "listing",
    "matching",
    "pending_replays",
    "replay_status",
    "request_replay",
    "summary",
    "weight",
]

MICROSECOND = timedelta(microseconds=1)
ROW_BYTES = 256
"""What a row costs beside its texts; with it, a flood of empty messages is bounded too."""
LONGEST_TYPE = 255
CHUNK = 10_000
"""Ids in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535."""


class NewHeld(NamedTuple):
    """A message to hold: as it came, with why it was not let in."""

    at: datetime
    """When we received it."""
    topic: str
    meter: str | None
    """The meter its topic names, None where the topic cannot be read."""
    reason: str
    subject: str
    payload: bytes
    content_type: str | None = None
    """As MQTT 5 told it."""


class Held(NamedTuple):
    """A message that is held."""

    id: int
    at: datetime
    topic: str
    meter: str | None
    reason: str
    subject: str
    payload: bytes
    size: int
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """All messages of one meter held for one reason."""

    reason: str
    meter: str | None
    count: int
    bytes: int
    first: datetime
    last: datetime
    subject: str
    """That of the newest, as an example."""


HELD = [table.c[name] for name in Held._fields]


def insert(engine: Engine, rows: Sequence[NewHeld]) -> None:
    """Hold messages, all of them or none; one that is held already for the same reason is not held twice."""
    if not rows:
        return
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=["digest"])
    with writing(engine) as connection:
        connection.execute(statement, [_values(row) for row in rows])


def listing(
    engine: Engine,
    *,
    reason: str | None = None,
    meter: str | None = None,
    enterprise: str | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> tuple[list[Held], str | None]:
    """Give what is held, the newest first, and the cursor of the next page.  Raises page.WrongCursor.

    `enterprise` keeps to the meters registered to it: what a topic says about itself opens nothing.
    """
    query = _fitting(select(*HELD), reason, meter).order_by(table.c.at.desc(), table.c.id.desc()).limit(limit + 1)
    if enterprise is not None:
        query = query.where(table.c.meter.in_(select(meters.c.id).where(meters.c.enterprise == enterprise)))
    if cursor is not None:
        micros, number = page.read(cursor, 2)
        query = query.where(tuple_(table.c.at, table.c.id) < tuple_(_instant(micros), number))
    with reading(engine) as connection:
        found = [Held(*row) for row in connection.execute(query)]
    rows = found[:limit]
    more = len(found) > limit
    return rows, page.write((rows[-1].at - EPOCH) // MICROSECOND, rows[-1].id) if more else None


def matching(engine: Engine, request: Request, *, after: int = 0, limit: int = 1_000) -> list[Held]:
    """Give the rows a replay request is about, in the order they were held, those beyond id `after`."""
    query = _fitting(select(*HELD), request.reason, request.meter).where(table.c.id > after)
    query = query.order_by(table.c.id).limit(limit)
    found: list[Held] = []
    with reading(engine) as connection:
        if request.ids is None:
            return [Held(*row) for row in connection.execute(query)]
        for ids in _chunks(sorted(number for number in request.ids if number > after)):
            found += [Held(*row) for row in connection.execute(query.where(table.c.id.in_(ids)))]
            if len(found) >= limit:
                break
    return found[:limit]


def summary(engine: Engine) -> list[Group]:
    """Count what is held by reason and meter, what came last first."""
    groups = (
        select(
            table.c.reason,
            table.c.meter,
            func.count().label("count"),
            func.sum(table.c.size).label("bytes"),
            func.min(table.c.at).label("first"),
            func.max(table.c.at).label("last"),
            func.max(table.c.id).label("newest"),
        )
        .group_by(table.c.reason, table.c.meter)
        .subquery()
    )
    columns = [groups.c[name] for name in ("reason", "meter", "count", "bytes", "first", "last")]
    query: Select[*tuple[Any, ...]] = select(*columns, table.c.subject)
    query = query.join(table, table.c.id == groups.c.newest).order_by(groups.c.last.desc())
    with reading(engine) as connection:
        return [Group(*row) for row in connection.execute(query)]


def tally(engine: Engine, start: datetime, end: datetime) -> dict[str | None, dict[str, int]]:
    """Count what was held at `start` ≤ at < `end` and still is, by meter and reason."""
    query = select(table.c.meter, table.c.reason, func.count()).where(table.c.at >= start, table.c.at < end)
    found: dict[str | None, dict[str, int]] = {}
    with reading(engine) as connection:
        for meter, reason, number in connection.execute(query.group_by(table.c.meter, table.c.reason)):
            found.setdefault(meter, {})[reason] = number
    return found


def fetch(engine: Engine, ids: Sequence[int]) -> list[Held]:
    """Give the rows of these ids, in the order they were held; those that are gone are left out."""
    found: list[Held] = []
    with reading(engine) as connection:
        for some in _chunks(sorted(set(ids))):
            query = select(*HELD).where(table.c.id.in_(some)).order_by(table.c.id)
            found += [Held(*row) for row in connection.execute(query)]
    return found


def delete(engine: Engine, ids: Sequence[int]) -> None:
    """Let go of rows; those that are gone already are no mistake."""
    if not ids:
        return
    with writing(engine) as connection:
        for some in _chunks(sorted(set(ids))):
            connection.execute(sa.delete(table).where(table.c.id.in_(some)))


def weight(engine: Engine) -> int:
    """Give how many bytes all that is held weighs against the bound."""
    with reading(engine) as connection:
        return int(connection.execute(select(func.coalesce(func.sum(table.c.weight), 0))).scalar_one())


def evict(engine: Engine, max_bytes: int) -> int:
    """Let the oldest rows go until the rest weighs at most `max_bytes`, and give how many went.

    It reads the whole of one index, so call it now and then, not at each insert.
    """
    if weight(engine) <= max_bytes:
        return 0
    newest_first = (table.c.at.desc(), table.c.id.desc())
    running = select(
        table.c.id, table.c.at, func.sum(table.c.weight).over(order_by=newest_first).label("total")
    ).subquery()
    beyond = select(running.c.at, running.c.id).where(running.c.total > max_bytes)
    with writing(engine) as connection:
        last = connection.execute(beyond.order_by(running.c.at.desc(), running.c.id.desc()).limit(1)).one_or_none()
        if last is None:
            return 0
        gone = connection.execute(sa.delete(table).where(tuple_(table.c.at, table.c.id) <= tuple_(*last)))
        return gone.rowcount


def _fitting(query: Select[*tuple[Any, ...]], reason: str | None, meter: str | None) -> Select[*tuple[Any, ...]]:
    if reason is not None:
        query = query.where(table.c.reason == reason)
    return query if meter is None else query.where(table.c.meter == meter)


def _values(row: NewHeld) -> dict[str, object]:
    topic, subject = _storable(row.topic), _storable(row.subject)
    digest = blake2b(digest_size=16)
    for part in (topic.encode(), row.at.isoformat().encode(), row.reason.encode(), subject.encode(), row.payload):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return {
        "digest": digest.digest(),
        "at": row.at,
        "reason": row.reason,
        "meter": row.meter,
        "size": len(row.payload),
        "weight": ROW_BYTES + len(topic) + len(subject) + len(row.payload),
        "topic": topic,
        "subject": subject,
        "payload": row.payload,
        "content_type": row.content_type and _storable(row.content_type)[:LONGEST_TYPE],
    }


def _storable(text: str) -> str:
    """Make text that any database keeps: a device may have written NUL or half a surrogate pair."""
    return text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def _instant(micros: int) -> datetime:
    try:
        return EPOCH + micros * MICROSECOND
    except OverflowError:
        raise page.WrongCursor("the cursor names no time: start again without it") from None


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
