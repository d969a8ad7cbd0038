"""A durable queue of byte blobs in one SQLite file, bounded by bytes.

What `put` returned from survives a crash and a power cut (WAL, synchronous=FULL).  Taking out is `peek`, then `drop`
once the work is done; a drop that a crash forgets is only done again.

Errors:
    SpoolError
    ├── SpoolFull     the bound is reached; nothing was kept
    └── SpoolBroken   the disk is full or failing; nothing was kept

"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

SCHEMA = (
    "create table if not exists blob(id integer primary key autoincrement, lane text not null, bytes blob not null)",
    "create index if not exists blob_lane on blob(lane, id)",
)


class SpoolError(Exception):
    """The spool did not keep it."""


class SpoolFull(SpoolError):
    """The bound is reached; nothing was kept."""


class SpoolBroken(SpoolError):
    """The disk is full or failing; nothing was kept."""


class Held(NamedTuple):
    """One blob with the number to drop it by; numbers grow in the order of putting."""

    id: int
    bytes: bytes


class Spool:
    """Lanes of blobs.  Safe to call from any thread; one process at a time."""

    def __init__(self, path: Path, *, most_bytes: int) -> None:
        """Open or make the file, and count what is still in it.  Raises SpoolBroken."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._most = most_bytes
        with _translated():
            self._keep = _open(path, synchronous="FULL")
            for statement in SCHEMA:
                self._keep.execute(statement)
            # Dropping needs no fsync of its own: a forgotten drop is repeated.  The next put makes it durable.
            self._forget = _open(path, synchronous="NORMAL")
            self._look = _open(path, synchronous="NORMAL")
            rows = self._look.execute("select lane, count(*), sum(length(bytes)) from blob group by lane").fetchall()
        self._blobs: dict[str, int] = {lane: count for lane, count, _ in rows}
        self._bytes: dict[str, int] = {lane: size for lane, _, size in rows}

    @property
    def size(self) -> int:
        """How many bytes of blobs are kept."""
        return sum(self._bytes.values())

    def blobs(self, lane: str) -> int:
        """Count the blobs of one lane."""
        return self._blobs.get(lane, 0)

    def bytes_in(self, lane: str) -> int:
        """Count the bytes of one lane."""
        return self._bytes.get(lane, 0)

    def put(self, lane: str, *blobs: bytes) -> None:
        """Keep the blobs, all or none; they are on the disk when this returns.  Raises SpoolFull or SpoolBroken."""
        with self._writing:
            size = sum(map(len, blobs))
            if self.size + size > self._most:
                raise SpoolFull(f"{self.size} of {self._most} bytes used, {size} more refused")
            with _translated(), self._keep:
                self._keep.execute("begin immediate")
                self._keep.executemany("insert into blob(lane, bytes) values (?, ?)", [(lane, blob) for blob in blobs])
            self._count(lane, len(blobs), size)

    def move(self, held: Sequence[Held], lane: str, to: str, *blobs: bytes) -> None:
        """Drop from one lane and put into another in one step; the bound does not stop it, or it could never drain."""
        with self._writing:
            with _translated(), self._keep:
                self._keep.execute("begin immediate")
                self._keep.executemany("insert into blob(lane, bytes) values (?, ?)", [(to, blob) for blob in blobs])
                self._keep.executemany("delete from blob where id = ?", [(one.id,) for one in held])
            self._count(lane, -len(held), -sum(len(one.bytes) for one in held))
            self._count(to, len(blobs), sum(map(len, blobs)))

    def peek(self, lane: str, *, most: int = 1, most_bytes: int | None = None) -> list[Held]:
        """Give the oldest blobs of a lane without taking them out: at least one, up to either bound."""
        found: list[Held] = []
        size = 0
        with self._reading, _translated():
            query = "select id, bytes from blob where lane = ? order by id limit ?"
            for row in self._look.execute(query, (lane, most)):
                size += len(row[1])
                if found and most_bytes is not None and size > most_bytes:
                    break
                found.append(Held(*row))
        return found

    def drop(self, lane: str, held: Sequence[Held]) -> None:
        """Forget blobs whose work is done."""
        with self._writing:
            with _translated(), self._forget:
                self._forget.execute("begin immediate")
                self._forget.executemany("delete from blob where id = ?", [(one.id,) for one in held])
            self._count(lane, -len(held), -sum(len(one.bytes) for one in held))

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        with self._writing, self._reading:
            for connection in (self._look, self._forget, self._keep):
                connection.close()

    def _count(self, lane: str, blobs: int, size: int) -> None:
        self._blobs[lane] = self._blobs.get(lane, 0) + blobs
        self._bytes[lane] = self._bytes.get(lane, 0) + size


def _open(path: Path, *, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    connection.execute("pragma journal_mode = wal")
    connection.execute(f"pragma synchronous = {synchronous}")
    return connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SpoolBroken(str(error)) from error
