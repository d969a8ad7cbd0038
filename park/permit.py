"""The limit of a permit: on the outlet it was given for it takes the place of a rule's own."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from park import condition as c
from park.derived import watchable
from park.mistake import Mistake
from park.registry_notes import Notes, join
from park.rule import Rule
from park.rule_quantity import Limit, Sense, read_limit, read_quantity

Bounded = c.Above | c.Below | c.Mean | c.Quota


def bounded(when: c.Condition) -> Bounded | None:
    """Give the one leaf that has a limit; None where there is none, or several."""
    found = [leaf for leaf in c.leaves(when) if isinstance(leaf, Bounded)]
    return found[0] if len(found) == 1 else None


def read_limits(notes: Notes, path: str, value: object, when: c.Condition) -> dict[str, c.Condition]:
    """Read limits by meter, `{e01-stack: 30 mg/m³}`, as conditions in the place of a rule's own."""
    leaf = bounded(when)
    if leaf is None:
        notes.add(
            path,
            "limits 只用于恰有一个限值 (above、below、reaches、drops_to、mean、quota) 的条件; 请改用 permits。",
            "limits are for a condition with exactly one limit (above, below, reaches, drops_to, mean, quota); "
            "use permits instead.",
        )
        return {}
    found: dict[str, c.Condition] = {}
    for meter, item in notes.table(path, value).items():
        here = join(path, meter)
        name = notes.identifier(here, meter)
        limit = _limit(notes, here, item, leaf)
        if name is not None and limit is not None:
            found[name] = _placed(when, leaf, moved(leaf, limit))
    return found


def moved(leaf: Bounded, limit: Limit) -> Bounded:
    """Move a limit; where it is clear again keeps its share of it, and without a share comes to the limit itself."""
    if isinstance(leaf, c.Mean | c.Quota):
        return replace(leaf, limit=limit.number)
    share = leaf.clear / leaf.limit if leaf.limit > 0 and leaf.clear > 0 and limit.number > 0 else 1.0
    return replace(leaf, limit=limit.number, clear=float(f"{limit.number * share:.12g}"), rated=limit.rated)


class Overlay(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was changed about a rule from outside of its file."""

    enabled: bool | None = None
    limits: Mapping[str, str | float] = msgspec.field(default_factory=dict)
    """By meter, as people write them."""
    receivers: tuple[str, ...] | None = None


def overlaid(rule: Rule, overlay: Overlay) -> tuple[Rule, list[Mistake]]:
    """Give a rule with what was changed about it; with a mistake in the changes, as it was."""
    notes = Notes({})
    permits = read_limits(notes, "limits", overlay.limits, rule.when) if overlay.limits else {}
    if notes.mistakes:
        return rule, notes.mistakes
    return replace(
        rule,
        enabled=rule.enabled if overlay.enabled is None else overlay.enabled,
        permits={**rule.permits, **permits},
        receivers=rule.receivers if overlay.receivers is None else overlay.receivers,
    ), []


def _limit(notes: Notes, path: str, value: object, leaf: Bounded) -> Limit | None:
    metric = watchable()[leaf.metric]
    if isinstance(leaf, c.Above | c.Below):
        return read_limit(notes, path, value, metric)
    number = read_quantity(notes, path, value, metric, Sense.SUM if isinstance(leaf, c.Quota) else Sense.VALUE)
    return None if number is None else Limit(number)


def _placed(when: c.Condition, old: Bounded, new: Bounded) -> c.Condition:
    match when:
        case c.All(parts) | c.Any(parts):
            return type(when)(tuple(_placed(part, old, new) for part in parts))
        case c.Not(part):
            return c.Not(_placed(part, old, new))
        case _:
            return new if when is old else when
