"""One InfluxDB server over HTTP: the only module of the package that touches the network.

2.x and 3 are written to through influxdb-client, one request a call: its batching mode loses lines without a word.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Lock
from urllib.parse import urlencode

import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.rest import ApiException
from influxdb_client.service.write_service import WriteService

from adapters.influx.answers import Answer, Verdict
from adapters.influx.target import Api, Target
from park.telemetry import StoreHeld, StoreUnavailable

CONNECT, READ = 5.0, 30.0
"""Seconds; the server itself gives a write ten."""
CONNECTIONS = 8
VERSION = "X-Influxdb-Version"
NUMBERS = re.compile(r"v?(\d+)\.(\d+)")
LEAST_V2 = (2, 4)
"""From here on every bucket answers InfluxQL as a database of its name."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LINES = {"Content-Type": "text/plain; charset=utf-8", "Content-Encoding": "gzip"}


class Server:
    """Sends requests and gives answers, whatever their status; raises StoreUnavailable where there is none.

    Safe to call from any thread.  Nothing is sent before the first call, which also finds out what server it is.
    """

    def __init__(self, target: Target, *, connect: float = CONNECT, read: float = READ) -> None:
        self.target = target
        self._timeout = urllib3.Timeout(connect=connect, read=read)
        self._milliseconds = (int(connect * 1_000), int(read * 1_000))
        ca = str(target.ca_file) if target.ca_file else None
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS, retries=False, timeout=self._timeout, ca_certs=ca, headers=_authorization(target)
        )
        self._client: InfluxDBClient | None = None
        if target.api is Api.V2:
            self._client = InfluxDBClient(
                url=target.url,
                token=target.token or "",
                org=target.org,
                timeout=self._milliseconds,
                ssl_ca_cert=ca,
                connection_pool_maxsize=CONNECTIONS,
                retries=False,
            )
        self._looking = Lock()
        self._version: str | None = None

    @property
    def client(self) -> InfluxDBClient:
        """The client library, for what only it does; 2.x only."""
        if self._client is None:
            raise TypeError(f"{self.target} is written to as 1.x")
        return self._client

    def version(self) -> str:
        """Give the server's version, asked once.  Raises StoreHeld where the `api` setting is for another server."""
        with self._looking:
            if self._version is None:
                answer = self.request("GET", "/ping")
                if answer.verdict is not Verdict.ACCEPTED:
                    raise answer.error(str(self.target))
                found = answer.headers.get(VERSION, "")
                _check(self.target, found)
                self._version = found
            return self._version

    def query(self, influxql: str, *, database: str | None = None) -> Answer:
        """Ask in InfluxQL; times come back in milliseconds."""
        self.version()
        fields = {"q": influxql, "epoch": "ms"} | ({"db": database} if database else {})
        return self.request("POST", "/query", body=urlencode(fields).encode(), headers=FORM)

    def write(self, bucket: str, lines: bytes) -> Answer:
        """Send gzipped lines with millisecond times."""
        self.version()
        if self._client is None:
            query = urlencode({"db": bucket, "precision": "ms"})
            return self.request("POST", f"/write?{query}", body=lines, headers=LINES)
        with translated(self.target):
            try:
                WriteService(self._client.api_client).post_write(
                    self.target.org,
                    bucket,
                    lines,
                    precision="ms",
                    content_encoding="gzip",
                    content_type=LINES["Content-Type"],
                    _return_http_data_only=True,
                )
            except ApiException as error:
                return answered(error, self.target)
        return Answer(204)

    def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, without following a redirection to another server."""
        with translated(self.target):
            response = self._pool.request(
                method,
                self.target.url + path,
                body=body,
                headers=dict(self._pool.headers) | dict(headers or {}),
                redirect=False,
            )
            return Answer(response.status, response.data, response.headers)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()
        if self._client is not None:
            self._client.close()


def _authorization(target: Target) -> Mapping[str, str]:
    if target.token is None:
        return {}
    if target.api is Api.V1:
        return urllib3.make_headers(basic_auth=target.token)
    return {"Authorization": f"Token {target.token}"}


def _check(target: Target, version: str) -> None:
    numbers = NUMBERS.match(version)
    if numbers is None:
        raise StoreHeld(f"{target} 不是 InfluxDB; 请检查 SMARTPARK_TELEMETRY_URL / answers, but is no InfluxDB")
    found = int(numbers[1]), int(numbers[2])
    if target.api is Api.V2 and found < LEAST_V2:
        raise StoreHeld(
            f"{target} 是 InfluxDB {version}, 请在 SMARTPARK_TELEMETRY_URL 中改用 api=v1 / "
            f"runs InfluxDB {version}: set api=v1 in SMARTPARK_TELEMETRY_URL, or upgrade it to 2.4 or later"
        )
    if target.api is Api.V1 and found[0] != 1:
        raise StoreHeld(
            f"{target} 是 InfluxDB {version}, 请在 SMARTPARK_TELEMETRY_URL 中改用 api=v2 / "
            f"runs InfluxDB {version}: set api=v2 and org in SMARTPARK_TELEMETRY_URL"
        )


def answered(error: ApiException, target: Target) -> Answer:
    """Give the answer that the client library made an error of.  Raises StoreUnavailable where there was none."""
    if not error.status:  # it tells TLS trouble in this way
        raise StoreUnavailable(f"{target}: {error.reason}") from error
    body = error.body.encode() if isinstance(error.body, str) else error.body or b""
    return Answer(error.status, body, error.headers or {})


@contextmanager
def translated(target: Target) -> Iterator[None]:
    """Say in the port's own terms that nothing came back."""
    try:
        yield
    except (urllib3.exceptions.HTTPError, OSError) as error:
        with suppress(AttributeError):
            error = error.reason or error  # type: ignore[union-attr]  # where urllib3 wraps another
        raise StoreUnavailable(f"InfluxDB {target}: {_sentence(error)}") from error


def _sentence(error: BaseException) -> str:
    """Say what went wrong without urllib3's addresses of objects in memory."""
    text = str(error)
    return f"{type(error).__name__}: {text.partition(': ')[2] if ' object at 0x' in text else text}"[:200]
