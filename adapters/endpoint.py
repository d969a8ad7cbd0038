"""Where a broker listens, read from a URL.  No sentence here repeats the URL: it may hold a password."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

DEFAULT_PORTS = {"mqtt": 1883, "mqtts": 8883}
LOOKS = "a broker URL looks like mqtt://host:1883 or mqtts://user:password@host:8883"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a broker listens and how to be let in."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None

    def __str__(self) -> str:
        """Name the broker without its secrets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"


def endpoint(url: str, *, password: str | None = None, ca_file: Path | None = None) -> Endpoint:
    """Read a broker URL; a password in it counts before the one given.  Raises ValueError that says what is wrong."""
    parts = _split(url)
    port = _port(parts)
    user = unquote(parts.username) if parts.username else None
    given = unquote(parts.password) if parts.password else password
    if given and not user:
        raise ValueError(f"a password needs a user name before it; {LOOKS}")
    return Endpoint(
        host=parts.hostname or "",
        port=DEFAULT_PORTS[parts.scheme] if port is None else port,
        tls=parts.scheme == "mqtts",
        user=user,
        password=given,
        ca_file=ca_file,
    )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in DEFAULT_PORTS and bool(parts.hostname)
    except ValueError:  # its words may hold the password
        known = False
    if not known:
        raise ValueError(LOOKS)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            f"nothing may follow the port; {LOOKS}, and in a password / ? # @ and % are written %2F %3F %23 %40 %25"
        )
    return parts


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:  # its words hold what stands there, which may be half a password
        port = 0
    if port == 0:
        raise ValueError(f"the port must be a number from 1 to 65535; {LOOKS}")
    return port
