"""The schema: what migrations make is what the tables say, also when several programs start together."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from adapters.relational import migrate
from adapters.relational.engine import connect, writing
from adapters.relational.tables import metadata

UPGRADE = """
import sys
from adapters.relational import migrate
from adapters.relational.engine import connect
engine = connect(sys.argv[1])
migrate.upgrade(engine)
print(migrate.current(engine))
"""


def test_the_migrated_schema_is_that_of_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_every_table_of_the_metadata_is_there(engine: Engine) -> None:
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.head()


def test_downgrading_leaves_nothing_and_upgrading_again_works(engine: Engine) -> None:
    migrate.downgrade(engine)
    assert migrate.current(engine) is None
    assert set(inspect(engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.head()


def test_an_empty_store_is_at_no_revision(url: str) -> None:
    engine = connect(url)
    assert migrate.current(engine) is None
    engine.dispose()


def test_threads_that_upgrade_at_once_all_find_it_done(url: str) -> None:
    def upgrade() -> str | None:
        engine = connect(url)
        migrate.upgrade(engine)
        revision = migrate.current(engine)
        engine.dispose()
        return revision

    with ThreadPoolExecutor(4) as pool:
        revisions = [future.result() for future in [pool.submit(upgrade) for _ in range(4)]]
    assert revisions == [migrate.head()] * 4


def test_programs_that_start_at_once_all_find_it_done(url: str) -> None:
    root = Path(__file__).parents[3]
    programs = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, url], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [program.communicate(timeout=60) for program in programs]
    assert [(out.decode().strip(), err.decode()) for out, err in said] == [(migrate.head(), "")] * 4


def test_a_store_of_a_newer_version_is_refused_with_what_to_do(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.MigrationError, match="made by a newer version"):
        migrate.upgrade(engine)


def test_a_failed_migration_leaves_the_store_as_it_was(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate.downgrade(engine)

    def stumble(config: object, revision: str) -> None:
        connection = config.attributes["connection"]  # type: ignore[attr-defined]  # alembic's Config
        connection.execute(text("CREATE TABLE half_done (id INTEGER)"))
        raise RuntimeError(revision)

    monkeypatch.setattr(command, "upgrade", stumble)
    with pytest.raises(RuntimeError):
        migrate.upgrade(engine)
    assert "half_done" not in inspect(engine).get_table_names()


def test_foreign_keys_of_sqlite_are_on_again_after_a_migration(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
