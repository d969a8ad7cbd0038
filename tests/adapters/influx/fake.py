"""A server that answers as it is told: for what a healthy InfluxDB will not say, and what 2.x and 3 say otherwise."""

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.ports import LOOPBACK


class Said(NamedTuple):
    """What the server answers."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = {}


class Asked(NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    lines: list[str]
    body: str


STORED = Said(204)
HANG = Said(-1)
"""Never answers."""
RESET = Said(-2)
"""Ends the connection in the middle of its answer."""
Rule = Callable[[Asked], Said]


@dataclass
class FakeInflux:
    """Answers writes by a rule, and keeps what it accepted."""

    version: str = "v2.7.12"
    rule: Rule = lambda _asked: STORED  # a default, replaced by tests
    asked: list[Asked] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    port: int = 0

    def url(self, options: str = "org=park&api=v2") -> str:
        """The address as `SMARTPARK_TELEMETRY_URL` takes it."""
        return f"influxdb://{LOOPBACK}:{self.port}?{options}"

    @property
    def writes(self) -> list[Asked]:
        """The writes it was asked for."""
        return [asked for asked in self.asked if asked.path.endswith("/write")]

    def answer(self, asked: Asked) -> Said:
        """Decide on one request."""
        if asked.path == "/ping":
            return Said(204, headers={"X-Influxdb-Version": self.version} if self.version else {})
        said = self.rule(asked)
        if said.status == 204:
            self.stored += asked.lines
        return said


def refusing(*words: str, status: int = 400, message: str = "unable to parse") -> Rule:
    """Refuse whole batches that hold one of some words, as 2.x does."""

    def rule(asked: Asked) -> Said:
        bad = next((line for line in asked.lines if any(word in line for word in words)), None)
        if bad is None:
            return STORED
        return Said(status, json.dumps({"code": "invalid", "message": f"{message} '{bad}'"}))

    return rule


def _handler(fake: FakeInflux) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            text = body.decode()
            lines = text.splitlines() if parts.path.endswith("/write") else []
            asked = Asked(self.command, parts.path, query, dict(self.headers), lines, text)
            fake.asked.append(asked)
            said = fake.answer(asked)
            if said == HANG:
                time.sleep(2)
                self.close_connection = True
                return
            if said == RESET:
                self.wfile.write(b"HTTP/1.1 204 No Con")
                self.wfile.flush()
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            if said.status != 204:
                self.send_header("Content-Length", str(len(said.body.encode())))
            self.end_headers()
            if said.status != 204:
                self.wfile.write(said.body.encode())

        do_GET = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815  # the library's names

    return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A connection that we broke is no news."""


@contextmanager
def fake_influx(version: str = "v2.7.12") -> Iterator[FakeInflux]:
    """Run one on loopback."""
    fake = FakeInflux(version)
    server = _Quiet((LOOPBACK, 0), _handler(fake))
    fake.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
