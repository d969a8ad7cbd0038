"""A durable queue of byte blobs in one SQLite file, bounded by bytes.

What `put` returned from survives a crash and a power cut (WAL, synchronous=FULL).  Taking out is `peek`, then `drop`
once the work is done; a drop that a crash forgets is only done again.

Errors:
    SpoolError
    ├── SpoolFull     the bound is reached; nothing was kept
    └── SpoolBroken   the disk is full or failing, or the file is damaged; nothing was kept

"""

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from adapters import private

SPARE = 32 * 1024 * 1024
"""Bytes of the disk that `put` leaves free: dropping needs room as well, and a disk filled up could never drain."""
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

SCHEMA = (
    "create table if not exists blob(id integer primary key autoincrement, lane text not null, bytes blob not null)",
    "create index if not exists blob_lane on blob(lane, id)",
    "create table if not exists note(key text primary key, bytes blob not null)",
)
NO_NOTES: Mapping[str, bytes | None] = MappingProxyType({})


class SpoolError(Exception):
    """The spool did not keep it."""


class SpoolFull(SpoolError):
    """The bound is reached; nothing was kept."""


class SpoolBroken(SpoolError):
    """The disk is full or failing, or the file is damaged; nothing was kept."""


class Held(NamedTuple):
    """One blob with the number to drop it by; numbers grow in the order of putting."""

    id: int
    bytes: bytes


class Spool:
    """Lanes of blobs.  Safe to call from any thread; one process at a time."""

    def __init__(self, path: Path, *, most_bytes: int, spare_bytes: int = SPARE) -> None:
        """Open or make the file, and count what is still in it.  Raises SpoolBroken."""
        self._path = path
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._most = most_bytes
        self._spare = spare_bytes
        self._blobs: dict[str, int] = {}
        self._bytes: dict[str, int] = {}
        with ExitStack() as opened, self._translated():
            private.folder(path.parent)
            private.create(path)  # SQLite gives the log and its index the mode of the file
            for suffix in ("", "-wal", "-shm"):
                private.restrict(path.with_name(path.name + suffix))
            self._keep = opened.enter_context(closing(_open(path, synchronous="FULL")))
            for statement in SCHEMA:
                self._keep.execute(statement)
            # Dropping needs no fsync of its own: a forgotten drop is repeated.  The next put makes it durable.
            self._forget = opened.enter_context(closing(_open(path, synchronous="NORMAL")))
            self._look = opened.enter_context(closing(_open(path, synchronous="NORMAL")))
            self._recount()
            opened.pop_all()

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
            with self._translated():
                self._look_for_room(size)
            with self._translated(), self._keep:
                self._keep.execute("begin immediate")
                self._keep.executemany("insert into blob(lane, bytes) values (?, ?)", [(lane, blob) for blob in blobs])
            self._count(lane, len(blobs), size)

    def move(
        self, held: Sequence[Held], lane: str, to: str, *blobs: bytes, notes: Mapping[str, bytes | None] = NO_NOTES
    ) -> None:
        """Drop from one lane and put into another in one step; the bound does not stop it, or it could never drain."""
        with self._writing:
            with self._translated(), self._keep:
                self._keep.execute("begin immediate")
                self._keep.executemany("insert into blob(lane, bytes) values (?, ?)", [(to, blob) for blob in blobs])
                gone = self._keep.executemany("delete from blob where id = ?", [(one.id,) for one in held]).rowcount
                _note(self._keep, notes)
            self._count(to, len(blobs), sum(map(len, blobs)))
            self._uncount(lane, held, gone)

    def peek(self, lane: str, *, most: int = 1, most_bytes: int | None = None) -> list[Held]:
        """Give the oldest blobs of a lane without taking them out: at least one, up to either bound."""
        found: list[Held] = []
        size = 0
        with self._reading, self._translated():
            query = "select id, bytes from blob where lane = ? order by id limit ?"
            for row in self._look.execute(query, (lane, most)):
                size += len(row[1])
                if found and most_bytes is not None and size > most_bytes:
                    break
                found.append(Held(*row))
        return found

    def drop(self, lane: str, held: Sequence[Held], *, notes: Mapping[str, bytes | None] = NO_NOTES) -> None:
        """Forget blobs whose work is done; those forgotten before do no harm.

        `notes` are kept in the same step, for ever and under their keys; None takes one away.
        """
        with self._writing:
            with self._translated(), self._forget:
                self._forget.execute("begin immediate")
                gone = self._forget.executemany("delete from blob where id = ?", [(one.id,) for one in held]).rowcount
                _note(self._forget, notes)
            self._uncount(lane, held, gone)

    def note(self, notes: Mapping[str, bytes | None]) -> None:
        """Keep notes that belong to no blob; None takes one away."""
        with self._writing, self._translated(), self._keep:
            self._keep.execute("begin immediate")
            _note(self._keep, notes)

    def notes(self) -> dict[str, bytes]:
        """Give what was noted."""
        with self._reading, self._translated():
            return dict(self._look.execute("select key, bytes from note").fetchall())

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        with self._writing, self._reading:
            for connection in (self._look, self._forget, self._keep):
                connection.close()

    def _count(self, lane: str, blobs: int, size: int) -> None:
        self._blobs[lane] = self._blobs.get(lane, 0) + blobs
        self._bytes[lane] = self._bytes.get(lane, 0) + size

    def _uncount(self, lane: str, held: Sequence[Held], gone: int) -> None:
        if gone == len(held):
            self._count(lane, -gone, -sum(len(one.bytes) for one in held))
        else:  # some were gone already, or are held twice
            with self._translated():
                self._recount()

    def _recount(self) -> None:
        rows = self._keep.execute("select lane, count(*), sum(length(bytes)) from blob group by lane").fetchall()
        self._blobs = {lane: count for lane, count, _ in rows}
        self._bytes = {lane: size for lane, _, size in rows}

    def _look_for_room(self, size: int) -> None:
        """Refuse to fill the disk up.  Raises SpoolBroken, or OSError where there is no disk to ask."""
        free = shutil.disk_usage(self._path.parent).free
        if free >= self._spare + size:
            return
        [reusable], [page] = (
            self._keep.execute(f"pragma {name}").fetchone() for name in ("freelist_count", "page_size")
        )
        if free + reusable * page < self._spare + size:  # the file never shrinks: what was dropped left room inside it
            raise SpoolBroken(
                f"{self._path}: the disk is full: {free} bytes free, of which {self._spare} are needed to empty the "
                "spool again; make room on the disk, or move SMARTPARK_DATA_DIR to a larger one"
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Say in the spool's own terms what the disk does not do, and what to do about it."""
        try:
            yield
        except sqlite3.Error as error:
            words = f"{self._path}: {error}"
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED:
                words += (
                    "; the file is damaged: stop the collector, move it away together with its -wal and -shm, "
                    "and start again with an empty one; what it held un-stored is in the file moved away"
                )
            elif isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                words += "; make room on the disk, or move SMARTPARK_DATA_DIR to a larger one"
            raise SpoolBroken(words) from error
        except OSError as error:
            raise SpoolBroken(f"{self._path}: {error.strerror}; check the folder and who may write there") from error


def _note(connection: sqlite3.Connection, notes: Mapping[str, bytes | None]) -> None:
    """Write notes, and take away those that are None."""
    gone = [(key,) for key, note in notes.items() if note is None]
    kept = [(key, note) for key, note in notes.items() if note is not None]
    if gone:
        connection.executemany("delete from note where key = ?", gone)
    if kept:
        connection.executemany("insert or replace into note(key, bytes) values (?, ?)", kept)


def _open(path: Path, *, synchronous: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute(f"pragma synchronous = {synchronous}")
    except BaseException:
        connection.close()
        raise
    return connection
