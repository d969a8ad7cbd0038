"""TLS: a broker whose certificate our authority signed is trusted, any other refused with the reason."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from adapters.mqtt import Endpoint, LoopClient, endpoint
from tests.adapters.loops import Loop, ending
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import LOOPBACK, free_port

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def authority(folder: Path, name: str) -> Path:
    """Make a certificate authority for one test."""
    openssl(
        folder, "req", "-x509", *KEY, "-days", "2", "-subj", f"/CN={name}",
        "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", f"{name}.key", "-out", f"{name}.pem",
    )  # fmt: skip
    return folder / f"{name}.pem"


def certificate(folder: Path, ca: Path, names: str) -> None:
    """Make a certificate for a broker, signed by an authority."""
    (folder / "names").write_text(f"subjectAltName={names}\n")
    openssl(folder, "req", *KEY, "-subj", "/CN=broker", "-keyout", "broker.key", "-out", "broker.csr")
    openssl(
        folder, "x509", "-req", "-in", "broker.csr", "-days", "2", "-CA", ca.name, "-CAkey", f"{ca.stem}.key",
        "-CAcreateserial", "-extfile", "names", "-out", "broker.pem",
    )  # fmt: skip


def tls_broker(start: StartMosquitto, folder: Path) -> Mosquitto:
    return start(f"certfile {folder / 'broker.pem'}\nkeyfile {folder / 'broker.key'}")


def secure(broker: Mosquitto, ca: Path | None, host: str = LOOPBACK) -> Endpoint:
    return endpoint(f"mqtts://{host}:{broker.port}", ca_file=ca)


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_broker_of_our_authority_is_trusted_and_messages_of_every_size_pass(
    start_mosquitto: StartMosquitto, tmp_path: Path, version: str
) -> None:
    ca = authority(tmp_path, "ours")
    certificate(tmp_path, ca, f"IP:{LOOPBACK}")
    broker = tls_broker(start_mosquitto, tmp_path)
    loop = Loop(version=version)
    with ending(loop):
        loop.open(secure(broker, ca))
        payloads = [bytes(size) for size in (0, 1, 16_384, 16_385, 256 * 1024)]
        for payload in payloads:
            loop.client.publish("a/b", payload, 1)
        assert [one.payload for one in loop.wait_for(len(payloads))] == payloads
        loop.drop()
        loop.open(secure(broker, ca))
        assert loop.sessions == [False, True]


REFUSALS = [
    ("another authority", "theirs", f"IP:{LOOPBACK}", "certificate verify failed"),
    ("the system's authorities only", None, f"IP:{LOOPBACK}", "certificate verify failed"),
    ("the broker's certificate is for another host", "ours", "DNS:elsewhere.example", "IP address mismatch"),
]


@pytest.mark.parametrize(("trusted", "names", "why"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_a_broker_that_cannot_prove_who_it_is_is_refused_with_the_reason(
    start_mosquitto: StartMosquitto, tmp_path: Path, trusted: str | None, names: str, why: str
) -> None:
    authorities = {name: authority(tmp_path, name) for name in ("ours", "theirs")}
    certificate(tmp_path, authorities["ours"], names)
    broker = tls_broker(start_mosquitto, tmp_path)
    client = LoopClient("c")
    with pytest.raises(ssl.SSLCertVerificationError, match=why):
        client.open(secure(broker, authorities[trusted] if trusted else None))
    assert not client.is_connected()


def test_a_broker_without_tls_is_refused_at_once(mosquitto: Mosquitto, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"(?i)ssl|reset|closed|timed out"):
        LoopClient("c").open(secure(mosquitto, authority(tmp_path, "ours")))


def test_a_client_without_tls_at_a_broker_with_it_is_told_that_the_connection_ended(
    start_mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    certificate(tmp_path, authority(tmp_path, "ours"), f"IP:{LOOPBACK}")
    broker = tls_broker(start_mosquitto, tmp_path)
    loop = Loop()
    with ending(loop):
        loop.client.open(Endpoint(LOOPBACK, broker.port))
        loop.until(lambda: bool(loop.lost))


@pytest.mark.parametrize(("text", "words"), [(None, "cannot be read: No such file"), ("no", "no PEM file of certif")])
def test_an_authority_s_file_that_cannot_be_used_is_named(tmp_path: Path, text: str | None, words: str) -> None:
    ca = tmp_path / "ca.pem"
    if text is not None:
        ca.write_text(text)
    with pytest.raises(OSError, match=rf"ca\.pem \(SMARTPARK_MQTT_CA_FILE\).*{words}"):
        LoopClient("c").open(Endpoint(LOOPBACK, free_port(), tls=True, ca_file=ca))
