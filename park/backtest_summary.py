"""What trying rules over history comes to: how often each would have been told, for how long, how nervously."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from park.backtest import HOUR, Tried
from park.burst import busiest


class Summary(NamedTuple):
    """One rule over all its meters."""

    rule: str
    meters: int
    """On how many it was tried."""
    unheard: int
    """Of how many of them there was no reading: there it proves nothing."""
    readings: int
    raised: int
    burned: timedelta
    longest: timedelta
    open: int
    """How many still burned at the end."""
    nearly: int
    relapses: int
    chattering: int
    """Bursts of three within a minute on one meter."""
    busiest_hour: int
    """The most within an hour over all meters."""


def summed(tried: Iterable[Tried], end: datetime) -> list[Summary]:
    """Sum by rule; what came most often first."""
    by_rule: dict[str, list[Tried]] = {}
    for one in tried:
        by_rule.setdefault(one.key.rule, []).append(one)
    found = [_summary(rule, some, end) for rule, some in by_rule.items()]
    return sorted(found, key=lambda summary: (-summary.raised, summary.rule))


def _summary(rule: str, tried: list[Tried], end: datetime) -> Summary:
    began = sorted(episode.began for one in tried for episode in one.episodes)
    return Summary(
        rule=rule,
        meters=len(tried),
        unheard=sum(not one.readings for one in tried),
        readings=sum(one.readings for one in tried),
        raised=len(began),
        burned=sum((one.burned(end) for one in tried), timedelta(0)),
        longest=max((one.longest(end) for one in tried), default=timedelta(0)),
        open=sum(episode.ended is None for one in tried for episode in one.episodes),
        nearly=sum(one.nearly for one in tried),
        relapses=sum(one.relapses for one in tried),
        chattering=sum(one.chattering for one in tried),
        busiest_hour=busiest(began, HOUR),
    )
