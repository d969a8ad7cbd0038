"""What we found in a register and nobody has decided yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from park.epoch import Kind

NOTHING: Mapping[str, float | str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One event we believe we see.  It is told from others by meter, metric, `at` and kind."""

    meter: str
    metric: str
    at: datetime
    """The first sample of what came next."""
    kind: Kind
    before: tuple[datetime, float]
    """The last sample believed before it, as stored."""
    after: tuple[datetime, float]
    booked: float
    """What is booked for it until a person decides, in the metric's unit."""
    evidence: Mapping[str, float | str] = field(default_factory=lambda: NOTHING)
    """Why we think so, for the person who decides.

    `contradiction` names what in a person's epoch does not fit the samples; such a suspicion is open again.
    """
