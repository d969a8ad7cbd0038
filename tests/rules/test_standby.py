"""Standing by with real stores and files: who may watch, and what is taken over."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from prometheus_client.core import Metric
from sqlalchemy import Engine

from adapters import clock
from adapters.alert_store import AlertStore, NoticeRow, Numbered
from adapters.relational import alerts, lease, migrate
from adapters.relational import engine as engines
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord, after
from park.instant import to_ms
from park.rulebook import Key, bind
from park.severity import Severity
from rules.alerting import FILE
from rules.folder_lock import FolderLock
from rules.restoring import memories, restore
from rules.standby import MARK, Standby
from tests.e2e.program import until
from tests.ports import LOOPBACK
from tests.rules.alert_house import KEY, REGISTRY, SECOND, T0, a_rule


class Work:
    """What a holder does, and how it ended."""

    def __init__(self, may: Callable[[], bool]) -> None:
        self.may = may
        self.ended: bool | None = None
        self.taken: datetime | None = None

    def start(self) -> None:
        """Nothing to start."""

    def stop(self, *, lost: bool = False) -> None:
        self.ended = lost

    def alive(self) -> bool:
        return self.ended is None

    def ousted(self) -> datetime | None:
        return self.taken

    def health(self) -> dict[str, str]:
        return {}

    def collect(self) -> Iterable[Metric]:
        return ()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    made = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def nowhere(free_port: int) -> Iterator[Engine]:
    made = lease.connect(f"postgresql://smartpark@{LOOPBACK}:{free_port}/smartpark")
    yield made
    made.dispose()


@contextmanager
def standing(engine: Engine, folder: Path) -> Iterator[tuple[Standby, list[Work]]]:
    made: list[Work] = []

    def make(may: Callable[[], bool]) -> Work:
        made.append(Work(may))
        return made[-1]

    each = Standby(engine=engine, folder=folder, make=make, clock=clock.now)
    each.start()
    try:
        yield each, made
    finally:
        each.stop()


def test_one_of_two_works_and_gives_the_lease_back_at_its_end(tmp_path: Path, database: Engine) -> None:
    with standing(database, tmp_path / "a") as (first, works):
        until(lambda: works, "it holds", look=0.02)
        assert works[0].may()
        with standing(database, tmp_path / "b") as (second, others):
            until((tmp_path / "b" / MARK).exists, "the other has seen that", look=0.02)
            assert (first.role, second.role, others) == ("holder", "standby", [])
            first.stop()
            until(lambda: others, "it takes over", look=0.02)
            assert (first.role, second.role, works[0].ended) == ("standby", "holder", False)
            assert not (tmp_path / "b" / MARK).exists()


def test_who_has_lost_the_lease_ends_what_tells_first(tmp_path: Path, database: Engine) -> None:
    with standing(database, tmp_path) as (each, works):
        until(lambda: works, "it holds", look=0.02)
        lease.seize(database, "another", clock.now())
        until(lambda: works[0].ended, "it gives way", look=0.02)
        until(lambda: each.role == "standby", "it stands by", look=0.02)
        assert not works[0].may()
        assert lease.release(database, "another", clock.now())
        until(lambda: len(works) == 2, "it takes over when it can", look=0.02)


def test_a_folder_whose_file_another_process_writes_is_left_alone(tmp_path: Path, database: Engine) -> None:
    hung = FolderLock(tmp_path)
    assert hung.hold()
    with standing(database, tmp_path) as (each, works):
        until(lambda: "lease" in each.health(), "it says so", look=0.02)
        assert works == []
        assert lease.read(database) is None, "nor is the lease kept from those who could"
        hung.let_go()
        until(lambda: works, "it takes over", look=0.02)


@pytest.mark.parametrize(
    ("name", "files", "role"),
    [
        ("who held the watch last goes on with it", [FILE], "holder"),
        ("who stood by stays so", [FILE, MARK], "standby"),
        ("who knows nothing yet has nothing to tell", [], "standby"),
    ],
)
def test_without_the_store(tmp_path: Path, nowhere: Engine, name: str, files: list[str], role: str) -> None:
    for each in files:
        (tmp_path / each).touch()
    with standing(nowhere, tmp_path) as (one, works):
        until(lambda: works or one.health(), "it finds out", look=0.02)
        until(lambda: one.role == role, name, look=0.02)
        if works:
            assert not works[0].may(), "nobody knows that it is ours"
            works[0].taken = clock.now()
            until(lambda: one.role == "standby", "the broker says that another has the session", look=0.02)


def change(key: Key, kind: Kind, second: float, after: Phase, episode: int = 1) -> AlertChange:
    at = T0 + second * SECOND
    return AlertChange(
        rule=key.rule, meter=key.meter, episode=episode, kind=kind, at=at, known_at=at, before=Phase.OK, after=after,
        severity=Severity.MAJOR,
    )  # fmt: skip


def number(one: AlertChange) -> Numbered:
    return Numbered(to_ms(one.known_at) * 1_000, one)


def row(one: Numbered, state: str) -> NoticeRow:
    return NoticeRow(f"{one.change.meter}.{one.change.kind}", one.id, "hook", b"{}", state, "told", one.change.at)


def record(one: AlertChange) -> AlertRecord:
    return after(None, one)


def test_what_another_did_is_taken_over_and_what_the_own_file_knows_better_stays(
    tmp_path: Path, database: Engine
) -> None:
    mine, theirs, newer = KEY, Key("gas", "gas1"), Key("gas", "gas2")
    store = AlertStore(tmp_path / FILE)
    old = number(change(mine, Kind.RAISED, 0, Phase.FIRING))
    waits = row(number(change(newer, Kind.RAISED, 0, Phase.FIRING)), "waiting")
    store.commit(memories={}, alerts={mine: record(old.change)}, changes=[old], notices=[row(old, "sent"), waits])
    store.mirrored([old.id], [])
    alerts.copy(database, records={mine: record(old.change)}, changes=[old], notices=[])
    own = number(change(newer, Kind.CLEARED, 9, Phase.OK))
    store.commit(memories={}, alerts={newer: record(own.change)}, changes=[own])
    raised, hold = (
        number(change(theirs, Kind.RAISED, 5, Phase.FIRING, 3)),
        number(change(mine, Kind.CLEARED, 6, Phase.OK)),
    )
    others = [raised, hold]
    alerts.copy(
        database,
        records={one.change.key: record(one.change) for one in others} | {newer: record(own.change)},
        changes=[*others, own],
        notices=[row(raised, "waiting"), waits._replace(state="sent", tries=1)],
    )
    found = restore(store, database, T0 + 10 * SECOND)
    assert set(found) == {mine, theirs}
    assert {key: one.phase for key, one in store.alerts().items()} == {
        mine: Phase.OK, theirs: Phase.FIRING, newer: Phase.OK,
    }  # fmt: skip
    assert [each.id for each in store.undelivered()] == ["gas1.raised"], "what the other delivered is not told again"
    kept = memories(store, found, bind([a_rule()], REGISTRY), T0 + 10 * SECOND)
    assert (kept[theirs].told, kept[theirs].episode, kept[theirs].base.alert.phase) == (True, 3, Phase.FIRING)
    assert (kept[mine].told, kept[mine].base.alert.phase) == (False, Phase.OK)
    assert store.memories() == kept
    assert restore(store, database, T0 + 10 * SECOND) == {}, "once is enough"
    store.close()
