"""Limits as lines and colours, out of the rules that are shipped: no panel has a number of its own."""

from collections.abc import Sequence
from functools import cache

from adapters import rule_yaml
from grafana.look import DARK, ORANGE, RED, YELLOW
from park import condition as c
from park.place import Role
from park.rule import Rule
from park.severity import Severity

COLORS = {
    Severity.NOTICE: YELLOW,
    Severity.GENERAL: YELLOW,
    Severity.LARGER: ORANGE,
    Severity.MAJOR: RED,
    Severity.CRITICAL: DARK,
}


@cache
def rules() -> tuple[Rule, ...]:
    """Give every shipped rule, those that are switched off as well."""
    return rule_yaml.shipped().rules


def above(metric: str, role: Role) -> Sequence[tuple[float, str]]:
    """Give from where on a metric of a kind of meter is too high, each with the colour of its severity.

    A reference that is shipped switched off is drawn all the same: where it does not hold, the permit does, and a
    panel says so.
    """
    found: dict[float, Severity] = {}
    for rule in rules():
        if rule.scope.roles and role.value not in rule.scope.roles:
            continue
        for leaf in c.leaves(rule.when):
            if leaf.metric == metric and (limit := _upper(leaf)) is not None:
                found[limit] = max(rule.severity, found.get(limit, rule.severity))
    return [(limit, COLORS[severity]) for limit, severity in sorted(found.items())]


def below(metric: str, role: Role) -> Sequence[tuple[float, str]]:
    """Give below where a metric of a kind of meter is too low, each with its severity's colour, the lowest first."""
    found: dict[float, Severity] = {}
    for rule in rules():
        if rule.scope.roles and role.value not in rule.scope.roles:
            continue
        for leaf in c.leaves(rule.when):
            if leaf.metric == metric and isinstance(leaf, c.Below) and not leaf.rated:
                found[leaf.limit] = max(rule.severity, found.get(leaf.limit, rule.severity))
    return [(limit, COLORS[severity]) for limit, severity in sorted(found.items())]


def _upper(leaf: c.AnyLeaf) -> float | None:
    """Give where a leaf's breach begins upwards; None where it does not, or is a share of what a meter is rated for."""
    if isinstance(leaf, c.Above):
        return None if leaf.rated else leaf.limit
    if isinstance(leaf, c.Mean):
        return None if leaf.under else leaf.limit
    return leaf.high if isinstance(leaf, c.Outside) else None
