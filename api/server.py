"""A web server in the main thread or in one of its own, that stops when it is told to.

Errors:
    PortTaken   somebody else listens there

"""

import contextlib
import socket
from collections.abc import Callable, Iterator
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp

GRACE = 3
"""Seconds that open answers have to finish when the server stops."""


class PortTaken(OSError):
    """The address cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"http://{host}:{port} 无法监听 ({reason}); 请用 --http-port 换一个端口, 或停掉占用它的程序。"
            f" Cannot listen there; choose another --http-port or stop the program that does."
        )
        self.host = host
        self.port = port


def bind(host: str, port: int) -> socket.socket:
    """Take the address before anything else starts.  Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(2_048)
    except OSError as error:
        sock.close()
        raise PortTaken(host, port, error.strerror or type(error).__name__) from None
    sock.setblocking(False)  # noqa: FBT003  # the socket interface
    return sock


class _Uvicorn(uvicorn.Server):
    """uvicorn that leaves signals alone when it is embedded, and lets endless answers end before it waits for them."""

    def __init__(self, config: uvicorn.Config, *, release: Callable[[], None], signals: bool, ready: Event) -> None:
        super().__init__(config)
        self._release = release
        self._signals = signals
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if not self._signals:
            yield
            return
        with super().capture_signals():
            yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._release()
        await super().shutdown(sockets)


class Server:
    """Serves one application on one address.

    `run` blocks and stops at Ctrl-C or SIGTERM; `start` returns when the first request can be answered, and `stop`
    ends it.  `release` is called first when stopping, to end the answers that never end by themselves.
    """

    def __init__(self, app: ASGIApp, *, host: str, port: int, release: Callable[[], None] = lambda: None) -> None:
        self.socket = bind(host, port)
        self.host = host
        self.port: int = self.socket.getsockname()[1]
        self._app = app
        self._release = release
        self._ready = Event()
        self._over = Event()
        self._server: _Uvicorn | None = None
        self._thread: Thread | None = None
        self._failure: BaseException | None = None
        self._stopping = False

    @property
    def url(self) -> str:
        """The address as a browser takes it."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def run(self, *, signals: bool = True) -> None:
        """Serve in this thread until a signal or `stop`."""
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            lifespan="on",
        )
        self._server = _Uvicorn(config, release=self._release, signals=signals, ready=self._ready)
        if self._stopping:  # told to stop before there was anything to stop
            self._server.should_exit = True
        try:
            self._server.run(sockets=[self.socket])
        except BaseException as error:
            self._failure = error
            raise
        finally:
            self._over.set()
            self.socket.close()

    def start(self, timeout: float = 30.0) -> None:
        """Serve in a thread of its own; returns when it answers.  Raises RuntimeError when it does not get there."""
        self._thread = Thread(target=self._embedded, name="api-http", daemon=True)
        self._thread.start()
        self.wait(timeout)

    def wait(self, timeout: float = 30.0) -> None:
        """Wait until it answers.  Raises RuntimeError when it does not get there."""
        waited = 0.0
        while not self._ready.wait(0.05):
            waited += 0.05
            if self._over.is_set() or waited >= timeout:
                self.stop()
                raise RuntimeError(f"the web server did not start: {self._failure!r}")

    def _embedded(self) -> None:
        with contextlib.suppress(BaseException):  # kept in `_failure`; a thread's traceback helps nobody
            self.run(signals=False)

    def stop(self) -> None:
        """Stop serving, from any thread, and wait for the server's own thread if it has one."""
        self._stopping = True
        if self._server is None:
            self.close()
        else:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(GRACE + 10)

    def close(self) -> None:
        """Give the port back without ever having served."""
        self.socket.close()

    @property
    def alive(self) -> bool:
        """Tell whether it serves."""
        return self._ready.is_set() and not self._over.is_set()
