"""Enterprises as what is watched: figures of their accounts are readings of a meter that bears the enterprise's id.

It is in no registry and no device can speak for it: its metrics are none that a message may name.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from park.condition import leaves
from park.derived import BUDGET_USED, DERIVED, LOSS_RATE, TWO_DEVICES
from park.metric import Kind, Medium, metrics
from park.place import Meter, Role
from park.registry import Registry
from park.rule import Rule

EVERY = timedelta(minutes=15)
"""How often its figures are said, at the least."""
NAMES = frozenset(metric.name for metric in DERIVED)


NAMED = {
    (LOSS_RATE,): ("电量平衡", "electricity balance"),
    (BUDGET_USED,): ("年度预算", "year's budget"),
    (LOSS_RATE, BUDGET_USED): ("电量平衡与年度预算", "electricity balance and year's budget"),
}


def enterprises_as_meters(registry: Registry, budgeted: Collection[str] = ()) -> Registry:
    """Give a registry of them: of each enterprise with a boundary meter and sub-meters of electricity, or a budget.

    An enterprise whose id is a meter's as well has none: nobody could tell the two apart.
    """
    roles: dict[str, set[Role]] = {}
    for meter in registry.meters:
        if meter.medium is Medium.ELECTRICITY:
            roles.setdefault(meter.enterprise, set()).add(meter.role)
    said = {
        each: (LOSS_RATE,) * ({Role.BOUNDARY, Role.SUB} <= roles.get(each.id, set()))
        + (BUDGET_USED,) * (each.id in budgeted)
        for each in registry.enterprises
    }
    return Registry(
        registry.parks,
        registry.enterprises,
        tuple(
            Meter(
                each.id, each.id, each.park, Medium.ELECTRICITY, Role.BOUNDARY, NAMED[figures][0], EVERY, figures,
                name_en=NAMED[figures][1],
            )
            for each, figures in said.items()
            if figures and each.id not in registry.by_meter
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
