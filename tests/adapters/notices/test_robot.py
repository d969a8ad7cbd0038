"""Group robots: their answers are looked into, over a real HTTP server in their place."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from adapters.notices import robot
from adapters.notices.robot import MAKES, Robot, make_of, shortened
from adapters.notices.way import GiveUp, TryAgain
from tests.adapters.notices.examples import NOTICE, now
from tests.http_receiver import HttpReceiver, http_receiver

WELL = {"dingtalk": b'{"errcode":0,"errmsg":"ok"}', "wecombot": b'{"errcode":0}', "feishu": b'{"code":0,"data":{}}'}


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpReceiver]:
    with http_receiver() as one:
        stands_in = {name: replace(make, address=f"{one.url}?token={{}}") for name, make in MAKES.items()}
        monkeypatch.setattr(robot, "MAKES", stands_in)
        yield one


def deliver(make: str, address: str, secret: str) -> None:
    with closing(Robot(make, address, secret, now)) as one:
        one.deliver(NOTICE)


@pytest.mark.parametrize("make", list(MAKES))
def test_a_group_gets_the_words(receiver: HttpReceiver, make: str) -> None:
    receiver.answer = (200, WELL[make], {})
    deliver(make, f"{make}://ToKen/", "")
    [posted] = receiver.posted
    assert parse_qs(urlsplit(posted.path).query) == {"token": ["ToKen"]}
    body = msgspec.json.decode(posted.body)
    assert body.get("text", body.get("content", {})).popitem()[1] == f"{NOTICE.title}\n{NOTICE.text}"


ANSWERS = [
    ("a wrong keyword or signature is no delivery", "dingtalk", b'{"errcode":310000,"errmsg":"keywords"}', GiveUp),
    ("a full minute passes", "dingtalk", b'{"errcode":130101,"errmsg":"send too fast"}', TryAgain),
    ("a busy system passes", "dingtalk", b'{"errcode":-1,"errmsg":"busy"}', TryAgain),
    ("a robot that was taken out of its group is gone", "wecombot", b'{"errcode":93000}', GiveUp),
    ("a full minute passes there too", "wecombot", b'{"errcode":45009}', TryAgain),
    ("a wrong signature is no delivery", "feishu", b'{"code":19021,"msg":"sign match fail"}', GiveUp),
    ("a limit passes", "feishu", b'{"code":11232,"msg":"frequency limited"}', TryAgain),
    ("an answer without its code is not understood", "feishu", b"{}", GiveUp),
    ("a page in between is not the robot", "dingtalk", b"<html>Log in to the network</html>", TryAgain),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "body", "error"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_only_its_own_word_says_that_the_group_has_it(
    receiver: HttpReceiver, *, name: str, make: str, body: bytes, error: type[Exception]
) -> None:
    receiver.answer = (200, body, {})
    with pytest.raises(error) as caught:
        deliver(make, f"{make}://token/", "")
    assert "sign" not in str(caught.value), name


def test_dingtalk_is_signed_in_the_query(receiver: HttpReceiver) -> None:
    receiver.answer = (200, WELL["dingtalk"], {})
    deliver("dingtalk", "dingtalk://SECret@token/", "")
    asked = parse_qs(urlsplit(receiver.posted[0].path).query)
    digest = hmac.new(b"SECret", f"{asked['timestamp'][0]}\nSECret".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(digest).decode()]


def test_feishu_is_signed_in_the_body(receiver: HttpReceiver) -> None:
    receiver.answer = (200, WELL["feishu"], {})
    deliver("feishu", "feishu://token", "secret")
    body = msgspec.json.decode(receiver.posted[0].body)
    digest = hmac.new(f"{body['timestamp']}\nsecret".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(digest).decode()


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("https://oapi.dingtalk.com/robot/send?access_token=x", "dingtalk"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", "wecombot"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/x", "feishu"),
        ("feishu://x", "feishu"),
        ("mailto://x", None),
        ("https://oapi.dingtalk.com.evil.example/robot", None),
        ("http://[", None),
    ],
)
def test_an_address_is_known_as_the_app_shows_it(address: str, make: str | None) -> None:
    assert make_of(address) == make


def test_what_is_too_long_is_cut_between_letters() -> None:
    assert shortened("短") == "短"
    cut = shortened("长" * 1_000)
    assert (len(cut.encode()) <= 2_000, cut[-1], cut[-2]) == (True, "…", "长")
