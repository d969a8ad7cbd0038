"""A device that was set to another unit: it says so, or it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from park.metric import metrics
from park.units import conversion
from simulators.faults.fault import Fault, Scene
from simulators.faults.said import Said
from simulators.message import Quantity

DIGITS = 9
Value = float | Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange(Fault):
    """The same quantity in another unit."""

    metric: str
    unit: str
    announced: bool = False
    """Whether each value names it."""

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Say the numbers of the other unit."""
        start, end = self.span(scene)
        metric = metrics()[self.metric]
        held = scene.meter.units.get(metric.name, metric.unit)
        factor = conversion(held, self.unit, metric.molar_mass).factor

        def turned(values: Mapping[str, Value]) -> dict[str, Value]:
            return {
                name: self._value(value, factor) if name == self.metric else value for name, value in values.items()
            }

        return [replace(one, values=turned(one.values)) if start <= one.sent < end else one for one in said]

    def _value(self, value: Value, factor: float) -> Value:
        number = round((value["v"] if isinstance(value, dict) else value) * factor, DIGITS)
        return Quantity(v=number, u=self.unit) if self.announced else number
