"""A dump of PostgreSQL, restored into an empty database, is the same store; rights come back with `store init`."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, inspect, text

from adapters.relational import accounts, migrate, quarantine, registry_store
from adapters.relational.engine import connect
from adapters.relational.initialise import init_relational
from adapters.relational.quarantine import NewHeld
from adapters.settings import load
from park.principal import Access
from tests.park.examples import meter, registry
from tests.postgres import PASSWORD, Postgres

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def run(server: Postgres, program: str, *arguments: str, database: str) -> None:
    """Run a program that came with the server, the password in its environment, as the scripts do."""
    place = urlsplit(server.url(database))
    who = ["--host", str(place.hostname), "--port", str(place.port), "--username", str(place.username)]
    subprocess.run(
        [server.program(program), *who, "--dbname", database, *arguments],
        env={**os.environ, "PGPASSWORD": PASSWORD}, capture_output=True, check=True,
    )  # fmt: skip


def everything(engine: Engine) -> dict[str, list[str]]:
    """Give every row of every table."""
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        queries = {table: text(f'SELECT t::text FROM "{table}" t ORDER BY 1') for table in tables}  # noqa: S608  # ours
        return {table: list(connection.execute(query).scalars()) for table, query in queries.items()}


def test_a_restored_dump_is_the_same_store_and_goes_on_where_it_was(postgres: Postgres, tmp_path: Path) -> None:
    before, after = postgres.create(), postgres.create()
    given = {"SMARTPARK_DATABASE_API_PASSWORD": "of the API"}
    init_relational(load(environ=given | {"SMARTPARK_DATABASE_URL": postgres.url(before)}))
    old = connect(postgres.url(before))
    registry_store.replace(old, registry(meter("m1")), who="test", now=NOW)
    accounts.create_user(old, name="张三", password="a long password", access=Access.ADMIN, now=NOW, who="test")
    held = [NewHeld(NOW, "a/b", None, "not_json", "", bytes([number])) for number in range(256)]
    quarantine.insert(old, held)
    dump = tmp_path / "smartpark.dump"
    run(postgres, "pg_dump", "--format", "custom", "--no-owner", "--no-acl", "--file", str(dump), database=before)
    run(
        postgres, "pg_restore", "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error", str(dump),
        database=after,
    )  # fmt: skip
    new = connect(postgres.url(after))
    assert everything(new) == everything(old)
    assert init_relational(load(environ=given | {"SMARTPARK_DATABASE_URL": postgres.url(after)})).was == migrate.head()
    api = connect(postgres.url(after, user="smartpark_api", password="of the API"))
    assert accounts.verify(api, "张三", "a long password", NOW).user is not None
    quarantine.insert(new, [held[0]._replace(subject="after")])
    newest = quarantine.listing(api, limit=1000)[0]
    assert len({row.id for row in newest}) == 257
    for engine in (old, new, api):
        engine.dispose()
    for name in (before, after):
        postgres.drop(name)
