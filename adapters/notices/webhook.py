"""A signed POST to a program of the receiver's.

The body is one notice as JSON.  The headers:

    Smartpark-Notice      the notice's id: the same for every copy, so that a second one can be dropped
    Smartpark-Timestamp   seconds since 1970 when this copy was sent; an old one is a replay
    Smartpark-Signature   v1=HMAC-SHA256 in hex, keyed with the secret, over the timestamp, a full stop and the body

"""

import hashlib
import hmac

import msgspec

from adapters.clock import Clock
from adapters.notices.post import Post
from park.notice import Notice


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a body; whoever knows the secret makes the same of what they got, and compares."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhook:
    """One address."""

    joins = False

    def __init__(self, address: str, secret: str, clock: Clock) -> None:
        """Read the address; nothing is opened yet.  Raises GiveUp."""
        self._post = Post(address)
        self._secret = secret
        self._clock = clock

    def deliver(self, notice: Notice) -> None:
        """Post it; only an answer from 200 to 299 means that they have it.  Raises TryAgain or GiveUp."""
        body = msgspec.json.encode(notice)
        timestamp = str(int(self._clock().timestamp()))
        headers = {"Smartpark-Notice": notice.id, "Smartpark-Timestamp": timestamp}
        if self._secret:
            headers["Smartpark-Signature"] = sign(self._secret, timestamp, body)
        self._post(body, headers)

    def rest(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Hang up."""
        self._post.close()
