"""The embedded MQTT broker: rumqttd, which the iotcore wheel brings, in a child process that dies with its parent.

It speaks MQTT 3.1.1 and keeps sessions in memory only: good for the first hour and for tests, not for production.
"""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from iotcore import Broker

MAX_PAYLOAD = 512 * 1024
"""Above the contract's 256 KiB, so that too large a message is refused by us with a reason, not dropped by it."""
WINDOW = 1_000


class BrokerFailed(OSError):
    """The embedded broker does not start."""


class EmbeddedBroker:
    """A broker on one loopback port."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._broker = Broker(
            port=port,
            listen=host,
            max_payload_size=MAX_PAYLOAD,
            max_inflight_count=WINDOW,
            connection_timeout_ms=60_000,
        )

    def start(self) -> None:
        """Start, and return when it listens.  Raises BrokerFailed."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._host, self._port))
            except OSError as error:
                raise BrokerFailed(
                    f"mqtt://{self._host}:{self._port} 无法监听 ({error.strerror}); 请用 --mqtt-port 换一个端口,"
                    " 或停掉占用它的程序。"
                    " Cannot listen there; choose another --mqtt-port or stop the program that does."
                ) from error
        try:
            with _deaf_to_interrupts():
                self._broker.start()
        except (OSError, RuntimeError) as error:
            raise BrokerFailed(f"embedded broker: {error}") from error

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._broker.is_running

    def stop(self) -> None:
        """Stop it; sessions and what they hold are gone."""
        self._broker.stop()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a child be born that ignores Ctrl-C: the terminal sends it to every process, and the broker must go last."""
    if threading.current_thread() is not threading.main_thread():  # nobody else may say what a signal does
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
