"""A simulated device with a fault that speaks to a real broker now, as fast as a test wants."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion

from adapters.clock import now
from park.instant import from_ms, to_ms
from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry
from park.rule import Text
from park.topic import Address, Channel, build
from simulators.faults.fault import Fault
from simulators.faults.said import Said
from simulators.scenario.actor import Actor
from simulators.scenario.golden import Golden
from simulators.scenario.model import Flowing, Part, Scenario
from tests.ports import LOOPBACK

PERIOD_MS = 200
PERIOD = timedelta(milliseconds=PERIOD_MS)
LASTS = timedelta(seconds=8)
AWAY = range(15, 25)
"""The messages that are not said while the plug is pulled: more periods than prove that it was."""
LOAD_KW = 40_000.0
CT = 80.0
Make = Callable[[str], Fault]
"""A fault of the meter of this id."""


def registered(meter: str) -> Meter:
    """The meter as the registry has it: behind transformers, and rated a little above its load."""
    return Meter(
        meter, "e01", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "一号变总表", PERIOD, ("p", "ep_imp"),
        multipliers=(Multiplier(from_ms(0), CT),), register=Register(rated=f"{LOAD_KW * 1.2:g} kW"),
    )  # fmt: skip


def known(*meters: Meter) -> Registry:
    """The registry that has them."""
    return Registry((Park("hk", "恒口"),), (Enterprise("e01", "hk", "食品厂"),), meters)


@dataclass
class Faulty:
    """Says what the actor of a scenario says, each message when it is due; the rest is how it says it."""

    id: str
    port: int
    start: int = 0
    """When it begins, in ms."""
    fault: Make | None = None
    alter: Callable[[Said], Said] | None = None
    qos: int = 1
    retain: bool = False
    will: bool = True
    client: Client | None = None
    plug: Callable[[], None] | None = None
    """Told when it loses its line, which comes back after a while; None where it never does."""

    def topic(self, channel: Channel) -> str:
        """Name where it speaks."""
        return build(Address("hk", "e01", self.id, channel))

    def connect(self) -> None:
        """Come online."""
        client = Client(CallbackAPIVersion.VERSION2, client_id=self.id)
        client.username_pw_set(self.id)
        if self.will:
            client.will_set(self.topic(Channel.STATE), b"offline", 1, retain=True)
        client.connect(LOOPBACK, self.port, keepalive=30)
        client.loop_start()
        client.publish(self.topic(Channel.STATE), b"online", 1, retain=True).wait_for_publish(30)
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
        client, self.client = self.client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def talk(self, stop: threading.Event) -> None:
        """Say it all; a busy machine is late, and never out of step."""
        last: MQTTMessageInfo | None = None
        for place, said in enumerate(self._says()):
            one = self.alter(said) if self.alter else said
            if stop.wait(max(0.0, (one.sent - to_ms(now())) / 1000)):
                return
            if self.plug is not None and place in AWAY:
                if place == AWAY.start:
                    self._settle(last)
                    self.plug()
                    self.cut()
                continue
            for _ in range(one.connects):
                self._settle(last)
                self.cut()
                self.connect()
            if self.client is None:
                self.connect()
            assert self.client is not None
            last = self.client.publish(self.topic(one.channel), one.content, self.qos, retain=self.retain)
        self._settle(last)

    @staticmethod
    def _settle(last: MQTTMessageInfo | None) -> None:
        """Wait until all that was said has reached the broker."""
        if last is not None:
            last.wait_for_publish(30)

    def _says(self) -> list[Said]:
        meter = registered(self.id)
        made = () if self.fault is None else (("fault", self.fault(self.id)),)
        scene = Scenario(
            id="acceptance", name=Text("验收", "Acceptance"), story=Text("", ""), start=from_ms(self.start),
            duration=LASTS, seed=3, registry=known(meter),
            parts={self.id: Part("boundary", Flowing(LOAD_KW), opening=5_000.12345, decimals=5, traits={"kv": "10"})},
            faults=made, rules=(), own_rules=(), people=(), golden=Golden(),
        )  # fmt: skip
        return Actor(scene, meter).says()
