"""虚拟表: what no device counts and a formula over devices does, such as a total of two feeds or a tenant's share.

A device stands in a formula for what came in through it less what went out again.  A virtual meter is never edited,
only revised, and it begins and ends with local months, because figures do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from park.carrier import Carrier, carriers
from park.formula import Tree, linear
from park.formula_reader import read
from park.place import Role
from park.term import Term

ROLES = (Role.BOUNDARY, Role.SUB, Role.GENERATION)
"""What a virtual meter can stand for."""
DEEPEST = 8
"""The most virtual meters one upon the other."""


@dataclass(frozen=True, slots=True)
class VirtualMeter:
    """One virtual meter, as of one revision."""

    id: str
    """Of no device and no other virtual meter."""
    enterprise: str
    carrier: str
    role: Role
    name: str
    formula: str
    since: Term | None = None
    """The first month it holds in; None for always."""
    until: Term | None = None
    """The last month it holds in; None for ever."""
    revision: int = 0
    """0 while it is not kept yet."""
    withdrawn: bool = False
    """Whether it was taken back; what stood before is still there to read."""
    who: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        """What it is a revision of."""
        return self.id

    @property
    def of(self) -> Carrier:
        """The carrier it counts."""
        return carriers()[self.carrier]

    @property
    def tree(self) -> Tree:
        """The formula read.  Raises FormulaMistaken."""
        return read(self.formula)

    @property
    def terms(self) -> dict[str, Fraction]:
        """How many times each meter of the formula counts.  Raises FormulaMistaken."""
        return linear(self.tree)

    def holds(self, start: datetime, end: datetime) -> bool:
        """Tell whether it holds for a whole window."""
        return (self.since is None or self.since.start() <= start) and (self.until is None or end <= self.until.end())

    def spans(self, other: "VirtualMeter") -> bool:
        """Tell whether it holds at least whenever another does."""
        begins = self.since is None or (other.since is not None and self.since <= other.since)
        return begins and (self.until is None or (other.until is not None and other.until <= self.until))


def resolved(virtual: Sequence[VirtualMeter]) -> dict[str, dict[str, Fraction]]:
    """Say of each virtual meter how many times each device counts in it.

    Takes what `park.virtual_check` found sound; one that is in a circle or cannot be read has no entry.
    """
    by_id = {one.id: one for one in virtual}
    done: dict[str, dict[str, Fraction] | None] = {}

    def expand(name: str) -> dict[str, Fraction] | None:
        if name in done:
            return done[name]
        done[name] = None  # where a circle comes back to itself
        try:
            terms = by_id[name].terms
        except ValueError:
            return None
        found: dict[str, Fraction] = {}
        for part, times in terms.items():
            inner = expand(part) if part in by_id else {part: Fraction(1)}
            if inner is None:
                return None
            for meter, count in inner.items():
                found[meter] = found.get(meter, Fraction(0)) + times * count
        done[name] = {meter: times for meter, times in found.items() if times}
        return done[name]

    return {name: terms for name in by_id if (terms := expand(name)) is not None}
