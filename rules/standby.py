"""One of several rules processes watches and reckons; the others stand by, and take over when its lease has run out.

While the relational store is away nobody's lease is renewed or taken: its holder goes on, and who stands by stays so.
"""

import os
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Protocol
from uuid import uuid4

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector as PrometheusCollector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.clock import Clock
from adapters.log import logger
from adapters.relational import lease
from park.lease import TERM, Course, Decision, decide
from rules.alerting import FILE
from rules.folder_lock import FolderLock

HOLDER, STANDBY = "holder", "standby"
RENEW = 1.0
"""Seconds between two renewals."""
LOOK = 0.5
"""Seconds between two looks whether the lease is free."""
MARK = "alerts.standby"
"""Lies in the folder of a process that has seen another hold the lease: without the store it does not watch."""
log = logger(__name__)


class Service(Protocol):
    """What the holder does."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self, *, lost: bool = False) -> None:
        """End; where it was lost to another, first of all what tells."""

    def alive(self) -> bool:
        """Tell whether every part is at work."""

    def ousted(self) -> datetime | None:
        """Say when another last took our session at the broker; None where nobody did."""

    def health(self) -> dict[str, str]:
        """Say what is wrong now, by part; nothing is well."""

    def collect(self) -> Iterable[Metric]:
        """Give what every part counts."""


Make = Callable[[Callable[[], bool]], Service]
"""Makes what the holder does; it is given a question: is the lease confirmed, so that the store's copies are ours?"""


class Standby(PrometheusCollector):
    """Holds the lease or waits for it, from `start` to `stop`."""

    def __init__(self, *, engine: Engine, folder: Path, make: Make, clock: Clock) -> None:
        """Take the parts; the store need not be there."""
        self.me = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._engine = engine
        self._folder = folder
        self._lock = FolderLock(folder)
        self._make = make
        self._clock = clock
        self._service: Service | None = None
        self._confirmed: datetime | None = None
        """When we last knew that the lease is ours, by our clock."""
        self._trouble: str | None = None
        self._gone = self._stopping = False
        self._back: datetime | None = None
        self._said: Decision | None = None
        self._stop = Event()
        self._busy = Lock()
        self._thread = Thread(target=self._run, name="rules-lease")

    @property
    def role(self) -> str:
        """Say which we are."""
        return STANDBY if self._service is None else HOLDER

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether every part is at work."""
        service = self._service
        return self._thread.is_alive() and (service is None or service.alive())

    def stop(self) -> None:
        """End what the holder does, renewing the lease to the end of it, and give it back."""
        with self._busy:
            service, self._stopping = self._service, True
        if service is not None:
            service.stop()
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._service = None
        self._lock.let_go()
        if service is not None:
            with suppress(SQLAlchemyError):
                lease.release(self._engine, self.me, lease.time(self._engine, self._clock()))

    def confirmed(self) -> bool:
        """Tell whether the lease is certainly ours at this moment."""
        return self._confirmed is not None and self._clock() - self._confirmed < TERM

    def health(self) -> dict[str, str]:
        """Say what is wrong now, by part; nothing is well.  The holder without the store is well: it tells."""
        service = self._service
        if service is not None:
            return service.health()
        return {} if self._trouble is None else {"lease": self._trouble}

    def collect(self) -> Iterable[Metric]:
        """Give which we are, and what the holder counts."""
        service = self._service
        yield GaugeMetricFamily(
            "smartpark_rules_holder", "1 where this process watches, 0 where it stands by.", value=float(bool(service))
        )
        if service is not None:
            yield from service.collect()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look()
            except SQLAlchemyError as error:
                self._away(f"{type(error).__name__}: {getattr(error, 'orig', None) or error}")
            self._stop.wait(LOOK if self._service is None else RENEW)

    def _look(self) -> None:
        if self._service is not None:
            self._renew()
            return
        now = lease.time(self._engine, self._clock())
        decision = decide(lease.read(self._engine), self.me, now, self._again(now))
        if decision != self._said:
            log.info("lease looked at", course=decision.course.value, why=decision.why.value)
            self._said = decision
        if decision.course is Course.WAIT:
            self._note(None)
            self._mark()
        elif not self._lock.hold():
            self._note("另一进程仍占用本目录的告警文件 / another process still has this folder's alerts file")
        elif lease.take(self._engine, self.me, now):
            self._note(None)
            self._confirmed = self._clock()
            self._begin()
        else:
            self._lock.let_go()

    def _renew(self) -> None:
        asked = self._clock()
        now = lease.time(self._engine, asked)
        if lease.renew(self._engine, self.me, now) or lease.take(self._engine, self.me, now):
            self._confirmed = asked
            self._note(None)
        else:
            self._give_way("another holds the lease")

    def _away(self, words: str) -> None:
        """The store says nothing: the holder goes on, and who last held goes on after a restart."""
        self._note(words)
        self._gone = True
        if self._service is not None:
            ousted = self._service.ousted()
            if ousted is not None and not self.confirmed() and (self._confirmed is None or ousted > self._confirmed):
                self._give_way("another has our session at the broker")
        elif (self._folder / FILE).exists() and not (self._folder / MARK).exists() and self._lock.hold():
            log.warning("the relational store is away; who held the watch last goes on with it", why=words)
            self._begin()

    def _again(self, now: datetime) -> datetime | None:
        """Since when the store can be read again, where it could not be; None where it always could."""
        if self._gone:
            self._gone, self._back = False, now
        return self._back

    def _begin(self) -> None:
        with self._busy:
            if self._stopping:
                return
            with suppress(OSError):
                (self._folder / MARK).unlink(missing_ok=True)
            self._service = self._make(self.confirmed)
            self._service.start()
        log.info("holding the watch", holder=self.me)

    def _give_way(self, why: str) -> None:
        """Stop telling at once, and stand by."""
        with self._busy:
            if self._stopping or self._service is None:
                return
            log.warning("standing by", why=why)
            self._confirmed = None
            self._service.stop(lost=True)
            self._service = None
        self._mark()
        self._lock.let_go()

    def _mark(self) -> None:
        """Leave a mark that another holds the watch, unless this folder is that other's."""
        if not (self._folder / MARK).exists() and self._lock.hold():
            with suppress(OSError):
                (self._folder / MARK).touch()
            self._lock.let_go()

    def _note(self, words: str | None) -> None:
        if words is not None and self._trouble is None:
            log.warning("the lease cannot be asked for", why=words, role=self.role)
        self._trouble = words


class Claim:
    """Keeps the lease for a process that needs nobody's leave, because it brings its own broker."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Take the store."""
        self._engine = engine
        self._clock = clock
        self._me = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._stop = Event()
        self._thread = Thread(target=self._run, name="rules-lease")

    def start(self) -> None:
        """Take it at once, whoever holds it."""
        self._seize()
        self._thread.start()

    def stop(self) -> None:
        """Give it back."""
        self._stop.set()
        self._thread.join()
        with suppress(SQLAlchemyError):
            lease.release(self._engine, self._me, lease.time(self._engine, self._clock()))

    def _run(self) -> None:
        while not self._stop.wait(RENEW):
            self._seize()

    def _seize(self) -> None:
        with suppress(SQLAlchemyError):
            lease.seize(self._engine, self._me, lease.time(self._engine, self._clock()))
