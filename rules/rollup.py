"""Roll readings up into slots: the newest stretch again and again, and older days when something late arrived.

Everything before `until` is rolled up.  A run makes the slots from there to the present, then moves `until` to an hour
before its own beginning: what arrives within the hour is looked at again by the next run.  What arrives later than that
was noted by its writer as a meter and a local day.  Every slot is made of all that is stored, so a run that is cut
short, or done twice, changes nothing.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from threading import Event
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from adapters.relational.rollups import Due, RelationalRollups
from park.window import DAY, SITE, floor

LATENESS = timedelta(hours=1)
"""Longer than what the store's writer calls late (adapters.influx.store), so that nothing falls between the two."""
QUARTER = timedelta(minutes=15)
AHEAD = QUARTER
"""Readings may be a little ahead of the clock."""
EXPIRING = timedelta(days=8)
"""The store drops readings by the week; days that may be gone in part are not rolled up again."""
MARKS = 2_000
METERS = 200
"""At most so many are named in one query."""
PAST_MIDNIGHT = timedelta(hours=3)


class Slots(Protocol):
    """Makes slots of readings."""

    def roll(self, start: datetime, end: datetime, meters: Collection[str] | None = None) -> int:
        """Make every slot that a range touches, of some meters or of all; give how many points were written."""


class Done(NamedTuple):
    """What one run did."""

    points: int
    late: int
    """Meters and days that were rolled up again."""


class Rollup:
    """The job.  Raises StoreUnavailable from `run`; what was done by then stays done."""

    def __init__(
        self,
        *,
        slots: Slots,
        notes: RelationalRollups,
        first: Callable[[], datetime | None],
        zone: ZoneInfo = SITE,
        keeping: timedelta | None = None,
    ) -> None:
        """Take the parts: `first` gives the oldest reading there is, `keeping` how long readings are kept."""
        self._slots = slots
        self._notes = notes
        self._first = first
        self._zone = zone
        self._keeping = keeping

    def run(self, now: datetime, stop: Event | None = None) -> Done:
        """Bring all slots up to date; with `stop` set, end at the next step, to go on from there another time."""
        points = 0
        for start, end, until in self._strides(now):
            points += self._slots.roll(start, end)
            self._notes.advance(until)
            if stop is not None and stop.is_set():
                return Done(points, 0)
        return self._late(now, points, stop)

    def _strides(self, now: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
        """Give the ranges to roll, each with what `until` is afterwards."""
        goal = floor(now - LATENESS, QUARTER, self._zone)
        at = self._notes.until()
        if at is None:
            first = self._first()
            at = goal if first is None else floor(first, QUARTER, self._zone)
        at = min(at, goal)
        while goal - at > DAY:
            yield at, at + DAY, at + DAY
            at += DAY
        yield at, now + AHEAD, goal

    def _late(self, now: datetime, points: int, stop: Event | None) -> Done:
        late = 0
        while marks := self._notes.due(MARKS):
            for day, group in groupby(marks, lambda mark: mark.day):
                of_day = list(group)
                for some in (of_day[first : first + METERS] for first in range(0, len(of_day), METERS)):
                    points += self._again(day, some, now)
                    self._notes.done(some)
                    late += len(some)
                    if stop is not None and stop.is_set():
                        return Done(points, late)
        return Done(points, late)

    def _again(self, day: datetime, marks: list[Due], now: datetime) -> int:
        """Roll one day of some meters, unless its readings are expiring: slots of half of them would be worse."""
        if self._keeping is not None and day < now - self._keeping + EXPIRING:
            return 0
        end = floor(day + DAY + PAST_MIDNIGHT, DAY, self._zone)
        return self._slots.roll(day, end, [mark.meter for mark in marks])
