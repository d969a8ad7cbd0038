"""A watch as a process of its own that ends itself without a word at one step between reading and delivery.

    python -m tests.rules.victim FOLDER URL STEP TIME HOLD

TIME counts how often the step may be passed before that; a STEP that is none never ends it.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from threading import Event
from typing import Any

from adapters import clock
from adapters.alert_store import AlertStore, NoticeRow
from adapters.mqtt import Arrival, LoopClient, endpoint
from park.topic import PREFIX, Channel, subscription
from rules.alert_ledger import AlertLedger
from rules.watch import AlertWatch
from tests.rules.alert_house import Teller, Wants, a_rule, known

STEPS = ("taken", "judged", "written", "committed", "handed over", "delivered", "marked", "acknowledged")
"""In order: each is a moment after one thing is done and before the next."""
CLIENT_ID = "victim"


class Fate:
    """Ends the process, as a power cut does, at one step."""

    def __init__(self, step: str, times: int) -> None:
        self._step = step
        self._left = times

    def passed(self, step: str) -> None:
        """Note that a step is done."""
        if step == self._step:
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1


def of_changes(fate: Fate) -> type[AlertStore]:
    """Make a store that meets its fate while changes are committed."""

    class Store(AlertStore):
        changing = False

        def commit(self, **what: Any) -> None:  # noqa: ANN401  # as it came
            self.changing = bool(what.get("changes"))
            if self.changing:
                fate.passed("judged")
            super().commit(**what)
            if self.changing:
                self.changing = False
                fate.passed("committed")

        @contextmanager
        def _writing(self) -> Iterator[Connection]:
            with super()._writing() as db:
                yield db
                if self.changing:
                    fate.passed("written")

    return Store


class FatedTeller(Teller):
    """A teller that meets its fate on the way to the receiver."""

    fate: Fate

    def deliver(self, notice: NoticeRow) -> None:
        self.fate.passed("handed over")
        super().deliver(notice)
        self.fate.passed("delivered")

    def mark(self, notice: NoticeRow) -> None:
        super().mark(notice)
        self.fate.passed("marked")


class FatedClient(LoopClient):
    """A client that meets its fate between the broker and us."""

    fate: Fate

    def take(self) -> list[Arrival]:
        arrived = super().take()
        if arrived:
            self.fate.passed("taken")
        return arrived

    def acknowledge(self, mids: Any) -> None:  # noqa: ANN401  # as it came
        numbers = list(mids)
        super().acknowledge(numbers)
        if numbers:
            self.fate.passed("acknowledged")


def main(folder: Path, url: str, step: str, times: int, hold: float) -> None:
    """Watch until SIGTERM, or until fate comes."""
    fate = Fate(step, times)
    FatedClient.fate = FatedTeller.fate = fate
    store = of_changes(fate)(folder / "alerts.sqlite")
    teller = FatedTeller(store, folder / "told")
    watch = AlertWatch(
        client=FatedClient(CLIENT_ID),
        target=endpoint(url),
        topics=[subscription(Channel.DATA)],
        prefix=PREFIX,
        ledger=AlertLedger(store, teller),
        wanted=Wants(known(a_rule(hold=hold))),
        memories=store.memories(),
        clock=clock.now,
    )
    stop = Event()

    def end(*_: object) -> None:
        stop.set()
        watch.waker.wake()

    signal.signal(signal.SIGTERM, end)
    teller.start()
    (folder / "up").touch()
    watch.run(stop)
    teller.stop()
    store.close()


if __name__ == "__main__":
    place, address, where, when, lasts = sys.argv[1:]
    main(Path(place), address, where, int(when), float(lasts))
