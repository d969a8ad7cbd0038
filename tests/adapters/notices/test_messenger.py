"""What apprise delivers, to real servers."""

from collections.abc import Iterator

import pytest

from adapters.notices.messenger import Messenger
from adapters.notices.way import GiveUp, TryAgain
from tests.adapters.notices.examples import NOTICE
from tests.http_receiver import http_receiver
from tests.ports import free_port
from tests.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    with smtp_server() as server:
        yield server


def address(port: int) -> str:
    return f"mailto://127.0.0.1:{port}?from=park@example.org&to=officer@example.org&mode=insecure"


def test_a_letter_arrives_with_its_title_and_words(post: SmtpServer) -> None:
    Messenger(address(post.port)).deliver(NOTICE)
    [letter] = post.letters
    assert letter["To"] == "officer@example.org"
    assert letter["Subject"] == NOTICE.title
    body = letter.get_body(("plain", "html"))
    assert body is not None
    assert NOTICE.text in body.get_content()


def test_the_second_letter_waits_for_nothing(post: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    messenger = Messenger(address(post.port))
    messenger.deliver(NOTICE)
    monkeypatch.setattr("time.sleep", slept.append)
    messenger.deliver(NOTICE)
    assert (len(post.letters), [pause for pause in slept if pause > 1]) == (2, [])


def test_a_letter_that_is_refused_is_not_delivered(post: SmtpServer) -> None:
    post.verdict = b"451 try later"
    with pytest.raises(TryAgain):
        Messenger(address(post.port)).deliver(NOTICE)


def test_where_no_mail_server_listens_it_is_tried_again() -> None:
    with pytest.raises(TryAgain):
        Messenger(address(free_port())).deliver(NOTICE)


@pytest.mark.parametrize(("status", "error"), [(500, TryAgain), (429, TryAgain), (403, GiveUp), (404, GiveUp)])
def test_a_refusal_that_does_not_pass_is_given_up(status: int, error: type[Exception]) -> None:
    with http_receiver() as receiver:
        receiver.answer = (status, b"", {})
        with pytest.raises(error, match=f"^apprise: HTTP {status}$"):
            Messenger(receiver.url.replace("http:", "json:")).deliver(NOTICE)


@pytest.mark.parametrize("wrong", ["", "nosuch://secret", "not an address"])
def test_an_address_that_apprise_does_not_know_is_given_up_and_not_repeated(wrong: str) -> None:
    with pytest.raises(GiveUp, match="does not understand") as caught:
        Messenger(wrong).deliver(NOTICE)
    assert "secret" not in str(caught.value)


def test_nothing_of_an_address_gets_into_the_log(post: SmtpServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    messenger = Messenger(address(post.port).replace("mailto://", "mailto://us:s3cret@"))
    post.verdict = b"550 no"
    with pytest.raises(TryAgain):
        messenger.deliver(NOTICE)
    assert "s3cret" not in caplog.text
    assert "officer@example.org" not in caplog.text
