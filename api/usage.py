"""From registers to what was used: windowed last values of one meter become amounts per slot, and what was measured.

A register is read through `park.counter.ledger`, never as last minus first: a replaced meter or one bad sample would
otherwise become a consumption that nobody had.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from park.counter import ledger
from park.instant import from_ms, to_ms
from park.metric import Metric
from park.place import Meter
from park.register import rule_of
from park.series import Series
from park.steps import HOUR_MS, Steps
from park.telemetry import Slot
from park.window import floor

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
LOOKBACK = timedelta(hours=6)
"""How long before a period a register may have been read last, and still say what it stood at when the period began."""
MARGIN = 1.6
"""A windowed sample may be one reporting period off its label: only twice the rated maximum is not believed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one register counted, slot by slot."""

    every: timedelta
    amounts: dict[datetime, float]
    """By the slot's start in UTC; slots after a gap share what the gap's step counted."""
    measured: frozenset[datetime]
    """Slots in which the register was really read."""

    def total(self, start: datetime, end: datetime) -> float | None:
        """Add up the slots of `start` ≤ slot < `end`; None where nothing is known of any of them."""
        inside = [amount for at, amount in self.amounts.items() if start <= at < end]
        return sum(inside) if inside else None

    def share(self, start: datetime, end: datetime, now: datetime) -> float:
        """Say which share of the period's finished slots was measured; of the running one where there is no other."""
        finished = (min(end, floor(now, self.every)) - start) // self.every
        if finished < 1:
            return float(any(start <= at < end for at in self.measured))
        limit = start + finished * self.every
        return sum(start <= at < limit for at in self.measured) / finished


def usage(meter: Meter, metric: Metric, slots: Sequence[Slot], *, every: timedelta, now: datetime) -> Usage:
    """Read one register's windowed last values; `slots` may start before the period of interest, and should."""
    running = floor(now, every)
    rule = rule_of(meter, metric)
    rule = replace(rule, rated=rule.rated * MARGIN)
    done = [(to_ms(slot.start + every), slot.value) for slot in slots if slot.start < running]
    made = ledger(_series(done), rule=rule)
    amounts = _per_slot(made.steps, every)
    # The running slot's value may still be refuted by the next, and its instant is only known to lie within the slot:
    # it counts where it is an ordinary gain, and waits where it is anything else.
    newest = next((slot.value for slot in reversed(slots) if slot.start >= running), None)
    if newest is not None and made.closing is not None and to_ms(now) > made.closing.ms:
        gained = newest - made.closing.total
        if 0 <= gained <= rule.rated * ((to_ms(now + every) - made.closing.ms) / HOUR_MS):
            _share(amounts, (made.closing.ms, to_ms(now), gained), every)
    return Usage(every, amounts, frozenset(slot.start.astimezone(UTC) for slot in slots))


def _series(samples: Sequence[tuple[int, float]]) -> Series:
    count = len(samples)
    ms = np.fromiter((ms for ms, _ in samples), np.int64, count)
    return Series(ms, np.fromiter((total for _, total in samples), np.float64, count), np.zeros(count, np.int64))


def _per_slot(steps: Steps, slot: timedelta) -> dict[datetime, float]:
    """Share each step over the slots it overlaps, by time; slots are aligned to 1970."""
    usage: dict[datetime, float] = {}
    for step in zip(steps.start_ms.tolist(), steps.end_ms.tolist(), steps.amount.tolist(), strict=True):
        _share(usage, step, slot)
    return usage


def _share(usage: dict[datetime, float], step: tuple[int, int, float], slot: timedelta) -> None:
    start, end, amount = step
    length = slot // timedelta(milliseconds=1)
    for begin in range(start - start % length, end, length):
        overlap = min(end, begin + length) - max(start, begin)
        at = from_ms(begin)
        usage[at] = usage.get(at, 0.0) + amount * (overlap / (end - start))
