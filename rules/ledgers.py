"""Registers: read the stretches that are to be reckoned, reckon them, and write what came of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine

from adapters.relational import ledger_days, suspicions
from adapters.relational.ledger_days import Day
from park.counter import Mark
from park.instant import from_ms
from park.interval import IntervalBatch, Intervals
from park.profile import Profile, profile
from park.series import EMPTY, Series
from park.stretch import ceil_ms, midnights
from park.suspicion import Suspicion
from park.telemetry import TelemetryStore
from park.window import DAY
from rules.reckon import Facts, Reckoned, added, stretch, within
from rules.work import AHEAD, Task, midnight, next_midnight, previous_midnight

LONGEST_DOUBT = 62 * DAY
"""So far back readings are taken again while none of a register's was ever believed for good."""
TYPICAL = 28 * DAY
"""So far back a meter's typical profile is looked for."""


@dataclass(slots=True)
class Piece:
    """What is to be reckoned of one register: from a local midnight on, beginning from a believed sample."""

    task: Task
    start: datetime
    mark: Mark | None

    @property
    def read_from(self) -> datetime:
        """The first instant whose readings count."""
        return self.start if self.mark is None else from_ms(self.mark.ms + 1)


class Ledgers:
    """Reckons registers, many at a time."""

    def __init__(
        self,
        *,
        engine: Engine,
        telemetry: TelemetryStore,
        zone: ZoneInfo,
        now: datetime,
        oldest: datetime | None = None,
    ) -> None:
        """Take the parts; of days before `oldest` readings are gone, so that they stay as they are."""
        self._engine = engine
        self._telemetry = telemetry
        self._zone = zone
        self._now = now
        self._oldest = oldest
        self._suspected = suspicions.standing(engine)

    def reckon(self, tasks: Sequence[Task], first: datetime, end: datetime) -> list[Suspicion]:
        """Reckon the days from `first` to `end` of registers of one metric; give what was found for the first time."""
        pieces = self._pieces(tasks, first)
        groups: dict[datetime, list[Piece]] = defaultdict(list)
        for piece in pieces:
            groups[midnight(piece.read_from, self._zone)].append(piece)
        found: list[Suspicion] = []
        for group in groups.values():
            found += self._group(group, end)
        return found

    def _pieces(self, tasks: Sequence[Task], first: datetime) -> list[Piece]:
        keys = [task.key for task in tasks]
        before = ledger_days.newest(self._engine, keys, first, previous=previous_midnight(first, self._zone))
        tail = [task.key for task in tasks if task.tail]
        today = ledger_days.on(self._engine, tail, first) if tail else {}
        return [self._piece(task, first, before.get(task.key), today.get(task.key)) for task in tasks]

    def _piece(self, task: Task, first: datetime, before: Day | None, today: Day | None) -> Piece:
        """Find where to begin: with the day of the last sample that is believed for good before `first`.

        The step from there crosses into `first`.  While nothing but the newest day's turn has come, what crosses into
        it is settled once the day itself has such a sample.
        """
        if before is None or before.firm is None:
            return Piece(task, first, None) if before is None else self._anew(task, first, before)
        settled = today is not None and today.firm is not None and today.firm.ms >= ceil_ms(first)
        if settled and today is not None and today.opening == before.closing == before.firm:
            return Piece(task, first, before.firm)
        start = midnight(from_ms(before.firm.ms), self._zone)
        if self._oldest is not None and start < self._oldest:
            return Piece(task, first, before.firm)
        earlier = ledger_days.before(self._engine, task.key, start)
        return Piece(task, start, None if earlier is None else earlier.firm)

    def _anew(self, task: Task, first: datetime, before: Day) -> Piece:
        """Begin with the first of the days before, where no sample was believed for good yet."""
        days = ledger_days.days(self._engine, task.key, before.day - LONGEST_DOUBT, first)
        return Piece(task, min((day.day for day in days), default=first), None)

    def _group(self, pieces: Sequence[Piece], end: datetime) -> list[Suspicion]:
        """Reckon registers whose readings begin on the same day, and write: slots first, then the days they are of."""
        horizon = self._now + AHEAD
        until = min(next_midnight(end, self._zone), max(horizon, end))
        read = self._read(pieces, until)
        batches: list[IntervalBatch] = []
        days: list[Day] = []
        made: list[tuple[Piece, Reckoned]] = []
        for piece in pieces:
            series = read.get(piece.task.subject.meter.id, EMPTY)
            reckoned = self._one(piece, series, end)
            if not reckoned.decided and until < horizon:
                series = self._read([piece], horizon).get(piece.task.subject.meter.id, EMPTY)
                reckoned = self._one(piece, series, end)
            subject = piece.task.subject
            batches.append(IntervalBatch(subject.meter.id, subject.carrier, piece.start, end, reckoned.intervals))
            days += [day for day in reckoned.days if day.closing is not None or day.undecided]
            made.append((piece, reckoned))
        self._telemetry.write_intervals(batches)
        ledger_days.save(self._engine, days)
        found: list[Suspicion] = []
        for piece, reckoned in made:
            found += self._settle(piece, reckoned, end)
            piece.task.done(end, set(self._following(piece.task, reckoned, end)))
        return found

    def _read(self, pieces: Sequence[Piece], until: datetime) -> Mapping[str, Series]:
        """Read from the earliest beginning on: the readings of one day more or less are soon passed over."""
        start = min(piece.read_from for piece in pieces)
        meters = [piece.task.subject.meter.id for piece in pieces]
        return self._telemetry.series(meters, pieces[0].task.subject.metric, start, until)

    def _one(self, piece: Piece, series: Series, end: datetime) -> Reckoned:
        task = piece.task
        first = int(np.searchsorted(series.ms, ceil_ms(piece.read_from)))
        own = Series(series.ms[first:], series.values[first:], series.quality[first:])
        facts = Facts(task.subject, task.rule, task.epochs, task.basis, task.gap, self._zone)

        def typical(day: datetime, slots: Intervals) -> Profile | None:
            return self._typical(task, day, piece.start, slots)

        return stretch(facts, own, piece.mark, midnights(piece.start, end, self._zone), typical)

    def _typical(self, task: Task, day: datetime, start: datetime, slots: Intervals) -> Profile | None:
        """Give the profile of the weeks before a day: from the store, and from the stretch itself where it is of it."""
        subject = task.subject
        since = day - TYPICAL
        stored = self._telemetry.intervals([subject.meter.id], subject.carrier, since, min(day, start))
        known = added([*stored.values(), slots])
        return profile(within(known, ceil_ms(since), ceil_ms(day)), zone=self._zone)

    def _settle(self, piece: Piece, reckoned: Reckoned, end: datetime) -> list[Suspicion]:
        key = piece.task.key
        if not reckoned.suspicions and key not in self._suspected:
            return []
        return suspicions.settle(self._engine, key, reckoned.suspicions, piece.start, end, now=self._now)

    def _following(self, task: Task, reckoned: Reckoned, end: datetime) -> Iterator[datetime]:
        """Give the next day where it opens with another sample than this stretch closes with, or hangs on its last."""
        today = midnight(self._now + AHEAD, self._zone)
        if end > today or end in task.days:
            return
        after, last = ledger_days.after(self._engine, task.key, end), reckoned.last
        if after is not None and (after.opening != last.closing or last.firm != last.closing):
            yield after.day
