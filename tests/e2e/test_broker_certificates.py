"""Certificates for a closed network: made once, renewed in time, never overwritten."""

import re
import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import pytest

from tests.e2e.shipped_broker import certificates, made_certificates

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture
def out(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority and a broker's certificate."""
    return Path(shutil.copytree(made_certificates(tmp_path_factory.getbasetemp()), tmp_path / "certificates"))


def names(certificate: Path) -> str:
    """Give the names a certificate is for, as openssl says them."""
    told = subprocess.run(
        ["openssl", "x509", "-in", certificate, "-noout", "-ext", "subjectAltName"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return told.stdout.splitlines()[1].strip()


def every(out: Path) -> dict[str, bytes]:
    """Give every file."""
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_keys_are_for_the_owner_only_and_the_brokers_folder_has_not_the_authoritys(out: Path) -> None:
    for key in out.rglob("*.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert {path.name for path in (out / "broker").iterdir()} == {"broker.crt", "broker.key"}
    assert [path.name for path in out.iterdir() if path.name not in {"ca", "broker"}] == []


def test_the_certificate_is_for_the_names_given_and_the_authority_stands_the_strict_look(out: Path) -> None:
    assert names(out / "broker" / "broker.crt") == "DNS:localhost, IP Address:127.0.0.1"
    context = ssl.create_default_context(cafile=out / "ca" / "ca.crt")
    assert context.cert_store_stats()["x509_ca"] == 1


def test_make_neither_overwrites_a_certificate_nor_an_authority(out: Path) -> None:
    before = every(out)
    again = certificates(out, "make", "--san", "DNS:other")
    assert again.returncode == 1
    assert "renew" in again.stderr
    assert every(out) == before
    shutil.rmtree(out / "broker")
    assert certificates(out, "make", "--san", "DNS:other").returncode == 0
    assert {name: every(out)[name] for name in ("ca/ca.key", "ca/ca.crt")} == {
        name: before[name] for name in ("ca/ca.key", "ca/ca.crt")
    }


@pytest.mark.parametrize("missing", ["ca/ca.key", "ca/ca.crt"])
@pytest.mark.parametrize("command", [["make", "--san", "DNS:x"], ["renew"]], ids=["make", "renew"])
def test_half_an_authority_is_never_completed_by_another(out: Path, missing: str, command: list[str]) -> None:
    if command[0] == "make":
        shutil.rmtree(out / "broker")
    (out / missing).unlink()
    before = every(out)
    outcome = certificates(out, *command)
    assert outcome.returncode == 1
    assert "bring the authority back" in outcome.stderr
    assert every(out) == before


def test_renewing_keeps_the_names_the_authority_and_the_old_pair(out: Path) -> None:
    before = every(out)
    assert certificates(out, "renew").returncode == 0
    after = every(out)
    assert names(out / "broker" / "broker.crt") == "DNS:localhost, IP Address:127.0.0.1"
    assert after["ca/ca.crt"] == before["ca/ca.crt"]
    assert after["broker/broker.old.crt"] == before["broker/broker.crt"]
    assert after["broker/broker.crt"] != before["broker/broker.crt"]
    assert after["broker/broker.key"] != before["broker/broker.key"]
    assert certificates(out, "check").returncode == 0


def test_renewing_for_other_names_is_possible(out: Path) -> None:
    assert certificates(out, "renew", "--san", "DNS:mqtt.park.lan", "--san", "IP:10.0.0.9").returncode == 0
    assert names(out / "broker" / "broker.crt") == "DNS:mqtt.park.lan, IP Address:10.0.0.9"


def test_a_certificate_about_to_end_fails_the_check_until_it_is_renewed(out: Path) -> None:
    assert certificates(out, "check").returncode == 0
    assert certificates(out, "renew", "--days", "10").returncode == 0
    told = certificates(out, "check")
    assert told.returncode == 1
    assert re.search(r"broker\.crt: ends within 30 days", told.stderr)
    assert certificates(out, "check", "--within", "5").returncode == 0


def test_a_key_that_is_not_the_certificates_fails_the_check(out: Path) -> None:
    assert certificates(out, "renew").returncode == 0
    (out / "broker" / "broker.old.key").replace(out / "broker" / "broker.key")
    told = certificates(out, "check")
    assert told.returncode == 1
    assert "run renew" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "say make"),
        (["make"], "--san is needed"),
        (["make", "--san", "broker"], "must look like"),
        (["make", "--san", "DNS:a,IP:1.2.3.4"], "must look like"),
        (["make", "--san", "DNS:a\nbasicConstraints=CA:TRUE"], "must look like"),
        (["renew", "--days", "0"], "no number of days"),
        (["renew", "--days"], "needs a value"),
        (["check", "--frob", "1"], "there is no --frob"),
    ],
)
def test_a_wrong_argument_is_said_and_makes_nothing(tmp_path: Path, arguments: list[str], says: str) -> None:
    out = tmp_path / "none"
    script = Path(__file__).resolve().parents[2] / "scripts" / "certificates"
    head, rest = arguments[:1], arguments[1:]
    where = ["--out", str(out)] if head else []
    told = subprocess.run([script, *head, *where, *rest], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert says in told.stderr
    assert not out.exists()
