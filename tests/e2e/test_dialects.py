"""Gateways that keep topics and words of their own, over a real broker: from what they publish to what is stored."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters import clock
from adapters.publisher import Publisher
from adapters.relational import alerts, migrate, quarantine, registry_store, strays
from adapters.relational import engine as engines
from adapters.settings import Settings
from park.commission import senders
from park.commission_draft import draft
from park.commission_guess import guess
from park.condition import Above
from park.decode import hj212_write, senml_write, sparkplug_write
from park.decode.sparkplug_types import DataType
from park.instant import from_ms, to_ms
from park.reading import Claim
from park.registry import Registry
from park.registry_file import check
from rules.alerting import Alerting
from rules.telling import Telling
from tests.e2e.program import Program, until
from tests.e2e.stored import quarantined, register, rows
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.rules.alert_house import a_rule

MN = "81733553213013"
METER = {"enterprise": "e01", "role": "sub", "name": "表", "period": "15s", "medium": "electricity", "metrics": ["p"]}
NODE = {"group": "g", "node": "gw", "names": {"Meter/P": {"metric": "p", "unit": "kW"}}}
PLUG = {"topic": "tele/plug7/SENSOR", "fields": {"ENERGY.Power": {"metric": "p", "unit": "W"}}}
AGENT = {"topic": "telegraf/#", "measurement": "meter", "fields": {"p": "p"}}
METERS = [
    METER | {"id": "plug", "codec": {"json": PLUG}},
    METER | {"id": "pack", "codec": {"senml": {"topic": "senml/+", "names": {"power": "p"}}}},
    METER | {"id": "agent", "codec": {"line": AGENT | {"tags": {"id": "7"}}}},
    METER | {"id": "agent8", "codec": {"line": AGENT | {"tags": {"id": "8"}}}},
    METER | {"id": "node", "codec": {"sparkplug": NODE}},
    METER | {"id": "stack", "role": "outlet", "medium": "emission", "metrics": ["so2"], "codec": {"hj212": {"mn": MN}}},
]
PARK = {
    "park": {"id": "hk", "name": "园区"},
    "enterprises": [{"id": "e01", "name": "企业"}],
}


def a_park(*meters: object) -> Registry:
    """Read a registry that has these meters."""
    checked = check(PARK | {"meters": list(meters or METERS)})
    assert checked.registry is not None, checked.mistakes
    return checked.registry


def birth(value: float, at: int) -> bytes:
    """Say the node's birth, with its one metric under a number."""
    named = sparkplug_write.metric("Meter/P", DataType.DOUBLE, value, alias=7)
    return sparkplug_write.node_birth([named], at=at, bd_seq=0)


def by_number(value: float, at: int, seq: int) -> bytes:
    """Say a value of the node by its number alone."""
    return sparkplug_write.write([sparkplug_write.metric(None, DataType.DOUBLE, value, alias=7)], at=at, seq=seq)


def said(at: int) -> Iterable[tuple[str, bytes]]:
    """Give one message of each gateway."""
    moment = from_ms(at)
    yield "tele/plug7/SENSOR", json.dumps({"ENERGY": {"Power": 1500}}).encode()
    yield "senml/a", senml_write.encode([Claim("", "power", 2.5, moment, unit="kW")])
    lines = f"meter,id=7 p=3.5 {at}000000\nmeter,id=8 p=4.5 {at}000000\n"
    yield "telegraf/host", lines.encode()
    yield "spBv1.0/g/NBIRTH/gw", birth(5.5, at)
    [frame] = hj212_write.encode([Claim("stack", "so2", 35.0, moment)], mn=MN, st="31")
    yield f"hj212/{MN}", frame


@pytest.fixture
def broker(start_mosquitto: StartMosquitto) -> Mosquitto:
    return start_mosquitto(persistence=True)


def a_collector(folder: Path, broker: Mosquitto, name: str = "collector") -> Program:
    return Program(folder, "collector", "--data-dir", "data", name=name, mqtt_url=broker.url)


def subscribed(broker: Mosquitto, pattern: str) -> bool:
    """Tell whether the broker was asked for a filter."""
    return f" 1 {pattern}\n" in broker.log.read_text("utf-8", errors="replace")


def ended(program: Program) -> None:
    """Stop it, so that its store may be read."""
    assert program.end() == 0, program.err


def stored(folder: Path) -> dict[str, list[float]]:
    """Give what is stored of each meter, in the order of time."""
    found: dict[str, list[float]] = {}
    for meter, _, _, value, _ in sorted(rows(folder / "data"), key=lambda row: row[2]):
        found.setdefault(meter, []).append(value)
    return found


@pytest.mark.broker
def test_what_each_dialect_says_on_its_own_topic_is_stored_in_our_units(broker: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", a_park())
    at = to_ms(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    with a_collector(tmp_path, broker) as collector, Publisher(broker.url, client_id="gateways") as publisher:
        collector.until(lambda: collector.events("topics of gateways' own"), "it has seen the registry")
        collector.until(lambda: collector.events("connected"), "it listens")
        for topic, payload in said(at):
            publisher.publish(topic, payload)
        publisher.publish("hj212/unheard", b"##0000")
        assert publisher.drain(30)
        until(lambda: quarantined(tmp_path / "data"), "the last has come")
        ended(collector)
    assert stored(tmp_path) == {
        "plug": [1.5], "pack": [2.5], "agent": [3.5], "agent8": [4.5], "node": [5.5], "stack": [35.0],
    }  # fmt: skip
    assert [(group.reason, group.subject) for group in quarantined(tmp_path / "data")] == [
        ("unknown_sender", "hj212/unheard")
    ]


@pytest.mark.broker
def test_what_a_birth_said_is_known_after_a_kill(broker: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", a_park())
    at = to_ms(datetime.now(UTC) - timedelta(minutes=1))
    with ExitStack() as stack:
        publisher = stack.enter_context(Publisher(broker.url, client_id="gateway"))
        first = stack.enter_context(a_collector(tmp_path, broker))
        first.until(lambda: first.events("topics of gateways' own"), "it has seen the registry")
        first.until(lambda: first.events("connected"), "it listens")
        publisher.publish("spBv1.0/g/NBIRTH/gw", birth(1.0, at))
        publisher.publish("hj212/unheard", b"##0000")
        assert publisher.drain(30)
        until(lambda: quarantined(tmp_path / "data"), "the birth is read")
        first.kill()
        publisher.publish("spBv1.0/g/NDATA/gw", by_number(2.0, at + 1_000, 1))
        publisher.publish("hj212/still-unheard", b"##0000")
        assert publisher.drain(30)
        second = stack.enter_context(a_collector(tmp_path, broker, "second"))
        until(lambda: quarantined(tmp_path / "data")[0].count == 2, "the number is read")
        ended(second)
    assert stored(tmp_path)["node"] == [1.0, 2.0]


@pytest.mark.broker
def test_a_gateway_taken_on_while_the_collector_runs_is_heard_at_once_and_one_let_go_is_not(
    broker: Mosquitto, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", a_park(METERS[0]))
    made = engines.connect(f"sqlite:///{tmp_path / 'data' / 'smartpark.sqlite'}")
    at = to_ms(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    messages = dict(said(at))
    with a_collector(tmp_path, broker) as collector, Publisher(broker.url, client_id="gateways") as publisher:
        collector.until(lambda: subscribed(broker, "tele/plug7/SENSOR"), "it listens to the one")
        registry_store.replace(made, a_park(METERS[1]), who="test", now=datetime.now(UTC), prune=True)
        collector.until(lambda: subscribed(broker, "senml/+"), "it listens to the other")
        publisher.publish("tele/plug7/SENSOR", messages["tele/plug7/SENSOR"])
        publisher.publish("senml/a", messages["senml/a"])
        publisher.publish("hj212/unheard", b"##0000")
        assert publisher.drain(30)
        until(lambda: quarantine.listing(made)[0], "the last has come")
        ended(collector)
    made.dispose()
    assert stored(tmp_path) == {"pack": [2.5]}


@pytest.mark.broker
def test_a_device_whose_birth_was_missed_is_asked_for_it_once(broker: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", a_park())
    at = to_ms(datetime.now(UTC) - timedelta(minutes=1))
    with a_collector(tmp_path, broker) as collector, Publisher(broker.url, client_id="gateway") as publisher:
        collector.until(lambda: collector.events("topics of gateways' own"), "it has seen the registry")
        collector.until(lambda: collector.events("connected"), "it listens")
        for seq in range(1, 4):
            publisher.publish("spBv1.0/g/NDATA/gw", by_number(2.0, at, seq))
        assert publisher.drain(30)
        collector.until(lambda: collector.events("asked a device"), "it asks")
        until(lambda: [group.count for group in quarantined(tmp_path / "data")] == [3], "all are held")
        ended(collector)
        assert [event["topic"] for event in collector.events("asked a device")] == ["spBv1.0/g/NCMD/gw"]


@pytest.mark.broker
def test_an_alert_is_raised_by_what_a_gateway_says_on_its_own_topic(broker: Mosquitto, tmp_path: Path) -> None:
    made = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(made)
    registry_store.replace(made, a_park(), who="test", now=clock.now())
    each = Alerting(
        settings=Settings(data_dir=tmp_path / "data", mqtt_url=SecretStr(broker.url)),
        engine=made,
        clock=clock.now,
        shipped=[a_rule(Above(metric="p", limit=1.0, clear=0.5))],
        make_telling=Telling,
    )
    each.start()
    try:
        until(lambda: subscribed(broker, "tele/plug7/SENSOR"), "it listens", look=0.02)
        with Publisher(broker.url, client_id="gateway") as publisher:
            publisher.publish("tele/plug7/SENSOR", json.dumps({"ENERGY": {"Power": 1500}}).encode())
            assert publisher.drain(30)
            until(lambda: alerts.alerts(made), "it is raised")
        [record] = alerts.alerts(made)
        assert record.key.meter == "plug"
    finally:
        each.stop()
        made.dispose()


@pytest.mark.broker
def test_a_logger_that_nobody_registered_is_found_taken_on_and_what_it_said_before_comes_in(
    broker: Mosquitto, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", a_park(METERS[0]))
    made = engines.connect(f"sqlite:///{tmp_path / 'data' / 'smartpark.sqlite'}")
    at = to_ms(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2))
    frames = [
        hj212_write.encode([Claim("x", "so2", float(value), from_ms(at + value * 1_000))], mn=MN, st="31")[0]
        for value in (30, 31, 32)
    ]
    with a_collector(tmp_path, broker) as collector, Publisher(broker.url, client_id="logger") as publisher:
        collector.until(lambda: subscribed(broker, "hj212/+"), "it listens for strangers")
        publisher.publish(f"hj212/{MN}", frames[0])
        publisher.publish(f"hj212/{MN}", frames[1])
        assert publisher.drain(30)
        until(lambda: [heap.messages for heap in strays.heaps(made)] == [2], "both are held")
        [sender] = senders(strays.heaps(made))
        registry = registry_store.load(made)
        entry = draft(sender, guess(strays.samples(made, sender.topics)), registry).document | {"name": "废气排口"}
        checked = check(PARK | {"meters": [entry]})
        assert checked.registry is not None, checked.mistakes
        registry_store.save_meter(made, checked.registry.meters[0], who="test", now=datetime.now(UTC))
        quarantine.request_replay(made, who="test", now=datetime.now(UTC), ids=strays.ids(made, sender.topics))
        until(lambda: not strays.heaps(made), "they are let in")
        publisher.publish(f"hj212/{MN}", frames[2])
        publisher.publish("hj212/unheard", b"##0000")
        assert publisher.drain(30)
        until(lambda: strays.heaps(made), "the last has come")
        ended(collector)
    made.dispose()
    assert stored(tmp_path) == {f"hj212-{MN}": [30.0, 31.0, 32.0]}
