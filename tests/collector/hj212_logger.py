"""A data logger for tests: it speaks HJ 212 over TCP, and hears what it is answered."""

import socket
from types import TracebackType
from typing import Self

from park.decode.hj212_frame import Frame, build, parse
from tests.collector.words import PATIENCE
from tests.ports import LOOPBACK


def data(number: int = 0, *, mn: str = "M1", flag: int = 5, pw: str = "123456", cn: str = "2011") -> bytes:
    """Write a frame of one COD value; the number makes it another."""
    qn = f"2026112308{number // 60:02d}{number % 60:02d}000"
    cp = f"DataTime=202611230800{number % 60:02d};w01018-Rtd={number}.5,w01018-Flag=N"
    return build(Frame(qn, "32", cn, pw, mn, flag, cp=cp))


class Logger:
    """One connection, open in `with`."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE)
        self._heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._socket.close()

    def say(self, *payloads: bytes) -> None:
        """Send bytes."""
        self._socket.sendall(b"".join(payloads))

    def hang_up(self) -> None:
        """Say that nothing more comes, and go on listening."""
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self) -> Frame | None:
        """Wait for the next answer; None where the other side hung up instead."""
        while b"\r\n" not in self._heard:
            try:
                more = self._socket.recv(4096)
            except ConnectionResetError:
                return None
            if not more:
                return None
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\r\n")
        return parse(line)
