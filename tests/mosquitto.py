"""A real mosquitto for a test: on a free loopback port, in its own folder, gone afterwards."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, Self

import pytest

from tests.ports import LOOPBACK, accepts, free_port
from tests.programs import find_program

PATIENCE = 10.0  # seconds to start or stop; both take milliseconds on an idle machine


class Mosquitto:
    """One broker: its port, folder and configuration outlive its process, so it can be restarted as it was."""

    def __init__(self, program: Path, folder: Path, config: str = "", *, persistence: bool = False) -> None:
        self.port = free_port()
        self.folder = folder
        self.log = folder / "mosquitto.log"
        self._file = folder / "mosquitto.conf"
        self._file.write_text(_whole_config(self.port, folder, config, persistence=persistence), encoding="utf-8")
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address as `SMARTPARK_MQTT_URL` takes it."""
        return f"mqtt://{LOOPBACK}:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start and wait until it accepts connections."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-v", "-c", self._file], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while not accepts(self.port):
            if not self.is_running or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"mosquitto did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """End it in good order: with persistence it saves its sessions first. Safe to call twice."""
        if (process := self._process) is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would: what it had not saved is gone."""
        if (process := self._process) is not None:
            process.kill()
            process.wait()
            self._process = None

    def restart(self) -> Self:
        """Stop and start on the same port with the same data."""
        self.stop()
        return self.start()


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
