"""What the alerts' tests share: a small park, one rule, and a teller that is small and real.

It tells one receiver of all that is raised and cleared, by writing a line to a file before it notes that it did.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import msgspec

from adapters.alert_store import AlertStore, NoticeRow, Numbered
from park.alert import OnSilence, Timing
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.care import Action
from park.condition import Above, Condition
from park.engine import Engine
from park.instant import to_ms
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.reading import Reading
from park.registry import Registry
from park.rule import Rule, Scope, Text
from park.rulebook import Key, bind
from park.severity import Severity
from rules.wanted import Known

T0 = datetime(2026, 11, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GAS = Above(metric="lel", limit=25.0, clear=20.0)
KEY = Key("gas", "gas0")
RECEIVER = "desk"
TOPIC = "park/v1/hk/e01/{}/data"
REGISTRY = Registry(
    (Park("hk", "园区"),),
    (Enterprise("e01", "hk", "企业"),),
    tuple(
        Meter(f"gas{n}", "e01", "hk", Medium.SAFETY, Role.DETECTOR, "探测器", 5 * SECOND, ("lel", "temperature"))
        for n in range(3)
    ),
)


def a_rule(
    when: Condition = GAS,
    *,
    hold: float = 0,
    clear: float = 0,
    silence: str = "keep",
    latch: bool = False,
    id: str = "gas",  # noqa: A002  # a field's name
    enabled: bool = True,
) -> Rule:
    timing = Timing(hold * SECOND, clear * SECOND, OnSilence(silence), latch=latch)
    return Rule(
        id=id, name=Text("可燃气体"), severity=Severity.MAJOR, scope=Scope(), when=when, timing=timing, enabled=enabled
    )


def known(*rules: Rule, registry: Registry = REGISTRY) -> Known:
    return Known(registry, {rule.id: rule for rule in rules}, bind(rules, registry))


def said(second: float, value: float, meter: str = "gas0") -> Reading:
    return Reading(meter, "lel", value, T0 + second * SECOND, 0)


def message(at: datetime, value: float) -> bytes:
    return msgspec.json.encode({"v": 1, "ts": to_ms(at), "m": {"lel": value}})


class Wants:
    """Wants what a test sets."""

    def __init__(self, known: Known | None) -> None:
        self.now_known = known
        self.asked: list[Action] = []

    def known(self) -> Known | None:
        return self.now_known

    def actions(self) -> list[Action]:
        asked, self.asked = self.asked, []
        return asked


class Teller:
    """Tells one receiver of all that is raised and cleared; `told` is a line each, in a file that outlives us."""

    def __init__(self, store: AlertStore, told: Path) -> None:
        self._store = store
        self._told = told
        self._queue: SimpleQueue[NoticeRow | None] = SimpleQueue()
        self._thread = Thread(target=self._deliver, name="teller")
        self.reminders: list[AlertChange] = []
        for notice in store.undelivered():
            self._queue.put(notice)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def tell(self, changes: Sequence[Numbered], records: Mapping[Key, AlertRecord], now: datetime) -> list[NoticeRow]:
        return [
            NoticeRow(
                f"{change.rule}.{change.meter}.{change.episode}.{change.kind}",
                number,
                RECEIVER,
                str(records[change.key].phase).encode(),
                "waiting",
                "told",
                now,
            )
            for number, change in changes
            if change.kind in {Kind.RAISED, Kind.CLEARED}
        ]

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        for notice in notices:
            self._queue.put(notice)

    def remind(self, records: Mapping[Key, AlertRecord], now: datetime) -> list[AlertChange]:  # noqa: ARG002  # its form
        reminders, self.reminders = self.reminders, []
        return reminders

    def deliver(self, notice: NoticeRow) -> None:
        """Put a notice into the receiver's hands."""
        with self._told.open("a", encoding="utf-8") as file:
            file.write(notice.id + "\n")
            file.flush()
            os.fsync(file.fileno())

    def mark(self, notice: NoticeRow) -> None:
        """Note that it is there."""
        self._store.update([notice._replace(state="sent", tries=1, sent=notice.due)])

    def _deliver(self) -> None:
        while (notice := self._queue.get()) is not None:
            self.deliver(notice)
            self.mark(notice)


def told(path: Path) -> list[str]:
    """Give what the receiver was told, in order."""
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def engine(*rules: Rule) -> Engine:
    return Engine(bind(rules, REGISTRY), {}, T0)
