"""Live values from real brokers."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import paho.mqtt.publish as mqtt
import pytest
from iotcore import Broker

from adapters.duckdb_store import DuckDBStore
from adapters.registry_cache import RegistryCache
from adapters.settings import load
from api import renewal
from api.live import Live
from park.decode.native import encode
from park.decode.sparkplug_topic import Kind
from park.decode.sparkplug_topic import topic as sparkplug_topic
from park.reading import Reading
from park.registry import Registry
from park.telemetry import Telemetry
from tests.api.conftest import METERS, NOW, REGISTRY, StillClock
from tests.api.silence import EmptyTelemetry
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.park.sparkplugs import DEVICE, data, spoken
from tests.ports import LOOPBACK
from tests.simulators.listener import Listener

MAIN = METERS[0]
TOPIC = "park/v1/hk/e01/e01-main"
PATIENCE = 15.0
MINUTE = timedelta(minutes=1)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


def a_live(
    port: int,
    version: str = "5",
    *,
    telemetry: Telemetry | None = None,
    renew_every: float = renewal.EVERY,
    known: Registry = REGISTRY,
) -> Live:
    cache = RegistryCache(lambda: known, lambda: 1)
    settings = load(environ={}, mqtt_url=f"mqtt://{LOOPBACK}:{port}", mqtt_version=version)
    return Live(
        settings=settings,
        registry=cache,
        telemetry=telemetry or EmptyTelemetry(),
        clock=StillClock(),
        renew_every=renew_every,
    )


def say(port: int, payload: bytes | str, topic: str = f"{TOPIC}/data", *, retain: bool = False) -> None:
    mqtt.single(topic, payload, qos=1, retain=retain, hostname=LOOPBACK, port=port)


def reading(value: float) -> bytes:
    return encode([Reading(MAIN.id, "p", value, NOW)])


@pytest.fixture(params=["mosquitto 5", "mosquitto 3.1.1", "embedded 3.1.1"])
def heard(request: pytest.FixtureRequest) -> Iterator[tuple[Live, int]]:
    """A started Live on each kind of broker, and the broker's port."""
    kind, version = request.param.split()
    port = request.getfixturevalue("mosquitto" if kind == "mosquitto" else "embedded_broker").port
    live = a_live(port, version)
    live.start()
    until(live.connected)
    yield live, port
    live.stop()


@pytest.mark.broker
def test_what_a_meter_says_is_there_a_moment_later(heard: tuple[Live, int]) -> None:
    live, port = heard
    say(port, reading(12.5))
    until(live.latest)
    assert live.latest()[MAIN.id, "p"] == Reading(MAIN.id, "p", 12.5, NOW)
    assert live.heard(MAIN.id) == NOW
    assert live.online(MAIN.id, NOW) is True


@pytest.mark.broker
def test_nothing_a_device_sends_stops_the_listening(heard: tuple[Live, int]) -> None:
    live, port = heard
    bad = [b"", b"{", b"\xff\xfe", b'{"v":1,"m":{"p":NaN}}', b"[" * 5_000, b'{"v":1,"m":{"nonsense":1}}']
    for payload in bad:
        say(port, payload)
    say(port, reading(1.0), "park/v1/hk/e02/e01-main/data")  # another enterprise's place
    say(port, reading(1.0), "park/v1/hk/e01/stranger/data")
    say(port, b"sideways", f"{TOPIC}/state")
    say(port, reading(12.5))
    until(live.latest)
    assert [one.value for one in live.latest().values()] == [12.5]
    assert live.connected()


@pytest.mark.broker
def test_a_last_will_turns_a_meter_off_and_its_next_word_on_again(heard: tuple[Live, int]) -> None:
    live, port = heard
    say(port, reading(1.0))
    until(lambda: live.online(MAIN.id, NOW))
    say(port, b"offline", f"{TOPIC}/state", retain=True)
    until(lambda: live.online(MAIN.id, NOW) is False)
    say(port, reading(1.0))
    until(lambda: live.online(MAIN.id, NOW))


def test_a_retained_offline_is_known_from_the_start(mosquitto: Mosquitto) -> None:
    say(mosquitto.port, b"offline", f"{TOPIC}/state", retain=True)
    say(mosquitto.port, reading(99.0), retain=True)  # nobody should retain data; it may be years old
    live = a_live(mosquitto.port)
    live.start()
    try:
        until(lambda: live.online(MAIN.id, NOW) is False)
        assert live.latest() == {}
        assert live.heard(MAIN.id) is None
    finally:
        live.stop()


def test_it_comes_back_by_itself_when_the_broker_does(mosquitto: Mosquitto) -> None:
    live = a_live(mosquitto.port)
    live.start()
    try:
        until(live.connected)
        mosquitto.kill()
        until(lambda: not live.connected())
        mosquitto.start()
        until(live.connected)
        say(mosquitto.port, reading(3.0))
        until(live.latest)
    finally:
        live.stop()


def test_it_starts_and_stops_without_any_broker() -> None:
    live = a_live(9)
    live.start()
    assert not live.connected()
    live.stop()
    live.stop()


def test_it_signs_in_with_name_and_password(start_mosquitto: StartMosquitto, tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    # mosquitto_passwd's own form for user `api`, password `p@ss:word`
    passwords.write_text(
        "api:$7$101$c2FsdHNhbHRzYWx0$" + _hash("p@ss:word", b"saltsaltsalt") + "\n",
        encoding="utf-8",
    )
    broker = start_mosquitto(f"allow_anonymous false\npassword_file {passwords}")
    refused = a_live(broker.port)
    refused.start()
    cache = RegistryCache(lambda: REGISTRY, lambda: 1)
    settings = load(environ={}, mqtt_url=f"mqtt://api@{LOOPBACK}:{broker.port}", mqtt_password="p@ss:word")
    live = Live(settings=settings, registry=cache, telemetry=EmptyTelemetry(), clock=StillClock())
    live.start()
    try:
        until(live.connected)
        assert not refused.connected()
    finally:
        live.stop()
        refused.stop()


def _hash(password: str, salt: bytes) -> str:
    return base64.b64encode(hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)).decode()


@pytest.mark.broker
def test_the_store_being_down_does_not_keep_live_values_away(mosquitto: Mosquitto) -> None:
    live = a_live(mosquitto.port)
    live._feed._renewal._telemetry.down = True  # type: ignore[attr-defined]  # the silent store
    live.start()
    try:
        until(live.connected)
        say(mosquitto.port, reading(4.0))
        until(live.latest)
    finally:
        live.stop()


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_broker_keeps_no_session_for_us(version: str) -> None:
    assert a_live(9, version)._feed._client()[0].clean is True


@pytest.mark.broker
def test_what_was_backfilled_shows_without_a_restart_and_event_time_decides(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    store = DuckDBStore(tmp_path / "telemetry.duckdb")
    live = a_live(mosquitto.port, telemetry=store, renew_every=0.05)
    live.start()
    try:
        until(live.connected)
        say(mosquitto.port, reading(4.0))
        until(live.latest)
        older, newer = Reading(MAIN.id, "p", 1.0, NOW - MINUTE), Reading(METERS[1].id, "volume", 7.0, NOW - MINUTE)
        store.write([older, newer])
        until(lambda: (newer.meter, newer.metric) in live.latest())
        assert live.latest()[MAIN.id, "p"].value == 4.0
        assert live.heard(newer.meter) is None, "what is stored proves no life"
        later = Reading(MAIN.id, "p", 5.0, NOW + MINUTE)
        store.write([later])
        until(lambda: live.latest()[MAIN.id, "p"] == later)
    finally:
        live.stop()
        store.close()


def test_what_is_stored_is_shown_while_no_broker_is_there_and_once_a_store_is_back(tmp_path: Path) -> None:
    store = DuckDBStore(tmp_path / "telemetry.duckdb")
    store.write([Reading(MAIN.id, "p", 1.0, NOW)])
    away = EmptyTelemetry()
    away.down = True
    live = a_live(9, telemetry=away, renew_every=0.05)
    live.start()
    try:
        live._feed._renewal._telemetry = store
        until(live.latest)
    finally:
        live.stop()
        store.close()


PLUG = replace(MAIN, id="e01-plug", codec="json", options={"topic": "tele/+/SENSOR", "fields": {"P": "p"}})
OTHER = replace(PLUG, id="e02-plug", enterprise="e02", options={"topic": "tele/2/SENSOR", "fields": {"Q": "p"}})


def test_what_a_gateway_says_on_its_own_topic_is_there_too_of_each_meter_it_speaks_for(
    embedded_broker: Broker,
) -> None:
    known = [REGISTRY]
    settings = load(environ={}, mqtt_url=f"mqtt://{LOOPBACK}:{embedded_broker.port}", mqtt_version="3.1.1")
    cache = RegistryCache(lambda: known[-1], lambda: len(known), look_every=0)
    live = Live(settings=settings, registry=cache, telemetry=EmptyTelemetry(), clock=StillClock(), renew_every=60)
    live.start()
    try:
        until(live.connected)
        known.append(replace(REGISTRY, meters=(*METERS, PLUG, OTHER)))

        def both() -> bool:
            say(embedded_broker.port, b'{"P":1.5,"Q":2.5}', "tele/2/SENSOR")
            return {(PLUG.id, "p"), (OTHER.id, "p")} <= live.latest().keys()

        until(both)
        assert [live.latest()[each.id, "p"].value for each in (PLUG, OTHER)] == [1.5, 2.5]
        assert live.online(OTHER.id, NOW) is True
        before = live._feed.refused
        say(embedded_broker.port, b"no", "tele/2/SENSOR")
        until(lambda: live._feed.refused > before)
    finally:
        live.stop()


@pytest.mark.broker
def test_a_node_whose_birth_the_console_missed_is_asked_for_it(mosquitto: Mosquitto) -> None:
    known = Registry(REGISTRY.parks, REGISTRY.enterprises, (replace(spoken("press"), park="hk"),))
    live = a_live(mosquitto.port, known=known)
    live.start()
    until(live.connected)
    with Listener(mosquitto.port, "spBv1.0/hengkou/NCMD/gw1") as node:

        def asked() -> bool:
            say(mosquitto.port, data(2), sparkplug_topic(Kind.DDATA, DEVICE))
            return bool(node.heard)

        until(asked)
    live.stop()
