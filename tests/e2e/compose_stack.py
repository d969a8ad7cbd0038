"""The services of docker-compose.yml as plain processes: their commands, environment and secrets as the file says them.

Real servers stand in for the containers: Mosquitto with the configuration we ship, PostgreSQL prepared by the script
we ship, and InfluxDB.  What is changed, and nothing else:

    names of containers, ports, 0.0.0.0    addresses on loopback
    paths in a container                   the files and folders that are mounted there
    InfluxDB 2.9 (api=v2, a token)         Debian's 1.6 (api=v1, user:password): no other runs here without a container
    thirty days of history                 none, for time's sake

"""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from psycopg import sql

from tests.e2e.program import Program, run
from tests.e2e.shipped_broker import ShippedBroker, made_certificates
from tests.influxd import Influxd
from tests.ports import LOOPBACK, free_port
from tests.postgres import OWNER, PASSWORD, Postgres
from tests.programs import find_program
from tests.shape.compose import Service, filled, mounts, secret_files, services, words
from tests.shape.tree import ROOT

PATIENCE = 60.0
DATABASE = "smartpark"


class Servers(NamedTuple):
    """What the services talk to."""

    broker: ShippedBroker
    influx: Influxd
    postgres: Postgres


class Stack:
    """One installation below one folder."""

    def __init__(self, folder: Path, influx: Influxd, postgres: Postgres) -> None:
        """Make secrets and certificates with the scripts, and prepare PostgreSQL as its image would."""
        self.folder = folder
        self.secrets = folder / "var" / "secrets"
        pair = made_certificates(folder)
        self._certificates = pair
        self.make_secrets()
        program = find_program("broker")
        assert program is not None
        place = folder / "broker"
        place.mkdir()
        (place / "accounts").symlink_to(self.secrets / "broker")
        self.servers = Servers(ShippedBroker(program, place, pair), influx, postgres)
        self.ports = {
            name: {"9100": free_port(), "8000": free_port(), "9212": free_port(), "075B": self.servers.broker.internal}
            for name in services()
        }
        self._operator = folder / "influx-operator"
        self._operator.write_text(f"admin:{self.secret('influx_admin_token')}\n", encoding="utf-8")
        self._prepare_postgres()

    def make_secrets(self) -> None:
        """Make the secrets that are missing."""
        command: list[str | Path] = [ROOT / "scripts" / "secrets", "--out", self.secrets]
        command += ["--certificates", self._certificates]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)

    def secret_file(self, name: str) -> Path:
        """Give the file that a container sees as a secret."""
        return self.folder / secret_files()[name]

    def secret(self, name: str) -> str:
        """Give a secret."""
        return self.secret_file(name).read_text(encoding="utf-8").strip()

    def _prepare_postgres(self) -> None:
        one, server = services()["postgres"], self.servers.postgres
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        [script] = [mount.source for mount in mounts(one) if "initdb.d" in mount.target]
        environ = {key: self._here(str(value)) for key, value in one["environment"].items()}
        environ |= {"POSTGRES_USER": OWNER, "PGHOST": LOOPBACK, "PGPORT": str(server.port), "PGPASSWORD": PASSWORD}
        made = subprocess.run(
            [ROOT / script],
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (made.returncode, made.stdout, made.stderr) == (0, "", "")

    def _here(self, value: str) -> str:
        """Put a value of a service's where it is on this machine."""
        servers = self.servers
        changes = {f"/run/secrets/{secret}": str(self.secret_file(secret)) for secret in secret_files()}
        changes |= {
            "mosquitto:1883": servers.broker.url,
            "postgres:5432": f"{LOOPBACK}:{servers.postgres.port}",
            "influxdb://influxdb:8086?org=smartpark&api=v2": servers.influx.url(),
            "/run/secrets/influx_admin_token": str(self._operator),
            "0.0.0.0": LOOPBACK,  # noqa: S104  # nothing is bound to it: it is replaced
        }
        for theirs in sorted(changes, key=len, reverse=True):
            value = value.replace(theirs, changes[theirs])
        return value

    def environ(self, name: str) -> dict[str, str]:
        """Give a service's settings, without their prefix and in lower case."""
        found = {
            key.removeprefix("SMARTPARK_").lower(): self._here(value)
            for key, value in services()[name]["environment"].items()
        }
        for setting, port in (("status_port", "9100"), ("http_port", "8000"), ("hj212_port", "9212")):
            if setting in found:
                assert found[setting] == port
                found[setting] = str(self.ports[name][port])
        return found | {"data_dir": str(self.folder / "data" / name)}  # the image's own setting

    def arguments(self, name: str, environ: dict[str, str] | None = None) -> list[str]:
        """Give a service's command."""
        one: Service = services()[name]
        if environ and isinstance(one["command"], str):
            one = {**one, "command": filled(_written(name), environ)}
        found = words(one)
        for mount in mounts(one):
            source = self.folder / mount.source if mount.source.startswith("./var") else ROOT / mount.source
            found = [word.replace(mount.target, str(source)) for word in found]
        return ["0" if before == "--history-days" else word for before, word in zip(["", *found], found, strict=False)]

    def once(self, name: str, environ: dict[str, str] | None = None) -> str:
        """Run a service that ends by itself, and give what it said."""
        code, out, err = run(self.folder, *self.arguments(name, environ), name=name, **self.environ(name))
        assert code == 0, f"{name}: {err}"
        return out + err

    def service(self, name: str) -> Program:
        """Give a service that goes on, not yet started."""
        (self.folder / "data" / name).mkdir(parents=True, exist_ok=True)
        return Program(self.folder, *self.arguments(name), name=name, **self.environ(name))

    def is_well(self, name: str) -> bool:
        """Run a service's own health check."""
        kind, *command = services()[name]["healthcheck"]["test"]
        ports = {theirs: str(ours) for theirs, ours in self.ports[name].items()}
        ports |= {"075B": f"{self.ports[name]['075B']:04X}", "1883": str(self.servers.broker.internal)}
        for theirs, ours in ports.items():
            command = [self._here(word).replace(theirs, ours) for word in command]
        if kind == "CMD-SHELL":
            command = ["/bin/sh", "-c", *command]
        if command[0] == "python":
            command[0] = sys.executable
        if command[0] == "pg_isready":
            command.append(f"--port={self.servers.postgres.port}")
        asked = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        return asked.returncode == 0


def _written(name: str) -> str:
    """Give a command as it stands in the file, its variables not filled in."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return text.partition(f"\n  {name}:\n")[2].partition("command: ")[2].partition("\n")[0]
