"""Requests to try quarantined messages again: whoever asks writes one, the collector answers it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update

from adapters.relational import audit
from adapters.relational.engine import reading, writing
from adapters.relational.schema import replay_request


@dataclass(frozen=True, slots=True)
class Request:
    """What to try again: all rows that fit every condition given; no condition means everything held."""

    id: int
    at: datetime
    who: str
    reason: str | None = None
    meter: str | None = None
    ids: tuple[int, ...] | None = None
    finished_at: datetime | None = None
    replayed: int | None = None
    """How many came in; None until it is finished."""
    refused_again: int | None = None


def request_replay(
    engine: Engine,
    *,
    who: str,
    now: datetime,
    reason: str | None = None,
    meter: str | None = None,
    ids: Sequence[int] | None = None,
) -> int:
    """Ask the collector to try the fitting rows again, and give the number to ask after it by."""
    asked = {"reason": reason, "meter": meter, "ids": None if ids is None else list(ids)}
    with writing(engine) as connection:
        added = connection.execute(
            insert(replay_request).values(at=now, who=who, **asked).returning(replay_request.c.id)
        )
        number = int(added.scalar_one())
        audit.record(connection, at=now, who=who, action="quarantine.replay", subject=str(number), after=asked)
    return number


def pending_replays(engine: Engine) -> list[Request]:
    """Give the requests not yet finished, the oldest first."""
    query = select(replay_request).where(replay_request.c.finished_at.is_(None)).order_by(replay_request.c.id)
    with reading(engine) as connection:
        return [_request(row) for row in connection.execute(query)]


def finish_replay(engine: Engine, number: int, *, now: datetime, replayed: int, refused_again: int) -> None:
    """Write down how a request went; a request is finished once."""
    finished = (
        update(replay_request)
        .where(replay_request.c.id == number, replay_request.c.finished_at.is_(None))
        .values(finished_at=now, replayed=replayed, refused_again=refused_again)
    )
    with writing(engine) as connection:
        connection.execute(finished)


def replay_status(engine: Engine, number: int) -> Request | None:
    """Give one request as it stands, or None where there is none of that number."""
    with reading(engine) as connection:
        row = connection.execute(select(replay_request).where(replay_request.c.id == number)).one_or_none()
    return None if row is None else _request(row)


def _request(row: Row[*tuple[Any, ...]]) -> Request:
    request = Request(*row)
    return request if request.ids is None else replace(request, ids=tuple(request.ids))
