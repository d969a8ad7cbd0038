"""How long each alert burned: from the change that raised it to the one that ended it."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Engine, and_, func, select

from adapters.relational.engine import reading
from adapters.relational.tables_alert import alert_change as table
from park.alert_change import Kind

ENDS: Final = (Kind.CLEARED, Kind.CLOSED)


class Burned(NamedTuple):
    """One alert, told apart by its rule, meter and episode."""

    rule: str
    meter: str
    episode: int
    raised: datetime
    over: datetime | None
    """None while it burns."""


def spells(engine: Engine, since: datetime, *, limit: int) -> list[Burned]:
    """Give what was raised since then, the newest first; drills are none of it."""
    raised, ended = table.alias(), table.alias()
    keys = ("rule", "meter", "episode")
    query = (
        select(*(raised.c[key] for key in keys), raised.c.at, func.min(ended.c.at).label("over"))
        .select_from(raised)
        .join(ended, and_(*(raised.c[key] == ended.c[key] for key in keys), ended.c.kind.in_(ENDS)), isouter=True)
        .where(raised.c.kind == Kind.RAISED, raised.c.drill.is_(False), raised.c.at >= since)
        .group_by(*(raised.c[key] for key in keys), raised.c.at)
        .order_by(raised.c.at.desc(), raised.c.rule, raised.c.meter)
        .limit(limit)
    )
    with reading(engine) as connection:
        return [Burned(*row[:5]) for row in connection.execute(query)]
