"""What an answer of the server means for what we sent: one table, for writing and reading alike.

Errors of this package are the port's: StoreUnavailable, StoreHeld, StoreRefused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from types import MappingProxyType

import msgspec

from park.telemetry import StoreHeld, StoreUnavailable

WORDS = 300
LONGEST_WAIT = timedelta(minutes=5)
NOTHING: Mapping[str, str] = MappingProxyType({})


class Verdict(Enum):
    """What to do next."""

    ACCEPTED = auto()
    """It is stored."""
    REFUSED = auto()
    """Something in it will never be taken; the rest may be, or may be stored already."""
    TOO_LARGE = auto()
    """Half of it may be taken."""
    WAIT = auto()
    """Later, when the server says."""
    HOLD = auto()
    """Not before a person has mended something."""
    AGAIN = auto()
    """The server did not manage; it may next time."""


TABLE: Mapping[int, Verdict] = {
    400: Verdict.REFUSED,
    401: Verdict.HOLD,
    403: Verdict.HOLD,
    404: Verdict.HOLD,
    408: Verdict.AGAIN,
    413: Verdict.TOO_LARGE,
    422: Verdict.REFUSED,
    425: Verdict.AGAIN,
    429: Verdict.WAIT,
    503: Verdict.WAIT,
}
BY_HUNDREDS: Mapping[int, Verdict] = {
    2: Verdict.ACCEPTED,
    3: Verdict.HOLD,
    4: Verdict.HOLD,
    5: Verdict.AGAIN,
}
"""For what the table does not name: a redirection or an unknown 4xx is a wrong address or setting."""

MENDING: Mapping[int, str] = {
    401: "请检查 SMARTPARK_INFLUX_TOKEN / the token is not accepted: check SMARTPARK_INFLUX_TOKEN",
    403: "该令牌无此权限 / the token may not do this: give it the right, or make a new one with smartpark store init",
    404: "存储桶不存在 / the bucket or organization does not exist: run smartpark store init, or check org in the URL",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer over HTTP."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def verdict(self) -> Verdict:
        """What the table says of it."""
        return TABLE.get(self.status) or BY_HUNDREDS.get(self.status // 100, Verdict.AGAIN)

    @property
    def words(self) -> str:
        """What the server said, in one line."""
        return words(self.body) or self.headers.get("X-Influxdb-Error", "") or f"HTTP {self.status}"

    @property
    def retry_after(self) -> timedelta | None:
        """How long the server asks to be left alone; None where it does not say, or names a date."""
        text = self.headers.get("Retry-After", "").strip()
        if not text.isascii() or not text.isdigit():
            return None
        return min(LONGEST_WAIT, timedelta(seconds=int(text[:9])))

    def error(self, where: str) -> StoreUnavailable:
        """Make the error of an answer that is neither accepted nor refused; `where` names server and bucket."""
        if self.verdict is Verdict.HOLD:
            mending = MENDING.get(self.status, "请检查 SMARTPARK_TELEMETRY_URL / check SMARTPARK_TELEMETRY_URL")
            return StoreHeld(f"{where}: HTTP {self.status}, {self.words}; {mending}")
        return StoreUnavailable(f"{where}: HTTP {self.status}, {self.words}", retry_after=self.retry_after)


def words(body: bytes) -> str:
    """Read the server's own words: `{"error": …}` of 1.x and 3, `{"message": …}` of 2.x, or plain text."""
    text = body.decode("utf-8", errors="replace").strip()
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        said = None
    if isinstance(said, dict):
        text = str(said.get("message") or said.get("error") or text)
        if isinstance(said.get("data"), list) and said["data"]:  # 3 says in `data` which lines
            text = f"{text}: {said['data'][0]}"
    return " ".join(text.split())[:WORDS]
