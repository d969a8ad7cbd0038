"""A voice: what a device of one dialect publishes when it comes, at each of its instants, and when it goes."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from park.metric import metrics
from park.place import Meter
from park.topic import PREFIX, Address, Channel, build
from park.units import conversion

Values = Mapping[str, float]
"""By metric, in the unit that the meter is registered with, at the secondary side."""


class Utterance(NamedTuple):
    """One message under way."""

    topic: str
    payload: bytes
    retain: bool = False


class Voice(ABC):
    """Speaks for one meter; what it has said before may count."""

    GRAIN_MS: ClassVar[int] = 1
    """The finest step of time that the dialect can write."""

    def __init__(self, meter: Meter, prefix: str = PREFIX) -> None:
        self.meter = meter
        self.prefix = prefix
        self.seq = 0

    @abstractmethod
    def say(self, ms: int, values: Values) -> list[Utterance]:
        """Say what was measured at an instant."""

    def will(self, ms: int) -> Utterance | None:
        """Give what the broker is to say when the next connection breaks; asked for before each."""
        del ms
        return None

    def hello(self, ms: int, values: Values) -> list[Utterance]:
        """Say what comes first on a connection."""
        del ms, values
        return []

    def goodbye(self, ms: int) -> list[Utterance]:
        """Say what comes last on a connection."""
        del ms
        return []

    @property
    def hears(self) -> Sequence[str]:
        """The topics on which it is spoken to."""
        return ()

    def heard(self, topic: str, payload: bytes) -> bool:
        """Take what it was told; tell whether that asks for its hello again."""
        del topic, payload
        return False

    def contract(self, channel: Channel) -> str:
        """Name its topic under the contract."""
        return build(Address(self.meter.park, self.meter.enterprise, self.meter.id, channel), self.prefix)

    def own_topic(self) -> str:
        """Name the topic that the registry gives it, or that of the contract; a wildcard becomes the meter's id."""
        given = self.meter.options.get("topic")
        if isinstance(given, Sequence) and not isinstance(given, str):
            given = given[0]
        if not given:
            return self.contract(Channel.DATA)
        return "/".join(self.meter.id if level in {"+", "#"} else level for level in str(given).split("/"))

    def unit(self, metric: str) -> str:
        """Name the unit that the registry has the metric come in."""
        return self.meter.units.get(metric, metrics()[metric].unit)

    def turned(self, metric: str, value: float, unit: str | None) -> float:
        """Write a value in the dialect's unit instead of the registered one."""
        if unit is None or unit == self.unit(metric):
            return value
        known = metrics()[metric]
        ours = conversion(self.unit(metric), known.unit, known.molar_mass)
        theirs = conversion(unit, known.unit, known.molar_mass)
        return (value * ours.factor + ours.offset - theirs.offset) / theirs.factor
