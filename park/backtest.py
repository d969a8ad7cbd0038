"""Rules over stored history, lived through by the engine that lives through the present: what would have been told.

Every reading counts as heard at its own time, and time passes to the moment between two of them.  What differs from
life is what only life knows: readings that came late, a watch that was stopped, people who closed what was over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from park.alert_change import AlertChange, Kind, recorded
from park.burst import busiest, chatters
from park.engine import Change, Engine
from park.instant import from_ms
from park.reading import Reading
from park.rulebook import Key, Rulebook, Watch
from park.series import Series

HOUR = timedelta(hours=1)


class Episode(NamedTuple):
    """One time that an alert would have burned."""

    began: datetime
    """When it would have been raised."""
    ended: datetime | None
    """None where it still burns at the end."""
    value: float | None
    """What was compared when it was raised."""

    def lasted(self, end: datetime) -> timedelta:
        """Give how long it burned, until the end of all at the most."""
        return (end if self.ended is None else self.ended) - self.began


class Tried(NamedTuple):
    """What became of one rule on one meter."""

    key: Key
    readings: int
    """Of the metrics it looks at; without any there was nothing to judge by."""
    episodes: tuple[Episode, ...]
    nearly: int
    """How often it was in breach, not for long enough to be told."""
    relapses: int
    """How often it burned again before it had been clear for long enough: what the clear time has spared people."""

    @property
    def chattering(self) -> int:
        """How many bursts of three within a minute it would have been told."""
        return chatters([episode.began for episode in self.episodes])

    @property
    def busiest_hour(self) -> int:
        """The most it would have been raised within an hour."""
        return busiest([episode.began for episode in self.episodes], HOUR)

    def burned(self, end: datetime) -> timedelta:
        """Give how long it burned in all."""
        return sum((episode.lasted(end) for episode in self.episodes), timedelta(0))

    def longest(self, end: datetime) -> timedelta:
        """Give how long it burned at a time, at the most."""
        return max((episode.lasted(end) for episode in self.episodes), default=timedelta(0))


def by_meter(book: Rulebook) -> dict[str, Rulebook]:
    """Part a rulebook by meters: no watch looks at two, so each can be tried by itself."""
    watches: dict[str, dict[Key, Watch]] = {}
    for key, watch in book.watches.items():
        watches.setdefault(key.meter, {})[key] = watch
    reading: dict[str, dict[tuple[str, str], tuple[Watch, ...]]] = {}
    for (meter, metric), some in book.by_reading.items():
        reading.setdefault(meter, {})[meter, metric] = some
    return {meter: Rulebook(some, reading.get(meter, {})) for meter, some in watches.items()}


def history(meter: str, columns: Mapping[str, Series]) -> Iterator[tuple[datetime, list[Reading]]]:
    """Give what a meter said, moment by moment, in order of time."""
    names = [name for name in columns if len(columns[name].ms)]
    if not names:
        return
    ms = np.concatenate([columns[name].ms for name in names])
    values = np.concatenate([columns[name].values for name in names])
    quality = np.concatenate([columns[name].quality for name in names])
    which = np.repeat(np.arange(len(names)), [len(columns[name].ms) for name in names])
    order = np.argsort(ms, kind="stable")
    said: list[Reading] = []
    present: int | None = None
    rows = zip(ms[order].tolist(), values[order].tolist(), quality[order].tolist(), which[order].tolist(), strict=True)
    for moment, value, bits, place in rows:
        if present is not None and moment != present:
            yield from_ms(present), said
            said = []
        present = moment
        said.append(Reading(meter, names[place], value, from_ms(moment), bits))
    if present is not None:
        yield from_ms(present), said


def play(
    book: Rulebook, said: Iterable[tuple[datetime, Sequence[Reading]]], start: datetime, end: datetime
) -> list[Change]:
    """Live through what was said from `start` on, and let time pass until `end`; what comes at a moment comes first."""
    engine = Engine(book, {}, start)
    changes: list[Change] = []
    passed = start
    for moment, readings in said:
        passed = _pass(engine, changes, passed, moment)
        changes += engine.hear(readings, moment)
    _pass(engine, changes, passed, end)
    return changes


def attempt(book: Rulebook, columns: Mapping[str, Series], start: datetime, end: datetime) -> list[Tried]:
    """Try the rules of one meter over its history."""
    meter = next(iter(book.watches)).meter
    changes = play(book, history(meter, columns), start, end)
    by_key: dict[Key, list[AlertChange]] = {key: [] for key in book.watches}
    for change in changes:
        by_key[change.key].append(recorded(change, book.watches[change.key].rule.severity))
    return [
        _tried(key, sum(len(columns[name].ms) for name in watch.by_metric if name in columns), by_key[key])
        for key, watch in book.watches.items()
    ]


def _pass(engine: Engine, changes: list[Change], passed: datetime, until: datetime) -> datetime:
    """Let time pass until just before a moment, with a stop wherever it changes something."""
    while (due := engine.due()) is not None and due < until:
        passed = max(passed, due)
        changes += engine.tick(passed)
    return passed


def _tried(key: Key, readings: int, changes: Sequence[AlertChange]) -> Tried:
    episodes: list[Episode] = []
    for change in changes:
        if change.kind is Kind.RAISED:
            episodes.append(Episode(change.at, None, change.value))
        elif change.kind is Kind.CLEARED and episodes:
            episodes[-1] = episodes[-1]._replace(ended=change.at)
    kinds = [change.kind for change in changes]
    return Tried(key, readings, tuple(episodes), kinds.count(Kind.CALM), kinds.count(Kind.RELAPSED))
