"""A device that speaks to a real broker, well or badly, for acceptances to listen to."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from adapters.clock import now
from park.metric import Medium
from park.place import Meter, Role
from park.topic import Address, Channel, build
from tests.ports import LOOPBACK

PERIOD = timedelta(milliseconds=100)
Spoil = Callable[[dict[str, Any]], dict[str, Any]]


def registered(period: timedelta = PERIOD) -> Meter:
    """The meter as the registry has it."""
    metrics = ("p", "ep_imp")
    return Meter("e01-main", "e01", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "一号变总表", period, metrics)


def unchanged(body: dict[str, Any]) -> dict[str, Any]:
    """Say it as it is."""
    return body


@dataclass
class Speaker:
    """The device; `talk` goes on until it is told to stop, `cut` takes its connection away without a word."""

    port: int
    qos: int = 1
    retain: bool = False
    will: bool = True
    spoil: Spoil = unchanged
    client: Client | None = None

    def connect(self) -> None:
        """Come online."""
        state = build(Address("hk", "e01", "e01-main", Channel.STATE))
        client = Client(CallbackAPIVersion.VERSION2, client_id="e01-main")
        client.username_pw_set("e01-main")
        if self.will:
            client.will_set(state, b"offline", 1, retain=True)
        client.connect(LOOPBACK, self.port, keepalive=5)
        client.loop_start()
        client.publish(state, b"online", 1, retain=True).wait_for_publish(5)
        self.client = client

    def cut(self) -> None:
        """Lose the line: no DISCONNECT is sent."""
        client, self.client = self.client, None
        if client is not None:
            sock = client.socket()
            assert isinstance(sock, socket.socket)
            sock.shutdown(socket.SHUT_RDWR)
            client.loop_stop()

    def leave(self) -> None:
        """Say goodbye."""
        if self.client is not None:
            self.client.disconnect()
            self.client.loop_stop()

    def talk(self, stop: threading.Event) -> None:
        """Say the values of each period, wherever there is a line; a busy machine is late, and never out of step."""
        data = build(Address("hk", "e01", "e01-main", Channel.DATA))
        began, seq = now(), 0
        while True:
            seq += 1
            at = began + seq * PERIOD
            hours = (at - began) / timedelta(hours=1)
            if stop.wait(max(0.0, (at - now()).total_seconds())):
                return
            body = {
                "v": 1,
                "ts": at.isoformat(timespec="milliseconds"),
                "seq": seq,
                "m": {"p": 36_000.0, "ep_imp": round(5_000 + 36_000 * hours, 5)},
            }
            client = self.client
            if client is not None:
                client.publish(data, json.dumps(self.spoil(body)).encode(), self.qos, retain=self.retain)


@contextmanager
def speaking(port: int, **how: Any) -> Iterator[Speaker]:  # noqa: ANN401  # the speaker's own arguments
    """Let a device speak until the end of the block."""
    speaker = Speaker(port, **how)
    speaker.connect()
    stop = threading.Event()
    thread = threading.Thread(target=speaker.talk, args=(stop,))
    thread.start()
    try:
        yield speaker
    finally:
        stop.set()
        thread.join()
        speaker.leave()
