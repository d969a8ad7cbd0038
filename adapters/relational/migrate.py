"""Bring the relational store to the schema this version knows, also when several programs start together.

Errors:
    MigrationError  the store was made by a newer version, or holds rows that no longer fit

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

from adapters.relational.engine import IMMEDIATE

ADVISORY_LOCK = 7_276_527_501
"""A number of ours, the same in every program that migrates one PostgreSQL database."""


class MigrationError(RuntimeError):
    """The store's schema cannot be brought to where it is wanted."""


def upgrade(engine: Engine) -> None:
    """Bring the schema to this version's; nothing happens where it is there already.  Raises MigrationError."""
    with _alone(engine) as connection:
        _run(connection, "upgrade", "head")


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema back to an earlier revision, and lose what only later ones could hold.  Raises MigrationError."""
    with _alone(engine) as connection:
        _run(connection, "downgrade", revision)


def current(engine: Engine) -> str | None:
    """Give the revision the store is at, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Give the revision this version wants."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise MigrationError("this installation has no migrations: install it again")
    return revision


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
            f"the database is at a revision this version does not know ({error}); "
            "it was made by a newer version of smartpark: install that one, or restore a backup"
        ) from error


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that no other migration runs beside; who comes second waits, then finds nothing to do."""
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # SQLite changes a table by making it anew, and with foreign keys on that empties those which point to it.
            # Only outside a transaction can they be turned off; the connection is not used again.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            connection.detach()
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            yield connection
            if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                raise MigrationError(f"after the migration {len(broken)} rows point nowhere, first: {tuple(broken[0])}")
