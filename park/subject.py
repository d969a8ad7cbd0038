"""What is accounted for of each meter: its registers, a flow where it has no register, the masses of an outlet."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from park.carrier import carrier_of
from park.metric import Medium
from park.place import Meter, Role
from park.pollutant import OUTLETS

EXPORT = "electricity_export"
"""What goes out again through a meter, kept beside what comes in."""
FLOWS: dict[Medium, str] = {
    Medium.ELECTRICITY: "p",
    Medium.WATER: "flow",
    Medium.GAS: "gas_flow",
    Medium.STEAM: "steam_flow",
    Medium.HEAT: "heat_power",
}
"""The gauge of a medium whose integral over hours is in the carrier's unit."""
COUNTED = frozenset({Role.BOUNDARY, Role.SUB, Role.GENERATION})


class Way(StrEnum):
    """How an amount comes about."""

    REGISTER = "register"
    """The difference of what a register counted."""
    FLOW = "flow"
    """The integral of a gauge, where the medium has no register."""
    MASS = "mass"
    """Concentration times flow."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to account for: a meter, its metric, and under which carrier its intervals are kept."""

    meter: Meter
    metric: str
    carrier: str
    way: Way
    flow: str | None = None
    """The gauge of the flow a concentration is multiplied with."""

    @property
    def key(self) -> tuple[str, str]:
        """The meter and metric, by which its days are kept."""
        return self.meter.id, self.metric


def subjects(meter: Meter) -> Iterator[Subject]:
    """Give all that is to be accounted for of one meter."""
    if meter.role is Role.OUTLET:
        yield from _masses(meter)
        return
    carrier = carrier_of(meter)
    if carrier is None or meter.role not in COUNTED:
        return
    flow = FLOWS.get(meter.medium)
    if carrier.register in meter.metrics and carrier.register is not None:
        yield Subject(meter, carrier.register, carrier.name, Way.REGISTER)
    elif flow is not None and flow in meter.metrics:
        yield Subject(meter, flow, carrier.name, Way.FLOW)
    if carrier.export is not None and carrier.export in meter.metrics:
        yield Subject(meter, carrier.export, EXPORT, Way.REGISTER)


def _masses(meter: Meter) -> Iterator[Subject]:
    outlet = OUTLETS.get(meter.medium)
    if outlet is None or outlet.flow not in meter.metrics:
        return
    for name in outlet.pollutants:
        if name in meter.metrics:
            yield Subject(meter, name, name, Way.MASS, outlet.flow)
