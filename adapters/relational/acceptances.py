"""Acceptances of devices as they were concluded: who listened, what was found, and the seal under it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, insert, select

from adapters.relational import audit, page
from adapters.relational.engine import deciding, reading
from adapters.relational.tables_acceptance import acceptance
from park.acceptance.report import content


class Kept(NamedTuple):
    """One acceptance."""

    id: int
    meter: str
    enterprise: str
    since: datetime
    until: datetime
    accepted: bool
    document: Mapping[str, Any]
    seal: str
    who: str
    at: datetime

    @property
    def sealed(self) -> bytes:
        """What the seal is of."""
        return content(self.document, by=self.who, at=self.at)


def add(engine: Engine, document: Mapping[str, Any], *, sign: Callable[[bytes], str], who: str, now: datetime) -> Kept:
    """Keep an acceptance, sealed."""
    at = now.replace(microsecond=0)
    row = {
        "meter": document["meter"],
        "enterprise": document["enterprise"],
        "since": datetime.fromisoformat(document["since"]),
        "until": datetime.fromisoformat(document["until"]),
        "accepted": document["accepted"],
        "document": dict(document),
        "seal": sign(content(document, by=who, at=at)),
        "who": who,
        "at": at,
    }
    with deciding(engine) as connection:
        kept = Kept(*connection.execute(insert(acceptance).values(row).returning(acceptance)).one())
        audit.record(
            connection,
            at=now,
            who=who,
            action="acceptance.create",
            subject=kept.meter,
            after={"id": kept.id, "accepted": kept.accepted},
        )
    return kept


def one(engine: Engine, number: int) -> Kept | None:
    """Give one acceptance."""
    with reading(engine) as connection:
        row = connection.execute(select(acceptance).where(acceptance.c.id == number)).first()
    return None if row is None else Kept(*row)


def listing(
    engine: Engine,
    *,
    meter: str | None = None,
    enterprise: str | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> tuple[list[Kept], str | None]:
    """Give acceptances, the newest first, and the cursor of the next page.  Raises page.WrongCursor."""
    query = select(acceptance).order_by(acceptance.c.id.desc()).limit(limit + 1)
    if meter is not None:
        query = query.where(acceptance.c.meter == meter)
    if enterprise is not None:
        query = query.where(acceptance.c.enterprise == enterprise)
    if cursor is not None:
        query = query.where(acceptance.c.id < page.read(cursor)[0])
    with reading(engine) as connection:
        found = [Kept(*row) for row in connection.execute(query)]
    return found[:limit], page.write(found[limit - 1].id) if len(found) > limit else None
