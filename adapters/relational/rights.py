"""Who may do what in a PostgreSQL store: each program has a user of its own, with the rights it needs and no other.

The owner makes the tables (`smartpark store init`) and may do all.  The collector never sees who may sign in; Grafana
sees names.  A table without a row in `RIGHTS` is out of everybody's reach but the owner's, and a test refuses that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, Engine, text

from adapters.relational.cause import Cause
from adapters.relational.engine import writing
from adapters.relational.tables import metadata
from adapters.relational.trouble import DatabaseTrouble


class Role(StrEnum):
    """The database user of a program; its password is SMARTPARK_DATABASE_…_PASSWORD of `store init`."""

    COLLECTOR = "smartpark_collector"
    RULES = "smartpark_rules"
    API = "smartpark_api"
    GRAFANA = "smartpark_grafana"


READ = "SELECT"
KEEP = "SELECT, INSERT, UPDATE, DELETE"
READERS: Final[Mapping[Role, str]] = {Role.COLLECTOR: READ, Role.RULES: READ}
DUE: Final[Mapping[Role, str]] = {Role.COLLECTOR: "SELECT, INSERT, UPDATE", Role.RULES: "SELECT, DELETE"}

# table → role → privileges; what is not here is not granted
RIGHTS: Final[Mapping[str, Mapping[Role, str]]] = {
    "park": {**READERS, Role.API: KEEP, Role.GRAFANA: READ},
    "enterprise": {  # whom to call is nobody's business on a wall
        **READERS,
        Role.API: KEEP,
        Role.GRAFANA: "SELECT (id, park, name, name_en, industry, area_mu, position)",
    },
    "meter": {  # a codec's options may hold what lets a device in
        **READERS,
        Role.API: KEEP,
        Role.GRAFANA: "SELECT (id, enterprise, medium, role, name, name_en, period_ms, metrics, units, position)",
    },
    "multiplier": {**READERS, Role.API: KEEP, Role.GRAFANA: READ},
    "edition": {**READERS, Role.API: "SELECT, UPDATE"},
    "user": {Role.API: "SELECT, INSERT, UPDATE"},
    "sign_in_failure": {Role.API: KEEP},
    "api_key": {Role.API: "SELECT, INSERT, UPDATE"},
    "audit": {Role.API: "SELECT, INSERT", Role.RULES: "INSERT"},
    "quarantine": {  # how much of whom and why, not what was said
        Role.COLLECTOR: "SELECT, INSERT, DELETE",
        Role.API: READ,
        Role.GRAFANA: "SELECT (id, at, reason, meter, size)",
    },
    "account": {Role.COLLECTOR: "SELECT, INSERT, UPDATE", Role.API: READ, Role.GRAFANA: READ},
    "home": {Role.COLLECTOR: "SELECT, INSERT", Role.RULES: READ},
    "rollup_due": {**DUE, Role.API: READ, Role.GRAFANA: READ},
    "interval_due": {**DUE, Role.API: READ, Role.GRAFANA: READ},
    "epoch": {Role.API: "SELECT, INSERT", Role.RULES: READ, Role.GRAFANA: READ},
    "suspicion": {Role.RULES: "SELECT, INSERT, UPDATE", Role.API: READ, Role.GRAFANA: READ},
    "ledger_day": {Role.RULES: "SELECT, INSERT, UPDATE", Role.API: READ, Role.GRAFANA: READ},
    "accounted": {Role.RULES: "SELECT, INSERT, UPDATE", Role.API: READ, Role.GRAFANA: READ},
    "figure_revision": {Role.RULES: KEEP, Role.API: READ, Role.GRAFANA: READ},  # published ones are kept by a trigger
    "figure_term": {Role.RULES: "SELECT, INSERT, UPDATE", Role.API: READ},
    "closing": {Role.API: "SELECT, INSERT", Role.RULES: READ, Role.GRAFANA: READ},
    "closing_figure": {Role.API: "SELECT, INSERT", Role.RULES: READ, Role.GRAFANA: READ},
    "rollup": {Role.RULES: "SELECT, INSERT, UPDATE", Role.COLLECTOR: READ, Role.API: READ, Role.GRAFANA: READ},
    "virtual_meter": {Role.API: "SELECT, INSERT", Role.RULES: READ, Role.GRAFANA: READ},
    "own_factor": {Role.API: "SELECT, INSERT", Role.RULES: READ, Role.GRAFANA: READ},
    "policy": {Role.API: "SELECT, INSERT", Role.RULES: READ, Role.GRAFANA: READ},
    "replay_request": {
        Role.COLLECTOR: "SELECT, UPDATE (finished_at, replayed, refused_again)",
        Role.API: "SELECT, INSERT",
    },
    "statement": {Role.API: "SELECT, INSERT", Role.RULES: READ},  # an enterprise's tax is not for a wall
    "activity": {Role.API: "SELECT, INSERT", Role.RULES: READ},
    "scheme": {Role.API: "SELECT, INSERT", Role.GRAFANA: READ},
    "evaluation_flag": {Role.API: "SELECT, INSERT"},
    "evaluation": {  # what it was made of is tax and revenue: not for a wall
        Role.API: "SELECT, INSERT",
        Role.GRAFANA: "SELECT (id, park, scheme, scheme_revision, term, revision, at)",
    },
    "evaluation_result": {Role.API: "SELECT, INSERT", Role.GRAFANA: READ},
    "plan_target": {Role.API: "SELECT, INSERT", Role.GRAFANA: READ},
    "budget": {Role.API: "SELECT, INSERT", Role.RULES: READ, Role.GRAFANA: READ},
    "project": {Role.API: "SELECT, INSERT"},
    "alert": {Role.RULES: "SELECT, INSERT, UPDATE", Role.API: READ, Role.GRAFANA: READ},
    "alert_change": {Role.RULES: "SELECT, INSERT", Role.API: READ, Role.GRAFANA: READ},
    "notice": {  # what is said to whom is not for a wall
        Role.RULES: "SELECT, INSERT, UPDATE",
        Role.API: READ,
        Role.GRAFANA: "SELECT (id, change, receiver, state, reason, due, tries, sent)",
    },
    "alert_action": {Role.API: "SELECT, INSERT", Role.RULES: READ},
    "rule": {Role.API: "SELECT, INSERT", Role.RULES: READ},
    "rule_overlay": {Role.API: "SELECT, INSERT", Role.RULES: READ},
    "receiver": {  # an address lets anybody in: who writes it cannot read it
        Role.API: "SELECT (id, document, reached, signed), INSERT, UPDATE, DELETE",
        Role.RULES: READ,
    },
    "maintenance": {Role.API: KEEP, Role.RULES: READ, Role.GRAFANA: READ},
    "duty": {Role.API: KEEP, Role.RULES: READ},
    "site_plan": {Role.API: KEEP},
    "acceptance": {Role.API: "SELECT, INSERT"},
    "plan_point": {Role.API: KEEP},
    "handover": {Role.API: "SELECT, INSERT"},
    "alert_watch": {Role.RULES: "SELECT, INSERT, UPDATE", Role.API: READ, Role.GRAFANA: READ},
    "rules_lease": {Role.RULES: "SELECT, INSERT, UPDATE", Role.API: READ},
    "alembic_version": {Role.COLLECTOR: READ, Role.RULES: READ, Role.API: READ},  # each asks whether it fits
}

# Grafana sends what a panel's author writes: no query of it may write, or keep the others waiting.
LIMITS: Final[Mapping[Role, Mapping[str, str]]] = {
    Role.GRAFANA: {"default_transaction_read_only": "on", "statement_timeout": "30s"},
}


@dataclass(frozen=True, slots=True)
class Granted:
    """What `grant` did."""

    created: tuple[Role, ...]
    renewed: tuple[Role, ...]
    """Those that were there; their rights are now exactly those of `RIGHTS`."""
    missing: tuple[Role, ...]
    """Neither there nor given a password: that program uses another user."""


def grant(engine: Engine, passwords: Mapping[Role, str]) -> Granted:
    """Make the users whose passwords are given, and give every one that is there its rights, in one transaction.

    Rights beyond the table are taken away, so it may be repeated at each start.  Passwords leave this process only as
    SCRAM verifiers: no server log holds them.  Raises DatabaseTrouble where the owner may not make users.
    """
    with writing(engine) as connection:
        there = _present(connection)
        for role, password in passwords.items():
            _give_password(connection, role, password, new=role not in there)
        granted = [role for role in Role if role in there or role in passwords]
        _close(connection)
        for role in granted:
            _give_rights(connection, role)
    return Granted(
        created=tuple(role for role in granted if role not in there),
        renewed=tuple(role for role in granted if role in there),
        missing=tuple(role for role in Role if role not in granted),
    )


def _present(connection: Connection) -> set[str]:
    names = [role.value for role in Role]
    query = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)")
    return set(connection.execute(query, {"names": names}).scalars())


def _give_password(connection: Connection, role: Role, password: str, *, new: bool) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None, "a connection in use has a driver's"  # noqa: S101  # for the type alone
    verifier = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    verb = "CREATE" if new else "ALTER"
    try:
        connection.exec_driver_sql(f"{verb} ROLE {role} LOGIN PASSWORD '{verifier}'")
    except DatabaseTrouble as trouble:
        if trouble.cause is Cause.NO_RIGHT:
            trouble.zh = f"数据库属主无权建立用户 {role}; 请由数据库管理员授予属主 CREATEROLE。"
            trouble.en = (
                f"The database's owner may not make user {role}; have an administrator give the owner CREATEROLE."
            )
        raise


def _close(connection: Connection) -> None:
    """Take from everybody what PostgreSQL gives to everybody."""
    quote = connection.dialect.identifier_preparer.quote
    database, schema = connection.execute(text("SELECT current_database(), current_schema()")).one()
    for statement in (
        f"REVOKE ALL ON DATABASE {quote(database)} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA {quote(schema)} FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {quote(schema)} FROM PUBLIC",
    ):
        connection.exec_driver_sql(statement)


def _give_rights(connection: Connection, role: Role) -> None:
    quote = connection.dialect.identifier_preparer.quote
    database, schema = connection.execute(text("SELECT current_database(), current_schema()")).one()
    run = connection.exec_driver_sql
    run(f"REVOKE ALL ON ALL TABLES IN SCHEMA {quote(schema)} FROM {role}")
    run(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {quote(schema)} FROM {role}")
    run(f"REVOKE ALL ON SCHEMA {quote(schema)} FROM {role}")
    run(f"GRANT CONNECT ON DATABASE {quote(database)} TO {role}")
    run(f"GRANT USAGE ON SCHEMA {quote(schema)} TO {role}")
    for table, rights in RIGHTS.items():
        if role not in rights:
            continue
        run(f"GRANT {rights[role]} ON {quote(table)} TO {role}")
        if "INSERT" in rights[role] and (numbered := _sequence(table)):
            run(f"GRANT USAGE ON SEQUENCE {numbered} TO {role}")
    for name, value in LIMITS.get(role, {}).items():
        run(f"ALTER ROLE {role} IN DATABASE {quote(database)} SET {name} = '{value}'")


def _sequence(table: str) -> str | None:
    """Give the counter behind a table's own numbers; a writer of rows must be able to advance it."""
    found = metadata.tables.get(table)
    column = None if found is None else found.autoincrement_column
    return None if column is None else f"{table}_{column.name}_seq"
