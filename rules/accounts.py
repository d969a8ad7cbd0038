"""The accounts: readings into consumption, day by day, until nothing is due any more.

A round takes the newest hours again, the days with late readings, and the days that were reckoned with other facts or
epochs than hold by now.  A day that closes with another sample than the next one opens with makes that one due as well,
and so on until they agree.  Everything is made of all that is stored and written under the same identities, so a round
that is cut short, or done twice, changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from threading import Event
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.log import logger
from adapters.relational import epochs, ledger_days, registry_store, suspicions
from adapters.relational.interval_dues import Due, IntervalDues
from adapters.relational.ledger_days import Accounted
from park.epoch import Kind
from park.registry import Registry
from park.subject import Way
from park.suspicion import Suspicion
from park.telemetry import StoreUnavailable, TelemetryStore
from park.window import SITE
from rules.gauges import Gauges
from rules.ledgers import Ledgers
from rules.work import EXPIRING, Planner, Task, midnight

MARKS = 200_000
REST = timedelta(minutes=4)
"""What was done so lately is not done again because something else was changed or came late."""
METERS = 64
"""Registers whose readings are in memory at once."""
log = logger(__name__)


class Done(NamedTuple):
    """What one round did."""

    days: int
    """Of registers and gauges that were reckoned."""
    found: int
    """Suspicions that are new."""


@dataclass(slots=True)
class Standing:
    """How the accounts stand, for whoever watches."""

    rounds: int = 0
    days: int = 0
    until: datetime | None = None
    """How far everything is accounted for."""
    due: int = 0
    """Meters and days that wait."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """Suspicions that wait for a person, by kind."""
    broken: int = 0
    """Registers whose booked amounts are not what their readings say."""


class Accounts:
    """The job.  Raises StoreUnavailable from `run`; what was done by then stays done."""

    def __init__(
        self,
        *,
        engine: Engine,
        telemetry: TelemetryStore,
        registry: Callable[[], Registry] | None = None,
        zone: ZoneInfo = SITE,
        keeping: timedelta | None = None,
        rest: timedelta = REST,
    ) -> None:
        """Take the parts: `keeping` says how long readings are kept, None for ever."""
        self.standing = Standing()
        self._engine = engine
        self._telemetry = telemetry
        self._registry = registry or (lambda: registry_store.load(engine))
        self._zone = zone
        self._keeping = keeping
        self._rest = rest
        self._dues = IntervalDues(engine)

    def changed(self, now: datetime) -> object:
        """Give something that differs once an epoch or the registry was changed, and each minute while days are due.

        Raises StoreUnavailable.
        """
        with _translated():
            minute = now.replace(second=0, microsecond=0) if self._dues.count() else None
            return epochs.version(self._engine), registry_store.version(self._engine), minute

    def run(self, now: datetime, stop: Event | None = None) -> Done:
        """Bring all accounts up to date; with `stop` set, end at the next step, to go on from there another time."""
        with _translated():
            marks = self._dues.due(MARKS)
            done = self._work(now, marks, stop or Event())
            self._look(now, done.days)
        return done

    def _work(self, now: datetime, marks: Sequence[Due], stop: Event) -> Done:
        registry = self._registry()
        reached = ledger_days.reach(self._engine)
        due: dict[str, list[datetime]] = defaultdict(list)
        for mark in marks:
            due[mark.meter].append(mark.day)
        planner = Planner(
            now=now,
            zone=self._zone,
            first=lambda: self._telemetry.extent().first,
            epochs=epochs.in_force(self._engine),
            reached=reached,
            due=due,
            rest=self._rest,
        )
        tasks = list(planner.tasks(registry.meters))
        oldest = None if self._keeping is None else midnight(now - self._keeping + EXPIRING, self._zone)
        for task in tasks:
            self._other_basis(task)
            task.days = [day for day in task.days if oldest is None or day >= oldest]
        ledgers = Ledgers(engine=self._engine, telemetry=self._telemetry, zone=self._zone, now=now, oldest=oldest)
        gauges = Gauges(telemetry=self._telemetry, zone=self._zone, now=now, oldest=oldest)
        days, found = 0, 0
        for batch, (first, end) in _batches(tasks, self._zone):
            if stop.is_set():
                return Done(days, found)
            if batch[0].subject.way is Way.REGISTER:
                told = ledgers.reckon(batch, first, end)
                found += len(told)
                _tell(told)
            else:
                gauges.reckon(batch, first, end)
            days += len(batch) * max(1, (end - first).days)
            self._advance(batch, end, now)
        self._dues.done(_finished(marks, tasks))
        return Done(days, found)

    def _other_basis(self, task: Task) -> None:
        """Add the days that were reckoned with other facts or epochs."""
        if task.reached is None or task.reached.basis == task.basis.last or task.subject.way is not Way.REGISTER:
            return
        other = ledger_days.other_basis(self._engine, task.key, task.basis)
        task.tail = task.tail and not other
        task.days = sorted({*task.days, *other})

    def _advance(self, batch: Sequence[Task], end: datetime, now: datetime) -> None:
        """Note how far it is done: with its basis only when no day is left, so that a round cut short is seen."""
        noted = {}
        for task in batch:
            before = task.reached
            until = min(end, now) if before is None else max(before.until, min(end, now))
            held = "" if before is None else before.basis
            task.reached = Accounted(until, held if task.days else task.basis.last)
            noted[task.key] = task.reached
        ledger_days.advance(self._engine, noted)

    def _look(self, now: datetime, days: int) -> None:
        standing, reached = self.standing, ledger_days.reach(self._engine)
        standing.rounds += 1
        standing.days += days
        standing.until = min((each.until for each in reached.values()), default=now)
        standing.due = self._dues.count()
        standing.waiting = suspicions.count_open(self._engine)
        broken = len(ledger_days.broken(self._engine))
        if broken and not standing.broken:
            log.error("booked amounts are not what the registers say", registers=broken)
        standing.broken = broken


def _batches(tasks: Sequence[Task], zone: ZoneInfo) -> Iterator[tuple[list[Task], tuple[datetime, datetime]]]:
    """Give tasks with the same days to do, a batch at a time, until none has any left."""
    waiting = [task for task in tasks if task.days]
    while waiting:
        ordered = sorted(((_order(task, zone), task) for task in waiting), key=itemgetter(0))
        for key, group in groupby(ordered, key=itemgetter(0)):
            same = [task for _, task in group]
            for some in (same[first : first + METERS] for first in range(0, len(same), METERS)):
                yield some, key[:2]
        waiting = [task for task in waiting if task.days]


def _order(task: Task, zone: ZoneInfo) -> tuple[datetime, datetime, str, str]:
    first, end = task.stretch(zone)
    return first, end, task.subject.way.value, task.subject.metric


def _finished(marks: Sequence[Due], tasks: Sequence[Task]) -> Collection[Due]:
    """Give the marks of meters of which nothing is left to do, also of those that count nothing."""
    unfinished = {task.subject.meter.id for task in tasks if task.days}
    return [mark for mark in marks if mark.meter not in unfinished]


def _tell(found: Sequence[Suspicion]) -> None:
    """Say what was found, once: two devices under one id give no figure until a person decides."""
    for one in found:
        say = log.warning if one.kind is Kind.TWO_DEVICES else log.info
        say("found in a register", kind=one.kind.value, meter=one.meter, metric=one.metric, at=one.at.isoformat())


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"accounts: {error}".partition("\n")[0]) from error
