"""Who is let in: a broker that asks for a password, and one that speaks an older MQTT."""

import base64
import hashlib
from pathlib import Path

import pytest

from adapters.embedded_broker import EmbeddedBroker
from adapters.mqtt import Endpoint, endpoint
from tests.adapters.loops import Loop, ending
from tests.mosquitto import StartMosquitto
from tests.ports import LOOPBACK, free_port


def password_line(user: str, password: str) -> str:
    """Write a line as mosquitto_passwd does."""
    salt = b"twelve bytes"
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"{user}:$7$101${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_wrong_password_is_refused_and_the_right_one_let_in(
    start_mosquitto: StartMosquitto, tmp_path: Path, version: str
) -> None:
    passwords = tmp_path / "passwords"
    passwords.write_text(password_line("meter", "p@ss/word"), encoding="ascii")
    broker = start_mosquitto(f"allow_anonymous false\npassword_file {passwords}")
    loop = Loop(version=version)
    with ending(loop):
        loop.client.open(endpoint(f"mqtt://meter:wrong@{LOOPBACK}:{broker.port}"))
        loop.until(lambda: bool(loop.refused) and not loop.client.is_connected())
        assert loop.refused == ["Not authorized"]
        loop.open(endpoint(f"mqtt://meter:p%40ss%2Fword@{LOOPBACK}:{broker.port}"))
        assert loop.subscribed == 1


def test_a_broker_that_speaks_no_mqtt_5_is_told_from_one_that_is_not_there() -> None:
    broker = EmbeddedBroker(LOOPBACK, free_port())
    broker.start()
    loop = Loop(version="5")
    with ending(loop):
        loop.client.open(Endpoint(LOOPBACK, broker._port))
        loop.until(lambda: bool(loop.lost))
        assert not loop.client.is_connected()
    broker.stop()


# --- waiting ----------------------------------------------------------------------------------------------------------
