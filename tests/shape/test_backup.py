"""Backup and restore: a folder that has its name is whole, the oldest go, and nobody restores over a living park.

Docker is played by a small script that writes down what it was asked and plays the part of the stores; files, tar,
checksums and the two scripts are real.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shape.tree import ROOT

DOCKER = r"""#!/usr/bin/env bash
# Plays docker: stores are folders below $WORLD, and what is asked is written down.
set -euo pipefail
printf '%s\n' "$*" >>"$WORLD/asked"
[[ ! -e "$WORLD/fail" || "$*" != *"$(cat "$WORLD/fail")"* ]] || exit 1

# the folder that is mounted, and the folder in the container that a command is about
mounted="" there=""
for word in "$@"; do
  case "$word" in
    *:/backup | *:/backup:ro) mounted="${word%%:*}" ;;
    /var/* | /mosquitto/*) there="$word" ;;
  esac
done
case "$*" in
  "volume inspect "*) [[ -e "$WORLD/volumes/$3" ]] ;;
  *" pg_dump "*) cat "$WORLD/postgres" ;;
  *" pg_restore "*) cat >"$WORLD/restored-postgres" ;;
  *"influx backup"*) cp "$WORLD/influx" "$mounted/points" ;;
  *"influx restore"*) cp "$mounted/points" "$WORLD/restored-influx" ;;
  *" tar "*" -cf - "*) tar -C "$WORLD$there" -cf - . ;;
  *" tar "*" -xf -") mkdir -p "$WORLD/back$there" && tar -C "$WORLD/back$there" -xf - ;;
  *images*) echo smartpark ;;
esac
"""
FOLDERS = ("/var/lib/grafana", "/var/lib/smartpark", "/mosquitto/data")


class Machine:
    """A server with the repository's scripts, and a world of containers that is only played."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.world = folder / "world"
        self.backups = folder / "backups"
        shutil.copytree(ROOT / "scripts", self.home / "scripts")
        (folder / "bin").mkdir()
        docker = folder / "bin" / "docker"
        docker.write_text(DOCKER, encoding="utf-8")
        docker.chmod(0o755)
        self.world.mkdir()
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        self._environ = {**os.environ, "PATH": path, "WORLD": str(self.world), "BACKUP_SETTLE": "0"}

    def fill(self) -> None:
        """Let it hold a park."""
        self.script("secrets")
        (self.world / "postgres").write_text("registry", encoding="utf-8")
        (self.world / "influx").write_text("readings", encoding="utf-8")
        for folder in FOLDERS:
            path = Path(f"{self.world}{folder}")
            path.mkdir(parents=True)
            (path / "file").write_text(folder, encoding="utf-8")

    def script(self, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of the scripts."""
        command: list[str | Path] = [self.home / "scripts" / name, *arguments]
        return subprocess.run(
            command,
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def backup(self, *arguments: str) -> Path:
        """Make a backup that succeeds."""
        told = self.script("backup", "--to", self.backups, *arguments)
        assert told.returncode == 0, told.stderr
        return Path(told.stdout.splitlines()[-1])

    @property
    def asked(self) -> list[str]:
        """What docker was asked."""
        return (self.world / "asked").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a park."""
    made = Machine(tmp_path)
    made.fill()
    return made


def test_a_backup_comes_back_on_an_empty_machine(machine: Machine, tmp_path: Path) -> None:
    kept = machine.backup()
    other = Machine(tmp_path / "other")
    told = other.script("restore", kept)
    assert told.returncode == 0, told.stderr
    assert (other.world / "restored-postgres").read_text("utf-8") == "registry"
    assert (other.world / "restored-influx").read_text("utf-8") == "readings"
    for folder in FOLDERS:
        assert (Path(f"{other.world}/back{folder}") / "file").read_text("utf-8") == folder
    secrets = Path("var") / "secrets" / "postgres_owner"
    assert (other.home / secrets).read_bytes() == (machine.home / secrets).read_bytes()
    assert (other.home / secrets.parent).stat().st_mode & 0o777 == 0o700
    assert other.asked[-1] == "compose up --detach"


def test_a_backup_is_for_its_owner_alone(machine: Machine) -> None:
    kept = machine.backup()
    assert kept.stat().st_mode & 0o077 == 0
    assert (kept / "secrets.tar").stat().st_mode & 0o077 == 0


def test_what_was_stopped_is_started_again_also_when_the_backup_fails(machine: Machine) -> None:
    (machine.world / "fail").write_text("collector -C /var/lib/smartpark", encoding="utf-8")
    told = machine.script("backup", "--to", machine.backups)
    assert told.returncode != 0
    assert list(machine.backups.iterdir()) == []  # no half of one
    assert machine.asked[-1] == "compose start collector"


def test_a_store_that_gives_nothing_is_no_backup(machine: Machine) -> None:
    (machine.world / "postgres").write_text("", encoding="utf-8")
    told = machine.script("backup", "--to", machine.backups)
    assert told.returncode == 1
    assert "postgres.dump" in told.stderr
    assert list(machine.backups.iterdir()) == []


def test_the_oldest_go_and_what_is_no_backup_stays(machine: Machine) -> None:
    for name in ("20200101T000000Z", "20210101T000000Z", "20220101T000000Z", "somebodys-own"):
        (machine.backups / name).mkdir(parents=True)
    kept = machine.backup("--keep", "2")
    assert {path.name for path in machine.backups.iterdir()} == {kept.name, "20220101T000000Z", "somebodys-own"}


def test_a_damaged_backup_is_refused_before_anything_is_touched(machine: Machine, tmp_path: Path) -> None:
    kept = machine.backup()
    (kept / "postgres.dump").write_text("registrY", encoding="utf-8")
    other = Machine(tmp_path / "other")
    told = other.script("restore", kept)
    assert told.returncode == 1
    assert "postgres.dump" in told.stderr
    assert not (other.world / "asked").exists()


def test_a_backup_that_was_cut_short_is_refused(machine: Machine, tmp_path: Path) -> None:
    kept = machine.backup()
    (kept / "SHA256SUMS").unlink()
    assert Machine(tmp_path / "other").script("restore", kept).returncode == 1


@pytest.mark.parametrize("held", ["volume", "secrets"])
def test_a_machine_that_holds_a_park_is_refused(machine: Machine, tmp_path: Path, held: str) -> None:
    kept = machine.backup()
    other = Machine(tmp_path / "other")
    if held == "volume":
        (other.world / "volumes" / "smartpark-postgres").mkdir(parents=True)
    else:
        other.script("secrets")
    told = other.script("restore", kept)
    assert told.returncode == 1
    assert "--force" in told.stderr
    assert not (other.world / "restored-postgres").exists()


def test_with_force_the_old_park_is_taken_down_and_its_secrets_are_moved_aside(machine: Machine) -> None:
    kept = machine.backup()
    before = (machine.home / "var" / "secrets" / "postgres_owner").read_bytes()
    told = machine.script("restore", kept, "--force")
    assert told.returncode == 0, told.stderr
    [aside] = (machine.home / "var").glob("secrets.before-*")
    assert (aside / "postgres_owner").read_bytes() == before
    assert any("down --volumes" in line for line in machine.asked)


@pytest.mark.parametrize(
    "arguments",
    [("backup", "--keep", "0"), ("backup", "--keep"), ("backup", "--too"), ("restore",), ("restore", "--forse")],
    ids=" ".join,
)
def test_a_mistyped_command_is_wrong_use(machine: Machine, arguments: tuple[str, ...]) -> None:
    told = machine.script(*arguments)
    assert (told.returncode, told.stdout) == (2, "")


def test_secrets_are_made_once_and_an_empty_one_is_named(machine: Machine) -> None:
    folder = machine.home / "var" / "secrets"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert machine.script("secrets").returncode == 0
    assert {path: path.read_bytes() for path in before} == before
    values = [content for path, content in before.items() if "tokens" not in path.parts]
    assert len(set(values)) == len(values)
    (folder / "postgres_api").chmod(0o600)
    (folder / "postgres_api").write_text("", encoding="utf-8")
    told = machine.script("secrets")
    assert told.returncode == 1
    assert "postgres_api" in told.stderr
