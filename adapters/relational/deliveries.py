"""What became of what receivers were to be told: read of the notices that the rules service copies."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, case, func, select

from adapters.relational.engine import reading
from adapters.relational.tables_alert import notice as table


class Delivery(NamedTuple):
    """How one receiver stands."""

    sent: datetime | None
    """When something last arrived there."""
    waiting: int
    failed: int
    """How much never will: since the last that arrived."""


def standing(engine: Engine) -> dict[str, Delivery]:
    """Give how each receiver stands that was ever to be told anything."""
    last = func.max(table.c.sent).label("sent")
    waiting = func.sum(case((table.c.state == "waiting", 1), else_=0)).label("waiting")
    with reading(engine) as connection:
        rows = connection.execute(select(table.c.receiver, last, waiting).group_by(table.c.receiver)).all()
        newest = {row.receiver: row.sent for row in rows}
        failures = connection.execute(
            select(table.c.receiver, table.c.due)
            .where(table.c.state == "failed")
            .order_by(table.c.due.desc())
            .limit(1_000)
        ).all()
    failed: dict[str, int] = {}
    for row in failures:
        sent = newest.get(row.receiver)
        if sent is None or row.due > sent:
            failed[row.receiver] = failed.get(row.receiver, 0) + 1
    return {row.receiver: Delivery(row.sent, int(row.waiting), failed.get(row.receiver, 0)) for row in rows}
