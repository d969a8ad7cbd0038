"""Whose a part of a message is, where several meters speak by one topic: found by what it says of itself.

Meters that are told apart by the same things share a table, so that a gateway of a thousand meters costs no more a
value than one of two.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from park.decode.plans import Plans
from park.place import Meter

MOST = 4_096
Plan = TypeVar("Plan")
Signs = TypeVar("Signs", bound=Hashable)
"""What must be looked at to tell meters apart."""
Owned = tuple[tuple[Meter, Plan], ...]


class Owners(Generic[Plan, Signs]):
    """The tables of one codec, by the meters that share a topic; another registry has others, and gets new ones."""

    def __init__(self, plans: Plans[Plan], traits: Callable[[Plan], tuple[Signs, Hashable]]) -> None:
        """Start with none; `traits` says what to look at for a plan, and what must be found there."""
        self._plans = plans
        self._traits = traits
        self._made: dict[Hashable, tuple[tuple[Meter, ...], dict[Signs, dict[Hashable, Owned[Plan]]]]] = {}

    def of(self, meters: tuple[Meter, ...]) -> dict[Signs, dict[Hashable, Owned[Plan]]]:
        """Give, for all that must be looked at, who is who by what is found."""
        key = (meters[0].id, meters[-1].id, len(meters))
        found = self._made.get(key)
        if found is not None and found[0] is meters:
            return found[1]
        tables: dict[Signs, dict[Hashable, Owned[Plan]]] = {}
        for meter in meters:
            plan = self._plans.of(meter)
            signs, wanted = self._traits(plan)
            table = tables.setdefault(signs, {})
            table[wanted] = (*table.get(wanted, ()), (meter, plan))
        if len(self._made) >= MOST:
            self._made.clear()
        self._made[key] = (meters, tables)
        return tables
