"""What is held of senders that nobody registered, by topic; the quarantine's rows, read another way."""

from collections.abc import Sequence

from sqlalchemy import Engine, func, select

from adapters.relational.engine import reading
from adapters.relational.schema import quarantine as table
from park.commission import STRAY, Heap
from park.commission_guess import Sample

MOST_TOPICS = 1_000
"""Those that spoke last; a thousand unknown devices are not taken on in one sitting."""
MOST_IDS = 100_000
WAITING = table.c.reason.in_([reason.value for reason in STRAY])


def heaps(engine: Engine) -> list[Heap]:
    """Count what is held of each topic."""
    query = (
        select(
            table.c.topic,
            func.max(table.c.meter),
            func.count(),
            func.min(table.c.at),
            func.max(table.c.at).label("last"),
        )
        .where(WAITING)
        .group_by(table.c.topic)
        .order_by(func.max(table.c.at).desc(), table.c.topic)
        .limit(MOST_TOPICS)
    )
    with reading(engine) as connection:
        return [Heap(*row) for row in connection.execute(query)]


def samples(engine: Engine, topics: Sequence[str], *, limit: int = 8) -> list[Sample]:
    """Give the newest messages of each of some topics, the oldest first."""
    newest = (
        select(
            table.c.id,
            func.row_number().over(partition_by=table.c.topic, order_by=table.c.id.desc()).label("place"),
        )
        .where(WAITING, table.c.topic.in_(list(topics)))
        .subquery()
    )
    query = (
        select(table.c.topic, table.c.payload, table.c.at, table.c.content_type)
        .join(newest, newest.c.id == table.c.id)
        .where(newest.c.place <= limit)
        .order_by(table.c.at, table.c.id)
    )
    with reading(engine) as connection:
        return [Sample(*row) for row in connection.execute(query)]


def ids(engine: Engine, topics: Sequence[str]) -> list[int]:
    """Give the numbers of all messages of some topics, the oldest first."""
    query = select(table.c.id).where(WAITING, table.c.topic.in_(list(topics))).order_by(table.c.id).limit(MOST_IDS)
    with reading(engine) as connection:
        return list(connection.execute(query).scalars())
