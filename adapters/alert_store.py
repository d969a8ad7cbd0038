"""The alerts' own file: what the rules service must not lose, whatever happens to any server.

One SQLite file beside the spool, written by one process.  An alert, its change and the notices of it are one
transaction; what `commit` returned from survives a crash and a power cut (WAL, synchronous=FULL).

Errors:
    AlertStoreBroken   the disk is full or failing, or the file is damaged; nothing was kept

"""

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from adapters import private
from park.alert_change import AlertChange
from park.alert_record import AlertRecord
from park.instant import from_ms, to_ms
from park.rulebook import Key
from park.watching import Memory

SCHEMA = """
create table if not exists memory(
    rule text, meter text, document blob not null, primary key (meter, rule)) without rowid;
create table if not exists alert(
    rule text, meter text, document blob not null, primary key (rule, meter)) without rowid;
create table if not exists change(id integer primary key, document blob not null, mirrored integer not null);
create index if not exists change_mirrored on change(mirrored, id);
create table if not exists notice(
    id text primary key, change integer not null, receiver text not null, document blob not null, state text not null,
    reason text not null, due integer not null, tries integer not null, sent integer, mirrored integer not null);
create index if not exists notice_waiting on notice(state, receiver, change);
create index if not exists notice_mirrored on notice(mirrored, change);
create table if not exists note(key text primary key, document blob not null);
"""


T = TypeVar("T")


class AlertStoreBroken(Exception):
    """The disk is full or failing, or the file is damaged; nothing was kept."""

    def __init__(self, words: str, *, damaged: bool = False) -> None:
        """Say what is wrong; a damaged file stays so, whatever else is mended."""
        super().__init__(words)
        self.damaged = damaged


class NoticeRow(NamedTuple):
    """A notice to one receiver, or the decision not to tell them."""

    id: str
    """Made of what it says, so that a receiver can tell a second copy."""
    change: int
    receiver: str
    document: bytes
    state: str
    """waiting, sent, failed or skipped."""
    reason: str
    due: datetime
    tries: int = 0
    sent: datetime | None = None


class Numbered(NamedTuple):
    """A change with its number, which grows with time and is never given twice."""

    id: int
    change: AlertChange


class Outstanding(NamedTuple):
    """What is not done yet."""

    notices: int
    oldest: datetime | None
    """When the oldest of them was due."""
    changes: int
    """Changes that the databases do not have."""


class AlertStore:
    """Safe to call from any thread; one process at a time."""

    def __init__(self, path: Path | None) -> None:
        """Open or make the file; None keeps everything in memory, and no longer than that.  Raises AlertStoreBroken."""
        self._path = path
        self._lock = threading.RLock()
        with _translated(path):
            if path is not None:
                private.folder(path.parent)
                private.create(path)
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=10.0)
            try:
                for pragma in ("pragma journal_mode=wal", "pragma synchronous=full"):
                    self._db.execute(pragma)
                self._db.executescript(SCHEMA)
                [(sound,)] = self._db.execute("pragma quick_check(1)")
                [(last,)] = self._db.execute("select coalesce(max(id), 0) from change")
            except BaseException:
                self._db.close()
                raise
            if sound != "ok":
                self._db.close()
                raise sqlite3.DatabaseError(sound)
        self._last: int = last

    def memories(self) -> dict[Key, Memory]:
        """Give what every watch remembered; one that cannot be read is left out and begins anew."""
        return self._documents("memory", Memory)

    def alerts(self) -> dict[Key, AlertRecord]:
        """Give the record of every alert that was ever more than calm."""
        return self._documents("alert", AlertRecord)

    def commit(
        self,
        *,
        memories: Mapping[Key, Memory],
        alerts: Mapping[Key, AlertRecord],
        changes: Sequence[Numbered] = (),
        notices: Sequence[NoticeRow] = (),
        notes: Mapping[str, bytes] | None = None,
        forgotten: Collection[Key] = (),
    ) -> None:
        """Keep all of it, or none and raise AlertStoreBroken; it is on the disk when this returns.

        `forgotten` are watches that are no more: what they remembered goes first.
        """
        encode = msgspec.json.encode
        with self._writing() as db:
            db.executemany("delete from memory where rule = ? and meter = ?", list(forgotten))
            for table, rows in (("memory", memories), ("alert", alerts)):
                db.executemany(
                    f"insert or replace into {table} values (?, ?, ?)",  # noqa: S608  # our own words
                    [(*key, encode(document)) for key, document in rows.items()],
                )
            db.executemany("insert into change values (?, ?, 0)", [(one.id, encode(one.change)) for one in changes])
            db.executemany("insert or ignore into notice values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", map(_row, notices))
            db.executemany("insert or replace into note values (?, ?)", list((notes or {}).items()))

    def number(self, changes: Sequence[AlertChange], now: datetime) -> list[Numbered]:
        """Number changes by the clock, after all that were numbered before."""
        with self._lock:
            first = max(self._last + 1, to_ms(now) * 1_000)
            self._last = first + len(changes) - 1 if changes else self._last
            return [Numbered(first + place, change) for place, change in enumerate(changes)]

    def note(self, key: str) -> bytes | None:
        """Give one note."""
        rows = self._rows("select document from note where key = ?", [key])
        return rows[0][0] if rows else None

    def take_down(self, key: str, document: bytes) -> None:
        """Keep one note.  Raises AlertStoreBroken."""
        with self._writing() as db:
            db.execute("insert or replace into note values (?, ?)", [key, document])

    def unmirrored(self, most: int) -> list[Numbered]:
        """Give the oldest changes that the databases do not have."""
        return self._changes("select id, document from change where mirrored = 0 order by id limit ?", [most])

    def changes_after(self, number: int, most: int) -> list[Numbered]:
        """Give the changes that came after one, in order."""
        return self._changes("select id, document from change where id > ? order by id limit ?", [number, most])

    def alert(self, key: Key) -> AlertRecord | None:
        """Give the record of one alert."""
        rows = self._rows("select document from alert where rule = ? and meter = ?", list(key))
        return msgspec.json.decode(rows[0][0], type=AlertRecord) if rows else None

    def waiting(self, receiver: str, now: datetime, most: int) -> list[NoticeRow]:
        """Give the oldest notices that wait for a receiver and are due."""
        rows = self._rows(
            f"select {COLUMNS} from notice where state = 'waiting' and receiver = ? and due <= ? "  # noqa: S608  # ours
            "order by change limit ?",
            [receiver, to_ms(now), most],
        )
        return [_notice(row) for row in rows]

    def undelivered(self) -> list[NoticeRow]:
        """Give the notices that wait for their receivers, oldest first."""
        rows = self._rows(f"select {COLUMNS} from notice where state = 'waiting' order by change", [])  # noqa: S608  # ours
        return [_notice(row) for row in rows]

    def notices_from(self, change: int) -> list[NoticeRow]:
        """Give the notices of a change and of all after it, in order."""
        rows = self._rows(f"select {COLUMNS} from notice where change >= ? order by change", [change])  # noqa: S608
        return [_notice(row) for row in rows]

    def last_mirrored(self) -> int:
        """Give the number of the newest change that the databases have from here; 0 where there is none."""
        [(number,)] = self._rows("select coalesce(max(id), 0) from change where mirrored = 1", [])
        return int(number)

    def outstanding(self) -> Outstanding:
        """Say how much waits for receivers and for the databases."""
        [(waiting, oldest)] = self._rows("select count(*), min(due) from notice where state = 'waiting'", [])
        [(changes,)] = self._rows("select count(*) from change where mirrored = 0", [])
        return Outstanding(waiting, None if oldest is None else from_ms(oldest), changes)

    def unmirrored_notices(self, most: int) -> list[NoticeRow]:
        """Give the oldest notices whose state the databases do not have."""
        rows = self._rows(f"select {COLUMNS} from notice where mirrored = 0 order by change limit ?", [most])  # noqa: S608
        return [_notice(row) for row in rows]

    def update(self, notices: Sequence[NoticeRow]) -> None:
        """Keep what became of notices.  Raises AlertStoreBroken."""
        with self._writing() as db:
            db.executemany("insert or replace into notice values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", map(_row, notices))

    def mirrored(self, changes: Sequence[int], notices: Sequence[NoticeRow]) -> None:
        """Note what the databases have now; a notice that moved on meanwhile stays to be told again."""
        with self._writing() as db:
            db.executemany("update change set mirrored = 1 where id = ?", [(number,) for number in changes])
            db.executemany(
                "update notice set mirrored = 1 where id = ? and state = ? and tries = ?",
                [(notice.id, notice.state, notice.tries) for notice in notices],
            )

    def forget(self, before: datetime, most: int = 5_000) -> int:
        """Take out old changes and notices that the databases have; give how many."""
        border = to_ms(before) * 1_000
        with self._writing() as db:
            gone = db.execute(
                "delete from change where id in (select id from change where mirrored = 1 and id < ? limit ?)",
                [border, most],
            ).rowcount
            db.execute("delete from notice where mirrored = 1 and state != 'waiting' and change < ?", [border])
        return gone

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _changes(self, query: str, values: Sequence[object]) -> list[Numbered]:
        return [
            Numbered(number, msgspec.json.decode(document, type=AlertChange))
            for number, document in self._rows(query, values)
        ]

    def _documents(self, table: str, kind: type[T]) -> dict[Key, T]:
        found: dict[Key, T] = {}
        decoder = msgspec.json.Decoder(kind)
        for rule, meter, document in self._rows(f"select rule, meter, document from {table}", []):  # noqa: S608  # ours
            try:
                found[Key(rule, meter)] = decoder.decode(document)
            except msgspec.MsgspecError:
                continue
        return found

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._lock, _translated(self._path), closing(self._db.execute(query, values)) as cursor:
            return cursor.fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated(self._path):
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise


COLUMNS = "id, change, receiver, document, state, reason, due, tries, sent"


def _row(notice: NoticeRow) -> tuple[object, ...]:
    sent = None if notice.sent is None else to_ms(notice.sent)
    return (*notice[:6], to_ms(notice.due), notice.tries, sent)


def _notice(row: tuple[Any, ...]) -> NoticeRow:
    number, change, receiver, document, state, reason, due, tries, sent = row
    at = None if sent is None else from_ms(sent)
    return NoticeRow(number, change, receiver, document, state, reason, from_ms(due), tries, at)


@contextmanager
def _translated(path: Path | None) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        # Only of a damaged file SQLite says no more than that; it would be so again at every start.
        damaged = type(error) is sqlite3.DatabaseError
        raise AlertStoreBroken(f"{path or 'memory'}: {error}", damaged=damaged) from error
