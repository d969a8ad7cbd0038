"""Each program may do what it has to, as a user of its own, and nothing else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from adapters.influx.homes import Home
from adapters.relational import accounts, audit, migrate, quarantine, registry_store, rights
from adapters.relational.cause import Cause
from adapters.relational.dues import Due
from adapters.relational.engine import connect, writing
from adapters.relational.homes import RelationalHomes
from adapters.relational.initialise import init_relational
from adapters.relational.interval_dues import IntervalDues
from adapters.relational.quarantine import NewHeld
from adapters.relational.rights import RIGHTS, Role
from adapters.relational.rollups import RelationalRollups
from adapters.relational.tables import metadata
from adapters.relational.trouble import DatabaseTrouble
from adapters.settings import Settings, load
from park.metric import Medium
from park.principal import Access
from park.telemetry import StoreUnavailable
from tests.park.examples import meter, registry
from tests.postgres import Postgres

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HELD = NewHeld(NOW, "park/v1/hengkou/e01/m1/data", "m1", "unknown_meter", "m1", b"{}")
GIVEN = {
    "database_collector_password": "of the collector",
    "database_rules_password": "of the rules",
    "database_api_password": "of the API",
    "database_grafana_password": "of Grafana ' \" %",
}
PASSWORDS = dict(zip((Role.COLLECTOR, Role.RULES, Role.API, Role.GRAFANA), GIVEN.values(), strict=True))


def settings(url: str, **given: str) -> Settings:
    variables = {f"SMARTPARK_{name.upper()}": value for name, value in given.items()}
    return load(environ={"SMARTPARK_DATABASE_URL": url, **variables})


@pytest.fixture(scope="module")
def park(postgres: Postgres) -> Iterator[str]:
    """Give a database that `store init` made ready, with something in it."""
    name = postgres.create()
    init_relational(settings(postgres.url(name), **GIVEN))
    owner = connect(postgres.url(name))
    registry_store.replace(owner, registry(meter("m1")), who="test", now=NOW)
    accounts.create_user(owner, name="admin", password="a long password", access=Access.ADMIN, now=NOW, who="test")
    quarantine.insert(owner, [HELD])
    owner.dispose()
    yield name
    postgres.drop(name)


@pytest.fixture
def login(postgres: Postgres, park: str) -> Iterator[Callable[[Role], Engine]]:
    """Let a role in with its own password."""
    engines: list[Engine] = []

    def log_in(role: Role) -> Engine:
        engines.append(connect(postgres.url(park, user=role, password=PASSWORDS[role])))
        return engines[-1]

    yield log_in
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (Role.COLLECTOR, 'SELECT password_hash FROM "user"'),
        (Role.COLLECTOR, "SELECT digest FROM api_key"),
        (Role.COLLECTOR, "SELECT * FROM audit"),
        (Role.COLLECTOR, "INSERT INTO park VALUES ('x', '', '', 9)"),
        (Role.COLLECTOR, "UPDATE replay_request SET who = 'x'"),
        (Role.COLLECTOR, "TRUNCATE quarantine"),
        (Role.COLLECTOR, "CREATE TABLE mine ()"),
        (Role.COLLECTOR, "CREATE TEMPORARY TABLE mine ()"),
        (Role.RULES, 'SELECT name FROM "user"'),
        (Role.RULES, "SELECT payload FROM quarantine"),
        (Role.API, "DELETE FROM audit"),
        (Role.API, "UPDATE audit SET who = 'nobody'"),
        (Role.API, "TRUNCATE audit"),
        (Role.API, "ALTER TABLE audit DISABLE TRIGGER ALL"),
        (Role.API, "DELETE FROM quarantine"),
        (Role.API, 'DELETE FROM "user"'),
        (Role.API, "UPDATE alembic_version SET version_num = '9999'"),
        (Role.GRAFANA, 'SELECT name FROM "user"'),
        (Role.GRAFANA, "SELECT hint FROM api_key"),
        (Role.GRAFANA, "SELECT who FROM audit"),
        (Role.GRAFANA, "SELECT payload FROM quarantine"),
        (Role.GRAFANA, "SELECT name FROM sign_in_failure"),
        (Role.GRAFANA, "SELECT contact FROM enterprise"),
        (Role.GRAFANA, "SELECT options FROM meter"),
        (Role.GRAFANA, "SET default_transaction_read_only = off; COMMIT; BEGIN; DELETE FROM park"),
    ],
)
def test_what_a_program_need_not_do_it_may_not_do(login: Callable[[Role], Engine], role: Role, statement: str) -> None:
    with pytest.raises(DatabaseTrouble) as refused, login(role).begin() as connection:
        connection.execute(text(statement))
    assert refused.value.cause is Cause.NO_RIGHT
    assert role in refused.value.sentence("zh")


def test_grafana_reads_names_and_cannot_write_even_by_mistake(login: Callable[[Role], Engine]) -> None:
    engine = login(Role.GRAFANA)
    with engine.connect() as connection:
        query = text("SELECT e.name FROM meter m JOIN enterprise e ON e.id = m.enterprise JOIN park p ON p.id = e.park")
        assert len(connection.execute(query).all()) == 1
        assert connection.execute(text("SHOW default_transaction_read_only")).scalar_one() == "on"


def test_the_collector_does_its_work(login: Callable[[Role], Engine]) -> None:
    api, collector = login(Role.API), login(Role.COLLECTOR)
    migrate.upgrade(collector)  # finds nothing to do
    assert len(registry_store.load(collector).meters) == 1
    quarantine.insert(collector, [HELD, HELD._replace(payload=b"another")])
    quarantine.request_replay(api, who="张三", now=NOW)
    [request] = quarantine.pending_replays(collector)
    rows = quarantine.matching(collector, request)
    assert len(rows) == 2
    quarantine.delete(collector, [rows[1].id])
    assert quarantine.evict(collector, 1 << 30) == 0
    quarantine.finish_replay(collector, request.id, now=NOW, replayed=1, refused_again=1)
    assert quarantine.pending_replays(api) == []


def test_late_days_are_noted_by_the_collector_and_taken_out_by_the_rules_service(
    login: Callable[[Role], Engine],
) -> None:
    for book in (IntervalDues, RelationalRollups):
        collector, rules, api = (book(login(role)) for role in (Role.COLLECTOR, Role.RULES, Role.API))
        collector.note({("m1", NOW)})
        collector.note({("m1", NOW)})
        assert api.due(9) == [Due("m1", NOW, 2)]
        rules.done(rules.due(9))
        assert collector.due(9) == []
        for other in (rules, api):
            with pytest.raises(StoreUnavailable):
                other.note({("m1", NOW)})


def test_whose_consumption_it_was_is_known_to_the_rules_service(login: Callable[[Role], Engine]) -> None:
    home = Home(NOW, Medium.WATER, "park", "e01")
    RelationalHomes(login(Role.COLLECTOR)).add({"m1": home})
    assert RelationalHomes(login(Role.RULES)).read() == {"m1": [home]}
    with pytest.raises(StoreUnavailable):
        RelationalHomes(login(Role.RULES)).add({"m2": home})


def test_the_api_does_its_work(login: Callable[[Role], Engine]) -> None:
    engine = login(Role.API)
    migrate.upgrade(engine)
    assert accounts.verify(engine, "admin", "wrong", NOW).denied is not None
    assert accounts.verify(engine, "admin", "a long password", NOW).user is not None
    secret = accounts.create_key(engine, name="scada", access=Access.VIEWER, now=NOW, who="admin")
    assert accounts.principal_of_key(engine, secret, NOW) is not None
    registry_store.replace(engine, registry(meter("m1"), meter("m2")), who="admin", now=NOW)
    registry_store.delete_meter(engine, "m2", who="admin", now=NOW)
    assert quarantine.listing(engine)[0]
    assert audit.entries(engine)[0][0].action == "meter.delete"


def test_every_table_says_who_may_do_what() -> None:
    assert metadata.tables.keys() | {"alembic_version"} == RIGHTS.keys()


def test_granting_again_takes_back_what_is_not_in_the_table_and_keeps_passwords(postgres: Postgres, park: str) -> None:
    owner = connect(postgres.url(park))
    with writing(owner) as connection:
        connection.execute(text('GRANT ALL ON "user", audit TO smartpark_grafana; GRANT ALL ON park TO PUBLIC'))
    granted = rights.grant(owner, {})
    owner.dispose()
    assert (granted.created, granted.renewed, granted.missing) == ((), tuple(Role), ())
    engine = connect(postgres.url(park, user=Role.GRAFANA, password=PASSWORDS[Role.GRAFANA]))
    for statement in ('SELECT * FROM "user"', "INSERT INTO park VALUES ('x', '', '', 9)"):
        with pytest.raises(DatabaseTrouble), engine.begin() as connection:
            connection.execute(text(f"SET LOCAL transaction_read_only = off; {statement}"))
    engine.dispose()


def test_a_new_password_takes_the_place_of_the_old_and_neither_reaches_the_log(postgres: Postgres, park: str) -> None:
    owner = connect(postgres.url(park))
    with writing(owner) as connection:
        connection.execute(text("SET LOCAL log_statement = 'all'"))
        rights._give_password(connection, Role.RULES, "a newer one", new=False)
    new, old = (
        connect(postgres.url(park, user=Role.RULES, password=password))
        for password in ("a newer one", PASSWORDS[Role.RULES])
    )
    new.connect().close()
    new.dispose()
    with pytest.raises(DatabaseTrouble) as refused:
        old.connect()
    assert refused.value.cause is Cause.PASSWORD
    log = postgres.log.read_text("utf-8", errors="replace")
    assert "ALTER ROLE smartpark_rules" in log
    assert "a newer one" not in log
    rights.grant(owner, PASSWORDS)
    owner.dispose()


def test_initialising_twice_is_harmless_and_tells_what_there_was(postgres: Postgres, park: str, database: str) -> None:
    again = init_relational(settings(postgres.url(park), **GIVEN))
    assert (again.was, again.now) == (migrate.head(), migrate.head())
    first = init_relational(settings(postgres.url(database)))
    assert first.was is None
    assert "原为 空库" in first.sentence("zh")
    assert "was empty" in first.sentence("en")
    assert not any(password in first.sentence("en") for password in GIVEN.values())


def test_an_owner_who_may_not_make_users_is_told_so(postgres: Postgres, park: str) -> None:
    api = connect(postgres.url(park, user=Role.API, password=PASSWORDS[Role.API]))
    with pytest.raises(DatabaseTrouble, match="give the owner CREATEROLE"):
        rights.grant(api, {Role.RULES: "x"})
    api.dispose()


@pytest.mark.usefixtures("park")  # for its users
def test_a_service_before_the_first_initialisation_is_told_what_to_run(postgres: Postgres) -> None:
    empty = postgres.create()
    engine = connect(postgres.url(empty, user=Role.API, password=PASSWORDS[Role.API]))
    with pytest.raises(DatabaseTrouble, match="smartpark store init"):
        migrate.upgrade(engine)
    engine.dispose()
    postgres.drop(empty)


def test_not_even_the_owner_changes_the_audit_of_postgres(postgres_engine: Engine) -> None:
    with writing(postgres_engine) as connection:
        audit.record(connection, at=NOW, who="x", action="x", subject="x")
    for statement in ("TRUNCATE audit", "UPDATE audit SET who = 'y'", "DELETE FROM audit"):
        with pytest.raises(IntegrityError, match="append-only"), writing(postgres_engine) as connection:
            connection.execute(text(statement))


def test_initialising_sqlite_makes_the_tables_and_no_users(sqlite_url: str) -> None:
    done = init_relational(settings(sqlite_url))
    assert (done.was, done.now, done.granted) == (None, migrate.head(), None)
