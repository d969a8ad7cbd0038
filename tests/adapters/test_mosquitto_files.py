"""What we write is what mosquitto_passwd would have written, and the other way round."""

import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mosquitto_files import (
    MosquittoFileError,
    hash_password,
    new_password,
    read_passwords,
    verifies,
    write_acl,
    write_passwords,
)
from park.broker_rights import BrokerAccount, Right, Verb
from tests.e2e.talker import Talker
from tests.mosquitto import StartMosquitto

MADE_BY_MOSQUITTO_PASSWD = (
    "$7$101$YZdfncEdBNfejQQJ$Z0Jiox818V0i2QLBM4ndGH4VPhTBpQonM83IFb1LhygkXwbtbLRvpqm9DJEb5AoSIv0dmuIj4ZP8KW3lpms5uQ=="
)


def test_a_hash_made_by_mosquitto_passwd_is_understood() -> None:
    assert verifies("secret", MADE_BY_MOSQUITTO_PASSWD)
    assert not verifies("Secret", MADE_BY_MOSQUITTO_PASSWD)
    assert hash_password("secret", salt=b64decode("YZdfncEdBNfejQQJ")) == MADE_BY_MOSQUITTO_PASSWD


@pytest.mark.skipif(shutil.which("mosquitto_passwd") is None, reason="mosquitto_passwd is not installed")
def test_the_installed_mosquitto_passwd_makes_what_we_understand(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.touch(mode=0o600)
    subprocess.run(["mosquitto_passwd", "-b", file, "m1", "p w/中"], check=True, capture_output=True)
    assert verifies("p w/中", read_passwords(file.read_text(encoding="utf-8"))["m1"])


def test_mosquitto_lets_in_whom_we_wrote_down(start_mosquitto: StartMosquitto, tmp_path: Path) -> None:
    passwords = {f"m{number}": new_password() for number in range(20)}
    file = tmp_path / "passwords"
    file.write_text(write_passwords({user: hash_password(word) for user, word in passwords.items()}), encoding="utf-8")
    broker = start_mosquitto(f"allow_anonymous false\npassword_file {file}")
    for user, password in passwords.items():
        with Talker(broker.port, user, password) as talker:
            assert talker.answer == "Success"
    with Talker(broker.port, "m1", passwords["m2"]) as talker:
        assert talker.answer == "Not authorized"


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_password_opens_its_own_hash_and_no_other(password: str, other: str) -> None:
    hashed = hash_password(password, iterations=1)
    assert verifies(password, hashed)
    assert verifies(other, hashed) == (other == password)


@pytest.mark.parametrize(
    "hashed",
    [
        "",
        "secret",
        "$6$abc$def",
        "$7$",
        "$7$0$YQ==$YQ==",
        "$7$x$YQ==$YQ==",
        "$7$1$?$YQ==",
        "$7$1$YQ==",
        "$7$1$YQ==$YQ==",
    ],
)
def test_what_is_no_hash_of_this_kind_opens_to_nobody(hashed: str) -> None:
    assert not verifies("secret", hashed)


def test_the_same_password_never_has_the_same_hash_twice() -> None:
    assert hash_password("secret") != hash_password("secret")


def test_a_password_can_be_typed_on_a_keypad_and_is_long() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) == 24 and password.isalnum() and password == password.lower() for password in made)
    assert not set("".join(made)) & set("01lo")


def test_a_password_file_is_read_as_it_is_written() -> None:
    hashes = {"m1": hash_password("a"), "smartpark.api": hash_password("b")}
    assert read_passwords(write_passwords(hashes)) == hashes
    assert read_passwords("\n# nobody\n") == {}


@pytest.mark.parametrize("line", ["m1", ":$7$x", "m1:clear"])
def test_a_line_that_is_no_account_is_named(line: str) -> None:
    with pytest.raises(MosquittoFileError, match="line 2"):
        read_passwords(f"# accounts\n{line}\n")


def test_the_list_names_each_account_once_with_its_topics() -> None:
    account = BrokerAccount("m1", (Right(Verb.WRITE, "p/a b/data"), Right(Verb.READ, "p/+/x")))
    assert write_acl([account]).splitlines()[1:] == ["", "user m1", "topic write p/a b/data", "topic read p/+/x"]


@pytest.mark.parametrize("topic", ["p/x\ntopic readwrite #", " p/x", "p/x\r"])
def test_no_topic_can_smuggle_in_a_line(topic: str) -> None:
    with pytest.raises(MosquittoFileError):
        write_acl([BrokerAccount("m1", (Right(Verb.WRITE, topic),))])
