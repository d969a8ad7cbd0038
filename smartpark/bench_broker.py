"""A broker for a bench: Mosquitto where it is installed, else the embedded one, on a free loopback port."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.embedded_broker import EmbeddedBroker
from smartpark.opening import fail

CONFIG = """\
listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 4000
log_type error
"""
PATIENCE = 10.0


@contextmanager
def broker(kind: str, folder: Path) -> Iterator[tuple[str, int]]:
    """Run a broker; give its kind and port."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if kind == "mosquitto" and program is None:
        fail("没有安装 mosquitto; 请安装或用 --broker embedded / mosquitto is not installed; use --broker embedded")
    port = free_port()
    if kind == "embedded" or program is None:
        embedded = EmbeddedBroker("127.0.0.1", port)
        embedded.start()
        try:
            yield "embedded", port
        finally:
            embedded.stop()
        return
    config = folder / "mosquitto.conf"
    config.write_text(CONFIG.format(port=port), encoding="utf-8")
    process = subprocess.Popen([program, "-c", str(config)])  # noqa: S603  # found above, our own configuration
    try:
        await_port(port, "mosquitto")
        yield "mosquitto", port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Find a loopback port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def await_port(port: int, name: str) -> None:
    """Wait until a program takes connections."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    fail(f"{name} 没有启动 / {name} did not start")
