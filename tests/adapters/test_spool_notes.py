"""Notes are kept in the same step in which blobs leave the spool."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.spool import Spool, SpoolBroken


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite"


@pytest.fixture
def spool(path: Path) -> Iterator[Spool]:
    spool = Spool(path, most_bytes=1 << 20)
    yield spool
    spool.close()


def test_a_note_is_kept_replaced_and_taken_away(spool: Spool) -> None:
    assert spool.notes() == {}
    spool.drop("raw", [], notes={"a": b"1", "b": b"2"})
    spool.drop("raw", [], notes={"a": b"3", "b": None, "never there": None})
    assert spool.notes() == {"a": b"3"}


def test_notes_come_with_a_drop_and_with_a_move(spool: Spool) -> None:
    spool.put("raw", b"1", b"2")
    first, second = spool.peek("raw", most=2)
    spool.drop("raw", [first], notes={"seen": b"1"})
    spool.move([second], "raw", "refused", b"why", notes={"seen": b"2"})
    assert (spool.blobs("raw"), spool.blobs("refused"), spool.notes()) == (0, 1, {"seen": b"2"})


def test_notes_are_there_after_a_restart_and_count_nothing_against_the_bound(path: Path) -> None:
    first = Spool(path, most_bytes=100)
    first.drop("raw", [], notes={"page": bytes(10_000)})
    first.put("raw", bytes(100))
    first.close()
    second = Spool(path, most_bytes=100)
    assert (second.notes(), second.size) == ({"page": bytes(10_000)}, 100)
    second.close()


def test_a_spool_of_an_earlier_version_has_no_notes_and_gets_room_for_them(path: Path) -> None:
    with sqlite3.connect(path) as old:
        old.execute("create table blob(id integer primary key autoincrement, lane text not null, bytes blob not null)")
        old.execute("insert into blob(lane, bytes) values ('raw', x'01')")
    old.close()
    spool = Spool(path, most_bytes=100)
    assert (spool.notes(), spool.blobs("raw")) == ({}, 1)
    spool.close()


def test_when_the_disk_fails_neither_the_drop_nor_the_note_happens(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.put("raw", b"1")
    held = spool.peek("raw")

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr("adapters.spool._note", fail)
        with pytest.raises(SpoolBroken):
            spool.drop("raw", held, notes={"a": b"1"})
    assert (spool.peek("raw"), spool.notes()) == (held, {})
