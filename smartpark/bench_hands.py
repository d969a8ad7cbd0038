"""Receivers for a bench: a real HTTP server and a real SMTP server that note when something came, and nothing else."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from threading import Thread

import msgspec

METER = re.compile(rb"m\d{5}")


class Hands:
    """When each thing came, by what it was of; a second copy counts as one more."""

    def __init__(self) -> None:
        self.port = 0
        self.came: dict[tuple[str, str], float] = {}
        self.again = 0

    def take(self, meter: str, kind: str, at: float) -> None:
        """Note it."""
        if (meter, kind) in self.came:
            self.again += 1
        else:
            self.came[meter, kind] = at


class _Told(msgspec.Struct):
    meter: str
    kind: str


@contextmanager
def web() -> Iterator[Hands]:
    """Take webhooks."""
    hands = Hands()
    decode = msgspec.json.Decoder(_Told).decode

    class Handler(BaseHTTPRequestHandler):
        """One connection."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            """Take one."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            at = time.monotonic()
            told = decode(body)
            hands.take(told.meter, told.kind, at)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _serving(Handler) as hands.port:
        yield hands


@contextmanager
def mail() -> Iterator[Hands]:
    """Take letters."""
    hands = Hands()

    class Session(StreamRequestHandler):
        """RFC 5321 as far as a client needs it."""

        def handle(self) -> None:
            """Talk until the other side hangs up."""
            self._say(b"220 bench")
            while line := self.rfile.readline():
                word = line.strip().upper().split(b" ")[0]
                if word == b"DATA":
                    self._say(b"354 go on")
                    letter = self._letter()
                    at = time.monotonic()
                    found = METER.search(letter)
                    if found is not None:
                        hands.take(found[0].decode(), "raised", at)
                self._say(b"221 bye" if word == b"QUIT" else b"250 fine")

        def _letter(self) -> bytes:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line)
            return b"".join(lines)

        def _say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

    with _serving(Session) as hands.port:
        yield hands


@contextmanager
def _serving(handler: type[StreamRequestHandler]) -> Iterator[int]:
    class Server(ThreadingTCPServer):
        """One thread a connection."""

        daemon_threads = True
        allow_reuse_address = True

    server: TCPServer
    with Server(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
