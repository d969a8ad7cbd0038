"""Databases and users of an InfluxDB 1.x, in its own InfluxQL."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adapters.influx.answers import MENDING
from adapters.influx.influxql import name, text
from adapters.influx.query import Queries, rows
from adapters.influx.resolution import ALL, Resolution
from adapters.influx.server import Server
from adapters.influx.target import Target
from adapters.influx.upkeep import Purpose, Retention, State, Step, held, keep, shard
from park.telemetry import StoreHeld

HELD = {401, 403}
FIRST = "create admin user first"
DURATION = "0s"


def init(target: Target, retention: Retention, folder: Path) -> Iterator[Step]:
    """Make what is missing.  Raises StoreUnavailable or OSError."""
    server = Server(target)
    try:
        guarded = _guarded(target)
        if guarded:
            yield from _administrator(server)
        queries = Queries(server)
        for resolution in ALL:
            yield _database(queries, target.bucket(resolution), resolution, retention[resolution])
        for purpose in Purpose if guarded else ():
            yield _user(queries, target, purpose, purpose.file(folder))
    finally:
        server.close()


def _guarded(target: Target) -> bool:
    """Tell whether the server wants to know who asks."""
    stranger = Server(Target(target.host, target.port, target.tls, target.api, ca_file=target.ca_file))
    try:
        return stranger.query("SHOW DATABASES").status in HELD
    finally:
        stranger.close()


def _administrator(server: Server) -> Iterator[Step]:
    """Make the administrator that the settings name where the server has none yet, as only the first may be made."""
    user, colon, password = (server.target.token or "").partition(":")
    if not colon:
        raise StoreHeld(
            f"{server.target} 需要用户与密码: 请在 SMARTPARK_INFLUX_TOKEN 中写 user:password / "
            "wants a user: give user:password in SMARTPARK_INFLUX_TOKEN"
        )
    answer = server.query("SHOW DATABASES")
    if FIRST in answer.words:
        answer = server.query(f"CREATE USER {name(user)} WITH PASSWORD {text(password)} WITH ALL PRIVILEGES")
        if answer.status in HELD:
            raise answer.error(str(server.target))
        yield Step("user", user, State.MADE, "administrator")
    elif answer.status in HELD:
        raise StoreHeld(f"{server.target}: {answer.words}; {MENDING[answer.status]}")


def _database(queries: Queries, database: str, resolution: Resolution, keeping: timedelta | None) -> Step:
    state = State.KEPT
    if database not in {row["name"] for row in _rows(queries, "SHOW DATABASES")}:
        queries.ask([f"CREATE DATABASE {name(database)}"])
        state = State.MADE
    wanted = _duration(keeping or timedelta()), _duration(shard(resolution, keeping))
    [policy] = [row for row in _rows(queries, f"SHOW RETENTION POLICIES ON {name(database)}") if row["default"]]
    if (policy["duration"], policy["shardGroupDuration"]) != wanted:
        alter = f"ALTER RETENTION POLICY {name(str(policy['name']))} ON {name(database)}"
        queries.ask([f"{alter} DURATION {wanted[0] if keeping else 'INF'} SHARD DURATION {wanted[1]}"])
        state = State.MADE if state is State.MADE else State.CHANGED
    return Step("database", database, state, f"{keeping.days} d" if keeping else "∞")


def _user(queries: Queries, target: Target, purpose: Purpose, file: Path) -> Step:
    user = purpose.account
    there = user in {row["user"] for row in _rows(queries, "SHOW USERS")}
    state = State.KEPT
    if not (there and held(file)):
        password = secrets.token_urlsafe(32)
        how = (
            f"SET PASSWORD FOR {name(user)} = {text(password)}"
            if there
            else f"CREATE USER {name(user)} WITH PASSWORD {text(password)}"
        )
        queries.ask([how])
        keep(file, f"{user}:{password}")
        state = State.CHANGED if there else State.MADE
    rights = {
        target.bucket(resolution): "ALL" if resolution in purpose.writes else "READ" for resolution in ALL
    }  # the writer reads, too: it rolls up
    queries.ask([f"GRANT {right} ON {name(bucket)} TO {name(user)}" for bucket, right in rights.items()])
    return Step("user", user, state, str(file))


def _rows(queries: Queries, statement: str) -> list[dict[str, object]]:
    return [dict(row) for _, series in queries.ask([statement]) for row in rows(series)]


def _duration(length: timedelta) -> str:
    """Write a length as the server shows it: `9600h0m0s`."""
    hours = length // timedelta(hours=1)
    return f"{hours}h0m0s" if hours else DURATION
