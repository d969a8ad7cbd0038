"""The signed POST, to a real HTTP server."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import msgspec
import pytest

from adapters.notices.way import GiveUp, TryAgain
from adapters.notices.webhook import Webhook, sign
from park.notice import Notice
from tests.adapters.notices.examples import NOTICE, now
from tests.http_receiver import HttpReceiver, http_receiver
from tests.ports import free_port


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as one:
        yield one


def deliver(address: str, secret: str) -> None:
    with closing(Webhook(address, secret, now)) as webhook:
        webhook.deliver(NOTICE)


def test_the_body_is_the_notice(receiver: HttpReceiver) -> None:
    deliver(receiver.url, "")
    [posted] = receiver.posted
    assert posted.path == "/notices"
    assert posted.headers["Content-Type"] == "application/json"
    assert msgspec.json.decode(posted.body, type=Notice) == NOTICE


def test_the_receiver_can_tell_that_it_is_from_us_and_new(receiver: HttpReceiver) -> None:
    deliver(receiver.url, "opens nothing")
    [posted] = receiver.posted
    timestamp = posted.headers["Smartpark-Timestamp"]
    expected = hmac.new(b"opens nothing", f"{timestamp}.".encode() + posted.body, hashlib.sha256).hexdigest()
    assert posted.headers["Smartpark-Signature"] == f"v1={expected}"
    assert timestamp == str(int(now().timestamp()))
    assert posted.headers["Smartpark-Notice"] == NOTICE.id


def test_a_signature_is_of_its_time_and_body() -> None:
    one = sign("secret", "1", b"body")
    assert len({one, sign("secret", "2", b"body"), sign("secret", "1", b"bodies"), sign("other", "1", b"body")}) == 4


def test_without_a_secret_nothing_is_signed(receiver: HttpReceiver) -> None:
    deliver(receiver.url, "")
    assert "Smartpark-Signature" not in receiver.posted[0].headers


def test_user_and_password_of_the_address_go_into_the_header(receiver: HttpReceiver) -> None:
    deliver(receiver.url.replace("//", "//us:p%40ss@"), "")
    assert receiver.posted[0].headers["Authorization"] == "Basic dXM6cEBzcw=="
    assert receiver.posted[0].path == "/notices"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(receiver: HttpReceiver, status: int) -> None:
    receiver.answer = (status, b"secret words", {})
    with pytest.raises(TryAgain, match=f"^HTTP {status}$"):
        deliver(receiver.url, "")


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 410, 422])
def test_what_does_not_pass_is_given_up_and_no_redirect_is_followed(receiver: HttpReceiver, status: int) -> None:
    receiver.answer = (status, b"", {"Location": receiver.url})
    with pytest.raises(GiveUp, match=f"^HTTP {status}$"):
        deliver(receiver.url, "")
    assert len(receiver.posted) == 1


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("30", timedelta(seconds=30)),
        ("999999", timedelta(minutes=10)),
        ("Fri, 31 Dec 2026 23:59:59 GMT", None),
        ("-5", None),
    ],
)
def test_a_receiver_may_say_when_to_come_again(receiver: HttpReceiver, said: str, wish: timedelta | None) -> None:
    receiver.answer = (429, b"", {"Retry-After": said})
    with pytest.raises(TryAgain) as caught:
        deliver(receiver.url, "")
    assert caught.value.after == wish


def test_a_connection_is_kept(receiver: HttpReceiver) -> None:
    with closing(Webhook(receiver.url, "", now)) as webhook:
        for _ in range(5):
            webhook.deliver(NOTICE)
        assert (len(receiver.posted), receiver.connections) == (5, 1)


def test_a_connection_that_was_hung_up_on_meanwhile_is_made_anew(receiver: HttpReceiver) -> None:
    receiver.hangs_up = True
    with closing(Webhook(receiver.url, "", now)) as webhook:
        for _ in range(3):
            webhook.deliver(NOTICE)
    assert len(receiver.posted) == 3


def test_where_nobody_listens_it_is_tried_again() -> None:
    with pytest.raises(TryAgain, match="Connection refused"):
        deliver(f"http://127.0.0.1:{free_port()}/", "")


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(receiver: HttpReceiver) -> None:
    with pytest.raises(TryAgain):
        deliver(receiver.url.replace("http:", "https:"), "")
    assert receiver.posted == []


@pytest.mark.parametrize(
    "address", ["", "ftp://host/secret", "http://", "https://host:port/secret", "host/secret", "http://[::1/secret"]
)
def test_an_address_that_is_none_is_given_up_and_not_repeated(address: str) -> None:
    with pytest.raises(GiveUp, match="looks like") as caught:
        Webhook(address, "", now)
    assert "secret" not in str(caught.value)
