"""What a codec makes of a meter's options, made once for each state of the registry."""

from collections.abc import Callable
from typing import Generic, TypeVar

from park.place import Meter

MOST = 65_536
Plan = TypeVar("Plan")


class Plans(Generic[Plan]):
    """The plans of one codec by meter; a meter that was registered anew is another object, and gets a new one."""

    def __init__(self, make: Callable[[Meter], Plan], most: int = MOST) -> None:
        """Start with none."""
        self._make = make
        self._most = most
        self._made: dict[str, tuple[Meter, Plan]] = {}

    def of(self, meter: Meter) -> Plan:
        """Give the plan of a meter."""
        found = self._made.get(meter.id)
        if found is not None and found[0] is meter:
            return found[1]
        plan = self._make(meter)
        if len(self._made) >= self._most:
            self._made.clear()
        self._made[meter.id] = (meter, plan)
        return plan
