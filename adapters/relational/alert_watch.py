"""How far the rules service is with the alerts: it says so every few seconds, and whoever shows alerts shows it."""

from datetime import datetime

import msgspec
from sqlalchemy import Engine, insert, select, update

from adapters.relational.engine import reading, writing
from adapters.relational.tables_alarm_desk import alert_watch as table

NAME = "alerts"


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """What it said last."""

    at: datetime
    acted: int
    """The number of the last action that was done or refused."""
    rules: int
    meters: int
    """How many rules watch how many meters."""
    heard: datetime | None = None
    """When the last message came."""
    behind_ms: int | None = None
    """How old the newest reading was when it came."""
    holder: str = ""
    """Which process it is."""


def say(engine: Engine, watched: Watched) -> None:
    """Write it over what was said before."""
    values = msgspec.structs.asdict(watched)
    with writing(engine) as connection:
        done = connection.execute(update(table).where(table.c.name == NAME).values(values))
        if not done.rowcount:
            connection.execute(insert(table).values(values | {"name": NAME}))


def said(engine: Engine) -> Watched | None:
    """Give what was said last; None where nothing ever was."""
    with reading(engine) as connection:
        row = connection.execute(select(table).where(table.c.name == NAME)).first()
    if row is None:
        return None
    return Watched(**{name: getattr(row, name) for name in Watched.__struct_fields__})
