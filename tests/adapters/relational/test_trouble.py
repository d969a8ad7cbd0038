"""What a PostgreSQL server would not do is said with its cause and how to mend it, and never with a password."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from adapters.relational import migrate, postgres
from adapters.relational.cause import Cause, cause_of
from adapters.relational.engine import connect, reading, writing
from adapters.relational.trouble import SENTENCES, DatabaseTrouble, Place
from tests.ports import LOOPBACK, free_port
from tests.postgres import OWNER, PASSWORD, Postgres

WRONG = "hunter2-is-wrong"


@contextmanager
def trouble(url: str, statement: str = "SELECT 1") -> Iterator[DatabaseTrouble]:
    """Give what is raised when somebody asks the database of a URL."""
    engine = connect(url)
    with pytest.raises(DatabaseTrouble) as raised, engine.connect() as connection:
        connection.execute(text(statement))
    yield raised.value
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "cause", "says"),
    [
        (lambda server: server.url("x", password=WRONG), Cause.PASSWORD, f"does not accept user {OWNER}"),
        (lambda server: server.url("x", user="stranger"), Cause.PASSWORD, "does not accept user stranger"),
        (lambda server: f"postgresql://{OWNER}@{LOOPBACK}:{server.port}/x", Cause.PASSWORD, "DATABASE_PASSWORD"),
        (lambda server: server.url("no_such"), Cause.NO_DATABASE, "has no database no_such; create it"),
        (lambda server: server.url("postgres") + "?sslmode=require", Cause.NOT_LET_IN, "sslmode"),
        (lambda server: server.url("postgres") + "?flavour=sweet", Cause.OPTION, "flavour"),
        (lambda server: server.url("postgres") + "?connect_timeout=soon", Cause.OPTION, "soon"),
        (lambda _: f"postgresql://u:{WRONG}@{LOOPBACK}:{free_port()}/x", Cause.UNREACHABLE, "Connection refused"),
        (lambda _: f"postgresql://u:{WRONG}@no-such-host.invalid/x", Cause.UNREACHABLE, "no-such-host.invalid:5432"),
        (lambda _: f"postgresql://u:{WRONG}@/x?host=/no/such/socket", Cause.UNREACHABLE, "No such file"),
    ],
    ids=[
        "another password", "another user", "no password", "no database", "no encryption", "an unknown option",
        "an option's value", "nobody listens", "no such host", "no socket",
    ],
)  # fmt: skip
def test_a_connection_that_cannot_be_made_says_why(
    postgres: Postgres, change: Callable[[Postgres], str], cause: Cause, says: str
) -> None:
    with trouble(change(postgres)) as found:
        assert found.cause is cause
        assert says in found.sentence("en")
        assert found.sentence("zh") != found.sentence("en")
        assert WRONG not in f"{found!s}{found!r}"
        assert PASSWORD not in f"{found!s}{found!r}"


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("SELECT 1 FROM nowhere", Cause.NO_TABLE),
        ("SELECT pg_terminate_backend(pg_backend_pid())", Cause.ENDED),
        ("SET LOCAL statement_timeout = 20; SELECT pg_sleep(60)", Cause.TOO_LONG),
        ("SET TRANSACTION READ ONLY; CREATE TABLE x ()", Cause.READ_ONLY),
        ("SET ROLE pg_monitor; CREATE SCHEMA x", Cause.NO_RIGHT),
    ],
)
def test_a_statement_the_server_does_not_do_says_why(postgres: Postgres, statement: str, cause: Cause) -> None:
    with trouble(postgres.url(), statement) as found:
        assert found.cause is cause
        assert found.connection_invalidated == (cause is Cause.ENDED)


def test_what_is_locked_is_not_waited_for_for_ever(postgres_engine: Engine) -> None:
    with writing(postgres_engine) as first:
        first.execute(text("LOCK TABLE park"))
        with pytest.raises(DatabaseTrouble) as found, writing(postgres_engine) as second:
            second.execute(text("SET LOCAL lock_timeout = 20; LOCK TABLE park"))
    assert found.value.cause is Cause.LOCKED


def test_a_mistake_in_the_data_stays_what_it_is_and_shows_no_values(postgres_engine: Engine) -> None:
    insert = text("INSERT INTO edition VALUES (:subject, 1)")
    with pytest.raises(IntegrityError) as raised, writing(postgres_engine) as connection:
        connection.execute(insert, {"subject": "registry"})
    assert "hidden" in str(raised.value)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_sentence_in_both_languages(cause: Cause) -> None:
    found = DatabaseTrouble(cause, Place("host:5432", "park", "rules"), psycopg.OperationalError("the words"))
    assert found.sentence("zh").endswith("。")
    assert found.sentence("en").endswith(".")
    assert "{" not in str(found)
    assert SENTENCES.keys() == set(Cause)
    assert isinstance(found, OperationalError)  # what the API and the collector wait for


def test_words_nobody_has_seen_before_are_passed_on() -> None:
    error = psycopg.OperationalError('connection failed: connection to server at "h", port 1 failed: 致命错误: 维护中')
    assert cause_of(error, connecting=True, gone=False) is Cause.UNREACHABLE
    assert "致命错误: 维护中" in DatabaseTrouble(Cause.UNREACHABLE, Place("h:1", "x", "u"), error).en


def test_every_connection_has_limits_and_a_name(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        for name, limit in postgres.LIMITS.items():
            query = text("SELECT setting::int FROM pg_settings WHERE name = :name")
            assert connection.execute(query, {"name": name}).scalar_one() == limit
        assert connection.execute(text("SHOW application_name")).scalar_one() == "smartpark"


def test_what_the_url_says_comes_before_our_defaults(postgres: Postgres) -> None:
    engine = connect(postgres.url() + "?application_name=night-shift&connect_timeout=9")
    with engine.connect() as connection:
        assert connection.execute(text("SHOW application_name")).scalar_one() == "night-shift"
    engine.dispose()


def test_a_reader_may_not_write(postgres_engine: Engine) -> None:
    with pytest.raises(DatabaseTrouble) as found, reading(postgres_engine) as connection:
        connection.execute(text("DELETE FROM quarantine"))
    assert found.value.cause is Cause.READ_ONLY


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_an_engine_in_use_comes_back_by_itself_when_its_server_does(own_postgres: Postgres, end: str) -> None:
    engine = connect(own_postgres.url())
    migrate.upgrade(engine)
    engine.dispose()

    def write(*names: str, between: Callable[[], object]) -> None:
        with writing(engine) as connection:
            for name in names:
                connection.execute(text("INSERT INTO park VALUES (:name, '', '', 0)"), {"name": name})
                between()

    with pytest.raises(DatabaseTrouble) as broken:
        write("lost", "lost too", between=getattr(own_postgres, end))
    assert broken.value.cause is Cause.ENDED
    with pytest.raises(DatabaseTrouble) as away, reading(engine):
        pass
    assert away.value.cause is Cause.UNREACHABLE
    own_postgres.start()
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM park")).scalar_one() == 0
    own_postgres.restart()  # the pool holds a connection that died meanwhile, and nobody notices
    write("kept", between=lambda: None)
    engine.dispose()


def test_a_migration_waits_for_another_only_so_long(postgres_url: str) -> None:
    holder = create_engine(connect(postgres_url).url)
    engine = connect(postgres_url)
    with holder.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": migrate.ADVISORY_LOCK})
        with pytest.raises(migrate.MigrationError, match=r"has been migrating the database for 0\.05 s"):
            migrate.upgrade(engine, patience=0.05)
        waiting = threading.Thread(target=migrate.upgrade, args=(engine,))
        waiting.start()
        connection.invalidate()  # the other program dies
    waiting.join(30)
    assert migrate.current(engine) == migrate.head()
    migrate.upgrade(engine, patience=0)
    with suppress(DatabaseTrouble):
        holder.dispose()
    engine.dispose()
