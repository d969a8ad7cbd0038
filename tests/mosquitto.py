"""A real mosquitto for a test: on a free loopback port, in its own folder, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from tests.ports import LOOPBACK
from tests.programs import find_program
from tests.server import Server


class Mosquitto(Server):
    """One broker; with persistence it saves its sessions when it is stopped, and not when it is killed."""

    NAME = "mosquitto"

    def __init__(self, program: Path, folder: Path, config: str = "", *, persistence: bool = False) -> None:
        super().__init__(folder)
        self._file = folder / "mosquitto.conf"
        self._file.write_text(_whole_config(self.port, folder, config, persistence=persistence), encoding="utf-8")
        self._program = program

    def command(self) -> list[str | Path]:
        """The program and its arguments."""
        return [self._program, "-v", "-c", self._file]

    @property
    def url(self) -> str:
        """The address as `SMARTPARK_MQTT_URL` takes it."""
        return f"mqtt://{LOOPBACK}:{self.port}"


class StartMosquitto(Protocol):
    """Start one more broker; `config` is mosquitto.conf text and overrides the defaults line by line."""

    def __call__(self, config: str = "", *, persistence: bool = False) -> Mosquitto:
        """Return it accepting connections."""


def _whole_config(port: int, folder: Path, config: str, *, persistence: bool) -> str:
    defaults = {
        "listener": f"{port} {LOOPBACK}",
        "allow_anonymous": "true",
        "persistence": str(persistence).lower(),
        "persistence_location": f"{folder}{os.sep}",
        "autosave_interval": "1",
        "max_queued_messages": "100000",
    }
    if os.geteuid() == 0:
        defaults["user"] = "root"  # else it becomes a user who may not write into the folder
    given = {line.split()[0] for line in config.splitlines() if line.strip()}
    kept = [f"{name} {value}" for name, value in defaults.items() if name not in given]
    return "\n".join([*kept, config, ""])


@contextmanager
def _starter(folders: pytest.TempPathFactory) -> Iterator[StartMosquitto]:
    program = find_program("broker")
    if program is None:
        pytest.fail("mosquitto is not installed")  # conftest has skipped, unless a fixture was asked for late
    with ExitStack() as brokers:

        def start(config: str = "", *, persistence: bool = False) -> Mosquitto:
            broker = Mosquitto(program, folders.mktemp("mosquitto"), config, persistence=persistence)
            brokers.callback(broker.stop)
            return broker.start()

        yield start


@pytest.fixture
def start_mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartMosquitto]:
    """Start brokers that live as long as the test."""
    with _starter(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def start_session_mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartMosquitto]:
    """Start brokers that live as long as the test run; for fixtures of a wider scope."""
    with _starter(tmp_path_factory) as start:
        yield start


@pytest.fixture
def mosquitto(start_mosquitto: StartMosquitto) -> Mosquitto:
    """One fresh broker that remembers nothing over a restart."""
    return start_mosquitto()
