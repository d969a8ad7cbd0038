"""A real HTTP server that receives notices: it keeps what came and answers what it is told to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import NamedTuple


class Posted(NamedTuple):
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpReceiver:
    """What came, and what is answered next; with nothing to answer, 204."""

    url: str = ""
    posted: list[Posted] = field(default_factory=list)
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)
    answer: tuple[int, bytes, dict[str, str]] = (204, b"", {})
    hangs_up: bool = False
    connections: int = 0
    before_answer: Callable[[], object] = bool
    """What is waited for before an answer."""
    _came: Condition = field(default_factory=Condition)

    def take(self, request: Posted) -> tuple[int, bytes, dict[str, str]]:
        with self._came:
            self.posted.append(request)
            self._came.notify_all()
            return self.answers.pop(0) if self.answers else self.answer

    def wait_for(self, count: int, patience: float = 30.0) -> list[Posted]:
        """Give the first so many, once they are here."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.posted) >= count, patience):
                raise TimeoutError(f"{len(self.posted)} of {count} came")
            return self.posted[:count]


@contextmanager
def http_receiver() -> Iterator[HttpReceiver]:
    """Run one on a free loopback port."""
    receiver = HttpReceiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            receiver.connections += 1

        def do_POST(self) -> None:  # the base class calls it so
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # who sent it was killed in the middle: nothing was said
                self.close_connection = True
                return
            status, content, headers = receiver.take(Posted(self.path, dict(self.headers), body))
            receiver.before_answer()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = receiver.hangs_up

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its form
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/notices"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
