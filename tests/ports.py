"""Ports for the servers that tests start."""

import os
import socket
from itertools import count

LOOPBACK = "127.0.0.1"

# Below the range that systems hand out to outgoing connections, so that nothing takes a port between our look and
# the server's bind; processes of a parallel run start far apart.
_FIRST, _SPAN = 20_000, 12_000
_next = count(os.getpid() * 101)


def free_port() -> int:
    """Return a loopback port nobody listens on, never the same twice in a process."""
    for _ in range(_SPAN):
        port = _FIRST + next(_next) % _SPAN
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
        return port
    raise RuntimeError("every port for tests is taken")


def accepts(port: int) -> bool:
    """Tell whether something on loopback takes connections on this port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=0.5):
            return True
    except OSError:
        return False
