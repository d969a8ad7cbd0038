"""Copies what the alerts' own file knows to the databases, whenever they are there, on a thread of its own.

To the relational store goes the history, the alerts as they stand and the notices; to the telemetry store a series.
Each is asked by itself, so that one that is away does not keep the other back.  What is copied twice changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.alert_store import AlertStore, AlertStoreBroken
from adapters.clock import Clock
from adapters.log import logger
from adapters.relational import alerts
from park.alert_point import AlertPoint, point
from park.alert_record import AlertRecord
from park.registry import Registry
from park.rulebook import Key
from park.telemetry import StoreUnavailable

EVERY = 0.2
"""Seconds between two looks."""
MOST = 500
RETRY = timedelta(seconds=2)
KEPT = timedelta(days=30)
"""So long, what the databases have stays in the file as well."""
CLEAN = timedelta(hours=1)
DRAWN = "drawn"
log = logger(__name__)
Draw = Callable[[Sequence[AlertPoint]], None]


class Destination:
    """One database, and whether it is there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.trouble: str | None = None
        """Why it takes nothing; None is well."""
        self.not_before: datetime | None = None

    def there(self) -> None:
        """Note that it took something."""
        if self.trouble is not None:
            log.info("takes copies of the alerts again", store=self.name)
        self.trouble, self.not_before = None, None

    def away(self, now: datetime, why: str, pause: timedelta = RETRY) -> None:
        """Note that it did not."""
        if self.trouble is None:
            log.warning("takes no copies of the alerts; they are kept until it does", store=self.name, why=why)
        self.trouble, self.not_before = why, now + pause

    def waits(self, now: datetime) -> bool:
        """Tell whether it is too soon to ask again."""
        return self.not_before is not None and now < self.not_before


class Mirror:
    """Copies until told to stop."""

    def __init__(
        self,
        *,
        store: AlertStore,
        engine: Engine,
        registry: Callable[[], Registry],
        clock: Clock,
        draw: Draw | None = None,
        say: Callable[[datetime], None] | None = None,
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take the parts: `draw` writes the series, where somebody draws it; `say` tells how the watch stands.

        What the relational store shows of an alert is overwritten only while we `may`: another may know better.
        """
        self._store = store
        self._engine = engine
        self._registry = registry
        self._clock = clock
        self.draw = draw
        self._say = say
        self._may = may
        self.relational = Destination("relational")
        self.series = Destination("telemetry")
        self._drawn: int | None = None
        self._whole = False
        """Whether every alert was copied once: the database may be an older one than last time."""
        self._cleaned: datetime | None = None

    @property
    def troubles(self) -> dict[str, str]:
        """Why each destination takes nothing, by its name."""
        return {each.name: each.trouble for each in (self.relational, self.series) if each.trouble is not None}

    def run(self, stop: Event) -> None:
        """Copy again and again, and once more at the end."""
        while not stop.is_set():
            if not self.copy(self._clock()):
                stop.wait(EVERY)
        self.copy(self._clock())

    def copy(self, now: datetime) -> bool:
        """Copy some; tell whether there may be more.  Never raises."""
        try:
            more = [self._relate(now), self._paint(now)]
            self._clean(now)
        except AlertStoreBroken as error:
            self.relational.away(now, str(error))
            self.series.away(now, str(error))
            return False
        return any(more)

    def _relate(self, now: datetime) -> bool:
        if self.relational.waits(now) or not self._may():
            return False
        changes = self._store.unmirrored(MOST)
        notices = self._store.unmirrored_notices(MOST)
        try:
            if changes or notices or not self._whole:
                alerts.copy(self._engine, records=self._records({c.change.key for c in changes}), changes=changes,
                            notices=notices)  # fmt: skip
            if self._say is not None:
                self._say(now)
        except SQLAlchemyError as error:
            self.relational.away(now, f"{type(error).__name__}: {getattr(error, 'orig', None) or error}")
            return False
        except Exception as error:
            self.relational.away(now, f"{type(error).__name__}: {error}")
            log.exception("a defect while copying alerts")
            return False
        self._whole = True
        self._store.mirrored([one.id for one in changes], notices)
        self.relational.there()
        return len(changes) == MOST or len(notices) == MOST

    def _records(self, keys: set[Key]) -> dict[Key, AlertRecord]:
        if not self._whole:
            return self._store.alerts()
        return {key: record for key in keys if (record := self._store.alert(key)) is not None}

    def _paint(self, now: datetime) -> bool:
        if self.draw is None or self.series.waits(now):
            return False
        if self._drawn is None:
            note = self._store.note(DRAWN)
            self._drawn = int(note) if note else 0
        changes = self._store.changes_after(self._drawn, MOST)
        if not changes:
            return False
        registry = self._registry()
        try:
            self.draw([point(one.change, registry) for one in changes])
        except StoreUnavailable as error:
            self.series.away(now, str(error), error.retry_after or RETRY)
            return False
        except Exception as error:
            self.series.away(now, f"{type(error).__name__}: {error}")
            log.exception("a defect while drawing alerts")
            return False
        self._drawn = changes[-1].id
        self._store.take_down(DRAWN, str(self._drawn).encode())
        self.series.there()
        return len(changes) == MOST

    def _clean(self, now: datetime) -> None:
        if self._cleaned is None or now - self._cleaned >= CLEAN:
            self._store.forget(now - KEPT)
            self._cleaned = now
