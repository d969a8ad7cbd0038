"""Group robots of DingTalk, WeCom and Feishu.

They answer 200 whatever happened: whether the group has the message is in the body alone.  A sender that looks at the
status only, as apprise does for two of them, takes a wrong keyword or a full minute for delivered.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote, urlencode, urlsplit

import msgspec

from adapters.clock import Clock
from adapters.notices.post import Post
from adapters.notices.way import GiveUp, TryAgain
from park.instant import to_ms
from park.notice import Notice

MINUTE: Final = timedelta(minutes=1)
"""The groups count messages by the minute."""
BUSY: Final = -1
LONGEST: Final = 2_000
"""Bytes of a message: what the strictest of them takes, with room for its frame."""


@dataclass(frozen=True, slots=True)
class Make:
    """One make of robots, as its public documentation has it."""

    host: str
    address: str
    """Where a robot is, by its token."""
    code: str
    """The word beside which the answer says 0 for well."""
    later: frozenset[int]
    """Answers that pass."""
    sign: Callable[[str, datetime], tuple[str, Mapping[str, str]]]
    """Gives what a signature adds to the query and to the body."""
    body: Callable[[str], dict[str, Any]]


def _no_sign(_: str, __: datetime) -> tuple[str, Mapping[str, str]]:
    return "", {}


def _sign_dingtalk(secret: str, now: datetime) -> tuple[str, Mapping[str, str]]:
    stamp = str(to_ms(now))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return urlencode({"timestamp": stamp, "sign": base64.b64encode(digest).decode()}), {}


def _sign_feishu(secret: str, now: datetime) -> tuple[str, Mapping[str, str]]:
    stamp = str(int(now.timestamp()))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return "", {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


MAKES: Final[Mapping[str, Make]] = {
    "dingtalk": Make(
        host="oapi.dingtalk.com",
        address="https://oapi.dingtalk.com/robot/send?access_token={}",
        code="errcode",
        later=frozenset({BUSY, 130101, 410100}),
        sign=_sign_dingtalk,
        body=lambda words: {"msgtype": "text", "text": {"content": words}},
    ),
    "wecombot": Make(
        host="qyapi.weixin.qq.com",
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={}",
        code="errcode",
        later=frozenset({BUSY, 45009}),
        sign=_no_sign,
        body=lambda words: {"msgtype": "text", "text": {"content": words}},
    ),
    "feishu": Make(
        host="open.feishu.cn",
        address="https://open.feishu.cn/open-apis/bot/v2/hook/{}",
        code="code",
        later=frozenset({9499, 11232}),
        sign=_sign_feishu,
        body=lambda words: {"msg_type": "text", "content": {"text": words}},
    ),
}


def make_of(address: str) -> str | None:
    """Tell which make an address is of, written as the app shows it or as apprise does; None where it is of none."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme in MAKES:
        return parts.scheme
    return next((name for name, make in MAKES.items() if parts.scheme == "https" and parts.hostname == make.host), None)


class Robot:
    """One robot in one group."""

    joins = True

    def __init__(self, make: str, address: str, secret: str, clock: Clock) -> None:
        """Read the address; nothing is opened yet.  Raises GiveUp."""
        self._make = MAKES[make]
        parts = urlsplit(address.strip())
        if parts.scheme == make:
            secret = secret or unquote(parts.username or "")
            token = parts.netloc.rpartition("@")[2]  # its letters are case-sensitive, which a host name is not
            address = self._make.address.format(token)
        self._post = Post(address)
        self._secret = secret
        self._clock = clock

    def deliver(self, notice: Notice) -> None:
        """Say it in the group, and look whether it got there.  Raises TryAgain or GiveUp."""
        query, signed = self._make.sign(self._secret, self._clock()) if self._secret else ("", {})
        body = {**signed, **self._make.body(shortened(f"{notice.title}\n{notice.text}"))}
        answer = self._post(msgspec.json.encode(body), {}, query)
        try:
            code = msgspec.json.decode(answer.body, type=dict[str, Any]).get(self._make.code)
        except msgspec.MsgspecError:
            raise TryAgain("an answer that is no robot's") from None
        if code in self._make.later:
            raise TryAgain(f"{self._make.code} {code}", None if code == BUSY else MINUTE)
        if code != 0:
            raise GiveUp(f"{self._make.code} {code if isinstance(code, int) else 'missing'}")

    def rest(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Hang up."""
        self._post.close()


def shortened(words: str, most: int = LONGEST) -> str:
    """Cut what is too long for a group, and show that it was."""
    data = words.encode()
    return words if len(data) <= most else data[: most - 3].decode(errors="ignore") + "…"
