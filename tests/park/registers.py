"""Registers for tests: totals, one a minute unless told otherwise, as a store would give them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np

from park.counter import Ledger, Mark, Rule, ledger
from park.epoch import Epoch
from park.instant import from_ms, to_ms
from park.series import Series

T0 = datetime(2026, 1, 1, tzinfo=UTC)
T0_MS = to_ms(T0)
MINUTE_MS = 60_000
KNOWN = Rule(rated=600.0, width=100_000.0)
"""Rated ten a minute; rolls over at 100,000."""
UNKNOWN = Rule()


def minute(number: float) -> datetime:
    """Give the instant so many minutes after the first sample."""
    return from_ms(T0_MS + round(number * MINUTE_MS))


def series(samples: Iterable[tuple[float, float]], quality: Sequence[int] | None = None) -> Series:
    """Make a series of (minute, total), in the order given."""
    given = list(samples)
    ms = np.array([T0_MS + round(at * MINUTE_MS) for at, _ in given], np.int64)
    totals = np.array([total for _, total in given], np.float64)
    return Series(ms, totals, np.zeros(len(ms), np.int64) if quality is None else np.array(quality, np.int64))


def minutely(totals: Sequence[float], *, start: float = 0, every: float = 1) -> Series:
    """Make a series of totals, one a minute."""
    return series((start + place * every, total) for place, total in enumerate(totals))


def read(
    totals: Sequence[float], *, rule: Rule = KNOWN, epochs: Sequence[Epoch] = (), mark: Mark | None = None
) -> Ledger:
    """Book totals, one a minute."""
    return ledger(minutely(totals), rule=rule, epochs=epochs, mark=mark, meter="m1", metric="ep_imp")


def used(made: Ledger) -> float:
    """Add up what was booked."""
    return float(made.steps.amount.sum())
