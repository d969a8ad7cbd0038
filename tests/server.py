"""A real server for a test: a process on a free loopback port, in its own folder, gone afterwards."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from tests.ports import accepts, free_port


class Server:
    """One server: its port, folder and configuration outlive its process, so it can be restarted as it was."""

    NAME: ClassVar[str]
    PATIENCE: ClassVar[float] = 20.0
    """Seconds to start or stop; both take a fraction of one on an idle machine."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.log = folder / f"{self.NAME}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str | Path]:
        """The program and its arguments."""
        raise AssertionError(f"{type(self).__name__} says how it is started")

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start and wait until it accepts connections."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + self.PATIENCE
        while not accepts(self.port):
            if not self.is_running or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.NAME} did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """End it in good order: what it keeps, it saves first. Safe to call twice."""
        if (process := self._process) is None:
            return
        process.terminate()
        try:
            process.wait(self.PATIENCE)
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
