"""A crowd of devices at a real broker: everything said is acknowledged, through restarts too, and nobody else's."""

import csv
import resource
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from adapters import clock
from adapters.broker_folder import BrokerFolder
from adapters.endpoint import Endpoint
from park.broker_rights import accounts as broker_accounts
from simulators.load import accounts, limits, meters
from simulators.load.crowd import NoBroker, Show, Way
from simulators.load.packet import Door
from simulators.load.run import run
from simulators.load.speaker import Speaker
from simulators.load.tally import Standing
from tests.adapters.test_mqtt_tls import authority, certificate, secure, tls_broker
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import LOOPBACK
from tests.simulators.listener import Listener

PERIOD = timedelta(seconds=1)


def crowd(count: int, doors: dict[str, Door] | None = None) -> list[Speaker]:
    return meters.speakers(meters.registry(count, period=PERIOD), doors or {})


def way(broker: Mosquitto, connections: int | None) -> Way:
    return Way(target=Endpoint(LOOPBACK, broker.port), connections=connections, ramp=2_000)


def until_said(stop: threading.Event, most: int, seen: list[Standing]) -> Show:
    """Stop once so much was acknowledged."""

    def show(standing: Standing) -> None:
        seen.append(standing)
        if standing.acked >= most:
            stop.set()

    return show


@pytest.mark.parametrize("connections", [2, None], ids=["shared", "one each"])
def test_what_the_devices_say_is_heard_and_acknowledged(mosquitto: Mosquitto, connections: int | None) -> None:
    stop, seen = threading.Event(), list[Standing]()
    with Listener(mosquitto.port, "park/v1/load/#") as listener:
        found = run(
            crowd(40), way(mosquitto, connections), lasts=None, show=until_said(stop, 120, seen), clock=clock.now,
            stop=stop,
        )  # fmt: skip
        assert found.in_flight == 0
        assert (found.devices, found.connections) == (40, connections or 40)
        heard = listener.wait_for(found.said)
    states = [message.payload for message in heard if message.topic.endswith("/state")]
    assert (states.count(b"online"), states.count(b"offline")) == (40, 40)


def test_a_broker_that_goes_and_comes_back_misses_nothing_and_is_told_so(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto()
    stop, seen = threading.Event(), list[Standing]()
    gone = threading.Event()

    def show(standing: Standing) -> None:
        seen.append(standing)
        if standing.acked and not gone.is_set():
            gone.set()
            broker.stop()
            broker.start()
        if standing.reconnects >= 20 and standing.in_flight < 40:
            stop.set()

    found = run(crowd(20), way(broker, None), lasts=None, show=show, clock=clock.now, stop=stop)
    assert found.in_flight == 0
    assert found.reconnects >= 20


def test_wrong_passwords_are_told_with_their_reason(start_mosquitto: StartMosquitto, tmp_path: Path) -> None:
    (tmp_path / "passwords").write_text("", encoding="utf-8")
    broker = start_mosquitto(f"allow_anonymous false\npassword_file {tmp_path / 'passwords'}")
    found = run(
        crowd(3), way(broker, None), lasts=timedelta(seconds=1.5), show=lambda _: None, clock=clock.now, drain=0.1
    )
    assert found.acked == 0
    assert any("not authorised" in why or "password" in why for why in found.failed), found.failed


def test_nobody_at_the_address_is_said_at_once(free_port: int) -> None:
    with pytest.raises(NoBroker, match="cannot reach the MQTT broker"):
        run(crowd(1), Way(target=Endpoint(LOOPBACK, free_port)), lasts=None, show=lambda _: None, clock=clock.now)


def test_too_few_files_are_told_before_anything_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1_024, 4_096))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: asked.append(limit))
    limits.make_room(100)
    limits.make_room(3_000)
    assert asked == [(3_000 + limits.OWN, 4_096)]
    with pytest.raises(limits.TooFewFiles, match="ulimit -n 10064"):
        limits.make_room(10_000)


def test_accounts_are_read_and_every_wrong_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "handout.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([accounts.HEADER, ["m1", "u1", "p1"], [], ["m2", "u2", 'p,"2']])
    assert accounts.read(file) == {"m1": Door("m1", "u1", "p1"), "m2": Door("m2", "u2", 'p,"2')}
    file.write_text("m1,u1,p1\nm2,u2\nm1,u3,p3\n,u4,p4\n", encoding="utf-8")
    with pytest.raises(accounts.WrongAccounts) as wrong:
        accounts.read(file)
    assert [line.split(":")[1] for line in str(wrong.value).splitlines()] == ["2", "3", "4"]
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(accounts.WrongAccounts, match="no CSV text"):
        accounts.read(file)


def test_each_device_comes_in_with_its_own_account_and_may_say_what_is_its_own(
    start_mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    known = meters.registry(12, period=PERIOD)
    folder = BrokerFolder(tmp_path / "broker")
    folder.update(broker_accounts(known))
    broker = start_mosquitto(
        f"allow_anonymous false\npassword_file {folder.hashes}\nacl_file {folder.acl}\nlog_type all"
    )
    doors = accounts.read(folder.handout)
    assert len(doors) == 12
    stop = threading.Event()
    found = run(
        meters.speakers(known, doors), way(broker, None), lasts=None, show=until_said(stop, 30, []), clock=clock.now,
        stop=stop,
    )  # fmt: skip
    assert (found.in_flight, found.failed) == (0, {})
    log = broker.log.read_text("utf-8", errors="replace")
    assert "Denied PUBLISH" not in log
    assert "u'load-00012'" in log


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_devices_speak_over_tls_to_a_broker_that_proves_who_it_is(
    start_mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    ours, theirs = authority(tmp_path, "ours"), authority(tmp_path, "theirs")
    certificate(tmp_path, ours, f"IP:{LOOPBACK}")
    broker = tls_broker(start_mosquitto, tmp_path)
    stop = threading.Event()
    found = run(
        crowd(5), Way(target=secure(broker, ours)), lasts=None, show=until_said(stop, 10, []), clock=clock.now,
        stop=stop,
    )  # fmt: skip
    assert (found.in_flight, found.failed) == (0, {})
    with pytest.raises(NoBroker, match="certificate verify failed"):
        run(crowd(1), Way(target=secure(broker, theirs)), lasts=None, show=lambda _: None, clock=clock.now)
    with pytest.raises(NoBroker, match="CA file cannot be used"):
        run(
            crowd(1), Way(target=secure(broker, tmp_path / "none.pem")), lasts=None, show=lambda _: None,
            clock=clock.now,
        )  # fmt: skip
