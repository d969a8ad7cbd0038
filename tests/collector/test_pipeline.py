"""From the spool into the store: nothing leaves the spool before the store has confirmed it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.exc import OperationalError

from adapters import clock
from adapters.duckdb_store import DuckDBStore
from adapters.spool import Spool
from collector.counts import Counts
from collector.message import Message, pack
from collector.pipeline import REFUSED, Pipeline
from collector.receiver import RAW
from park.reading import Reading
from park.reason import Reason
from park.registry import Registry
from park.telemetry import StoreRefused, StoreUnavailable
from tests.collector.conftest import Registrar
from tests.collector.words import WIDER, message, refused, spooled, until
from tests.park.examples import NOW

DAY = timedelta(days=1)


class Moody(DuckDBStore):
    """A store that is away for a number of writes, and never takes the values it dislikes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.away = 0
        self.disliked: set[float] = set()
        self.writes = 0

    def write(self, readings: Sequence[Reading]) -> None:
        if self.away:
            self.away -= 1
            raise StoreUnavailable("gone for tea\nand a biscuit")
        self.writes += 1
        super().write([reading for reading in readings if reading.value not in self.disliked])
        if no := [(reading, "unlucky") for reading in readings if reading.value in self.disliked]:
            raise StoreRefused(no)

    def values(self, meter: str = "m1", metric: str = "p") -> list[float]:
        return [reading.value for reading in self.readings(meter, metric, NOW - DAY, NOW + DAY)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Moody]:
    store = Moody(tmp_path / "moody.duckdb")
    yield store
    store.close()


@pytest.fixture
def pipeline(spool: Spool, store: Moody, registrar: Registrar, counts: Counts) -> Pipeline:
    return Pipeline(spool=spool, telemetry=store, registry=registrar, counts=counts, clock=clock.now, prefix="park/v1")


def put(spool: Spool, *messages: Message) -> None:
    spool.put(RAW, *(pack([each]) for each in messages))


def test_everything_spooled_goes_in_one_write_and_then_leaves_the_spool(
    pipeline: Pipeline, spool: Spool, store: Moody, counts: Counts
) -> None:
    put(spool, *(message(number) for number in range(50)))
    assert pipeline.step()
    assert store.values() == list(range(50))
    assert store.writes == 1
    assert spool.blobs(RAW) == 0
    assert (counts.stored, counts.handled) == (50, 50)
    assert not pipeline.step()


def test_while_the_store_is_away_everything_waits_and_nothing_is_counted_twice(
    pipeline: Pipeline, spool: Spool, store: Moody, counts: Counts
) -> None:
    put(spool, message(1), message(2, meter="new"))
    store.away = 3
    for _ in range(3):
        assert not pipeline.step()
        assert len(spooled(spool)) == 2
        assert counts.trouble["store"] == "gone for tea"
    assert (counts.stored, counts.handled, counts.refused) == (0, 0, {})
    assert pipeline.step()
    assert store.values() == [1]
    assert (counts.stored, counts.handled, counts.refused) == (1, 2, {Reason.UNKNOWN_METER: 1})
    assert "store" not in counts.trouble


def test_the_messages_whose_values_the_store_refuses_are_held_and_only_they(
    pipeline: Pipeline, spool: Spool, store: Moody, counts: Counts
) -> None:
    store.disliked = {13.0, 666.0}
    put(spool, message(1), message(2, p=13.0, f=50.0), message(3, p=666.0, u1=13.0), message(4, meter="m2"))
    assert pipeline.step()
    assert store.values() == [1]
    assert store.values(metric="f") == [50]
    assert store.values("m2") == [4]
    assert [(one.reason, one.subject) for one in refused(spool)] == [
        (Reason.STORE_REFUSED, "p: unlucky"),
        (Reason.STORE_REFUSED, "p: unlucky"),
    ]
    assert [one.message for one in refused(spool)] == [message(2, p=13.0, f=50.0), message(3, p=666.0, u1=13.0)]
    assert (counts.stored, counts.handled) == (3, 4)
    assert spool.blobs(RAW) == 0


def test_a_refusal_is_kept_in_the_same_step_in_which_the_message_leaves(
    pipeline: Pipeline, spool: Spool, counts: Counts
) -> None:
    put(spool, message(1, meter="new"), message(2, power=1.0, p=2.0))
    assert pipeline.step()
    assert pipeline.refusals.is_set()
    assert [one.reason for one in refused(spool)] == [Reason.UNKNOWN_METER, Reason.UNKNOWN_METRIC]
    assert counts.refused == {Reason.UNKNOWN_METER: 1, Reason.UNKNOWN_METRIC: 1}
    assert counts.stored == 1


def test_a_meter_that_is_registered_meanwhile_is_let_in(
    pipeline: Pipeline, spool: Spool, store: Moody, registrar: Registrar
) -> None:
    put(spool, message(1, meter="new"))
    pipeline.step()
    registrar.registry = WIDER
    put(spool, message(2, meter="new"))
    pipeline.step()
    assert store.values("new") == [2]
    assert len(refused(spool)) == 1


def test_while_the_registry_cannot_be_read_everything_waits(
    pipeline: Pipeline, spool: Spool, store: Moody, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Registry:
        raise OperationalError("select", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_registry", away)
        put(spool, message(1))
        assert not pipeline.step()
        assert "database is locked" in counts.trouble["store"]
    assert pipeline.step()
    assert store.values() == [1]


def test_a_damaged_blob_is_held_and_what_stands_behind_it_goes_on(
    pipeline: Pipeline, spool: Spool, store: Moody
) -> None:
    put(spool, message(1))
    spool.put(RAW, b"\xc1 not what we wrote")
    put(spool, message(2))
    assert pipeline.step()
    assert store.values() == [1, 2]
    [one] = refused(spool)
    assert (one.reason, one.message.payload) == (Reason.DEFECT, b"\xc1 not what we wrote")


def run(pipeline: Pipeline, stop: Event) -> Thread:
    thread = Thread(target=pipeline.run, args=(stop,))
    thread.start()
    return thread


def test_it_stores_what_comes_until_told_to_stop(pipeline: Pipeline, spool: Spool, store: Moody) -> None:
    stop = Event()
    thread = run(pipeline, stop)
    for number in range(3):
        put(spool, message(number))
        pipeline.work.set()
        until(partial(lambda stored: len(store.values()) == stored, number + 1), "it is stored")
    stop.set()
    pipeline.work.set()
    thread.join()


def test_a_stop_stores_what_is_left(pipeline: Pipeline, spool: Spool, store: Moody) -> None:
    put(spool, *(message(number) for number in range(5_000)))
    stop = Event()
    stop.set()
    pipeline.run(stop)
    assert len(store.values()) == 5_000
    assert spool.blobs(RAW) == 0


def test_a_stop_does_not_wait_for_a_store_that_is_away_and_leaves_everything_on_the_disk(
    pipeline: Pipeline, spool: Spool, store: Moody
) -> None:
    store.away = 1_000_000
    put(spool, message(1))
    stop = Event()
    thread = run(pipeline, stop)
    until(lambda: store.away < 1_000_000, "it has tried")
    stop.set()
    pipeline.work.set()
    thread.join()
    assert spooled(spool) == [message(1)]
    assert spool.blobs(REFUSED) == 0
