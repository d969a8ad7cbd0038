"""The quarantine: kept through an outage, bounded, and brought in again when what was wrong is mended."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import Engine

from adapters import clock
from adapters.duckdb_store import DuckDBStore
from adapters.relational import quarantine
from adapters.relational.engine import writing
from adapters.spool import Spool, SpoolFull
from collector.counts import Counts
from collector.keeper import Keeper
from collector.message import Message, pack
from collector.pipeline import REFUSED, Pipeline
from collector.receiver import RAW
from park.reason import Reason
from tests.collector.conftest import MIB, Registrar
from tests.collector.words import WIDER, message, refused, spooled, until
from tests.park.examples import NOW


@pytest.fixture
def pipeline(spool: Spool, telemetry: DuckDBStore, registrar: Registrar, counts: Counts) -> Pipeline:
    return Pipeline(
        spool=spool, telemetry=telemetry, registry=registrar, counts=counts, clock=clock.now, prefix="park/v1"
    )


def make(spool: Spool, database: Engine, registrar: Registrar, counts: Counts, most_bytes: int = MIB) -> Keeper:
    return Keeper(
        spool=spool, engine=database, fresh=registrar, counts=counts, clock=lambda: NOW, prefix="park/v1",
        most_bytes=most_bytes,
    )  # fmt: skip


@pytest.fixture
def keeper(spool: Spool, database: Engine, registrar: Registrar, counts: Counts) -> Keeper:
    return make(spool, database, registrar, counts)


def take_in(spool: Spool, pipeline: Pipeline, *messages: Message) -> None:
    """Let messages go the ordinary way up to the quarantine's door."""
    spool.put(RAW, pack(messages))
    assert pipeline.step()


@contextmanager
def away(database: Engine) -> Iterator[None]:
    """Take the quarantine's table from under the program's feet."""
    with writing(database) as connection:
        connection.exec_driver_sql("alter table quarantine rename to elsewhere")
    yield
    with writing(database) as connection:
        connection.exec_driver_sql("alter table elsewhere rename to quarantine")


def test_refusals_are_held_with_all_that_is_needed_to_mend_them(
    keeper: Keeper, pipeline: Pipeline, spool: Spool, database: Engine
) -> None:
    take_in(spool, pipeline, message(1, meter="new"), Message("nonsense", b"\xff", 0))
    keeper.step()
    held, _ = quarantine.listing(database)
    assert {(row.topic, row.meter, row.reason, row.payload) for row in held} == {
        ("park/v1/hengkou/e01/new/data", "new", Reason.UNKNOWN_METER, message(1).payload),
        ("nonsense", None, Reason.UNKNOWN_SENDER, b"\xff"),
    }
    assert NOW in {row.at for row in held}
    assert spool.blobs(REFUSED) == 0


def test_while_the_database_is_away_every_refusal_waits_in_the_spool(
    keeper: Keeper, pipeline: Pipeline, spool: Spool, database: Engine, counts: Counts
) -> None:
    with away(database):
        for number in range(5):
            take_in(spool, pipeline, message(number, meter="new"))
            keeper.step()
        assert "no such table" in counts.trouble["quarantine"]
        assert len(refused(spool)) == 5
    keeper.step()
    assert "quarantine" not in counts.trouble
    assert len(quarantine.listing(database)[0]) == 5
    assert spool.blobs(REFUSED) == 0


def test_a_crash_between_keeping_and_letting_go_holds_nothing_twice(
    keeper: Keeper, pipeline: Pipeline, spool: Spool, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(spool, pipeline, message(1, meter="new"))
    with monkeypatch.context() as patch:
        patch.setattr(spool, "drop", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            keeper.step()
    assert len(refused(spool)) == 1
    keeper.step()
    assert len(quarantine.listing(database)[0]) == 1


def test_beyond_its_bound_the_oldest_go_and_are_counted(
    pipeline: Pipeline, spool: Spool, database: Engine, registrar: Registrar, counts: Counts
) -> None:
    keeper = make(spool, database, registrar, counts, most_bytes=20_000)
    for number in range(10):
        blob = b"%d" % number + b"x" * 5_000
        take_in(spool, pipeline, Message("park/v1/hengkou/e01/m1/data", blob, message().received_ms + number))
        keeper.step()
    held, _ = quarantine.listing(database)
    assert [row.payload[:1] for row in held] == [b"9", b"8", b"7"]
    assert counts.evicted == 7


def test_registering_the_meter_and_replaying_brings_its_data_in_and_leaves_what_is_still_wrong(
    *,
    keeper: Keeper,
    pipeline: Pipeline,
    spool: Spool,
    database: Engine,
    telemetry: DuckDBStore,
    registrar: Registrar,
) -> None:
    take_in(
        spool, pipeline, *(message(number, meter="new") for number in range(3)), message(7, meter="stranger"),
        message(8, meter="new", power=1.0), message(9, p=9.0, power=1.0),
    )  # fmt: skip
    keeper.step()
    registrar.registry = WIDER
    number = quarantine.request_replay(database, who="engineer", now=NOW)
    keeper.step()
    while pipeline.step():
        keeper.step()
    request = quarantine.replay_status(database, number)
    assert request is not None
    assert request.finished_at == NOW
    assert (request.replayed, request.refused_again) == (4, 2)
    assert [reading.value for reading in telemetry.latest(["new"])] == [2]
    assert [reading.value for reading in telemetry.latest(["m1"])] == [9]
    held, _ = quarantine.listing(database)
    assert {(row.meter, row.reason) for row in held} == {
        ("stranger", Reason.UNKNOWN_METER),
        ("new", Reason.UNKNOWN_METER),  # with a metric nobody knows either: it stays as it was
        ("m1", Reason.UNKNOWN_METRIC),  # its good value is in, and it is held again for the other one
    }
    assert quarantine.pending_replays(database) == []


def test_a_replay_keeps_the_time_at_which_a_message_without_one_was_received(
    *,
    keeper: Keeper,
    pipeline: Pipeline,
    spool: Spool,
    database: Engine,
    telemetry: DuckDBStore,
    registrar: Registrar,
) -> None:
    take_in(spool, pipeline, Message("park/v1/hengkou/e01/new/data", b'{"v":1,"m":{"p":5}}', message().received_ms))
    keeper.step()
    registrar.registry = WIDER
    quarantine.request_replay(database, who="engineer", now=NOW, meter="new")
    keeper.step()
    pipeline.step()
    assert [reading.at for reading in telemetry.latest(["new"])] == [NOW]


def test_a_replay_is_asked_of_the_next_start_where_this_one_did_not_get_to_it(
    pipeline: Pipeline, spool: Spool, database: Engine, registrar: Registrar, counts: Counts
) -> None:
    take_in(spool, pipeline, message(1, meter="new"))
    make(spool, database, registrar, counts).step()
    number = quarantine.request_replay(database, who="engineer", now=NOW, reason=Reason.UNKNOWN_METER)
    registrar.registry = WIDER
    make(spool, database, registrar, counts).step()
    request = quarantine.replay_status(database, number)
    assert request is not None
    assert request.replayed == 1
    assert [one.payload for one in spooled(spool)] == [message(1).payload]


def test_a_replay_into_a_full_spool_takes_nothing_out_of_the_quarantine_and_goes_on_later(
    *,
    keeper: Keeper,
    pipeline: Pipeline,
    spool: Spool,
    database: Engine,
    registrar: Registrar,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_in(spool, pipeline, message(1, meter="new"))
    keeper.step()
    registrar.registry = WIDER
    number = quarantine.request_replay(database, who="engineer", now=NOW)

    def full(*_: object) -> None:
        raise SpoolFull("100 of 100 bytes used")

    with monkeypatch.context() as patch:
        patch.setattr(spool, "put", full)
        keeper.step()
    assert "SpoolFull" in counts.trouble["quarantine"]
    assert len(quarantine.listing(database)[0]) == 1
    keeper.step()
    assert counts.trouble == {}
    request = quarantine.replay_status(database, number)
    assert request is not None
    assert request.replayed == 1


def test_it_keeps_until_told_to_stop_and_takes_what_is_left(
    keeper: Keeper, pipeline: Pipeline, spool: Spool, database: Engine
) -> None:
    stop = Event()
    thread = Thread(target=keeper.run, args=(stop, pipeline.refusals))
    thread.start()
    take_in(spool, pipeline, message(1, meter="new"))
    until(lambda: len(quarantine.listing(database)[0]) == 1, "it is held")
    take_in(spool, pipeline, message(2, meter="new"))
    stop.set()
    pipeline.refusals.set()
    thread.join()
    assert len(quarantine.listing(database)[0]) == 2
