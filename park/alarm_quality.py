"""Whether alarms are such that people can act on them, measured after ISA-18.2 (IEC 62682)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from park.alarm_spell import Spell
from park.burst import FLOOD, TEN_MINUTES, Flood, busiest, chatters, floods
from park.rulebook import Key
from park.severity import Severity
from park.window import DAY, SITE, day_start, month_start

HOUR = timedelta(hours=1)
STALE = timedelta(hours=24)
TOP = 10
SHIFTS = (time(0), time(8), time(16))
"""When shifts begin, by local time; the last ends with the day."""


class Lengths(NamedTuple):
    """How long something took, over many."""

    known: int
    missing: int
    """Of how many it is not known: it did not happen."""
    median: timedelta | None
    p90: timedelta | None


class Actor(NamedTuple):
    """One alert's part in all of them."""

    key: Key
    raised: int
    share: float
    chattering: int
    """Bursts of three within a minute."""


class Stale(NamedTuple):
    """One that has burned for more than a day."""

    spell: Spell
    stood: timedelta


class Stretch(NamedTuple):
    """The same figures for one shift or month."""

    start: datetime
    end: datetime
    raised: int
    per_hour: float
    peak: int
    """The most within ten minutes."""
    to_acknowledge: Lengths


class Quality(NamedTuple):
    """The report."""

    start: datetime
    end: datetime
    operators: int
    raised: int
    per_hour: float
    """Raised an hour and operator."""
    peak_hour: int
    peak: int
    """The most within ten minutes."""
    busy: float
    """The share of the ten-minute slots with more than ten for each operator."""
    floods: tuple[Flood, ...]
    flooded: float
    """The share of the time spent in floods."""
    actors: tuple[Actor, ...]
    """The ten that came most often."""
    top_share: float
    """Their share of all."""
    chattering: tuple[Actor, ...]
    stale: tuple[Stale, ...]
    severities: tuple[tuple[Severity, int], ...]
    to_acknowledge: Lengths
    to_clear: Lengths
    shifts: tuple[Stretch, ...]
    months: tuple[Stretch, ...]


def assess(
    spells: Sequence[Spell], start: datetime, end: datetime, *, operators: int = 1, zone: ZoneInfo = SITE
) -> Quality:
    """Assess `start` ≤ t < `end`.  `spells` may begin before: those that burned on into it are looked at for staleness.

    Raises ValueError for a time that is none, or for nobody who looks.
    """
    if end <= start or operators < 1:
        raise ValueError(f"{start} – {end} with {operators} operators")
    within = [spell for spell in spells if start <= spell.raised < end]
    times = [spell.raised for spell in within]
    found = floods(times, operators=operators)
    actors = _actors(within)
    return Quality(
        start=start,
        end=end,
        operators=operators,
        raised=len(within),
        per_hour=len(within) / ((end - start) / HOUR) / operators,
        peak_hour=busiest(times, HOUR),
        peak=busiest(times, TEN_MINUTES),
        busy=_busy(times, start, end, operators),
        floods=tuple(found),
        flooded=min(1.0, sum((min(one.end, end) - one.start for one in found), timedelta(0)) / (end - start)),
        actors=tuple(actors[:TOP]),
        top_share=sum(actor.share for actor in actors[:TOP]),
        chattering=tuple(actor for actor in actors if actor.chattering),
        stale=tuple(_stale(spells, start, end)),
        severities=tuple((level, sum(spell.severity is level for spell in within)) for level in Severity),
        to_acknowledge=_acknowledged(within),
        to_clear=lengths([spell.to_clear() for spell in within]),
        shifts=tuple(_stretch(within, *part) for part in shifts(start, end, zone)),
        months=tuple(_stretch(within, *part) for part in _months(start, end, zone)),
    )


def lengths(known: Iterable[timedelta | None]) -> Lengths:
    """Give the middle one and the ninth of ten; of nothing there is none."""
    given = list(known)
    took = sorted(one for one in given if one is not None)
    missing = len(given) - len(took)
    if not took:
        return Lengths(0, missing, None, None)
    middle = (took[(len(took) - 1) // 2] + took[len(took) // 2]) / 2
    return Lengths(len(took), missing, middle, took[ceil(0.9 * len(took)) - 1])


def shifts(start: datetime, end: datetime, zone: ZoneInfo = SITE) -> list[tuple[datetime, datetime]]:
    """Part a time into shifts, cut at its ends."""
    day = day_start(start, zone)
    borders = []
    while day < end:
        borders += [datetime.combine(day.date(), begin, zone) for begin in SHIFTS]
        day = datetime.combine(day.date() + DAY, time(0), zone)
    return _cut([*borders, day], start, end)


def _months(start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    borders = [month_start(start, zone)]
    while borders[-1] < end:
        borders.append(month_start(borders[-1] + 32 * DAY, zone))
    return _cut(borders, start, end)


def _cut(borders: Sequence[datetime], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Give the parts between borders that lie within a time."""
    inner = [border.astimezone(start.tzinfo) for border in borders if start < border < end]
    edges = [start, *inner, end]
    return list(pairwise(edges))


def _stretch(spells: Sequence[Spell], start: datetime, end: datetime) -> Stretch:
    within = [spell for spell in spells if start <= spell.raised < end]
    return Stretch(
        start=start,
        end=end,
        raised=len(within),
        per_hour=len(within) / ((end - start) / HOUR),
        peak=busiest([spell.raised for spell in within], TEN_MINUTES),
        to_acknowledge=_acknowledged(within),
    )


def _acknowledged(spells: Iterable[Spell]) -> Lengths:
    return lengths([spell.to_acknowledge() for spell in spells])


def _actors(spells: Sequence[Spell]) -> list[Actor]:
    times: dict[Key, list[datetime]] = {}
    for spell in spells:
        times.setdefault(spell.key, []).append(spell.raised)
    actors = [Actor(key, len(each), len(each) / len(spells), chatters(each)) for key, each in times.items()]
    return sorted(actors, key=lambda actor: (-actor.raised, actor.key))


def _stale(spells: Iterable[Spell], start: datetime, end: datetime) -> list[Stale]:
    """Give what burned for more than a day, and still did within the time; the oldest first."""
    return [
        Stale(spell, spell.stood(end))
        for spell in spells
        if spell.raised < end and (spell.cleared is None or spell.cleared > start) and spell.stood(end) > STALE
    ]


def _busy(times: Iterable[datetime], start: datetime, end: datetime, operators: int) -> float:
    slots = Counter((at - start) // TEN_MINUTES for at in times)
    return sum(count > FLOOD * operators for count in slots.values()) / ceil((end - start) / TEN_MINUTES)
