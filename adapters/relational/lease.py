"""The lease of the watch: taken, renewed and given back, each in one statement, so that two never both have it.

Times are the store's: whose machine has a clock that is off holds neither longer nor shorter than others.
"""

from datetime import datetime

from sqlalchemy import Engine, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

from adapters.relational import engine as engines
from adapters.relational.engine import reading, writing
from adapters.relational.tables_lease import rules_lease as table
from park.lease import TERM, Lease

NAME = "rules"
QUICK = {"connect_timeout": "2", "tcp_user_timeout": "3000"}
"""Seconds, and milliseconds."""


def connect(url: str) -> Engine:
    """Give an engine that does not wait long for a server: who asks for a lease must know soon."""
    place = make_url(url)
    if place.get_backend_name() == "postgresql":
        quick = {name: value for name, value in QUICK.items() if name not in place.query}
        url = place.update_query_dict(quick).render_as_string(hide_password=False)
    return engines.connect(url)


def time(engine: Engine, now: datetime) -> datetime:
    """Give the time to go by: a server's own; with a file all are on one machine, and `now` is what they share."""
    if engine.dialect.name != "postgresql":
        return now
    with engine.connect() as connection:
        theirs: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return theirs.astimezone(now.tzinfo)


def read(engine: Engine) -> Lease | None:
    """Give it as it stands; None where nobody ever had it."""
    with reading(engine) as connection:
        row = connection.execute(select(table).where(table.c.name == NAME)).first()
    return None if row is None else Lease(row.holder, row.until, row.renewed)


def take(engine: Engine, me: str, now: datetime) -> bool:
    """Take it where nobody else holds it now; tell whether it is ours."""
    return _put(engine, me, now, seize=False)


def seize(engine: Engine, me: str, now: datetime) -> None:
    """Take it whoever holds it."""
    _put(engine, me, now, seize=True)


def renew(engine: Engine, me: str, now: datetime) -> bool:
    """Hold it for another term, also when it had run out and nobody took it; tell whether it is still ours."""
    with writing(engine) as connection:
        values = {"until": now + TERM, "renewed": now}
        mine = update(table).where(table.c.name == NAME, table.c.holder == me)
        return connection.execute(mine.values(values)).rowcount == 1


def release(engine: Engine, me: str, now: datetime) -> bool:
    """Give it back, so that another may take it at once; tell whether it was ours."""
    with writing(engine) as connection:
        mine = update(table).where(table.c.name == NAME, table.c.holder == me)
        return connection.execute(mine.values(holder="", until=now)).rowcount == 1


def _put(engine: Engine, me: str, now: datetime, *, seize: bool) -> bool:
    insert = postgresql.insert(table) if engine.dialect.name == "postgresql" else sqlite.insert(table)
    free = or_(table.c.holder.in_(["", me]), table.c.until <= now)
    statement = insert.values(name=NAME, holder=me, until=now + TERM, renewed=now).on_conflict_do_update(
        index_elements=["name"],
        set_={name: insert.excluded[name] for name in ("holder", "until", "renewed")},
        where=None if seize else free,
    )
    with writing(engine) as connection:
        return connection.execute(statement.returning(table.c.name)).first() is not None
