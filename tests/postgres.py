"""A real PostgreSQL for tests: one throw-away cluster for the run, a fresh database for each test, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Self, TypedDict

import psycopg
import pytest
from psycopg import sql

from tests.ports import LOOPBACK, free_port
from tests.programs import find_program

PATIENCE = 60.0  # seconds to start or stop; both take a fraction of one on an idle machine
OWNER, PASSWORD = "park_owner", "only-for-tests/@:%"  # every sign that must be written otherwise in a URL
UNSAFE_BUT_QUICK = {
    "fsync": "off",  # what was committed survives our kill, not the machine's
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "unix_socket_directories": "",
    "listen_addresses": LOOPBACK,
    "timezone": "Asia/Shanghai",  # as in the park: what means UTC must say so
}


class Postgres:
    """One cluster: its port and folder outlive its processes, so it can be restarted as it was."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "postgres.log"
        self._programs = program.resolve().parent  # the others are not on the path
        self._folder = folder
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._make()

    def url(self, database: str = "postgres", *, user: str = OWNER, password: str = PASSWORD) -> str:
        """Give the address of a database as `SMARTPARK_DATABASE_URL` takes it."""
        quoted = "".join(f"%{byte:02X}" for byte in password.encode())
        return f"postgresql://{user}:{quoted}@{LOOPBACK}:{self.port}/{database}"

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start and wait until it lets us in."""
        who = _somebody()
        settings = [f"-c{name}={value}" for name, value in UNSAFE_BUT_QUICK.items()]
        command = [str(self.program("postgres")), "-D", str(self._data), "-p", str(self.port), *settings]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder, **who
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if not self.is_running or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        """End it in good order, whoever is connected.  Safe to call twice."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut would, and its children with it: it recovers at the next start."""
        self._end(signal.SIGQUIT)

    def restart(self) -> Self:
        """Stop and start on the same port with the same data."""
        self.stop()
        return self.start()

    def create(self) -> str:
        """Make an empty database, and give its name."""
        name = f"test_{next(self._numbers)}"
        self.execute(sql.SQL("CREATE DATABASE {} STRATEGY FILE_COPY").format(sql.Identifier(name)))
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    @contextmanager
    def schema(self) -> Iterator[str]:
        """Give the address of an empty schema, which is as good as a database for one user and ten times as quick."""
        name = f"test_{next(self._numbers)}"
        self.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        yield f"{self.url()}?options=-csearch_path%3D{name}"
        self.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))

    def execute(self, statement: sql.SQL | sql.Composed, database: str = "postgres") -> None:
        """Do one thing as the cluster's superuser."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def program(self, name: str) -> Path:
        """Give a program that came with this server, as `pg_dump`."""
        return self._programs / name

    def _make(self) -> None:
        """Make the cluster: passwords are really asked for."""
        secret = self._folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        who = _somebody()
        for path in (self._folder, secret):
            if who:
                shutil.chown(path, who["user"], who["group"])
        command = [
            str(self.program("initdb")), "--pgdata", str(self._data), "--username", OWNER, "--pwfile", str(secret),
            "--no-sync", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
        ]  # fmt: skip
        made = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False, **who)
        if made.returncode != 0:
            raise RuntimeError(f"initdb did not succeed:\n{made.stdout}{made.stderr}")
        self.log.touch()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        if (process := self._process) is None:
            return
        process.send_signal(how)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None


class Somebody(TypedDict, total=False):
    """Whom a process runs as."""

    user: int
    group: int
    extra_groups: list[int]


def _somebody() -> Somebody:
    """Give whom to run as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def cluster() -> Iterator[Postgres]:
    """Run one cluster of its own."""
    program = find_program("postgres")
    if program is None:
        pytest.fail("postgres is not installed")  # conftest has skipped, unless a fixture was asked for late
    # pytest's own folders are closed to the user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = Postgres(program, Path(folder))
        try:
            yield server.start()
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run the cluster that all tests share: nobody stops it, each makes a database of its own."""
    with cluster() as server:
        yield server


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """Run a cluster of this test's own, which it may stop and start."""
    with cluster() as server:
        yield server


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """Give the name of a fresh empty database."""
    name = postgres.create()
    yield name
    postgres.drop(name)
