"""What each enterprise let out of each pollutant: the masses of its outlets added up, in kg."""

from collections.abc import Iterable

from park.consumption import Consumption, Part, why
from park.coverage import joined
from park.interval import IntervalSum
from park.measured import Amounts, Measured, Window, total
from park.place import Role
from park.pollutant import OUTLETS
from park.registry import Registry

KG = "kg"


def discharge(registry: Registry, sums: Iterable[IntervalSum], *, window: Window) -> list[Consumption]:
    """Give the mass of each pollutant that an enterprise's outlets are asked for, in the registry's order.

    An outlet of which nothing is known lowers the coverage and is named, as a meter does in `park.consumption`.
    """
    amounts = Amounts(sums, window)
    found: dict[tuple[str, str], list[Part]] = {}
    for meter in registry.meters_of(role=Role.OUTLET):
        outlet = OUTLETS.get(meter.medium)
        for pollutant in outlet.pollutants if outlet is not None else ():
            if pollutant in meter.metrics:
                known = amounts.of(meter.id, pollutant)
                part = Part(meter.id, pollutant, 1, known.amount, known.coverage)
                found.setdefault((meter.enterprise, pollutant), []).append(part)
    return [
        Consumption(
            enterprise,
            pollutant,
            total(Measured(part.amount, part.coverage) for part in parts),
            KG,
            joined((part.coverage, 1.0) for part in parts),
            tuple(parts),
            why(parts),
        )
        for (enterprise, pollutant), parts in found.items()
    ]
