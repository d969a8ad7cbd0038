"""What `smartpark store init` makes in an InfluxDB: buckets with their retention, and narrow accounts.

Doing it again changes only what differs.  A secret is written to its file when it is made, and never shown: 2.x keeps
only a hash of it.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from adapters import private
from adapters.influx.resolution import ALL, DAY, HOUR, QUARTER, RAW, Resolution

SHARDS: Mapping[Resolution, timedelta] = {
    RAW: timedelta(days=7),
    QUARTER: timedelta(days=28),
    HOUR: timedelta(days=182),
    DAY: timedelta(days=1820),
}
"""How much time one file group of a bucket covers: a panel over its usual range opens a few, not hundreds."""

Retention = Mapping[Resolution, timedelta | None]
"""How long each bucket keeps what is in it; None is for ever."""


class State(StrEnum):
    """What was done about a thing."""

    MADE = "made"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is now as it should be."""

    kind: str
    name: str
    state: State
    note: str = ""

    def as_json(self) -> dict[str, str]:
        """Give it for a program to read."""
        return asdict(self)


class Purpose(StrEnum):
    """What an account is for."""

    WRITE = "write"
    """Collectors and rules: write everywhere, read what is rolled up."""
    READ = "read"
    """API and console."""
    GRAFANA = "grafana"

    @property
    def writes(self) -> tuple[Resolution, ...]:
        """The buckets it may write to."""
        return ALL if self is Purpose.WRITE else ()

    @property
    def account(self) -> str:
        """The name of the account, or what describes its token."""
        return f"smartpark-{self.value}"

    def file(self, folder: Path) -> Path:
        """Where its secret is kept."""
        return folder / f"influx-{self.value}.token"


def keep(path: Path, secret: str) -> None:
    """Write a secret for its owner's eyes only, all of it or nothing.  Raises OSError."""
    private.folder(path.parent)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, private.FILE), "w") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def held(path: Path) -> bool:
    """Tell whether a secret is there; an empty file only keeps its place."""
    return path.is_file() and path.stat().st_size > 0


def shard(resolution: Resolution, keeping: timedelta | None) -> timedelta:
    """Give the length of a bucket's file groups, which may not be longer than what it keeps."""
    return SHARDS[resolution] if keeping is None else min(SHARDS[resolution], keeping)
