"""Alerts as one piece of the rules service: the watch, and the threads around it, made here and nowhere else."""

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters.alert_store import AlertStore, AlertStoreBroken
from adapters.broker_endpoint import broker_endpoint
from adapters.clock import Clock
from adapters.log import logger
from adapters.mqtt import LoopClient
from adapters.relational import alert_actions, alert_watch, budgets, registry_store, rules_store
from adapters.relational.alert_watch import Watched
from adapters.settings import Settings
from park.registry import Registry
from park.rule import Rule
from park.topic import Channel, subscription
from rules.alert_ledger import AlertLedger, Teller
from rules.copies import Copy
from rules.mirror import Draw, Mirror
from rules.restoring import memories as restored
from rules.restoring import restore
from rules.wanted import Known, Wanted
from rules.watch import AlertWatch

CLIENT_ID = "smartpark.rules"
"""The name of the session at the broker, as of the account there; no meter can have it."""
FILE = "alerts.sqlite"
SAY = timedelta(seconds=5)
log = logger(__name__)


class Telling(Teller, Protocol):
    """A teller with threads of its own that deliver."""

    beside: Sequence[Copy[Any]]
    """What it wants to know of the database: looked at with the rest."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self) -> None:
        """End after what is being sent."""

    def alive(self) -> bool:
        """Tell whether every thread is at work."""

    def troubles(self) -> dict[str, str]:
        """Say what is wrong now, by part; nothing is well."""


class MakeTelling(Protocol):
    """Makes the teller once the store is open."""

    def __call__(
        self, *, store: AlertStore, engine: Engine, settings: Settings, clock: Clock, known: Callable[[], Known | None]
    ) -> Telling:
        """Give it, not started yet."""


class Alerting:
    """The watch, what it wants to know, the copies of what it knows, and the teller."""

    def __init__(
        self,
        *,
        settings: Settings,
        engine: Engine,
        clock: Clock,
        shipped: Sequence[Rule],
        make_telling: MakeTelling,
        draw: Draw | None = None,
        may: Callable[[], bool] | None = None,
    ) -> None:
        """Take the parts; the databases need not be there.  `draw` writes the series of changes.

        Where others stand by, `may` tells whether the watch is certainly ours; what they did is taken over.
        """
        self._said: tuple[datetime, int] | None = None
        zone = ZoneInfo(settings.timezone)
        self.store, self._in_memory = _store(settings.data_dir / FILE, clock())
        others = restore(self.store, engine, clock()) if may is not None and may() else {}
        self.telling = make_telling(store=self.store, engine=engine, settings=settings, clock=clock, known=self._known)
        self.ledger = AlertLedger(self.store, self.telling)
        self.wanted = Wanted(
            registry=Copy(
                self.store,
                "registry",
                Registry,
                load=partial(registry_store.load, engine),
                version=partial(registry_store.version, engine),
            ),
            rules=Copy(
                self.store,
                "rules",
                tuple[Rule, ...],
                load=partial(rules_store.overlay, engine, shipped),
                version=partial(rules_store.version, engine),
            ),
            budgeted=Copy(
                self.store,
                "budgeted",
                tuple[str, ...],
                load=lambda: budgets.budgeted(engine, clock(), zone),
                version=lambda: budgets.budgeted_version(engine, clock(), zone),
            ),
            actions=partial(alert_actions.since, engine),
            acted=self.ledger.acted,
            beside=self.telling.beside,
        )
        if others:
            self.wanted.look()
        known = self.wanted.known()
        memories = restored(self.store, others, None if known is None else known.book, clock())
        self.watch = AlertWatch(
            client=LoopClient(CLIENT_ID, version=settings.mqtt_version),
            target=broker_endpoint(settings),
            topics=[subscription(Channel.DATA, settings.mqtt_prefix)],
            prefix=settings.mqtt_prefix,
            ledger=self.ledger,
            wanted=self.wanted,
            memories=memories,
            clock=clock,
        )
        self.mirror = Mirror(
            store=self.store,
            engine=engine,
            registry=self._registry,
            clock=clock,
            draw=draw,
            say=partial(self._say, engine),
            may=may or _always,
        )
        self._stops = [Event(), Event(), Event()]
        self._threads = [
            Thread(target=self.watch.run, args=(self._stops[0],), name="alerts-watch"),
            Thread(target=self.wanted.run, args=(self._stops[1],), name="alerts-wanted"),
            Thread(target=self.mirror.run, args=(self._stops[2],), name="alerts-mirror"),
        ]

    def start(self) -> None:
        """Begin; returns at once."""
        self.telling.start()
        for thread in self._threads:
            thread.start()

    def alive(self) -> bool:
        """Tell whether every part is at work."""
        return self.telling.alive() and all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Stop part by part: who listens first, who copies last."""
        if self._threads[0].ident is not None:
            self._stops[0].set()
            with suppress(OSError):  # it may have ended by itself, and closed its waker
                self.watch.waker.wake()
            self._threads[0].join()
        else:
            self.watch.waker.close()
        self.telling.stop()
        for stop, thread in zip(self._stops[1:], self._threads[1:], strict=True):
            stop.set()
            if thread.ident is not None:
                thread.join()
        self.store.close()

    def troubles(self) -> dict[str, str]:
        """Say what is wrong now, by part; nothing is well.  A database that is away keeps no alert from being told."""
        known = self.wanted.known()
        found = {
            "alerts-broker": self.watch.trouble,
            "alerts-file": self._in_memory or self.ledger.trouble,
            "alerts-wanted": self.wanted.trouble if known is None else None,
            "alerts-untold": f"{self.ledger.untold} changes" if self.ledger.untold else None,
            "alerts-threads": None if self.alive() else "工作线程已退出 / a thread has ended",
        }
        return {name: words for name, words in found.items() if words is not None} | self.telling.troubles()

    def _say(self, engine: Engine, now: datetime) -> None:
        """Say how far we are, for whoever shows alerts; at once where something was done that a person waits for."""
        acted = self.ledger.acted
        if self._said is not None and self._said[1] == acted and now - self._said[0] < SAY:
            return
        tally = self.watch.tally
        lag = None if tally.lag is None else tally.lag // timedelta(milliseconds=1)
        watched = Watched(
            at=now,
            acted=acted,
            rules=self.watch.rules,
            meters=self.watch.meters,
            heard=tally.heard,
            behind_ms=lag,
            holder=f"{socket.gethostname()}:{os.getpid()}",
        )
        alert_watch.say(engine, watched)
        self._said = (now, acted)

    def _known(self) -> Known | None:
        return self.wanted.known()

    def _registry(self) -> Registry:
        known = self.wanted.known()
        return Registry() if known is None else known.registry


def _always() -> bool:
    return True


def _store(path: Path, now: datetime) -> tuple[AlertStore, str | None]:
    """Open the file.  A damaged one is put aside; where none can be had, alerts are kept in memory, and that is said.

    To tell of alerts without remembering them is better than not to tell.
    """
    try:
        try:
            return AlertStore(path), None
        except AlertStoreBroken as error:
            if not error.damaged:
                raise
            aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}")
            log.error("the alerts' file is damaged; it is put aside", why=str(error), aside=str(aside))  # noqa: TRY400  # its words say it
            path.rename(aside)
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            return AlertStore(path), None
    except (AlertStoreBroken, OSError) as error:
        log.error("alerts are kept in memory alone", why=str(error))  # noqa: TRY400  # its words say it
        return AlertStore(None), f"告警只保存在内存中 / alerts are kept in memory alone: {error}"
