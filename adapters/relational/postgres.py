"""Engines for PostgreSQL: psycopg, never without a limit on how long anything may take, and back by themselves."""

from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext

from adapters.relational.cause import cause_of
from adapters.relational.trouble import DatabaseError, DatabaseTrouble, Place

if TYPE_CHECKING:  # an installation on SQLite need not load the driver
    from psycopg import Connection as Driver

DRIVER = "postgresql+psycopg"
PATIENCE_MS = 30_000
"""How long to wait for what another session has locked."""
LIMITS = {
    "statement_timeout": 60_000,
    "lock_timeout": PATIENCE_MS,
    "idle_in_transaction_session_timeout": 60_000,  # one of ours that hangs must not keep others waiting
}
"""Milliseconds."""
CONNECTION = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": PATIENCE_MS,  # a server whose power went says nothing: do not wait for it for hours
    "fallback_application_name": "smartpark",
}
"""What the URL may say otherwise."""


def connect(place: URL) -> Engine:
    """Give an engine; the first query finds out whether the server is there.  Raises DatabaseError."""
    if place.drivername == "postgresql":
        place = place.set(drivername=DRIVER)
    if "@" in (place.host or ""):  # not repeated: it is half a password
        raise DatabaseError(
            "数据库 URL 的密码中 @ 应写作 %40 (同样 : / ? # % 写作 %3A %2F %3F %23 %25), "
            "或改用 SMARTPARK_DATABASE_PASSWORD。",
            "in the database URL's password @ is written %40 (and : / ? # % are %3A %2F %3F %23 %25), "
            "or give it by SMARTPARK_DATABASE_PASSWORD",
        )
    defaults = {name: value for name, value in CONNECTION.items() if name not in place.query}
    # pre-ping: a connection that died with the server is found out and replaced before a query needs it.
    engine = create_engine(place, pool_pre_ping=True, hide_parameters=True, connect_args=defaults)
    where = _shown(place)

    def explain(context: ExceptionContext) -> None:
        if context.is_pre_ping:
            return
        connecting, gone = context.connection is None, context.is_disconnect
        cause = cause_of(context.original_exception, connecting=connecting, gone=gone)
        if cause is not None:
            raise DatabaseTrouble(cause, where, context.original_exception, gone=gone) from context.original_exception

    event.listen(engine, "handle_error", explain)
    event.listen(engine, "connect", _limit)
    return engine


def _limit(connection: "Driver", _record: object) -> None:
    """Set the limits by SQL, not as options of the connection: poolers between us and the server refuse those."""
    connection.autocommit = True
    connection.execute("; ".join(f"SET {name} = {value}" for name, value in LIMITS.items()))
    connection.autocommit = False


def _shown(place: URL) -> Place:
    host = place.host or str(place.query.get("host", "local socket"))
    server = f"{host}:{place.port or 5432}" if place.host else host
    user = place.username or "(default)"
    return Place(server, place.database or user, user)
