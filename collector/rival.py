"""Another program that takes our session at the broker: noticed, said in a sentence, and given way to.

Two programs under one client id throw each other out for ever, each coming back at once.  Nothing is lost by it, for
the session stays and both store the same readings, but every change costs redelivery and looks like a bad network.

An MQTT 5 broker may say that the session was taken over.  Mosquitto 2.0.11 does not: it closes the connection.  So a
broker that lets us in every time, and every time soon closes the connection, makes us suspect a rival.
"""

import random
from datetime import timedelta

from paho.mqtt.reasoncodes import ReasonCode

TAKEN_OVER = 0x8E
"""MQTT 5: session taken over."""
SUSPICIOUS = 3
"""So many connections in a row, each soon closed, and not one attempt between them that failed."""
FIRST = timedelta(seconds=5)
LONGEST = {True: timedelta(minutes=5), False: timedelta(minutes=1)}
"""How long we give way at most, where we are certain and where we suspect."""
CALM = {True: timedelta(minutes=15), False: timedelta(minutes=3)}
"""A connection that lasts so long had no rival: longer than a rival like us gives way."""


class Rival:
    """What we know of other programs under our name."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._closed = 0
        self._certain = False

    @property
    def calm(self) -> timedelta:
        """How long a connection must last to forget the rival."""
        return CALM[self._certain]

    def closed(self, code: ReasonCode, lasted: timedelta) -> timedelta | None:
        """Note that a connection ended; say how long to give way, or None where no rival shows."""
        if not code.is_failure:  # it was we who ended it
            return None
        told = code.value == TAKEN_OVER
        if lasted > self.calm:
            self._closed, self._certain = 0, False
        self._certain = self._certain or told
        self._closed += 1
        times = self._closed - (1 if self._certain else SUSPICIOUS)
        if times < 0:
            return None
        wait = min(LONGEST[self._certain], FIRST * (1 << min(times, 10)))
        return wait * random.uniform(0.5, 1.0)  # noqa: S311  # jitter

    def absent(self) -> None:
        """Note that the broker could not be reached: that explains closed connections better than a rival does."""
        if not self._certain:
            self._closed = 0

    def sentence(self) -> str:
        """Say what is wrong and how to mend it."""
        name = self._client_id
        remedy = (
            "请停掉其中一个采集服务, 或为各采集服务设置互不相同的 SMARTPARK_COLLECTOR_PARTITION",
            "stop one of the collectors, or give each its own SMARTPARK_COLLECTOR_PARTITION",
        )
        if self._certain:
            return (
                f"另一个程序以同一客户端编号 {name} 登录了消息服务器; {remedy[0]} / "
                f"another program connected to the broker as {name}: {remedy[1]}"
            )
        return (
            f"消息服务器接连 {self._closed} 次放行后又很快断开连接, 可能另有程序使用同一客户端编号 {name}; 若是, "
            f"{remedy[0]} / {self._closed} times in a row the broker let us in and soon closed the connection; perhaps "
            f"another program connects as {name}, too: then {remedy[1]}"
        )
