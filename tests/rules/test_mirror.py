"""The databases get what the alerts' own file knows whenever they are there, each by itself and nothing twice."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from adapters.alert_store import AlertStore, NoticeRow
from adapters.relational import alerts, migrate
from adapters.relational import engine as engines
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_point import AlertPoint
from park.alert_record import AlertRecord, after
from park.rulebook import Key
from park.severity import Severity
from park.telemetry import StoreUnavailable
from rules.mirror import KEPT, MOST, RETRY, Mirror
from tests.contracts.memory import MemoryTelemetry
from tests.rules.alert_house import KEY, REGISTRY, T0

HOUR = timedelta(hours=1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AlertStore]:
    store = AlertStore(tmp_path / "alerts.sqlite")
    yield store
    store.close()


class Series:
    """Takes points, or is away."""

    def __init__(self) -> None:
        self.points: list[AlertPoint] = []
        self.away = False

    def __call__(self, points: Sequence[AlertPoint]) -> None:
        if self.away:
            raise StoreUnavailable("away")
        self.points += points


def mirror(store: AlertStore, engine: Engine, series: Series | None = None) -> Mirror:
    return Mirror(store=store, engine=engine, registry=lambda: REGISTRY, clock=lambda: T0, draw=series)


def happen(store: AlertStore, count: int = 1, meter: str = "gas0") -> list[int]:
    records: dict[Key, AlertRecord] = store.alerts()
    changes = []
    for number in range(count):
        kind, phase = (Kind.CLEARED, Phase.OK) if number % 2 else (Kind.RAISED, Phase.FIRING)
        changes.append(
            AlertChange(
                rule="gas", meter=meter, episode=number // 2 + 1, kind=kind, at=T0 + number * HOUR, known_at=T0,
                before=Phase.OK, after=phase, severity=Severity.MAJOR, value=30.0,
            )
        )  # fmt: skip
        records[changes[-1].key] = after(records.get(changes[-1].key), changes[-1])
    numbered = store.number(changes, T0)
    notices = [NoticeRow(f"n{one.id}", one.id, "desk", b"{}", "waiting", "told", T0) for one in numbered]
    store.commit(memories={}, alerts=records, changes=numbered, notices=notices)
    return [one.id for one in numbered]


def test_history_alerts_notices_and_series_are_copied_once(store: AlertStore, engine: Engine) -> None:
    numbers, series = happen(store, 3), Series()
    copies = mirror(store, engine, series)
    assert not copies.copy(T0)
    assert [one.id for one in alerts.changes_after(engine, 0)] == numbers
    assert alerts.one(engine, KEY) == store.alert(KEY)
    assert len(alerts.notices(engine, numbers)) == 3
    assert [(one.park, one.enterprise, one.burning) for one in series.points] == [
        ("hk", "e01", True), ("hk", "e01", False), ("hk", "e01", True),
    ]  # fmt: skip
    copies.copy(T0)
    assert len(series.points) == 3
    assert mirror(store, engine, series).copy(T0) is False
    assert len(series.points) == 3, "what was drawn is known after a restart"


def test_more_than_fits_is_copied_piece_by_piece_in_order(store: AlertStore, engine: Engine) -> None:
    numbers, series = happen(store, MOST + 7), Series()
    copies = mirror(store, engine, series)
    assert copies.copy(T0)
    while copies.copy(T0):
        pass
    assert [one.id for one in alerts.changes_after(engine, 0, limit=10_000)] == numbers
    assert len(series.points) == MOST + 7


def test_one_that_is_away_does_not_keep_the_other_back(store: AlertStore, engine: Engine) -> None:
    series = Series()
    series.away = True
    copies = mirror(store, engine, series)
    numbers = happen(store, 2)
    copies.copy(T0)
    assert copies.troubles == {"telemetry": "away"}
    assert [one.id for one in alerts.changes_after(engine, 0)] == numbers
    series.away = False
    copies.copy(T0 + RETRY)
    assert copies.troubles == {}
    assert len(series.points) == 2


def test_what_happened_while_the_database_was_away_comes_with_its_return(store: AlertStore, engine: Engine) -> None:
    away = [True]

    @event.listens_for(engine, "begin")
    def refuse(_connection: object) -> None:
        if away[0]:
            raise OperationalError("begin", {}, OSError("nobody there"))

    series = Series()
    copies = mirror(store, engine, series)
    numbers = happen(store, 2)
    copies.copy(T0)
    assert "nobody there" in copies.troubles["relational"]
    assert len(series.points) == 2
    away[0] = False
    copies.copy(T0)
    assert copies.troubles, "it is left alone for a while"
    copies.copy(T0 + RETRY)
    assert copies.troubles == {}
    assert [one.id for one in alerts.changes_after(engine, 0)] == numbers


def test_a_database_that_was_restored_gets_every_alert_as_it_stands_at_the_next_start(
    store: AlertStore, engine: Engine
) -> None:
    numbers = happen(store, 1)
    store.mirrored(numbers, store.unmirrored_notices(10))
    mirror(store, engine).copy(T0)
    assert alerts.one(engine, KEY) == store.alert(KEY)


def test_old_changes_leave_the_file_once_the_databases_have_them(store: AlertStore, engine: Engine) -> None:
    happen(store, 2)
    store.update([notice._replace(state="sent") for notice in store.undelivered()])
    copies = mirror(store, engine)
    copies.copy(T0)
    copies.copy(T0 + KEPT + 2 * HOUR)
    assert store.changes_after(0, 10) == []
    assert len(alerts.changes_after(engine, 0)) == 2


def test_a_defect_is_said_and_does_not_end_it(store: AlertStore, engine: Engine) -> None:
    def draw(_points: Sequence[AlertPoint]) -> None:
        raise ZeroDivisionError

    happen(store)
    copies = Mirror(store=store, engine=engine, registry=lambda: REGISTRY, clock=lambda: T0, draw=draw)
    assert not copies.copy(T0)
    assert copies.troubles == {"telemetry": "ZeroDivisionError: "}


def test_the_memory_store_takes_the_series_as_the_others_do(store: AlertStore, engine: Engine) -> None:
    happen(store, 2)
    memory = MemoryTelemetry()
    mirror(store, engine).copy(T0)
    Mirror(store=store, engine=engine, registry=lambda: REGISTRY, clock=lambda: T0, draw=memory.write_alerts).copy(T0)
    assert len(memory.alerts) == 2
