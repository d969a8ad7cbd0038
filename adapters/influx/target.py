"""Which InfluxDB, and how: `influxdb://host:8086?org=park&api=v2`, `influxdbs://` over TLS."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from adapters.influx.resolution import Resolution

SCHEMES = {"influxdb": "http", "influxdbs": "https"}
DEFAULT_PORT = 8086
KNOWN = {"org", "api", "bucket"}
PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
FORM = "must look like influxdb://host:8086?org=park&api=v2 or influxdb://host:8086?api=v1 (influxdbs:// over TLS)"


class Api(StrEnum):
    """How the server is written to; reading is the same on all."""

    V1 = "v1"
    """InfluxDB 1.x: databases, `/write`, user and password."""
    V2 = "v2"
    """InfluxDB 2.x and 3: buckets, `/api/v2/write`, tokens."""


@dataclass(frozen=True, slots=True)
class Target:
    """One InfluxDB server and how we are let in."""

    host: str
    port: int
    tls: bool
    api: Api
    org: str = ""
    prefix: str = "park"
    token: str | None = field(default=None, repr=False)
    """A token; with `v1` a user and a password with a colon between."""
    ca_file: Path | None = None

    @property
    def url(self) -> str:
        """The address over HTTP; it holds no secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def __str__(self) -> str:
        """Name the server without its secrets."""
        return self.url

    def bucket(self, resolution: Resolution) -> str:
        """Name the bucket, or database, of one resolution."""
        return f"{self.prefix}_{resolution.name}"


def read(url: str, *, token: str | None = None, ca_file: Path | None = None) -> Target:
    """Read the URL of the telemetry store.  Raises ValueError with what to mend; it never repeats the URL."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path not in {"", "/"} or parts.fragment:
        raise ValueError(FORM)
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no user or password: give a token, or user:password, in SMARTPARK_INFLUX_TOKEN")
    try:
        port = parts.port or DEFAULT_PORT
    except ValueError:
        raise ValueError(FORM) from None
    given = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(given)
    if len(options) != len(given) or not options.keys() <= KNOWN:
        raise ValueError(f"{FORM}; it takes {', '.join(sorted(KNOWN))}, each at most once")
    if options.get("api", Api.V2) not in set(Api):
        raise ValueError("api must be v2 (InfluxDB 2.x and 3) or v1 (1.x)")
    api = Api(options.get("api", Api.V2))
    prefix = options.get("bucket", "park")
    if not PREFIX.fullmatch(prefix):
        raise ValueError("bucket must begin with a letter, and hold letters, digits, _ and - only")
    if api is Api.V2 and not options.get("org"):
        raise ValueError("org is needed with api=v2: the organization the buckets belong to")
    return Target(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "influxdbs",
        api=api,
        org=options.get("org", ""),
        prefix=prefix,
        token=token or None,
        ca_file=ca_file,
    )
