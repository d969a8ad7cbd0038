"""Sessions of people: a signed token that says who signed in and when; nothing about it is stored but its end."""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock

from adapters import private
from park.instant import from_ms, to_ms

LIFE = timedelta(hours=12)
COOKIE = "smartpark_session"
SECRET_BYTES = 32
MOST_BYTES = 1_024


@dataclass(frozen=True, slots=True)
class Session:
    """Who signed in, and when; `stamp` changes with the password, which ends older sessions."""

    id: str
    user: str
    since: datetime
    stamp: str


class Sessions:
    """Writes and reads the tokens; `now` is an argument everywhere."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._lock = Lock()
        self._ended: dict[str, datetime] = {}

    def issue(self, user: str, stamp: str, now: datetime) -> str:
        """Write the token of a new session."""
        said = {"i": secrets.token_urlsafe(12), "u": user, "t": to_ms(now), "s": stamp}
        body = base64.urlsafe_b64encode(json.dumps(said, ensure_ascii=False).encode())
        return f"{body.decode()}.{self._sign(body)}"

    def read(self, token: str, now: datetime) -> Session | None:
        """Read a token; None where we did not sign it, it has expired, or its session was ended."""
        body, _, signature = token.partition(".")
        if len(token) > MOST_BYTES or not hmac.compare_digest(self._sign(body.encode()).encode(), signature.encode()):
            return None
        try:
            said = json.loads(base64.urlsafe_b64decode(body))
            session = Session(said["i"], said["u"], from_ms(said["t"]), said["s"])
        except (binascii.Error, ValueError, KeyError, TypeError):
            return None
        if not timedelta(0) <= now - session.since + timedelta(minutes=5) <= LIFE + timedelta(minutes=5):
            return None
        with self._lock:
            return None if session.id in self._ended else session

    def end(self, session: Session, now: datetime) -> None:
        """Make a session's token worthless, and forget those that have expired by themselves."""
        with self._lock:
            self._ended = {name: until for name, until in self._ended.items() if until > now}
            self._ended[session.id] = session.since + LIFE

    def _sign(self, body: bytes) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self._secret, body, sha256)).decode().rstrip("=")


def secret(folder: Path, make: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """Give the installation's own secret, made on first use and readable by its owner only."""
    return private.key(folder / "session.key", lambda: make(SECRET_BYTES))
