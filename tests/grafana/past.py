"""The simulated park's past as readings, with what goes wrong in a real one: gaps, flags, a new meter, a leak."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from park.instant import from_ms, to_ms
from park.metric import Kind, metrics
from park.place import Role
from park.quality import Quality
from park.reading import Reading
from simulators.backfill import SLOT_MS
from simulators.device import Device
from simulators.measure import KINDS
from simulators.message import history_metrics, registers
from simulators.noise import Floats, Ints
from simulators.stack import stopped

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


class Spell(NamedTuple):
    """Values of one metric that are raised to a level for some time, counted back from the present."""

    meter: str
    metric: str
    ago: timedelta
    lasts: timedelta
    level: float


SPELLS: Final = (
    Spell("e09-h2s", "h2s", 20 * DAY, 2 * HOUR, 18.0),
    Spell("e09-h2s", "h2s", 9 * DAY, HOUR, 34.0),
    Spell("e09-h2s", "h2s", 2 * HOUR, 3 * HOUR, 21.0),  # it burns still
    Spell("e06-ethanol", "lel", 6 * DAY, HOUR, 31.0),
    Spell("e06-ethanol", "lel", 5 * HOUR, HOUR, 61.0),
    Spell("e01-nh3", "nh3", 3 * DAY, 2 * HOUR, 40.0),
    Spell("e01-fire", "residual_current", 30 * HOUR, 31 * HOUR, 480.0),
    Spell("e01-main", "pf", 10 * HOUR, 3 * HOUR, 0.71),
    Spell("e06-outlet", "cod", 4 * DAY, 6 * HOUR, 640.0),
)
SILENT: Final = (("e01-water", 12 * DAY, 9 * HOUR), ("e01-gas", 5 * DAY, 5 * HOUR), ("e06-fire", 3 * HOUR, 3 * HOUR))
"""Meters that say nothing for a time: since when, and how long."""
FLAGGED: Final = (
    ("e09-stack", 8 * DAY, 4 * HOUR, Quality.CALIBRATION),
    ("e09-stack", 5 * DAY, 10 * HOUR, Quality.MAINTENANCE),
    ("e06-stack", 2 * DAY, 7 * HOUR, Quality.FAULT),
    ("e01-main", 1 * DAY, 2 * HOUR, Quality.UNCERTAIN),
)
REPLACED: Final = ("e06-water", "volume", 15 * DAY)
"""A register that begins again from nothing: a new meter, that nobody has declared."""


class Past(NamedTuple):
    """How much of the past there is: everything for some days, what is counted for longer."""

    now: datetime
    days: int
    register_days: int

    def far(self) -> Ints:
        """Give the instants at which only registers are read."""
        return self._instants(self.register_days, self.days)

    def near(self) -> Ints:
        """Give the instants at which everything is."""
        return self._instants(self.days, 0)

    def _instants(self, first: int, last: int) -> Ints:
        start, end = (to_ms(self.now - days * DAY) // SLOT_MS * SLOT_MS for days in (first, last))
        return np.arange(start, end + (SLOT_MS if not last else 0), SLOT_MS, dtype=np.int64)


def readings(devices: Sequence[Device], past: Past) -> Iterator[list[Reading]]:
    """Give everything that was measured, a device's stretch at a time, the oldest first."""
    for ms, wanted in ((past.far(), counters), (past.near(), history_metrics)):
        for device in devices:
            names = wanted(device)
            if names and ms.size:
                yield _of(device, names, ms, past)


def counters(device: Device) -> tuple[str, ...]:
    """Name what of a device is kept for longer: what it counts.  Outlets are not: they would be half of it all."""
    return () if device.meter.role is Role.OUTLET else registers(device)


def detectors(devices: Sequence[Device]) -> list[Device]:
    """Give the devices whose readings are watched for alarms here."""
    heard = {spell.meter for spell in SPELLS}
    return [one for one in devices if one.meter.role in {Role.DETECTOR, Role.OUTLET} or one.meter.id in heard]


def _of(device: Device, names: Sequence[str], ms: Ints, past: Past) -> list[Reading]:
    values = KINDS[device.kind].measure(device, ms)
    name = device.meter.id
    kept = np.ones(len(ms), dtype=np.bool_)
    for silent, ago, lasts in SILENT:
        if silent == name:
            kept &= ~_within(ms, past.now, ago, lasts)
    quality = np.where(stopped(device, ms), int(Quality.STOPPED), 0)
    for flagged, ago, lasts, flag in FLAGGED:
        if flagged == name:
            quality = np.where(_within(ms, past.now, ago, lasts), int(flag), quality)
    times = {int(at): from_ms(int(at)) for at in ms[kept]}
    found: list[Reading] = []
    for metric in names:
        column = _disturbed(name, metric, values[metric], ms, past)
        good = kept & np.isfinite(column)
        bits = quality if metrics()[metric].kind is not Kind.REGISTER else np.zeros_like(quality)
        rows = zip(ms[good].tolist(), column[good].tolist(), bits[good].tolist(), strict=True)
        found += [Reading(name, metric, round(value, 4), times[at], flag) for at, value, flag in rows]
    return found


def _disturbed(meter: str, metric: str, column: Floats, ms: Ints, past: Past) -> Floats:
    for spell in SPELLS:
        if (spell.meter, spell.metric) == (meter, metric):
            column = np.where(_within(ms, past.now, spell.ago, spell.lasts), spell.level, column)
    if REPLACED[:2] == (meter, metric):
        after = ms >= to_ms(past.now - REPLACED[2])
        if after.any():
            column = np.where(after, column - column[after][0], column)
    return column


def _within(
    ms: Ints, now: datetime, ago: timedelta, lasts: timedelta
) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    start = to_ms(now - ago)
    return (ms >= start) & (ms < start + lasts // timedelta(milliseconds=1))
