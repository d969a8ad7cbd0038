"""Brokers that do what a real one seldom does."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.ports import LOOPBACK

WELCOME = b"\x20\x02\x00\x00"
NO_SUBSCRIPTION = b"\x90\x03\x00\x01\x80"
RESET = struct.pack("ii", 1, 0)


def welcome_and_reset(connection: socket.socket) -> None:
    """Let a client in and break the connection at once."""
    connection.recv(4_096)
    connection.sendall(WELCOME)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def refuse_subscriptions(connection: socket.socket) -> None:
    """Let a client in and refuse whatever it subscribes to."""
    connection.recv(4_096)
    connection.sendall(WELCOME + NO_SUBSCRIPTION)
    while connection.recv(4_096):
        pass


@contextmanager
def scripted(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run a broker that treats every connection by a script; gives its port."""
    connections: list[socket.socket] = []
    with socket.create_server((LOOPBACK, 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connections.append(connection)
                try:
                    script(connection)
                except OSError:
                    pass
                finally:
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for connection in connections:
                if connection.fileno() >= 0:
                    connection.shutdown(socket.SHUT_RDWR)
            thread.join()
