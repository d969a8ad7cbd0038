"""What meters and enterprises used, asked of the store of intervals: one figure a window, with its coverage."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import fsum
from typing import NamedTuple

from park.carrier import carrier_of, carriers
from park.coverage import NOTHING, Coverage, joined
from park.instant import from_ms
from park.interval import IntervalSum
from park.place import Meter, Role
from park.pollutant import POLLUTANTS
from park.stretch import Width
from park.subject import EXPORT, MASS_UNIT
from park.telemetry import IntervalStore

__all__ = ["NOTHING", "Used", "instant", "of_enterprise", "of_meter", "unit"]


class Used(NamedTuple):
    """What was used in one window, as far as it is known."""

    amount: float
    coverage: Coverage


def unit(carrier: str) -> str | None:
    """Give the unit of a carrier, of what is exported of it, or of a pollutant's mass; None for what is neither."""
    known = {name: row.unit for name, row in carriers().items() if row.medium is not None}
    known |= {EXPORT: carriers()["electricity"].unit} | dict.fromkeys(POLLUTANTS, MASS_UNIT)
    return known.get(carrier)


def instant(ms: int) -> datetime:
    """Give the instant of an edge."""
    return from_ms(int(ms))


def of_meter(
    store: IntervalStore, meters: Sequence[Meter], carrier: str, start: datetime, end: datetime, *, every: Width
) -> Mapping[datetime, Used]:
    """Give what one meter used in each window about which something is known."""
    sums = store.interval_sums(start, end, every=every, carriers=[carrier], meters=[meter.id for meter in meters])
    return {one.start: Used(one.amount, one.coverage) for one in sums}


def of_enterprise(
    store: IntervalStore, meters: Sequence[Meter], carrier: str, start: datetime, end: datetime, *, every: Width
) -> Mapping[datetime, Used]:
    """Add up the boundary meters in each window, less what they export.

    A window about which one meter knows nothing has what the others know, and so much less coverage.
    """
    counted = [meter for meter in meters if _counts(meter, carrier)]
    if not counted:
        return {}
    asked = [carrier, EXPORT] if carrier == "electricity" else [carrier]
    sums = store.interval_sums(start, end, every=every, carriers=asked, meters=[meter.id for meter in counted])
    windows: dict[datetime, list[IntervalSum]] = defaultdict(list)
    for one in sums:
        windows[one.start].append(one)
    return {begin: _total(found, carrier, len(counted)) for begin, found in windows.items() if _known(found, carrier)}


def _counts(meter: Meter, carrier: str) -> bool:
    own = carrier_of(meter)
    if carrier in POLLUTANTS:
        return meter.role is Role.OUTLET and carrier in meter.metrics
    return meter.role is Role.BOUNDARY and own is not None and carrier in {own.name, EXPORT if own.export else ""}


def _known(found: Sequence[IntervalSum], carrier: str) -> bool:
    return any(one.carrier == carrier for one in found)


def _total(found: Sequence[IntervalSum], carrier: str, meters: int) -> Used:
    """Add up one window; a meter without a figure weighs as much as one with, and covers nothing."""
    own = [one for one in found if one.carrier == carrier]
    amount = fsum(one.amount if one.carrier == carrier else -one.amount for one in found)
    weighed = [(one.coverage, 1.0) for one in own] + [(NOTHING, float(meters - len(own)))]
    return Used(amount, joined(weighed))
