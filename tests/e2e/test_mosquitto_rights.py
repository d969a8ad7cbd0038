"""The production broker as shipped: who comes in, and what he may say and hear.  A real mosquitto answers."""

import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from park.partition import COLLECTOR
from tests.e2e.shipped_broker import CONFIG, ShippedBroker, certificates, made_certificates, shipped_broker
from tests.e2e.talker import PATIENCE, Talker
from tests.park.examples import meter, registry
from tests.ports import LOOPBACK

pytestmark = pytest.mark.broker
ALL = "park/v1/+/+/+/data"
STATES = "park/v1/+/+/+/state"
REFUSED = "Not authorized"
TAKEN = {"Success", "No matching subscribers"}
"""What a broker answers when it takes a message; the second where nobody listens."""


def topic(name: str, channel: str = "data") -> str:
    """Give a topic of a meter."""
    return f"park/v1/hengkou/e01/{name}/{channel}"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates for every test here."""
    return made_certificates(tmp_path_factory.getbasetemp())


@pytest.fixture
def broker(tmp_path: Path, pair: Path) -> Iterator[ShippedBroker]:
    """The broker of a park with m1 and m2."""
    with shipped_broker(tmp_path, pair, registry(meter("m1"), meter("m2"))) as made:
        yield made


def device(broker: ShippedBroker, name: str, *, five: bool = True, client_id: str = "", will: str = "") -> Talker:
    """Connect as a meter does: from outside, over TLS."""
    password = broker.password(name)
    return Talker(broker.tls, name, password, ca=broker.ca, five=five, client_id=client_id, will=will or None)


def service(broker: ShippedBroker, user: str, *, keep: bool = False, client_id: str = "") -> Talker:
    """Connect as a service of ours does: from inside."""
    return Talker(broker.internal, user, broker.password(user), keep=keep, client_id=client_id)


def heard(listener: Talker) -> list[tuple[str, bytes]]:
    """Give what a listener was sent: all of it is there once the broker has answered a later question."""
    listener.subscribe("ask/anything")
    return listener.messages


# --- who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("five", [True, False], ids=["MQTT 5", "MQTT 3.1.1"])
@pytest.mark.parametrize("inside", [True, False], ids=["internal", "TLS"])
def test_a_wrong_password_an_unknown_user_and_nobody_are_refused(
    broker: ShippedBroker, *, five: bool, inside: bool
) -> None:
    port, ca = (broker.internal, None) if inside else (broker.tls, broker.ca)
    for user, password in [("m1", "wrong"), ("m1", broker.password("m2")), ("m9", "x"), ("m1", ""), ("", "")]:
        with Talker(port, user, password, ca=ca, five=five) as talker:
            assert talker.answer == REFUSED
    with Talker(port, "m1", broker.password("m1"), ca=ca, five=five) as talker:
        assert talker.answer == "Success"


def test_a_device_that_trusts_another_authority_does_not_connect(broker: ShippedBroker, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert certificates(other, "make", "--san", "DNS:localhost").returncode == 0
    context = ssl.create_default_context(cafile=other / "ca" / "ca.crt")
    with (
        socket.create_connection((LOOPBACK, broker.tls), timeout=PATIENCE) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname="localhost")


def test_who_speaks_without_tls_on_the_devices_port_is_not_heard(broker: ShippedBroker) -> None:
    with socket.create_connection((LOOPBACK, broker.tls), timeout=PATIENCE) as plain:
        plain.sendall(b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02m1")
        try:
            answer = plain.recv(100)
        except ConnectionResetError:
            answer = b""
    assert not answer.startswith(b"\x20")  # a CONNACK; a TLS alert may come


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
def test_tls_1_2_and_1_3_are_spoken(broker: ShippedBroker, version: ssl.TLSVersion) -> None:
    context = ssl.create_default_context(cafile=broker.ca)
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection((LOOPBACK, broker.tls), timeout=PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        assert secure.version() == version.name.replace("_", ".")


# --- what a device may say --------------------------------------------------------------------------------------------


def test_a_device_is_heard_on_its_own_topics_only_and_is_told_so(broker: ShippedBroker) -> None:
    with (
        service(broker, COLLECTOR) as collector,
        service(broker, "smartpark.api") as api,
        device(broker, "m1") as m1,
        device(broker, "m2") as m2,
    ):
        collector.subscribe(ALL)
        api.subscribe(STATES)
        for forged in (
            topic("m2"), topic("m2", "state"), topic("m2", "backfill"), topic("m1", "alert/gas"), topic("m1", "x"),
            "park/v1/hengkou/e02/m1/data", "park/v1/hengkou/e01/m1", "other", "$SYS/broker/uptime",
        ):  # fmt: skip
            assert m1.publish(forged, b"forged") == REFUSED
        assert m1.publish(topic("m1"), b"true") in TAKEN
        assert m1.publish(topic("m1", "state"), b"online", retain=True) in TAKEN
        assert m2.publish(topic("m2"), b"true") in TAKEN
        assert heard(collector) == [(topic("m1"), b"true"), (topic("m2"), b"true")]
        assert heard(api) == [(topic("m1", "state"), b"online")]


def test_a_3_1_1_device_is_not_told_but_not_heard_either(broker: ShippedBroker) -> None:
    with service(broker, COLLECTOR) as collector, device(broker, "m1", five=False) as m1:
        collector.subscribe(ALL)
        assert m1.publish(topic("m2"), b"forged") in TAKEN  # the protocol knows no other answer
        m1.publish(topic("m1"), b"true")
        assert heard(collector) == [(topic("m1"), b"true")]


def test_a_last_will_in_the_name_of_another_is_never_spoken(broker: ShippedBroker) -> None:
    with service(broker, "smartpark.api") as api:
        api.subscribe(STATES)
        for name in ("m2", "m1"):
            with device(broker, "m1", will=topic(name, "state")) as m1:
                m1.vanish()
                m1.told("disconnect")
            with device(broker, "m1") as m1:  # takes the session: whatever the broker had to say is said
                m1.publish(topic("m1"))
        assert heard(api) == [(topic("m1", "state"), b"offline")]


def test_a_device_hears_nothing_whatever_it_subscribes_to(broker: ShippedBroker) -> None:
    with service(broker, COLLECTOR) as collector, device(broker, "m1") as m1, device(broker, "m2") as m2:
        collector.subscribe(ALL)
        for wanted in ("#", ALL, topic("m2"), topic("m1"), "$SYS/#"):
            m1.subscribe(wanted)  # mosquitto says yes, and sends nothing
        m2.publish(topic("m2"), b"2")
        m1.publish(topic("m1"), b"1")
        assert len(heard(collector)) == 2
        assert heard(m1) == []


def test_a_device_that_takes_anothers_client_id_stays_itself(broker: ShippedBroker) -> None:
    with (
        service(broker, COLLECTOR, keep=True) as collector,
        device(broker, "m2") as m2,
        device(broker, "m1", client_id=COLLECTOR) as first,
    ):
        collector.subscribe(ALL)
        with device(broker, "m1", client_id="m2"):
            assert first.told("disconnect")  # itself is all it could throw out
        assert m2.publish(topic("m2"), b"2") in TAKEN
        assert heard(collector) == [(topic("m2"), b"2")]


def test_a_message_far_above_the_contract_costs_its_sender_the_connection(broker: ShippedBroker) -> None:
    with service(broker, COLLECTOR) as collector, device(broker, "m1") as m1:
        collector.subscribe(ALL)
        assert m1.publish(topic("m1"), b"x" * 300_000) in TAKEN
        assert m1.publish(topic("m1"), b"x" * 600_000).startswith("disconnected")
        assert len(heard(collector)) == 1


# --- what our services may say and hear -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "user",
    [COLLECTOR, "smartpark.api", "smartpark.rules", "smartpark.hj212", "smartpark.panel", "smartpark.monitor"],
)
def test_no_service_can_publish_readings(broker: ShippedBroker, user: str) -> None:
    with service(broker, user) as talker:
        assert talker.publish(topic("m1")) == REFUSED


def test_the_rules_tell_alerts_and_the_monitor_hears_the_broker(broker: ShippedBroker) -> None:
    with service(broker, "smartpark.rules") as rules, service(broker, "smartpark.monitor") as monitor:
        assert rules.publish(topic("m1", "alert/gas-high"), retain=True) in TAKEN
        with service(broker, "smartpark.panel") as panel:
            panel.subscribe(topic("m1", "alert/+"))
            assert [name for name, _ in heard(panel)] == [topic("m1", "alert/gas-high")]
        monitor.subscribe("$SYS/broker/version")
        assert [name for name, _ in heard(monitor)] == ["$SYS/broker/version"]


# --- changes while it runs --------------------------------------------------------------------------------------------


def test_a_reload_lets_new_meters_in_cuts_off_the_rotated_and_removed_and_keeps_everybody_else(
    broker: ShippedBroker,
) -> None:
    with (
        service(broker, COLLECTOR, keep=True) as collector,
        device(broker, "m1") as rotated,
        device(broker, "m2") as removed,
    ):
        collector.subscribe(ALL)
        old = broker.password("m1")
        broker.admit(registry(meter("m1"), meter("m3")), rotate=("m1",))
        broker.reload()
        assert rotated.told("disconnect")
        assert removed.told("disconnect")
        with Talker(broker.tls, "m1", old, ca=broker.ca) as talker:
            assert talker.answer == REFUSED
        with device(broker, "m1") as m1, device(broker, "m3") as m3:
            assert m1.publish(topic("m1"), b"1") in TAKEN
            assert m3.publish(topic("m3"), b"3") in TAKEN
        assert heard(collector) == [(topic("m1"), b"1"), (topic("m3"), b"3")]


def test_a_session_and_what_waits_in_it_outlive_a_reload_and_a_restart(broker: ShippedBroker) -> None:
    with service(broker, COLLECTOR, keep=True) as collector:
        collector.subscribe(ALL)
    for number, change in enumerate((None, broker.reload, broker.restart)):
        if change is not None:
            change()
        with device(broker, "m1") as m1:
            assert m1.publish(topic("m1"), b"%d" % number) in TAKEN
    with service(broker, COLLECTOR, keep=True) as collector:
        assert heard(collector) == [(topic("m1"), b"%d" % number) for number in range(3)]


def test_a_renewed_certificate_is_used_from_a_reload_on_and_devices_need_no_change(broker: ShippedBroker) -> None:
    def serial() -> str:
        context = ssl.create_default_context(cafile=broker.ca)
        with (
            socket.create_connection((LOOPBACK, broker.tls), timeout=PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            found = secure.getpeercert()
        assert found
        return str(found["serialNumber"])

    with device(broker, "m1") as m1:
        before = serial()
        assert certificates(broker.certificates, "renew").returncode == 0
        assert serial() == before
        broker.reload()
        after = serial()
        assert after != before
        assert m1.publish(topic("m1")) in TAKEN  # who was in stays in
    broker.restart()
    assert serial() == after


# --- the file itself --------------------------------------------------------------------------------------------------


def test_mosquitto_reads_the_shipped_file_without_a_complaint(broker: ShippedBroker) -> None:
    complaints = re.findall(r"^.*(?:Error|Warning|Note|Unknown).*$", broker.words, re.MULTILINE)
    assert [line for line in complaints if "root" not in line and "SSL routines" not in line] == []


def test_nobody_is_anonymous_and_every_file_it_names_is_in_a_folder_that_is_mounted() -> None:
    lines = [line.split() for line in CONFIG.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    values = {line[0]: line[1:] for line in lines}
    assert values["allow_anonymous"] == ["false"]
    assert values["persistence"] == ["true"]
    assert [line[1] for line in lines if line[0] == "listener"] == ["1883", "8883"]
    folders = {"/".join(line[1].split("/")[:3]) for line in lines if len(line) > 1 and line[1].startswith("/")}
    assert folders == {"/mosquitto/accounts", "/mosquitto/certificates", "/mosquitto/data"}
