"""Readings in, changes of alerts out.  It knows no clock, no broker and no database: all of its state can be saved.

Event time decides and arrival bounds it: a reading from the future counts as of now, and one that comes later than
`LATE` is history and raises nothing but the alert on its device's clock.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush
from types import MappingProxyType
from typing import NamedTuple

from park.alert import close
from park.evidence import Point
from park.reading import Reading
from park.rulebook import Key, Rulebook
from park.watching import Memory, Turn, Watching, begin, looks

LATE = timedelta(minutes=2)
NONE: Mapping[Key, int] = MappingProxyType({})


class Change(NamedTuple):
    """A turn of one alert."""

    key: Key
    episode: int
    turn: Turn
    now: datetime
    """When we knew."""


class Engine:
    """All watches of one rulebook, for one thread."""

    def __init__(
        self,
        rulebook: Rulebook,
        memories: Mapping[Key, Memory],
        now: datetime,
        *,
        awake: datetime | None = None,
        episodes: Mapping[Key, int] = NONE,
    ) -> None:
        """Go on from what was saved; a watch without a memory begins now.  Memories of no watch are left alone.

        `awake` is since when we have listened: now, unless another engine has listened before.  `episodes` says how
        often alerts burned before, also those whose watch has forgotten it: no two episodes have one number.
        """
        self._book = rulebook
        self.awake = now if awake is None else awake
        self.anew = {
            key for key, watch in rulebook.watches.items() if key in memories and memories[key].looks != looks(watch)
        }
        """Watches whose memory was of no use: they look at something else now."""
        self._watching = {
            key: Watching(
                watch,
                memories[key]
                if key in memories and key not in self.anew
                else begin(watch, now, episode=episodes.get(key, 0)),
            )
            for key, watch in rulebook.watches.items()
        }
        self._dirty: set[Key] = set()
        self._due: list[tuple[datetime, Key]] = []
        self._planned: dict[Key, datetime] = {}
        for key in self._watching:
            self._plan(key, None)

    def hear(
        self, readings: Iterable[Reading], received: datetime, *, late: timedelta = LATE, behind: bool = False
    ) -> list[Change]:
        """Take in live readings, with the time they came.

        While what was kept for us comes in we are `behind`: `late` is longer then, and nothing is said of clocks.
        """
        changes: list[Change] = []
        for reading in readings:
            for watch in self._book.by_reading.get((reading.meter, reading.metric), ()):
                if behind if watch.of_clocks else received - reading.at > late:
                    continue
                watching = self._watching[watch.key]
                ahead = (reading.at - received).total_seconds()
                point = Point(reading.value, reading.at, reading.quality, received, ahead)
                changes += self._note(watch.key, watching.hear(reading.metric, point), received)
        return changes

    def awaken(self, now: datetime) -> None:
        """Listen anew: who was not heard while nobody listened is not silent for it."""
        self.awake = now
        for key in self._watching:
            self._plan(key, None)

    def tick(self, now: datetime, *, listening: bool = True) -> list[Change]:
        """Let time pass: holds end, silences begin, windows close, each at its own moment, whenever this is asked.

        Costs what is due.  While nobody listens, nobody is silent; `awaken` then begins anew.
        """
        awake = self.awake if listening else now
        changes: list[Change] = []
        while (moment := self.due()) is not None and moment <= now:
            _, key = heappop(self._due)
            del self._planned[key]
            changes += self._note(key, self._watching[key].tick(moment, awake), now, after=moment)
        return changes

    def due(self) -> datetime | None:
        """Give the next moment at which time alone may change something; None where none will."""
        while self._due:
            moment, key = self._due[0]
            if self._planned.get(key) == moment:
                really = self._watching[key].due(self.awake, moment - timedelta.resolution)
                if really == moment:
                    return moment
                del self._planned[key]
                self._put(key, really)
            else:
                heappop(self._due)
        return None

    def close(self, key: Key, now: datetime) -> bool:
        """Let go of a latched alert; tell whether there was one."""
        watching = self._watching.get(key)
        if watching is None:
            return False
        before = watching.state.alert
        after = close(before, now)
        if after is before:
            return False
        watching.settle(after)
        self._dirty.add(key)
        return True

    def watching(self, key: Key) -> Watching | None:
        """Give one watch with what it knows."""
        return self._watching.get(key)

    def keys(self) -> Iterable[Key]:
        """Name every watch."""
        return self._watching.keys()

    def memories(self) -> dict[Key, Memory]:
        """Give all memories, to go on with another rulebook."""
        return {key: watching.memory for key, watching in self._watching.items()}

    def unsaved(self, keys: Iterable[Key] | None = None) -> dict[Key, Memory]:
        """Give the memories that changed since this was last asked of them; of some watches, or of all."""
        asked = set(self._dirty) if keys is None else self._dirty.intersection(keys)
        self._dirty -= asked
        return {key: self._watching[key].memory for key in asked}

    def unsave(self, keys: Iterable[Key]) -> None:
        """Take back that some memories were saved: it did not succeed."""
        self._dirty.update(keys)

    def _note(self, key: Key, turns: list[Turn], now: datetime, *, after: datetime | None = None) -> list[Change]:
        self._dirty.add(key)
        self._plan(key, after)
        episode = self._watching[key].memory.episode
        return [Change(key, episode, turn, now) for turn in turns]

    def _plan(self, key: Key, after: datetime | None) -> None:
        """Note when time alone may change something; what time did not change just now waits for a reading."""
        self._put(key, self._watching[key].due(self.awake, after))

    def _put(self, key: Key, moment: datetime | None) -> None:
        """Plan a moment; where an earlier one is planned, it is seen then that it has moved on, as most do."""
        planned = self._planned.get(key)
        if moment is not None and (planned is None or moment < planned):
            self._planned[key] = moment
            heappush(self._due, (moment, key))
