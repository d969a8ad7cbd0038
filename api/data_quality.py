"""How well the meters of a month were heard, asked of the stores: the same for the route and the console."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.relational import meter_account, quarantine, suspicions
from adapters.relational.interval_dues import IntervalDues
from api.services import Services
from api.sight import seen_meters
from api.virtual_reading import settled
from park.carrier import carrier_of
from park.coverage import Coverage
from park.instant import from_ms
from park.interval import SLOT
from park.meter_quality import MeterQuality, days_of
from park.place import Meter, Role
from park.principal import Principal, Right
from park.quality import Quality, names
from park.stretch import edges
from park.telemetry import Aggregate
from park.term import Term, month_of
from park.window import DAY

MOST_COUNTED = 200
"""Meters whose readings are counted for one answer; a whole park's month is a hundred million of them."""
AGAINST = int(Quality.UNCERTAIN | Quality.MAINTENANCE | Quality.CALIBRATION | Quality.FAULT | Quality.IMPLAUSIBLE)
"""What is said against a sensor; that a value was entered or a furnace is out is not."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of some meters, as far as it is over."""

    term: Term
    newest: Term
    """The running one."""
    start: datetime
    end: datetime
    meters: tuple[MeterQuality, ...]
    """In the registry's order; their readings are not counted yet."""
    unregistered: Mapping[str, int] | None
    """Messages of the month in quarantine that no registered meter sent, by reason; None for whoever may not see it."""


def read(parts: Services, who: Principal, term: Term | None, enterprise: str | None = None) -> Month:
    """Read what the accounts and the quarantine know of a month.  Raises what the stores raise."""
    until = settled(parts, parts.clock())
    newest = month_of(until - SLOT, parts.zone)
    month = newest if term is None else term
    start = month.start(parts.zone)
    close = month.end(parts.zone)
    end = min(close, max(until, start))
    meters = seen_meters(parts, who, enterprise)
    whole = enterprise is None and who.enterprise is None
    known = _known(parts, meters, start, end, whole=whole)
    bounds = _bounds(parts, start, end)
    accounts = {one.meter: one for one in meter_account.several(parts.engine, [meter.id for meter in meters])}
    late = IntervalDues(parts.engine).by_meter(start, close)
    reviews = suspicions.count_waiting(parts.engine, start, close)
    held = quarantine.tally(parts.engine, start, close) if who.may(Right.SEE_QUARANTINE) else None
    registered = parts.registry.current().by_meter
    found = []
    for meter in meters:
        gaps = accounts[meter.id].gaps if meter.id in accounts else ()
        found.append(
            MeterQuality(
                meter,
                days_of(meter, bounds, known.get(meter.id), None),
                lost=sum(gap.missing for gap in gaps if gap.after > start and gap.before < close),
                late=late.get(meter.id, 0),
                reviews=reviews.get(meter.id, 0),
                held=None if held is None else held.get(meter.id, {}),
            )
        )
    strange: dict[str, int] = {}
    for name, reasons in (held or {}).items():
        if name not in registered:
            for reason, count in reasons.items():
                strange[reason] = strange.get(reason, 0) + count
    return Month(month, newest, start, end, tuple(found), strange if held is not None and whole else None)


def counted(parts: Services, month: Month, some: Sequence[MeterQuality]) -> list[MeterQuality]:
    """Count the readings of some meters, and see what is said against their newest; of more than the most, only that.

    A day before the first reading the store holds is not counted: nobody can tell what came then.
    Raises what the telemetry store raises.
    """
    ids = [one.meter.id for one in some]
    flagged: dict[str, dict[str, tuple[str, ...]]] = {}
    for reading in parts.telemetry.latest(ids) if ids else ():
        if reading.quality & AGAINST:
            flagged.setdefault(reading.meter, {})[reading.metric] = names(reading.quality & AGAINST)
    if len(some) > MOST_COUNTED:
        return [replace(one, flagged=flagged.get(one.meter.id, {})) for one in some]
    first = parts.telemetry.extent().first
    by_metric: dict[str, list[str]] = {}
    for one in some:
        by_metric.setdefault(one.meter.metrics[0], []).append(one.meter.id)
    counts: dict[str, dict[datetime, float]] = {}
    if month.start < month.end:
        for metric, members in by_metric.items():
            asked = parts.telemetry.aggregate(members, metric, month.start, month.end, every=DAY, how=Aggregate.COUNT)
            counts |= {meter: {slot.start: slot.value for slot in slots} for meter, slots in asked.items()}
    return [
        replace(
            one,
            days=tuple(
                day
                if first is None or day.start + day.length <= first
                else replace(day, received=round(mine.get(day.start, 0)))
                for day in one.days
            ),
            flagged=flagged.get(one.meter.id, {}),
        )
        for one in some
        for mine in (counts.get(one.meter.id, {}),)
    ]


def _bounds(parts: Services, start: datetime, end: datetime) -> list[datetime]:
    return [from_ms(at) for at in edges(start, end, DAY, parts.zone).tolist()]


def _known(
    parts: Services, meters: Sequence[Meter], start: datetime, end: datetime, *, whole: bool
) -> dict[str, dict[datetime, Coverage]]:
    """Give what the accounts know by meter and day; of several carriers the one of which least is known.

    A meter that should count is in it even where nothing is known of it.
    """
    known: dict[str, dict[datetime, Coverage]] = {meter.id: {} for meter in meters if _counts(meter)}
    if start >= end or not meters:
        return known
    asked = None if whole else [meter.id for meter in meters]
    for one in parts.telemetry.interval_sums(start, end, every=DAY, meters=asked):
        days = known.setdefault(one.meter, {})
        before = days.get(one.start)
        if before is None or one.coverage.missing > before.missing:
            days[one.start] = one.coverage
    return known


def _counts(meter: Meter) -> bool:
    return meter.role not in {Role.OUTLET, Role.DETECTOR} and carrier_of(meter) is not None
