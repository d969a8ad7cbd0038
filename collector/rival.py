"""Another program that takes our session at the broker: noticed, said in a sentence, and given way to.

Two programs under one client id throw each other out for ever, each reconnecting at once.  Nothing is lost by it, for
the session stays and both store the same readings, but every change costs redelivery and looks like a bad network.
"""

import random
from datetime import datetime, timedelta

from paho.mqtt.reasoncodes import ReasonCode

TAKEN_OVER = 0x8E
"""MQTT 5: session taken over."""
FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=5)
CALM = timedelta(minutes=15)
"""A connection that lasts so long has no rival any more; longer than the longest wait of a rival like us."""
SUSPICIOUS = 3
"""So many short connections in a row may be a rival, where the broker cannot say so (MQTT 3.1.1)."""


class Rival:
    """What we know of other programs under our name."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._times = 0
        self._last: datetime | None = None

    @staticmethod
    def is_told_by(code: ReasonCode) -> bool:
        """Tell whether the broker ended the connection because another program took the session."""
        return bool(code.value == TAKEN_OVER)

    def give_way(self, now: datetime) -> timedelta:
        """Say how long to leave the session to the other: twice as long each time."""
        if self._last is not None and now - self._last > CALM + LONGEST:
            self._times = 0
        self._last = now
        wait = min(LONGEST, FIRST * (1 << min(self._times, 10)))
        self._times += 1
        return wait * random.uniform(0.5, 1.0)  # noqa: S311  # jitter

    def sentence(self) -> str:
        """Say what is wrong and how to mend it."""
        return (
            f"另一个程序正以同一客户端编号 {self._client_id} 登录消息服务器: 请停掉其中一个采集服务, "
            "或为各采集服务设置互不相同的 SMARTPARK_COLLECTOR_PARTITION / another program connects to the broker as "
            f"{self._client_id}: stop one of the collectors, or give each its own SMARTPARK_COLLECTOR_PARTITION"
        )

    def hint(self, failures: int) -> str:
        """Add to the words of a lost connection what may be behind it, after several short ones."""
        if failures < SUSPICIOUS:
            return ""
        return f"; 也许另一个程序也叫 {self._client_id} / perhaps another program connects as {self._client_id}, too"
