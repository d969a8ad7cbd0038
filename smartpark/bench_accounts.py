"""How fast readings of registers become intervals: a core's worth of the accounts."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

import numpy as np

from park.counter import ledger
from park.interval import SLOT_MS
from park.register import Rule
from park.series import Series
from park.slots import gap_of, slots

PERIOD_MS = 15_000
PERIOD = timedelta(milliseconds=PERIOD_MS)
START_MS = 1_767_196_800_000
RULE = Rule(rated=2_000.0, width=1e8)
SEED = 20_260_101
STRETCH = 172_800
"""A month of one meter at a reading every 15 s: what one turn of the accounts takes at once."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one kind of series comes to."""

    series: str
    samples: int
    seconds: float
    """Of CPU: what else the machine does meanwhile does not count."""
    booked: float
    intervals: int

    @property
    def rate(self) -> float:
        """Samples a second of CPU."""
        return self.samples / self.seconds


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured."""

    rates: tuple[Rate, ...]

    def as_json(self) -> dict[str, object]:
        """Give it for a program to read."""
        return {"registers": [asdict(each) | {"samples_per_second": each.rate} for each in self.rates]}

    def report(self) -> str:
        """Say it to a person."""
        return "\n".join(
            f"{each.rate / 1e6:>8.1f} M samples/s a core, {each.series}: {each.samples:,} samples "
            f"to {each.intervals:,} intervals in {each.seconds:.2f} s"
            for each in self.rates
        )


def measure(*, samples: int, clock: Callable[[], float] = time.process_time) -> Result:
    """Measure clean series, and ones of which a thousandth is wrong."""
    return Result(
        tuple(
            _rate(name, samples, wrong=wrong, clock=clock)
            for name, wrong in [("clean", 0.0), ("one in a thousand bad", 0.001)]
        )
    )


def _rate(name: str, samples: int, *, wrong: float, clock: Callable[[], float]) -> Rate:
    stretches = [_series(number, min(STRETCH, samples - first), wrong) for number, first in _stretches(samples)]
    _book(stretches[0])  # the first use of a library is not what is measured
    start = clock()
    made = [_book(each) for each in stretches]
    seconds = clock() - start
    return Rate(name, samples, seconds, sum(booked for booked, _ in made), sum(count for _, count in made))


def _stretches(samples: int) -> list[tuple[int, int]]:
    return list(enumerate(range(0, samples, STRETCH)))


def _series(number: int, count: int, wrong: float) -> Series:
    """Make a meter's month: it counts in hundredths, and now and then a reading is anything at all."""
    chance = np.random.default_rng(SEED + number)
    totals = 50_000.0 + np.cumsum(chance.integers(0, 300, count)) / 100
    bad = chance.choice(count, round(count * wrong), replace=False)
    totals[bad] *= chance.uniform(0, 2, len(bad))
    return Series(START_MS + np.arange(count, dtype=np.int64) * PERIOD_MS, totals, np.zeros(count, np.int64))


def _book(series: Series) -> tuple[float, int]:
    made = ledger(series, rule=RULE)
    end = int(series.ms[-1]) // SLOT_MS * SLOT_MS + SLOT_MS
    shared = slots(made, start_ms=START_MS, end_ms=end, gap=gap_of(PERIOD))
    return float(made.steps.amount.sum()), len(shared.start_ms)
