"""The alerts' own file: all or nothing, over restarts, full disks and damage."""

import sqlite3
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.alert_store import AlertStore, AlertStoreBroken, NoticeRow, Numbered
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord, after
from park.engine import Engine
from park.rulebook import Key, bind
from park.severity import Severity
from tests.adapters.small_disk import SmallDisk, small_disk
from tests.rules.alert_house import KEY, REGISTRY, T0, a_rule, said

__all__ = ["small_disk"]


def a_change(kind: Kind = Kind.RAISED, episode: int = 1, note: str = "") -> AlertChange:
    return AlertChange(
        rule="gas", meter="gas0", episode=episode, kind=kind, at=T0, known_at=T0, before=Phase.OK, after=Phase.FIRING,
        severity=Severity.MAJOR, note=note,
    )  # fmt: skip


def a_notice(number: int, receiver: str = "desk", state: str = "waiting") -> NoticeRow:
    return NoticeRow(f"{receiver}.{number}", number, receiver, b"{}", state, "told", T0)


def keep(store: AlertStore, *changes: AlertChange, notices: bool = True) -> list[Numbered]:
    numbered = store.number(changes, T0)
    alerts: dict[Key, AlertRecord] = {}
    for _, change in numbered:
        alerts[change.key] = after(alerts.get(change.key), change)
    rows = [a_notice(one.id) for one in numbered] if notices else []
    store.commit(memories={}, alerts=alerts, changes=numbered, notices=rows)
    return numbered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "alerts.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[AlertStore]:
    store = AlertStore(path)
    yield store
    store.close()


def test_what_was_committed_is_there_after_a_restart(store: AlertStore, path: Path) -> None:
    engine = Engine(bind([a_rule(hold=30)], REGISTRY), {}, T0)
    engine.hear([said(0, 30.0)], T0)
    numbered = store.number([a_change()], T0)
    record = after(None, a_change())
    store.commit(
        memories=engine.unsaved(), alerts={KEY: record}, changes=numbered, notices=[a_notice(1)], notes={"a": b"b"}
    )
    again = AlertStore(path)
    assert again.memories() == {KEY: engine.memories()[KEY]}
    assert (again.alerts(), again.alert(KEY), again.alert(Key("gas", "gas1"))) == ({KEY: record}, record, None)
    assert again.unmirrored(10) == numbered
    assert again.undelivered() == [a_notice(1)]
    assert (again.note("a"), again.note("b")) == (b"b", None)
    again.close()


def test_numbers_grow_although_the_clock_goes_back_and_over_a_restart(store: AlertStore, path: Path) -> None:
    [first, second] = keep(store, a_change(), a_change(Kind.CLEARED))
    [third] = store.number([a_change()], T0 - timedelta(days=1))
    assert first.id < second.id < third.id
    again = AlertStore(path)
    [later] = again.number([a_change()], T0 - timedelta(days=1))
    assert later.id > second.id
    again.close()


def test_a_commit_that_fails_in_the_middle_keeps_nothing(store: AlertStore) -> None:
    [one] = keep(store, a_change())
    with pytest.raises(AlertStoreBroken) as broken:
        store.commit(
            memories={}, alerts={}, changes=[one], notices=[a_notice(7)], notes={"a": b"b"}
        )  # its number is taken
    assert not broken.value.damaged
    assert store.note("a") is None
    assert store.outstanding().notices == 1


def test_a_notice_made_twice_is_one_and_a_later_state_is_not_taken_back(store: AlertStore) -> None:
    [one] = keep(store, a_change())
    store.update([a_notice(one.id)._replace(state="sent", tries=1, sent=T0)])
    store.commit(memories={}, alerts={}, notices=[a_notice(one.id)])
    assert store.undelivered() == []


def test_notices_wait_in_the_order_of_their_changes(store: AlertStore) -> None:
    store.commit(memories={}, alerts={}, notices=[a_notice(3), a_notice(1), a_notice(2, state="skipped")])
    assert [notice.change for notice in store.undelivered()] == [1, 3]
    assert [notice.change for notice in store.notices_from(2)] == [2, 3]
    assert (store.outstanding().notices, store.outstanding().oldest) == (2, T0)


def test_what_moved_on_while_it_was_copied_is_copied_again(store: AlertStore) -> None:
    [one] = keep(store, a_change())
    copied = store.unmirrored_notices(10)
    store.update([copied[0]._replace(state="sent", tries=1, sent=T0)])
    store.mirrored([one.id], copied)
    assert store.unmirrored(10) == []
    assert [notice.state for notice in store.unmirrored_notices(10)] == ["sent"]


def test_only_what_the_databases_have_is_forgotten_and_never_what_waits(store: AlertStore) -> None:
    [old, older] = keep(store, a_change(), a_change(Kind.CLEARED))
    store.mirrored([old.id], store.unmirrored_notices(10))
    store.update([a_notice(old.id, state="sent")])
    store.mirrored([], store.unmirrored_notices(10))
    assert store.forget(T0 + timedelta(days=1)) == 1
    assert [one.id for one in store.changes_after(0, 10)] == [older.id]
    assert [notice.change for notice in store.undelivered()] == [older.id]


def test_a_watch_that_is_no_more_is_forgotten_unless_it_comes_back_in_the_same_commit(store: AlertStore) -> None:
    engine = Engine(bind([a_rule()], REGISTRY), {}, T0)
    engine.hear([said(0, 30.0), said(0, 30.0, "gas1")], T0)
    memories = engine.unsaved()
    store.commit(memories=memories, alerts={})
    store.commit(memories={KEY: memories[KEY]}, alerts={}, forgotten=set(memories))
    assert set(store.memories()) == {KEY}


def test_a_memory_that_cannot_be_read_is_left_out(store: AlertStore, path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("insert into memory values ('gas', 'gas0', 'no json')")
        db.execute("insert into alert values ('gas', 'gas0', '{}')")
    db.close()
    assert (store.memories(), store.alerts()) == ({}, {})


def test_it_is_for_its_owner_alone(store: AlertStore, path: Path) -> None:
    assert store.alerts() == {}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"no database at all, but long enough" * 40, None], ids=["text", "damaged page"])
def test_a_damaged_file_says_so(path: Path, content: bytes | None) -> None:
    store = AlertStore(path)
    keep(store, *[a_change(note="x" * 500) for _ in range(50)])
    store.close()
    if content is None:
        whole = bytearray(path.read_bytes())
        whole[4096:] = b"\xff" * (len(whole) - 4096)
        content = bytes(whole)
    path.write_bytes(content)
    with pytest.raises(AlertStoreBroken) as broken:
        AlertStore(path)
    assert broken.value.damaged


def test_one_in_memory_does_the_same_as_long_as_it_lasts() -> None:
    store = AlertStore(None)
    [one] = keep(store, a_change())
    assert store.unmirrored(10) == [one]
    store.close()


def test_a_full_disk_keeps_nothing_and_takes_again_once_there_is_room(small_disk: SmallDisk) -> None:
    store = AlertStore(small_disk.path / "alerts.sqlite")
    keep(store, a_change())
    filler = small_disk.fill()
    with pytest.raises(AlertStoreBroken) as broken:
        keep(store, *[a_change(note="x" * 2_000) for _ in range(200)])
    assert not broken.value.damaged
    assert len(store.unmirrored(500)) == 1
    filler.unlink()
    keep(store, *[a_change(note="x" * 2_000) for _ in range(200)])
    assert len(store.unmirrored(500)) == 201
    store.close()
