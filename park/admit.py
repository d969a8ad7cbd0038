"""Decide what of a device's claims becomes a reading.

Refused is what cannot be believed in kind: a metric or unit we do not know, a value that is no number, a time that
cannot be.  A value outside its plausible range is let in and flagged: during a leak, a sensor beyond its scale is the
one that must be heard.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import NamedTuple

from park.metric import Metric, metrics
from park.place import Meter
from park.quality import Quality
from park.reading import Claim, Reading, Refusal
from park.reason import Reason, quoted
from park.registry import Registry
from park.topic import Address
from park.units import UnknownUnit, WrongDimension, conversion

AHEAD = timedelta(minutes=5)
OLDEST = datetime(2001, 1, 1, tzinfo=UTC)
IMPLAUSIBLE = int(Quality.IMPLAUSIBLE)
SPARE_GATES = 4_096
LONGEST = 64


class Gate(NamedTuple):
    """All that is fixed about one metric of one meter in one unit."""

    metric: Metric
    meter: Meter
    factor: float
    offset: float
    multiplier: float
    """The latest one."""
    since: datetime
    """When the latest multiplier came into force; for earlier claims it must be looked up."""


class Admission:
    """Admits claims against one state of the registry; a changed registry needs a new one."""

    def __init__(self, registry: Registry) -> None:
        """Start with no gate built; each is built when its first claim comes."""
        self._registry = registry
        self._gates: dict[tuple[str, str, str | None], Gate | Refusal] = {}
        self._most = SPARE_GATES + 2 * sum(len(meter.metrics) for meter in registry.meters)

    def place(self, address: Address) -> Meter | Refusal:
        """Find the meter that a topic names, and refuse it under another park or enterprise than registered."""
        meter = self._registry.by_meter.get(address.meter)
        if meter is None:
            return Refusal(Reason.UNKNOWN_METER, address.meter)
        if (meter.park, meter.enterprise) != (address.park, address.enterprise):
            return Refusal(Reason.WRONG_PLACE, f"{address.park}/{address.enterprise}/{address.meter}")
        return meter

    def admit(self, claims: Iterable[Claim], received: datetime) -> tuple[list[Reading], list[Refusal]]:
        """Sort claims into readings and refusals; `received` is when their message reached us."""
        latest = received + AHEAD
        gates = self._gates
        readings: list[Reading] = []
        refusals: list[Refusal] = []
        for claim in claims:
            at, value = claim.at, claim.value
            gate = gates.get((claim.meter, claim.metric, claim.unit)) or self._gate(claim)
            if gate.__class__ is Refusal:
                refusals.append(gate)
                continue
            metric, meter, factor, offset, multiplier, since = gate  # type: ignore[misc]  # narrowed by its class
            if at > latest:
                refusals.append(Refusal(Reason.IN_FUTURE, f"{metric.name} @ {at.isoformat()}"))
                continue
            if at < OLDEST:
                refusals.append(Refusal(Reason.TOO_OLD, f"{metric.name} @ {at.isoformat()}"))
                continue
            if at < since:
                earlier = meter.multiplier(at)
                if earlier is None:
                    refusals.append(Refusal(Reason.NO_MULTIPLIER, f"{metric.name} @ {at.isoformat()}"))
                    continue
                multiplier = earlier
            value = (value * factor + offset) * multiplier
            if not isfinite(value):
                refusals.append(Refusal(Reason.NOT_FINITE, f"{metric.name}: {claim.value}"))
                continue
            quality = claim.quality
            if not metric.low <= value <= metric.high:
                quality |= IMPLAUSIBLE
            readings.append(Reading(meter.id, metric.name, value, at, quality))
        return readings, refusals

    def _gate(self, claim: Claim) -> Gate | Refusal:
        """Build the gate of a claim, or the reason why there is none, and remember it.

        Names and units are the sender's to invent, so memory is bounded: long ones are not remembered, and too many
        make us forget all, which costs no more than building the honest ones again.
        """
        gate = self._build(claim)
        if len(claim.metric) <= LONGEST and len(claim.unit or "") <= LONGEST:
            if len(self._gates) >= self._most:
                self._gates.clear()
            self._gates[claim.meter, claim.metric, claim.unit] = gate
        return gate

    def _build(self, claim: Claim) -> Gate | Refusal:
        meter = self._registry.by_meter.get(claim.meter)
        if meter is None:
            return Refusal(Reason.UNKNOWN_METER, claim.meter)
        metric = metrics().get(claim.metric)
        if metric is None:
            return Refusal(Reason.UNKNOWN_METRIC, quoted(claim.metric))
        unit = claim.unit if claim.unit is not None else meter.units.get(metric.name, metric.unit)
        try:
            way = conversion(unit, metric.unit, metric.molar_mass)
        except UnknownUnit:
            return Refusal(Reason.UNKNOWN_UNIT, f"{metric.name}: {quoted(unit)}")
        except WrongDimension:
            return Refusal(Reason.WRONG_DIMENSION, f"{metric.name}: {quoted(unit)} / {metric.unit}")
        multiplier, since = 1.0, OLDEST
        if metric.scaled and meter.multipliers:
            multiplier, since = meter.multipliers[-1].value, meter.multipliers[-1].since
        return Gate(metric, meter, way.factor, way.offset, multiplier, since)
