"""Figures of the accounts as readings, so that rules watch them like anything else.

A balance has no device.  Its loss is said by the enterprise's first boundary meter of that carrier: whoever is told of
it knows where to begin to look.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from park.balance import Balance
from park.balance_reason import Verdict
from park.derived import LOSS_RATE
from park.metric import Medium
from park.place import Meter, Role
from park.reading import Reading
from park.registry import Registry

Bearers = Mapping[tuple[str, Medium], Meter]


def bearers(registry: Registry) -> Bearers:
    """Give the meter that says what an enterprise loses of a medium: its first boundary meter, where it has a sub."""
    with_subs = {(meter.enterprise, meter.medium) for meter in registry.meters if meter.role is Role.SUB}
    found: dict[tuple[str, Medium], Meter] = {}
    for meter in registry.meters:
        place = (meter.enterprise, meter.medium)
        if meter.role is Role.BOUNDARY and place in with_subs:
            found.setdefault(place, meter)
    return found


def bearing(registry: Registry) -> Registry:
    """Give a registry whose bearers have the loss among their metrics, for rules to be bound to."""
    saying = {meter.id for meter in bearers(registry).values()}
    meters = tuple(
        replace(meter, metrics=(*meter.metrics, LOSS_RATE)) if meter.id in saying else meter
        for meter in registry.meters
    )
    return replace(registry, meters=meters)


def loss_readings(found: Iterable[Balance], saying: Bearers, at: datetime) -> list[Reading]:
    """Say what is lost, in percent; a balance that cannot be compared says nothing, so it neither raises nor clears."""
    readings = []
    for balance in found:
        medium = balance.carrier.medium
        meter = None if medium is None else saying.get((balance.enterprise, medium))
        if meter is not None and balance.rate is not None and balance.verdict is not Verdict.NOT_COMPARABLE:
            readings.append(Reading(meter.id, LOSS_RATE, 100 * balance.rate, at))
    return readings
