"""The production broker as a park runs it: the configuration we ship, with only its ports and folders put in place."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Self

from adapters.broker_folder import BrokerFolder, Outcome
from park.broker_rights import accounts
from park.partition import Partition
from park.registry import Registry
from tests.ports import LOOPBACK, accepts, free_port
from tests.programs import find_program

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "docker" / "mosquitto" / "mosquitto.conf"
CERTIFICATES = ROOT / "scripts" / "certificates"
PATIENCE = 15.0


def certificates(out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script for certificates."""
    return subprocess.run(
        [CERTIFICATES, *arguments, "--out", out], capture_output=True, text=True, timeout=60, check=False
    )


@cache
def made_certificates(parent: Path) -> Path:
    """Make an authority and a broker's certificate, once: the keys take seconds."""
    out = parent / "certificates"
    made = certificates(out, "make", "--san", "DNS:localhost", "--san", "IP:127.0.0.1")
    assert made.returncode == 0, made.stderr
    return out


class ShippedBroker:
    """One mosquitto with accounts and certificates of its own, on loopback."""

    def __init__(self, program: Path, folder: Path, pair: Path) -> None:
        """Take the program, an empty folder, and certificates that `made_certificates` has made."""
        self.internal, self.tls = free_port(), free_port()
        self.log = folder / "mosquitto.log"
        self.folder = BrokerFolder(folder / "accounts")
        self.certificates = folder / "certificates"
        self.ca = self.certificates / "ca" / "ca.crt"
        self._data = folder / "data"
        self._data.mkdir()
        self._config = folder / "mosquitto.conf"
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        shutil.copytree(pair, self.certificates)
        self._config.write_text(self._in_place(), encoding="utf-8")

    def _in_place(self) -> str:
        """Give the shipped configuration with this machine's ports and folders; nothing else is changed."""
        text = CONFIG.read_text(encoding="utf-8")
        changes = {
            r"^listener 1883$": f"listener {self.internal} {LOOPBACK}",
            r"^listener 8883$": f"listener {self.tls} {LOOPBACK}",
            r"/mosquitto/accounts/": f"{self.folder.hashes.parent}/",
            r"/mosquitto/certificates/": f"{self.certificates}/broker/",
            r"/mosquitto/data/": f"{self._data}/",
        }
        for pattern, ours in changes.items():
            text, count = re.subn(pattern, ours, text, flags=re.MULTILINE)
            assert count, f"{CONFIG} has no {pattern}"
        return text + ("user root\n" if os.geteuid() == 0 else "")

    @property
    def url(self) -> str:
        """The internal listener, without a user."""
        return f"{LOOPBACK}:{self.internal}"

    def admit(
        self, registry: Registry, *, partitions: tuple[Partition, ...] = (), rotate: tuple[str, ...] = ()
    ) -> Outcome:
        """Write the accounts of a registry."""
        return self.folder.update(accounts(registry, partitions=partitions), rotate=rotate)

    def password(self, user: str) -> str:
        """Give the password that was handed out."""
        if user.startswith("smartpark."):
            return (self.folder.services / user).read_text(encoding="utf-8").strip()
        lines = self.folder.handout.read_text(encoding="utf-8").splitlines()
        return next(line.split(",")[2] for line in lines if line.split(",")[1] == user)

    def start(self) -> Self:
        """Start, and wait until both listeners take connections."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-c", self._config], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while not (accepts(self.internal) and accepts(self.tls)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"mosquitto did not start:\n{self.words}")
            time.sleep(0.01)
        return self

    @property
    def words(self) -> str:
        """What it has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def reload(self) -> None:
        """Tell it to read its files again, and wait until it has begun to."""
        assert self._process is not None
        said = self.words.count("Reloading config")
        self._process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while self.words.count("Reloading config") == said:
            assert time.monotonic() < deadline, "it did not reload"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it in good order; safe to call twice."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def restart(self) -> Self:
        """Stop and start with the same data."""
        self.stop()
        return self.start()


@contextmanager
def shipped_broker(folder: Path, pair: Path, registry: Registry) -> Iterator[ShippedBroker]:
    """Run a broker with the accounts of a registry."""
    program = find_program("broker")
    assert program is not None
    broker = ShippedBroker(program, folder, pair)
    broker.admit(registry)
    try:
        yield broker.start()
    finally:
        broker.stop()
