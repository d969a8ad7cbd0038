"""Amounts of which something, or nothing, is known; and what is known of their sums and differences."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import fsum

from park.carrier import Carrier
from park.coverage import NOTHING, Coverage, joined
from park.interval import IntervalSum
from park.place import Meter

EXPORT = "_export"
"""Behind a carrier's name: what went out again."""
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of an amount; None where nothing is."""

    amount: float | None
    coverage: Coverage


UNKNOWN = Measured(None, NOTHING)


class Amounts:
    """What is known of each device within one window, from the sums of its slots."""

    def __init__(self, sums: Iterable[IntervalSum], window: Window) -> None:
        """Join the sums that lie within the window; time that none covers is missing."""
        start, end = window
        found: dict[tuple[str, str], list[IntervalSum]] = {}
        for one in sums:
            if start <= one.start and one.end <= end:
                found.setdefault((one.meter, one.carrier), []).append(one)
        self._known = {key: _whole(some, window) for key, some in found.items()}

    def of(self, meter: str, carrier: str) -> Measured:
        """Give what one register of a device counted."""
        return self._known.get((meter, carrier), UNKNOWN)

    def net(self, meter: Meter, carrier: Carrier) -> Measured:
        """Give what came in through a device less what went out; nothing is known where one of the two is not."""
        came = self.of(meter.id, carrier.name)
        return less(came, self.of(meter.id, carrier.name + EXPORT)) if exports(meter, carrier) else came


def exports(meter: Meter, carrier: Carrier) -> bool:
    """Tell whether a device counts what goes out as well."""
    return carrier.export is not None and carrier.export in meter.metrics


def least(coverages: Iterable[Coverage]) -> Coverage:
    """Give the least share measured, and the least share known at all, of several coverages of one window."""
    some = list(coverages)
    if not some:
        return NOTHING
    measured = min(one.measured for one in some)
    known = min(1.0, *(one.measured + one.estimated for one in some))
    return Coverage(measured, max(0.0, known - measured))


def total(parts: Iterable[Measured]) -> float | None:
    """Add up what is known; None where nothing is."""
    known = [one.amount for one in parts if one.amount is not None]
    return fsum(known) if known else None


def less(known: Measured, off: Measured) -> Measured:
    """Take one amount off another; nothing is known of the rest where nothing is of one of the two."""
    if known.amount is None or off.amount is None:
        return UNKNOWN
    return Measured(known.amount - off.amount, least((known.coverage, off.coverage)))


def combined(terms: Mapping[str, Fraction], of: Callable[[str], Measured]) -> Measured:
    """Combine amounts, each times its number; a part of which nothing is known leaves nothing known of the whole.

    Coverage is the least of the parts'.
    """
    parts = [(float(times), of(name)) for name, times in terms.items()]
    amounts = [times * one.amount for times, one in parts if one.amount is not None]
    if not parts or len(amounts) < len(parts):
        return UNKNOWN
    return Measured(fsum(amounts), least(one.coverage for _, one in parts))


def _whole(sums: list[IntervalSum], window: Window) -> Measured:
    if len(sums) == 1 and (sums[0].start, sums[0].end) == window:
        return Measured(sums[0].amount, sums[0].coverage)
    weighed = [(one.coverage, (one.end - one.start).total_seconds()) for one in sums]
    rest = (window[1] - window[0]).total_seconds() - fsum(seconds for _, seconds in weighed)
    return Measured(fsum(one.amount for one in sums), joined([*weighed, (NOTHING, rest)]))
