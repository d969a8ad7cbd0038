"""From registers to what was used: windowed last values of one meter become amounts per slot, and what was measured.

A register is read through `park.counter.steps`, never as last minus first: a replaced meter or one bad sample would
otherwise become a consumption that nobody had.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

from park.counter import Sample, Step, per_slot, steps
from park.metric import Metric
from park.place import Meter
from park.telemetry import Slot
from park.units import UnitError, conversion
from park.window import floor

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
LOOKBACK = timedelta(hours=6)
"""How long before a period a register may have been read last, and still say what it stood at when the period began."""
MARGIN = 2.0
"""A windowed sample may be one reporting period off its label, so only twice the rated maximum is called impossible."""


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
    limit = rated(meter, metric)
    done = [Sample(slot.start + every, slot.value) for slot in slots if slot.start < running]
    parts = list(steps(done, rated=limit, rollover_at=_rollover(meter, metric, now)))
    # The running slot's value may still be refuted by the next, and its instant is only known to lie within the slot:
    # it counts where it is an ordinary gain, and waits where it is anything else.
    newest = next((slot.value for slot in reversed(slots) if slot.start >= running), None)
    if newest is not None and done and now > done[-1].at:
        gained = newest - done[-1].total
        if 0 <= gained <= limit * ((now - done[-1].at + every) / HOUR):
            parts.append(Step(done[-1].at, now, gained))
    amounts = per_slot(parts, every)
    return Usage(every, amounts, frozenset(slot.start.astimezone(UTC) for slot in slots))


def rated(meter: Meter, metric: Metric) -> float:
    """Give the most a register may move in an hour, in the metric's unit; infinite where nobody has said."""
    number, _, unit = meter.register.rated.strip().partition(" ")
    try:
        return float(number) * conversion(unit, f"{metric.unit}/h").factor * MARGIN
    except (UnitError, ValueError):
        return inf


def _rollover(meter: Meter, metric: Metric, now: datetime) -> float:
    """Give the total at which the register starts from 0 again, in the metric's unit, multiplier applied."""
    multiplier = meter.multiplier(now) if metric.scaled else 1.0
    if meter.register.width is None or multiplier is None:
        return inf
    try:
        return (
            meter.register.width
            * multiplier
            * conversion(meter.units.get(metric.name, metric.unit), metric.unit).factor
        )
    except UnitError:
        return inf
