"""What a park has decided where the rules leave a choice; each figure names the revision it was made by."""

from dataclasses import dataclass
from datetime import datetime

from park.factor import NATIONAL, Basis

SETS = ("gb2589-2020", "power-coal", "mee-grid", "ndrc-2015")
"""The sets taken where nobody chose.  gb2589-2008 is not among them: its factors are superseded."""
WIDER = {"shaanxi": "northwest"}
"""The grid a province belongs to, for those whose own factor is shipped."""
RESIDUAL = "electricity_residual"
FOSSIL = "electricity_fossil"


@dataclass(frozen=True, slots=True)
class Loss:
    """Between which shares what is lost of a carrier, from boundary meter to sub-meters, is nothing to look into."""

    carrier: str
    low: float
    high: float


LOSSES = (Loss("electricity", 0.0, 0.05), Loss("water", 0.0, 0.10))


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices of one park.  Both electricity bases are always computed; `basis` says which one leads."""

    park: str
    revision: int = 0
    """0 is what applies until somebody chose."""
    basis: Basis = Basis.EQUIVALENT
    region: str = "shaanxi"
    """Whose grid the electricity comes from, for location-based CO2."""
    fallback: bool = True
    """Whether a wider grid's factor serves where the region has none."""
    sets: tuple[str, ...] = SETS
    counted: frozenset[str] = frozenset()
    """The media (耗能工质) that count in the total: those bought from outside, or their energy is counted twice."""
    self_generated: bool = False
    """Whether electricity made and used within the park counts as energy; its CO2 is nothing either way."""
    residual: str = RESIDUAL
    """The factor of electricity beyond what was bought as green, for market-based CO2."""
    feed_water_kj_kg: float = 0.0
    """Heat the feed water brought along, taken off that of steam; 0 counts the whole heat of the steam."""
    final_coverage: float = 0.95
    """The measured share from which on a figure can be final."""
    losses: tuple[Loss, ...] = LOSSES
    who: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions to look for a grid factor in, one after the other."""
        if not self.fallback:
            return (self.region,)
        steps = (self.region, WIDER.get(self.region), NATIONAL)
        return tuple(dict.fromkeys(step for step in steps if step is not None))

    def loss(self, carrier: str) -> Loss | None:
        """Give the bounds of a carrier's loss; None where nobody set any."""
        return next((one for one in self.losses if one.carrier == carrier), None)
