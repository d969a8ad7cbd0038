"""The whole collector: what it took is never lost by a stop, and what it counts can be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from adapters import clock
from adapters.duckdb_store import DuckDBStore
from adapters.publisher import Publisher
from adapters.relational import quarantine
from adapters.settings import Settings, load
from collector.bootstrap import Collector
from collector.counts import Counts
from collector.instruments import COUNTERS, CollectorInstruments
from tests.collector.conftest import Registrar
from tests.collector.receiving import subscription_answered
from tests.collector.words import M1, PATIENCE, payload, until
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.park.examples import NOW
from tests.ports import LOOPBACK, free_port

DAY = timedelta(days=1)


@contextmanager
def collecting(
    settings: Settings, database: Engine, telemetry: DuckDBStore, registrar: Registrar
) -> Iterator[Collector]:
    collector = Collector(settings=settings, engine=database, telemetry=telemetry, registry=registrar, clock=clock.now)
    answered = subscription_answered(collector.receiver)
    collector.start()
    try:
        assert answered.wait(PATIENCE), "the broker does not answer"
        yield collector
        assert collector.alive()
    finally:
        collector.stop()
    assert not collector.alive()


def stored(telemetry: DuckDBStore) -> list[float]:
    return [reading.value for reading in telemetry.readings("m1", "p", NOW - DAY, NOW + DAY)]


def test_a_stop_in_mid_stream_loses_nothing_that_was_taken(
    start_mosquitto: StartMosquitto, tmp_path: Path, database: Engine, telemetry: DuckDBStore, registrar: Registrar
) -> None:
    broker = start_mosquitto()
    settings = load(environ={}, data_dir=tmp_path, mqtt_url=broker.url)
    with Publisher(broker.url, client_id="devices") as publisher:
        for number in range(3_000):
            if number % 1_000 == 0:
                with collecting(settings, database, telemetry, registrar) as collector:
                    for more in range(500):
                        publisher.publish(M1, payload(number + more))
                    until(lambda collector=collector: collector.counts.received, "some of it comes")  # type: ignore[misc]  # a default binds it
            elif number % 1_000 >= 500:
                publisher.publish(M1, payload(number))
        publisher.drain(30)
    with collecting(settings, database, telemetry, registrar) as collector:
        until(lambda: len(stored(telemetry)) >= 3_000, "the rest comes")
        assert collector.counts.trouble == {}
    assert stored(telemetry) == list(range(3_000))


def test_a_stop_ends_every_stage_also_where_the_first_has_ended_by_itself_meanwhile(
    tmp_path: Path, database: Engine, telemetry: DuckDBStore, registrar: Registrar
) -> None:
    settings = load(environ={}, data_dir=tmp_path, mqtt_url=f"mqtt://{LOOPBACK}:{free_port()}")
    collector = Collector(settings=settings, engine=database, telemetry=telemetry, registry=registrar, clock=clock.now)
    collector.start()
    until(lambda: "broker" in collector.counts.trouble, "nobody is there")
    collector._stops[0].set()
    collector._threads[0].join()
    collector.stop()
    assert not [thread.name for thread in collector._threads if thread.is_alive()]


def test_what_it_counts_is_valid_prometheus_text_and_leaves_nothing_out(
    mosquitto: Mosquitto, tmp_path: Path, database: Engine, telemetry: DuckDBStore, registrar: Registrar
) -> None:
    settings = load(environ={}, data_dir=tmp_path, mqtt_url=mosquitto.url)
    with collecting(settings, database, telemetry, registrar) as collector:
        with Publisher(mosquitto.url, client_id="devices") as publisher:
            publisher.publish(M1, payload(1))
            publisher.publish(M1, b"nonsense")
            publisher.drain(30)
        until(lambda: quarantine.listing(database)[0], "the broken one is held")
        collector.counts.trouble["store"] = "gone"
        registry = CollectorRegistry()
        registry.register(CollectorInstruments(collector))
        text = generate_latest(registry).decode()
        collector.counts.trouble.clear()
    samples = {
        (sample.name.removeprefix("smartpark_collector_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["received_total",] == 2
    assert samples["handled_total",] == 2
    assert samples["stored_total",] == 1
    assert samples["refused_total", "not_json"] == 1
    assert samples["connected",] == 1
    assert samples["spool_bytes", "raw"] == 0
    assert samples["trouble", "store"] == 1
    assert samples["trouble", "broker"] == 0
    assert abs(samples["heard_timestamp_seconds",] - clock.now().timestamp()) < 3_600
    assert {field.name for field in fields(Counts) if field.type is int} == COUNTERS.keys()
