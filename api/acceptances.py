"""Acceptances that go on now: each listens at the broker in a thread of its own, until it is concluded or given up."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Final

from sqlalchemy import Engine

from adapters.broker_endpoint import broker_endpoint
from adapters.clock import Clock
from adapters.eavesdrop import CannotListen, Eavesdropper
from adapters.log import logger
from adapters.mqtt_probe import probe
from adapters.relational import acceptances
from adapters.relational.acceptances import Kept
from adapters.seal import Seal
from adapters.settings import Settings
from park.acceptance.examine import Acceptance, examine
from park.acceptance.listened import filters, requests
from park.place import Meter
from park.registry import Registry

MOST: Final = 8
"""Listenings at a time: one engineer has two hands."""
LONGEST: Final = timedelta(hours=2)
FORGOTTEN: Final = timedelta(hours=12)
"""A listening that nobody concluded is given up then."""
log = logger(__name__)


class TooMany(Exception):
    """As many listenings as there may be go on already."""


@dataclass(slots=True)
class Run:
    """One listening."""

    id: str
    meter: Meter
    who: str
    lasts: timedelta
    ear: Eavesdropper
    registry: Callable[[], Registry]
    prefix: str
    stop: Event = field(default_factory=Event)
    thread: Thread | None = None
    failed: str | None = None
    """Why it could not begin."""

    def so_far(self) -> Acceptance:
        """Hold what was heard so far against the contract."""
        return examine(self.meter, self.registry(), self.ear.session(), self.prefix)

    @property
    def until(self) -> datetime:
        """When it has listened as long as was asked."""
        return self.ear.since + self.lasts


class Acceptances:
    """All that go on."""

    def __init__(self, settings: Settings, engine: Engine, clock: Clock, registry: Callable[[], Registry]) -> None:
        """Know the broker from the settings; nothing is opened yet."""
        self._settings = settings
        self._engine = engine
        self._clock = clock
        self._registry = registry
        self._lock = Lock()
        self._runs: dict[str, Run] = {}
        self._seal: Seal | None = None

    @property
    def seal(self) -> Seal:
        """The installation's seal, made when it is first needed.  Raises OSError."""
        with self._lock:
            if self._seal is None:
                self._seal = Seal(self._settings.data_dir)
            return self._seal

    def start(self, meter: Meter, lasts: timedelta, who: str) -> Run:
        """Begin to listen to a meter.  Raises TooMany; blocks for the broker's answer."""
        target = broker_endpoint(self._settings)
        version = probe(target, self._settings.mqtt_version).version
        prefix = self._settings.mqtt_prefix
        asks = requests(meter, self._clock())
        ear = Eavesdropper(target, filters(meter, prefix), version=version, clock=self._clock, asks=asks)
        run = Run(secrets.token_hex(8), meter, who, min(lasts, LONGEST), ear, self._registry, prefix)
        with self._lock:
            self._give_up()
            if len(self._runs) >= MOST:
                raise TooMany
            self._runs[run.id] = run
        run.thread = Thread(target=_listen, args=(run,), name=f"acceptance-{meter.id}", daemon=True)
        run.thread.start()
        return run

    def running(self) -> list[Run]:
        """Give all that go on, the oldest first."""
        with self._lock:
            return list(self._runs.values())

    def find(self, number: str) -> Run | None:
        """Give one that goes on."""
        with self._lock:
            return self._runs.get(number)

    def conclude(self, run: Run, who: str) -> Kept:
        """End a listening and keep what was found, sealed.  Raises OSError where there is no seal to be had."""
        run.ear.end_plug()
        found = run.so_far()
        kept = acceptances.add(self._engine, found.document(), sign=self.seal.sign, who=who, now=self._clock())
        self.drop(run)
        return kept

    def drop(self, run: Run) -> None:
        """End a listening and keep nothing."""
        run.stop.set()
        with self._lock:
            self._runs.pop(run.id, None)

    def close(self) -> None:
        """End them all."""
        for run in self.running():
            self.drop(run)
            if run.thread is not None:
                run.thread.join(5)

    def _give_up(self) -> None:
        """Let go of what nobody came back to."""
        now = self._clock()
        for run in [one for one in self._runs.values() if now - one.ear.since > FORGOTTEN]:
            run.stop.set()
            del self._runs[run.id]


def _listen(run: Run) -> None:
    try:
        run.ear.run(run.stop)
    except CannotListen as error:
        run.failed = str(error)
        log.warning("cannot listen", meter=run.meter.id, why=run.failed)
    except Exception:
        run.failed = "defect"
        log.exception("listening failed", meter=run.meter.id)
