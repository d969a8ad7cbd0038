"""POST to one address over a connection that is kept; a redirect is never followed.

A redirect would carry what happens in a park to wherever an answer says.  No sentence here repeats an address: it may
let anybody in.
"""

import base64
import http.client
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from adapters.notices.way import GiveUp, TryAgain

TIMEOUT: Final = 10.0
LARGEST_ANSWER: Final = 64 * 1024
LATER: Final = frozenset({408, 409, 423, 425, 429})
"""Refusals that pass; of the others below 500 none does."""
FINE: Final = range(200, 300)
SERVER_ERRORS: Final = 500
LONGEST_WISH: Final = timedelta(minutes=10)
"""Nobody who asks to be left alone is left alone for longer with an alert."""
LOOKS: Final = "a webhook's address looks like https://host/path"


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    wish: timedelta | None
    """How long they ask us to wait."""


class Post:
    """One address, for one thread."""

    def __init__(self, address: str) -> None:
        """Read the address; nothing is opened yet.  Raises GiveUp."""
        parts, port = _split(address)
        host = parts.hostname or ""
        self._connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        )
        self._path = parts.path or "/"
        self._query = parts.query
        self._headers = {"Content-Type": "application/json", "User-Agent": "smartpark"}
        if parts.username:
            known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = "Basic " + base64.b64encode(known.encode()).decode()

    def __call__(self, body: bytes, headers: Mapping[str, str], query: str = "") -> Answer:
        """Post, and give an answer of success.  Raises TryAgain or GiveUp."""
        asked = "&".join(filter(None, (self._query, query)))
        answer = self._post(f"{self._path}?{asked}" if asked else self._path, body, {**self._headers, **headers})
        if answer.status in FINE:
            return answer
        if answer.status in LATER or answer.status >= SERVER_ERRORS:
            raise TryAgain(f"HTTP {answer.status}", answer.wish)
        raise GiveUp(f"HTTP {answer.status}")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post over the connection there is; one that was hung up on meanwhile is made anew, once."""
        kept = self._connection.sock is not None
        try:
            return self._exchange(path, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            if not kept or isinstance(error, TimeoutError):
                raise _later(error) from error
        try:
            return self._exchange(path, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise _later(error) from error

    def _exchange(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        self._connection.request("POST", path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read(LARGEST_ANSWER)
        if not answer.isclosed():  # the rest would be taken for the next answer
            self.close()
        return Answer(answer.status, content, _wish(answer.getheader("Retry-After")))


def _split(address: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:  # its words repeat the address
        raise GiveUp(LOOKS) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isascii():
        raise GiveUp(LOOKS)
    return parts, port


def _wish(text: str | None) -> timedelta | None:
    """Read how long they ask us to wait; a date, which hardly anybody sends, is not read."""
    if text is None or not text.isdecimal():
        return None
    return min(timedelta(seconds=int(text[:9])), LONGEST_WISH)


def _later(error: Exception) -> TryAgain:
    words = getattr(error, "verify_message", None) or getattr(error, "strerror", None) or type(error).__name__
    return TryAgain(str(words))
