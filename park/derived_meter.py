"""Enterprises as what is watched: figures of their accounts are readings of a meter that bears the enterprise's id.

It is in no registry and no device can speak for it: its metrics are none that a message may name.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from park.condition import leaves
from park.derived import DERIVED, LOSS_RATE, TWO_DEVICES
from park.metric import Kind, Medium, metrics
from park.place import Meter, Role
from park.registry import Registry
from park.rule import Rule

EVERY = timedelta(minutes=15)
"""How often its figures are said, at the least."""
NAMES = frozenset(metric.name for metric in DERIVED)


def enterprises_as_meters(registry: Registry) -> Registry:
    """Give a registry of them: of each enterprise with a boundary meter and sub-meters of electricity.

    An enterprise whose id is a meter's as well has none: nobody could tell the two apart.
    """
    roles: dict[str, set[Role]] = {}
    for meter in registry.meters:
        if meter.medium is Medium.ELECTRICITY:
            roles.setdefault(meter.enterprise, set()).add(meter.role)
    return Registry(
        registry.parks,
        registry.enterprises,
        tuple(
            Meter(
                each.id, each.id, each.park, Medium.ELECTRICITY, Role.BOUNDARY, "电量平衡", EVERY, (LOSS_RATE,),
                name_en="electricity balance",
            )
            for each in registry.enterprises
            if {Role.BOUNDARY, Role.SUB} <= roles.get(each.id, set()) and each.id not in registry.by_meter
        ),
    )  # fmt: skip


def doubted_meters(registry: Registry) -> Registry:
    """Give a registry whose meters with a register may be said to be two devices, for rules to be bound to.

    It stands last among a meter's metrics, so that the first one stays what it was.
    """
    registers = {metric.name for metric in metrics().values() if metric.kind is Kind.REGISTER}
    meters = tuple(
        replace(meter, metrics=(*meter.metrics, TWO_DEVICES)) if registers.intersection(meter.metrics) else meter
        for meter in registry.meters
    )
    return replace(registry, meters=meters)


def of_enterprises(rules: Iterable[Rule]) -> list[Rule]:
    """Choose the rules that look at figures of the accounts: no other may watch them by accident."""
    return [rule for rule in rules if any(leaf.metric in NAMES for leaf in leaves(rule.when))]
