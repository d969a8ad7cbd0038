"""A server that runs in a thread, says why it cannot start, and stops when told."""

import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from api.server import PortTaken, Server
from tests.ports import LOOPBACK, accepts, free_port


def an_app(log: list[str] | None = None, *, broken: bool = False) -> FastAPI:
    told = log if log is not None else []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if broken:
            raise RuntimeError("no disk")
        told.append("started")
        yield
        told.append("stopped")

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def home() -> str:
        return "here"

    return app


def test_it_serves_from_a_thread_and_leaves_the_port_free_when_it_stops() -> None:
    told: list[str] = []
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server = Server(an_app(told), host=LOOPBACK, port=free_port(), release=lambda: told.append("released"))
    server.start()
    assert httpx.get(server.url).json() == "here"
    assert "server" not in httpx.get(server.url).headers
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
    server.stop()
    assert told == ["started", "released", "stopped"]
    assert not server.alive
    assert not accepts(server.port)


def test_a_taken_port_is_told_before_anything_starts_and_how_to_mend_it() -> None:
    first = Server(an_app(), host=LOOPBACK, port=free_port())
    with pytest.raises(PortTaken, match=f"--http-port.*{first.port}|{first.port}.*--http-port"):
        Server(an_app(), host=LOOPBACK, port=first.port)
    first.close()


def test_port_0_takes_any_free_one_and_says_which() -> None:
    server = Server(an_app(), host=LOOPBACK, port=0)
    assert server.port > 0
    server.close()


def test_an_application_that_cannot_start_is_an_error_of_start() -> None:
    server = Server(an_app(broken=True), host=LOOPBACK, port=free_port())
    with pytest.raises(RuntimeError, match="did not start"):
        server.start()


def test_stopping_before_starting_and_twice_is_harmless() -> None:
    server = Server(an_app(), host=LOOPBACK, port=free_port())
    server.stop()
    assert not accepts(server.port)
    server.stop()


def test_stop_from_another_thread_ends_run() -> None:
    server = Server(an_app(), host=LOOPBACK, port=free_port())
    thread = threading.Thread(target=server.run, kwargs={"signals": False})
    thread.start()
    server.wait(10)
    server.stop()
    thread.join(10)
    assert not thread.is_alive()
