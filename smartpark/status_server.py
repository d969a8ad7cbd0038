"""A small web server beside a service that has none: is it alive, and what does it count.

It answers `/healthz` (200 or 503, a sentence of JSON) and `/metrics` (Prometheus).  Neither says anything secret, and
it listens only where `SMARTPARK_STATUS_HOST` says: inside, never to the world.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

from adapters.settings import Settings

STOP_LOOK = 0.05
"""Seconds between looks whether to stop."""
Health = Callable[[], dict[str, str]]
"""What is wrong now, by part; empty is well."""


@contextmanager
def status_page(
    settings: Settings, *, health: Health, instruments: Collector, role: Callable[[], str] | None = None
) -> Iterator[None]:
    """Serve the page where the settings ask for one.  Raises OSError where its address cannot be had."""
    if settings.status_port is None:
        yield
        return
    server = StatusServer(settings.status_host, settings.status_port, health=health, instruments=instruments, role=role)
    server.start()
    try:
        yield
    finally:
        server.stop()


class StatusServer:
    """Serves in a thread of its own between `start` and `stop`."""

    def __init__(
        self, host: str, port: int, *, health: Health, instruments: Collector, role: Callable[[], str] | None = None
    ) -> None:
        """Take the address; `role` says which of several we are.  Raises OSError where it cannot be had."""
        self._health = health
        self._role = role
        self._registry = CollectorRegistry()
        self._registry.register(instruments)
        try:
            self._server = make_server(host, port, self._answer, server_class=_Threading, handler_class=_Quiet)
        except OSError as error:
            raise OSError(
                f"状态页无法监听 {host}:{port} ({error.strerror}); 请检查 SMARTPARK_STATUS_HOST 与 "
                "SMARTPARK_STATUS_PORT / the status page cannot listen there; check these two settings"
            ) from error
        self.port: int = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, args=(STOP_LOOK,), name="status-http", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, content_type, body = HTTPStatus.NOT_FOUND, "text/plain", b""
        match environ["PATH_INFO"]:
            case "/healthz":
                wrong = self._health()
                status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
                content_type = "application/json; charset=utf-8"
                said = {"status": "trouble" if wrong else "well", "trouble": wrong}
                if self._role is not None:
                    said["role"] = self._role()
                body = json.dumps(said, ensure_ascii=False).encode()
            case "/metrics":
                status, content_type, body = HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self._registry)
        start_response(f"{status.value} {status.phrase}", [("Content-Type", content_type)])
        return [body]


class _Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Take the address without asking a name server what it is called, which in a closed network takes seconds."""
        TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:  # noqa: ANN401  # the base class's signature
        """Say nothing: a health check every few seconds is no news."""
