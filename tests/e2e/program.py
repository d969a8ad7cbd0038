"""A `smartpark` command as a person starts it: a process of its own, in an empty folder, its words kept in files."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""How long a busy machine may take over anything.  Nothing waits longer than it must."""


def until(condition: Callable[[], object], why: str, *, patience: float = PATIENCE, look: float = 0.1) -> None:
    """Wait until a condition holds; when it never does, fail with what was waited for."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience:g} s in vain: {why}"
        time.sleep(look)


def lives(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and is only not yet collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


class Program:
    """One run of one command.  Leaving `with` ends it, however the test went."""

    def __init__(self, folder: Path, *arguments: str | Path, name: str = "program", **environ: str) -> None:
        """Take what to run; `environ` are settings without their prefix, in lower case."""
        self._arguments = [str(argument) for argument in arguments]
        self._folder = folder
        self._out = folder / f"{name}.out"
        self._err = folder / f"{name}.err"
        self._environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("SMARTPARK_")},
            **{f"SMARTPARK_{key.upper()}": value for key, value in environ.items()},
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "smartpark", *self._arguments],
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it and what it started; when the test has failed, show its last words."""
        family = self.children()
        if self.lives():
            self.tell(signal.SIGTERM)
            try:
                self._running().wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
        for pid in family:
            if lives(pid):
                os.kill(pid, signal.SIGKILL)
        if error is not None:
            sys.stderr.write(f"--- {' '.join(self._arguments)}\n{self.err[-4_000:]}\n")

    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "not started"
        return self._process

    @property
    def pid(self) -> int:
        """Its process."""
        return self._running().pid

    @property
    def out(self) -> str:
        """What it has said on standard output so far."""
        return self._out.read_text("utf-8", errors="replace")

    @property
    def err(self) -> str:
        """What it has said on standard error so far."""
        return self._err.read_text("utf-8", errors="replace")

    def events(self, event: str) -> list[dict[str, object]]:
        """Give the log entries of one kind."""
        entries = [json.loads(line) for line in self.err.splitlines() if line.startswith("{") and line.endswith("}")]
        return [entry for entry in entries if entry.get("event") == event]

    def lives(self) -> bool:
        """Tell whether it runs."""
        return self._running().poll() is None

    def until(self, condition: Callable[[], object], why: str) -> None:
        """Wait until a condition holds while it lives."""
        until(lambda: condition() or not self.lives(), why)
        assert self.lives(), f"it ended with {self._running().returncode} before {why}:\n{self.err[-4_000:]}"

    def tell(self, sign: signal.Signals) -> None:
        """Send it a signal."""
        self._running().send_signal(sign)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._running().kill()
        self._running().wait()

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and give its exit code."""
        self.tell(sign)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end, and give its exit code."""
        return self._running().wait(PATIENCE)

    def children(self) -> list[int]:
        """Give every process it started that still runs, and theirs."""
        found: list[int] = []
        fathers = [self.pid]
        while fathers:
            father = fathers.pop()
            for task in Path(f"/proc/{father}/task").glob("*/children"):
                try:
                    sons = [int(pid) for pid in task.read_text("utf-8").split()]
                except OSError:  # it has ended meanwhile
                    continue
                found += sons
                fathers += sons
        return [pid for pid in found if lives(pid)]


def run(folder: Path, *arguments: str | Path, name: str = "command", **environ: str) -> tuple[int, str, str]:
    """Run a command to its end; give exit code, output and errors."""
    with Program(folder, *arguments, name=name, **environ) as program:
        return program.wait(), program.out, program.err
