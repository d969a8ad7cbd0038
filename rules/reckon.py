"""Reckon one stretch of one register: its readings into steps, days and slots.  Pure.

A stretch begins with the local day that holds the last believed sample before what changed, because the step from there
crosses into it; and it looks on to the first believed sample after its end, because a step crosses out of it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from adapters.relational.ledger_days import Day
from park.basis import Basis
from park.counter import Ledger, Mark, balance, ledger
from park.epoch import Epoch
from park.instant import from_ms
from park.interval import SLOT_MS, Intervals
from park.profile import Profile
from park.register import Rule
from park.series import Floats, Ints, Series
from park.slots import share
from park.steps import Steps
from park.stretch import ceil_ms
from park.subject import Subject
from park.suspicion import Suspicion
from park.window import SITE, day_start

Typical = Callable[[datetime, Intervals], Profile | None]
"""Gives a meter's profile as it was typical before a local midnight; the slots are those of the stretch itself."""


class Facts(NamedTuple):
    """What is known of a register beside its readings."""

    subject: Subject
    rule: Rule
    epochs: Sequence[Epoch]
    basis: Basis
    gap: timedelta
    zone: ZoneInfo = SITE


class Reckoned(NamedTuple):
    """A stretch of whole local days, reckoned."""

    intervals: Intervals
    days: list[Day]
    suspicions: list[Suspicion]
    decided: bool
    """Whether a sample after the end is believed for good: what crosses the end is known then."""

    @property
    def last(self) -> Day:
        """Its last day."""
        return self.days[-1]


def stretch(facts: Facts, series: Series, mark: Mark | None, edges: Ints, typical: Typical) -> Reckoned:
    """Reckon the days between local midnights (`edges`, the last one their end) from readings after a mark.

    The readings may go on after the end; without any there, what crosses it is not known yet.
    """
    meter, metric = facts.subject.key
    made = ledger(series, rule=facts.rule, epochs=facts.epochs, mark=mark, meter=meter, metric=metric)
    first, last = int(edges[0]), int(edges[-1])
    return Reckoned(
        intervals=_shared(made, edges, facts, typical),
        days=_days(facts, made, edges),
        suspicions=[one for one in made.suspicions if from_ms(first) <= one.at < from_ms(last)],
        decided=made.firm is not None and made.firm.ms >= last,
    )


def _shared(made: Ledger, edges: Ints, facts: Facts, typical: Typical) -> Intervals:
    """Share the steps over slots: what a gap hides by what was typical before the day it begins in."""
    first, last = int(edges[0]), int(edges[-1])
    steps = made.steps
    long = steps.end_ms - steps.start_ms > facts.gap // timedelta(milliseconds=1)
    apart = steps.start_ms // SLOT_MS != (steps.end_ms - 1) // SLOT_MS
    gaps = np.flatnonzero(long & apart & (steps.end_ms > first) & (steps.start_ms < last))
    if not len(gaps):
        return share(steps, start_ms=first, end_ms=last, gap=facts.gap)
    plain = share(_some(steps, np.delete(np.arange(len(steps)), gaps)), start_ms=first, end_ms=last, gap=facts.gap)
    parts = [plain]
    begun = [ceil_ms(day_start(from_ms(ms), facts.zone)) for ms in steps.start_ms[gaps].tolist()]
    for midnight in sorted(set(begun)):
        those = gaps[np.array(begun) == midnight]
        usual = typical(from_ms(midnight), plain)
        parts.append(share(_some(steps, those), start_ms=first, end_ms=last, gap=facts.gap, profile=usual))
    return added(parts)


def _some(steps: Steps, which: Ints) -> Steps:
    return Steps(
        steps.start_ms[which], steps.end_ms[which], steps.amount[which], steps.cause[which], steps.estimated[which]
    )


def added(parts: Sequence[Intervals]) -> Intervals:
    """Add up slots of one meter that come of different steps."""
    starts = np.concatenate([part.start_ms for part in parts])
    ms, place = np.unique(starts, return_inverse=True)

    def total(columns: Sequence[Floats]) -> Floats:
        return np.bincount(place, np.concatenate(columns), len(ms)).astype(np.float64)

    measured = np.minimum(total([part.measured for part in parts]), 1.0)
    estimated = np.minimum(total([part.estimated for part in parts]), 1.0 - measured)
    return Intervals(ms, total([part.amount for part in parts]), measured, estimated)


def within(slots: Intervals, first_ms: int, last_ms: int) -> Intervals:
    """Give the slots that begin in a stretch of time."""
    part = slice(*np.searchsorted(slots.start_ms, [first_ms, last_ms]).tolist())
    return Intervals(slots.start_ms[part], slots.amount[part], slots.measured[part], slots.estimated[part])


def _days(facts: Facts, made: Ledger, edges: Ints) -> list[Day]:
    steps, undecided = made.steps, made.undecided
    off = balance(made)
    found: list[Day] = []
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        place = slice(*np.searchsorted(steps.end_ms, [first, last], "left").tolist())
        own = steps.part(place)
        day = from_ms(first)
        found.append(
            Day(
                meter=facts.subject.meter.id,
                metric=facts.subject.metric,
                day=day,
                opening=made.mark_at(first - 1),
                closing=made.mark_at(last - 1),
                firm=made.firm_at(last - 1),
                undecided=int(((undecided >= first) & (undecided < last)).sum()),
                booked=float(own.amount.sum()),
                estimated=float(own.amount[own.estimated].sum()),
                off=off if last == edges[-1] else 0.0,
                causes=own.causes(),
                basis=facts.basis.on(day),
            )
        )
    return found
