"""What the accounts have to do: which local days of which registers and gauges, and why."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from adapters.relational.ledger_days import Accounted
from park import basis
from park.basis import Basis
from park.epoch import Epoch
from park.interval import SLOT
from park.metric import metrics
from park.place import Meter
from park.register import Rule, rule_of
from park.slots import gap_of
from park.subject import Subject, Way, subjects
from park.window import DAY, day_start

LATENESS = timedelta(hours=1)
"""Longer than what the store's writer calls late (adapters.late_notes), so that nothing falls between the two."""
AHEAD = timedelta(minutes=15)
"""Readings may be a little ahead of the clock."""
STRIDE = 31
"""Days of one register that are reckoned at once; more would take more memory."""
EXPIRING = timedelta(days=8)
"""A server store drops readings by the week; days that may be gone in part stay as they were reckoned."""
PAST_MIDNIGHT = timedelta(hours=3)
"""A day of a moved clock has 23 to 25 hours: this far past its 24th there is the next day, and not the one after."""
Key = tuple[str, str]


@dataclass(slots=True)
class Task:
    """One register or gauge, and its days that are to be reckoned (again), in order."""

    subject: Subject
    rule: Rule
    epochs: Sequence[Epoch]
    basis: Basis
    gap: timedelta
    reached: Accounted | None
    days: list[datetime] = field(default_factory=list)
    tail: bool = True
    """Whether it is only the newest day's turn: nothing older was touched."""

    @property
    def key(self) -> Key:
        """The meter and metric, by which its days are kept."""
        return self.subject.key

    def stretch(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Give its first days that follow one another, and where they end."""
        first = end = self.days[0]
        for day in self.days[:STRIDE]:
            if day > end:
                break
            end = next_midnight(day, zone)
        return first, end

    def done(self, end: datetime, more: Collection[datetime] = ()) -> None:
        """Take out the days before an instant, and put in those that follow from what was found."""
        self.days = sorted({day for day in self.days if day >= end} | set(more))


class Planner:
    """Finds the work: pure but for the days whose basis is another, which are asked for."""

    def __init__(
        self,
        *,
        now: datetime,
        zone: ZoneInfo,
        first: Callable[[], datetime | None],
        epochs: Mapping[Key, Sequence[Epoch]],
        reached: Mapping[Key, Accounted],
        due: Mapping[str, Collection[datetime]],
        rest: timedelta = timedelta(0),
    ) -> None:
        """Take what is known: `first` gives the oldest reading there is, `due` the days with late readings by meter."""
        self._now = now
        self._zone = zone
        self._today = midnight(now + AHEAD, zone)
        self._ask_first = first
        self._epochs = epochs
        self._reached = reached
        self._due = due
        self._rest = rest

    def tasks(self, meters: Iterable[Meter]) -> Iterator[Task]:
        """Give a task for everything that is accounted for; its days are those of the clock and of late readings."""
        for meter in meters:
            for subject in subjects(meter):
                task = self._task(subject)
                task.days = sorted(self._days(task))
                yield task

    @cached_property
    def _first(self) -> datetime:
        """The day of the oldest reading; asked for once, and only where it matters."""
        found = self._ask_first()
        return self._today if found is None else min(midnight(found, self._zone), self._today)

    def _task(self, subject: Subject) -> Task:
        rule = rule_of(subject.meter, metrics()[subject.metric])
        epochs = self._epochs.get(subject.key, ()) if subject.way is Way.REGISTER else ()
        is_register = subject.way is Way.REGISTER
        gap = gap_of(subject.meter.period)
        return Task(
            subject=subject,
            rule=rule,
            epochs=epochs,
            basis=basis.of_register(subject, rule, epochs, self._zone) if is_register else basis.of_gauge(subject),
            gap=gap if is_register else max(gap, SLOT),  # what is integrated into a slot may be as coarse as one
            reached=self._reached.get(subject.key),
        )

    def _days(self, task: Task) -> set[datetime]:
        """Give the days since the last round's end, and those with late readings; all of them the first time."""
        reached = task.reached
        if reached is None or (task.subject.way is not Way.REGISTER and reached.basis != task.basis.last):
            task.tail = False
            return set(self.between(self._first))
        tail = set(self.between(min(midnight(reached.until - LATENESS - task.gap, self._zone), self._today)))
        late = {day for day in self._due.get(task.subject.meter.id, ()) if day <= self._today}
        if timedelta() <= self._now - reached.until < self._rest:
            tail = set()
        task.tail = not late and len(tail) <= 1
        return tail | late

    def between(self, first: datetime) -> Iterator[datetime]:
        """Give the local midnights from one to today's."""
        day = first
        while day <= self._today:
            yield day
            day = next_midnight(day, self._zone)


def midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """Give the local midnight at or before an instant, in UTC."""
    return day_start(at, zone).astimezone(UTC)


def next_midnight(day: datetime, zone: ZoneInfo) -> datetime:
    """Give the local midnight after one."""
    return midnight(day + DAY + PAST_MIDNIGHT, zone)


def previous_midnight(day: datetime, zone: ZoneInfo) -> datetime:
    """Give the local midnight before one."""
    return midnight(day - PAST_MIDNIGHT, zone)
