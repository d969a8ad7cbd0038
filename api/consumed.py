"""What meters and enterprises used, asked of the store of intervals: one figure a window, with its coverage."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from api.virtual_reading import Books
from park.carrier import carriers
from park.consumption import Consumption
from park.coverage import NOTHING, Coverage, joined
from park.discharge import KG, discharge
from park.instant import from_ms
from park.interval import IntervalSum
from park.measured import EXPORT
from park.place import Meter
from park.pollutant import POLLUTANTS
from park.stretch import Width
from park.telemetry import IntervalStore

__all__ = ["NOTHING", "Used", "instant", "of_enterprise", "of_meter", "unit"]


class Used(NamedTuple):
    """What was used in one window, as far as it is known."""

    amount: float
    coverage: Coverage


def unit(carrier: str) -> str | None:
    """Give the unit of a carrier, of what is exported of it, or of a pollutant's mass; None for what is neither."""
    known = {name: row.unit for name, row in carriers().items() if row.medium is not None}
    known |= {name + EXPORT: row.unit for name, row in carriers().items() if row.export is not None}
    return (known | dict.fromkeys(POLLUTANTS, KG)).get(carrier)


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
    store: IntervalStore,
    books: Books,
    enterprise: str,
    carrier: str,
    *,
    start: datetime,
    end: datetime,
    every: Width,
) -> Mapping[datetime, Used]:
    """Add up an enterprise in each window, as its figures do: boundary meters less exports, or the masses of outlets.

    A window about which one meter knows nothing has what the others know, and so much less coverage.
    """
    name = carrier.removesuffix(EXPORT)
    windows: dict[tuple[datetime, datetime], list[IntervalSum]] = defaultdict(list)
    meters = books.devices(enterprise)
    for one in store.interval_sums(start, end, every=every, carriers=[name, name + EXPORT], meters=meters):
        windows[one.start, one.end].append(one)
    found = {}
    for window, sums in windows.items():
        mass = carrier in POLLUTANTS
        made = discharge(books.registry, sums, window=window) if mass else books.totals.of(sums, window, enterprise)
        whole = next((one for one in made if one.enterprise == enterprise and one.carrier == name), None)
        used = None if whole is None else _exported(whole) if carrier != name else _used(whole)
        if used is not None:
            found[window[0]] = used
    return found


def _used(whole: Consumption) -> Used | None:
    return None if whole.amount is None else Used(whole.amount, whole.coverage)


def _exported(whole: Consumption) -> Used | None:
    """Give what went out of an enterprise, by the meters that count it."""
    out = [part for part in whole.parts if part.sign < 0]
    if whole.exported is None:
        return None
    return Used(whole.exported, joined((part.coverage, 1.0) for part in out))
