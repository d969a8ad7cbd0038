"""Bring the relational store to the schema this version knows, also when several programs start together.

Errors:
    MigrationError  the store was made by a newer version, holds rows that no longer fit, or another program keeps it

"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, text

from adapters.relational.cause import Cause
from adapters.relational.engine import IMMEDIATE
from adapters.relational.trouble import DatabaseTrouble

ADVISORY_LOCK = 7_276_527_501
"""A number of ours, the same in every program that migrates one PostgreSQL database."""
PATIENCE = 120.0
"""Seconds to wait for another program's migration."""


class MigrationError(RuntimeError):
    """The store's schema cannot be brought to where it is wanted."""


def upgrade(engine: Engine, *, patience: float = PATIENCE) -> None:
    """Bring the schema to this version's; nothing happens where it is there already.  Raises MigrationError.

    Where it is there it is only read: a service need not have the right to change tables.
    """
    if current(engine) == head():
        return
    with _alone(engine, patience) as connection:
        _run(connection, "upgrade", "head")


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema back to an earlier revision, and lose what only later ones could hold.  Raises MigrationError."""
    with _alone(engine, PATIENCE) as connection:
        _run(connection, "downgrade", revision)


def current(engine: Engine) -> str | None:
    """Give the revision the store is at, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Give the revision this version wants."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise MigrationError("安装不完整, 缺少数据库迁移; 请重新安装 / no migrations are installed: install again")
    return revision


def known(revision: str | None) -> bool:
    """Tell whether this version has heard of a revision; an empty store has none, which is known."""
    scripts = ScriptDirectory.from_config(_config())
    return revision is None or revision in {one.revision for one in scripts.walk_revisions()}


def _config() -> Config:
    config = Config()
    folder = str(resources.files("adapters.relational") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(connection: Connection, what: str, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        {"upgrade": command.upgrade, "downgrade": command.downgrade}[what](config, revision)
    except CommandError as error:
        raise MigrationError(
            f"数据库由更新版本的 smartpark 创建 ({error}); 请安装该版本, 或恢复备份 / "
            "the database is at a revision this version does not know: it was made by a newer version of smartpark; "
            "install that one, or restore a backup"
        ) from error


@contextmanager
def _alone(engine: Engine, patience: float) -> Iterator[Connection]:
    """Open one transaction that no other migration runs beside; who comes second waits, then finds nothing to do."""
    with _alone_on_sqlite(engine) if engine.dialect.name == "sqlite" else _alone_on_postgres(engine, patience) as one:
        yield one


@contextmanager
def _alone_on_sqlite(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection:
        # SQLite changes a table by making it anew, and with foreign keys on that empties those which point to it.
        # Only outside a transaction can they be turned off; the connection is not used again.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection.detach()
        with connection.begin():
            yield connection
            if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
                raise MigrationError(
                    f"迁移后有 {len(broken)} 行指向不存在的数据, 已撤销; 首行: {tuple(broken[0])} / "
                    f"after the migration {len(broken)} rows point nowhere, so it was undone; first: {tuple(broken[0])}"
                )


@contextmanager
def _alone_on_postgres(engine: Engine, patience: float) -> Iterator[Connection]:
    """Hold the lock on a connection of its own, so that it covers a migration of more than one transaction too.

    It is closed afterwards, and not used again: however this ends, the server lets the lock go.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
        holder.detach()
        _limit(holder, lock_ms=int(patience * 1_000))
        try:
            holder.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        except DatabaseTrouble as trouble:
            if trouble.cause is not Cause.LOCKED:
                raise
            raise MigrationError(
                f"等待 {patience:g} 秒后, 另一程序仍在迁移数据库; 请等它完成后重试, "
                "或在 pg_locks (locktype = 'advisory') 中找出该会话 / "
                f"another program has been migrating the database for {patience:g} s; try again when it is done, or "
                "find its session in pg_locks (locktype = 'advisory')"
            ) from trouble
        with engine.connect() as connection:
            connection.detach()
            _limit(connection, lock_ms=int(patience * 1_000))
            connection.commit()
            with connection.begin():
                yield connection


def _limit(connection: Connection, *, lock_ms: int) -> None:
    """Let a migration take as long as it takes, but not wait for a lock for ever."""
    limits = {"statement_timeout": 0, "idle_in_transaction_session_timeout": 0, "lock_timeout": lock_ms}
    for name, value in limits.items():
        connection.execute(text("SELECT set_config(:name, :value, false)"), {"name": name, "value": str(value)})
