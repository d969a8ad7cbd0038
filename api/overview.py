"""What a park, or one enterprise of it, uses now and has used today; every figure says how much of it was measured.

Nothing here waits for a network of its own: the telemetry port answers, the caller says what time it is, and the
caller decides in which thread.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from api.usage import HOUR, LOOKBACK, QUARTER, Usage, usage
from park.metric import Medium, metrics
from park.place import Enterprise, Meter, Role
from park.quality import Quality
from park.reading import Reading
from park.registry import Registry
from park.telemetry import Aggregate, Telemetry
from park.window import DAY, day_start

REGISTERS: Mapping[Medium, str] = {
    Medium.ELECTRICITY: "ep_imp",
    Medium.WATER: "volume",
    Medium.GAS: "gas_volume",
    Medium.STEAM: "steam_mass",
    Medium.HEAT: "heat_energy",
}
"""The register that says how much of a medium was used."""

GAUGES: Mapping[Medium, str] = {
    Medium.ELECTRICITY: "p",
    Medium.WATER: "flow",
    Medium.GAS: "gas_flow",
    Medium.STEAM: "steam_flow",
    Medium.HEAT: "heat_power",
}
"""The gauge that says how fast it is used."""

NOT_SUMMED = Quality.FAULT | Quality.MAINTENANCE | Quality.CALIBRATION | Quality.IMPLAUSIBLE
"""A reading with one of these says nothing about the flow: it is shown where its meter is, and left out of sums."""

Latest = Mapping[tuple[str, str], Reading]
"""The newest reading of each (meter, metric)."""


class Why(StrEnum):
    """Why a figure has no value."""

    NO_METER = "no_meter"
    """No boundary meter of that medium is registered."""
    NO_DATA = "no_data"
    """Its meters have not reported anything for the period."""
    SILENT = "silent"
    """Its meters have reported before, and none does now."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what a figure is about was really measured."""

    meters: int
    """Meters whose readings are in the figure."""
    of: int
    """Meters that should be."""
    share: float
    """Measured share of all their time in the period, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that can be defended: value or why there is none, unit, coverage and the time it holds for."""

    value: float | None
    unit: str
    coverage: Coverage
    as_of: datetime | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """The mean load of one quarter of an hour, and how many meters it is the sum of."""

    start: datetime
    value: float
    meters: int


@dataclass(frozen=True, slots=True)
class Total:
    """A medium today, and yesterday until the same time of day."""

    today: Figure
    before: Figure


@dataclass(frozen=True, slots=True)
class Day:
    """What the registers and loads of a day say, as of `now`."""

    start: datetime
    now: datetime
    totals: Mapping[Medium, Total]
    energy: Mapping[str, Figure]
    """Electricity today by enterprise."""
    load: tuple[Load, ...]
    load_before: tuple[Load, ...]
    loaded_by: int
    """How many meters each quarter's load should be the sum of."""


@dataclass(frozen=True, slots=True)
class Daily:
    """What was used on one local day."""

    start: datetime
    figure: Figure


def scope(registry: Registry, enterprise: str | None) -> Registry:
    """Narrow a registry to one enterprise; None leaves the whole park."""
    if enterprise is None:
        return registry
    found = registry.by_enterprise.get(enterprise)
    own: tuple[Enterprise, ...] = (found,) if found else ()
    return Registry(registry.parks, own, tuple(registry.meters_of(enterprise)))


def boundary(registry: Registry, medium: Medium, metric: str) -> list[Meter]:
    """Give the meters that add up: boundary meters of the medium which measure the metric."""
    return [m for m in registry.meters_of(role=Role.BOUNDARY) if m.medium is medium and metric in m.metrics]


def flow_now(
    meters: Iterable[Meter], metric: str, latest: Latest, online: Callable[[Meter], bool], now: datetime
) -> Figure:
    """Add up what flows now; a silent meter, or one whose value is doubtful in kind, is missing and not 0."""
    wanted = list(meters)
    seen = [(meter, latest.get((meter.id, metric))) for meter in wanted]
    counted = [
        reading
        for meter, reading in seen
        if reading is not None and not reading.quality & NOT_SUMMED and online(meter) and fresh(meter, reading, now)
    ]
    unit = metrics()[metric].unit
    share = len(counted) / len(wanted) if wanted else 0.0
    coverage = Coverage(len(counted), len(wanted), share)
    if counted:
        return Figure(sum(r.value for r in counted), unit, coverage, max(r.at for r in counted))
    heard = [reading.at for _, reading in seen if reading is not None]
    why = Why.NO_METER if not wanted else Why.SILENT if heard else Why.NO_DATA
    return Figure(None, unit, coverage, max(heard, default=None), why)


def fresh(meter: Meter, reading: Reading, now: datetime) -> bool:
    """Tell whether a reading still says something about now: three periods of its meter, at least a minute."""
    return now - reading.at <= max(3 * meter.period, timedelta(minutes=1))


def day(registry: Registry, telemetry: Telemetry, now: datetime) -> Day:
    """Work out today, and yesterday until the same time of day, for all that is registered."""
    start = day_start(now).astimezone(UTC)
    before = start - DAY
    totals: dict[Medium, Total] = {}
    energy: dict[str, Figure] = {}
    for medium, register in REGISTERS.items():
        meters = boundary(registry, medium, register)
        used = _used(meters, register, telemetry, start=before, now=now, every=QUARTER)
        unit = metrics()[register].unit
        totals[medium] = Total(
            summed(used, meters, unit, start=start, end=now, now=now),
            summed(used, meters, unit, start=before, end=now - DAY, now=now),
        )
        if medium is Medium.ELECTRICITY:
            for enterprise in registry.enterprises:
                own = [meter for meter in meters if meter.enterprise == enterprise.id]
                energy[enterprise.id] = summed(used, own, unit, start=start, end=now, now=now)
    feeders = boundary(registry, Medium.ELECTRICITY, "p")
    loads = _loads(feeders, telemetry, before, now)
    return Day(
        start=start,
        now=now,
        totals=totals,
        energy=energy,
        load=tuple(load for load in loads if load.start >= start),
        load_before=tuple(load for load in loads if load.start < start),
        loaded_by=len(feeders),
    )


def summed(
    used: Mapping[str, Usage], meters: Sequence[Meter], unit: str, *, start: datetime, end: datetime, now: datetime
) -> Figure:
    """Add up what meters used from `start` to `end`, with the share of it that was measured."""
    amounts = [used[meter.id].total(start, end) for meter in meters if meter.id in used]
    known = [amount for amount in amounts if amount is not None]
    shares = sum(used[meter.id].share(start, end, now) for meter in meters if meter.id in used)
    coverage = Coverage(len(known), len(meters), shares / len(meters) if meters else 0.0)
    if known:
        return Figure(sum(known), unit, coverage, min(end, now))
    return Figure(None, unit, coverage, None, Why.NO_DATA if meters else Why.NO_METER)


def days(meters: Sequence[Meter], metric: str, telemetry: Telemetry, now: datetime, *, count: int = 30) -> list[Daily]:
    """Work out what meters used together on each of the last `count` local days, today last."""
    first = day_start(day_start(now) - (count - 1) * DAY)
    used = _used(meters, metric, telemetry, start=first.astimezone(UTC), now=now, every=HOUR)
    unit = metrics()[metric].unit
    result = []
    for number in range(count):
        start = day_start(first + number * DAY + 2 * HOUR).astimezone(UTC)
        result.append(Daily(start, summed(used, meters, unit, start=start, end=start + DAY, now=now)))
    return result


def _used(
    meters: Sequence[Meter], metric: str, telemetry: Telemetry, *, start: datetime, now: datetime, every: timedelta
) -> dict[str, Usage]:
    if not meters:
        return {}
    ids = [meter.id for meter in meters]
    slots = telemetry.aggregate(ids, metric, start - LOOKBACK, now, every=every, how=Aggregate.LAST)
    row = metrics()[metric]
    return {m.id: usage(m, row, slots[m.id], every=every, now=now) for m in meters if slots.get(m.id)}


def _loads(meters: Sequence[Meter], telemetry: Telemetry, start: datetime, now: datetime) -> list[Load]:
    if not meters:
        return []
    ids = [meter.id for meter in meters]
    sums: dict[datetime, tuple[float, int]] = {}
    for slots in telemetry.aggregate(ids, "p", start, now, every=QUARTER, how=Aggregate.MEAN).values():
        for slot in slots:
            value, count = sums.get(slot.start, (0.0, 0))
            sums[slot.start] = (value + slot.value, count + 1)
    return [Load(at, value, count) for at, (value, count) in sorted(sums.items())]
