"""A publisher that costs next to nothing, so that a bench measures the collector: MQTT packets written by hand."""

import select
import socket
import struct
from collections.abc import Callable

PUBACK_SIZE = 4
WINDOW = 4_000
CHUNK = 200_000
START_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z: the first message's time."""


def publish(port: int, *, messages: int, meters: int, progress: Callable[[int], None]) -> None:
    """Publish messages of six metrics at QoS 1, a second apart for each meter; return when all are acknowledged."""
    with connect(port) as sock:
        out = bytearray()
        sent = acked = 0
        while acked < messages * PUBACK_SIZE:
            while sent < messages and sent - acked // PUBACK_SIZE < WINDOW and len(out) < CHUNK:
                out += _packet(sent, meters)
                sent += 1
            readable, writable, _ = select.select([sock], [sock] if out else [], [], 5)
            if writable:
                del out[: sock.send(out)]
            if readable:
                acked += len(sock.recv(65_536))
                progress(acked // PUBACK_SIZE)


def connect(port: int) -> socket.socket:
    """Say hello to the broker; what comes after does not wait."""
    sock = socket.create_connection(("127.0.0.1", port))
    hello = _text("MQTT") + bytes([4, 2]) + struct.pack("!H", 60) + _text("smartpark-bench")
    sock.sendall(b"\x10" + _length(len(hello)) + hello)
    sock.recv(PUBACK_SIZE)
    sock.setblocking(False)
    return sock


def packet(number: int, meter: int, payload: bytes) -> bytes:
    """Write a message of a meter, the so-maniest of all."""
    body = _text(f"park/v1/bench/e01/m{meter:05d}/data") + struct.pack("!H", number % 65_535 + 1) + payload
    return b"\x32" + _length(len(body)) + body


def _packet(number: int, meters: int) -> bytes:
    meter, turn = number % meters, number // meters
    payload = b'{"v":1,"ts":%d,"seq":%d,"m":{"p":%.1f,"ep_imp":%.2f,"u1":220.%d,"u2":220.2,"u3":219.9,"i1":12.%d}}' % (
        START_MS + turn * 1_000,
        turn,
        100 + turn % 17,
        1_000 + turn * 0.1,
        turn % 10,
        turn % 7,
    )
    return packet(number, meter, payload)


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text)) + text.encode()


def _length(size: int) -> bytes:
    """Write MQTT's variable length."""
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | 128 if size else low)
        if not size:
            return bytes(out)
