"""Takes notices to their receivers, each on a thread of its own, and writes down what became of them."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from adapters.alert_store import AlertStore, AlertStoreBroken, NoticeRow
from adapters.clock import Clock
from adapters.log import logger
from adapters.notices.way import Way
from park.contact import Contact, Phonebook
from park.message import BURNING
from park.notice import Notice, passed_on
from park.own_rule import HEARTBEAT
from park.tell import Reason
from rules.postbox import LastWord, Postbox

TOGETHER = 0.2
"""Seconds for which what became of notices is gathered, to be one write."""
PATIENCE = 5.0
"""Seconds in which what is being delivered at the end may still get there."""
log = logger(__name__)


class Passing(LastWord, Protocol):
    """What is asked and told of the telling."""

    def passed_on(self, notice: Notice) -> None:
        """Note that somebody is told instead of another."""


class Reached(NamedTuple):
    """How one receiver stands."""

    waiting: int
    delivered: int
    trouble: str | None


class Dispatch:
    """All postboxes."""

    def __init__(
        self,
        *,
        store: AlertStore,
        phonebook: Callable[[], Phonebook],
        open_way: Callable[[Contact], Way],
        clock: Clock,
        seed: int = 0,
        threads: bool = True,
    ) -> None:
        """Take the parts: `open_way` makes the way to a receiver, or raises GiveUp.

        Without `threads`, nothing happens but by `turn`.
        """
        self._threads = threads
        self._store = store
        self._phonebook = phonebook
        self._open_way = open_way
        self._clock = clock
        self._seed = seed
        self._telling: Passing | None = None
        self._boxes: dict[str, Postbox] = {}
        self._making = threading.Lock()
        self._ways: dict[str, tuple[Contact, Way]] = {}
        self._fates: deque[NoticeRow] = deque()
        self._news = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, name="notices", daemon=True)
        self.trouble: str | None = None
        """Why what became of notices cannot be written down; None is well."""

    def start(self, telling: Passing) -> None:
        """Begin with what waited when we ended; `telling` has the last word on what was held back."""
        self._telling = telling
        if self._threads:
            self._thread.start()
        self.offer(self._store.undelivered())
        for contact in self._phonebook().contacts:
            self._box(contact.receiver.id)

    def offer(self, notices: Sequence[NoticeRow]) -> None:
        """Take them over; returns at once."""
        by_receiver: dict[str, list[NoticeRow]] = {}
        for notice in notices:
            by_receiver.setdefault(notice.receiver, []).append(notice)
        for receiver, rows in by_receiver.items():
            self._box(receiver).put(rows)

    def receivers(self) -> Mapping[str, Reached]:
        """Say how every receiver stands."""
        return {name: Reached(box.waiting(), box.delivered, box.trouble) for name, box in list(self._boxes.items())}

    def alive(self) -> bool:
        """Tell whether every thread is at work."""
        return self._thread.is_alive() and all(box.alive() for box in list(self._boxes.values()))

    def turn(self) -> None:
        """Deliver all that is due now, and write down what became of it."""
        for box in list(self._boxes.values()):
            box.turn()
        self.keep()

    def stop(self) -> None:
        """End after the present deliveries; what waits is kept."""
        self._stop.set()
        boxes, deadline = list(self._boxes.values()), time.monotonic() + PATIENCE
        for box in boxes:
            box.stop()
        for box in boxes:
            box.join(max(0.0, deadline - time.monotonic()))
        for _, way in self._ways.values():
            way.close()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()
        self.keep()

    def note(self, rows: Sequence[NoticeRow]) -> None:
        """Take down soon what became of notices; returns at once."""
        self._fates.extend(rows)
        self._news.set()

    def lost(self, row: NoticeRow, notice: Notice, words: str) -> None:
        """Have the next receiver told what this one never will be."""
        receivers = self._phonebook().receivers()
        failed = receivers.get(row.receiver)
        following = receivers.get(failed.escalates_to) if failed is not None else None
        if failed is None or following is None or notice.kind not in BURNING or following.id in notice.instead_of:
            return
        if notice.rule == HEARTBEAT:
            return  # it stands for one way; that it is missed is an alert of its own
        instead = passed_on(notice, following, failed.name)
        passed = NoticeRow(
            instead.id,
            row.change,
            following.id,
            msgspec.json.encode(instead),
            "waiting",
            Reason.INSTEAD.value,
            self._clock(),
        )
        try:
            self._store.commit(memories={}, alerts={}, notices=[passed])
        except AlertStoreBroken as error:
            log.warning("passed on without being written down", why=str(error))
        if self._telling is not None:
            self._telling.passed_on(instead)
        log.warning("told another receiver instead", receiver=row.receiver, instead=following.id, why=words)
        self.offer([passed])

    def keep(self) -> bool:
        """Write down what became of notices; what cannot be is tried again."""
        rows = [self._fates.popleft() for _ in range(len(self._fates))]
        if not rows:
            return True
        try:
            self._store.update(list({row.id: row for row in rows}.values()))
        except AlertStoreBroken as error:
            self._fates.extendleft(reversed(rows))
            if self.trouble is None:
                log.error("what became of notices cannot be written down", why=str(error))  # noqa: TRY400  # its words say it
            self.trouble = str(error)
            return False
        self.trouble = None
        return True

    def way(self, receiver: str) -> Way | None:
        """Give the way to a receiver as the phonebook has it now; None where it is not in there.  Raises GiveUp."""
        contact = self._phonebook().contact(receiver)
        known = self._ways.get(receiver)
        if known is not None and known[0] == contact:
            return known[1]
        if known is not None:
            del self._ways[receiver]
            known[1].close()
        if contact is None:
            return None
        way = self._open_way(contact)
        self._ways[receiver] = (contact, way)
        return way

    def _box(self, receiver: str) -> Postbox:
        with self._making:
            box = self._boxes.get(receiver)
            if box is None:
                box = self._boxes[receiver] = self._made(receiver)
                if self._threads:
                    box.start()
            return box

    def _made(self, receiver: str) -> Postbox:
        if self._telling is None:
            raise RuntimeError("not started")
        return Postbox(
            receiver,
            way=lambda: self.way(receiver),
            telling=self._telling,
            fates=self,
            clock=self._clock,
            seed=self._seed,
        )

    def _write(self) -> None:
        while not self._stop.is_set():
            self._news.wait()
            self._stop.wait(TOGETHER)
            self._news.clear()
            if not self.keep():
                self._stop.wait(1.0)
                self._news.set()
