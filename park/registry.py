"""The registry in memory: every park, enterprise and meter, found by id."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from park.place import Enterprise, Meter, Park, Role


@dataclass(frozen=True, slots=True)
class Registry:
    """All that is registered, as of one moment; a change makes a new one."""

    parks: tuple[Park, ...] = ()
    enterprises: tuple[Enterprise, ...] = ()
    meters: tuple[Meter, ...] = ()
    by_meter: dict[str, Meter] = field(init=False, compare=False, repr=False)
    by_enterprise: dict[str, Enterprise] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index by id."""
        object.__setattr__(self, "by_meter", {meter.id: meter for meter in self.meters})
        object.__setattr__(self, "by_enterprise", {enterprise.id: enterprise for enterprise in self.enterprises})

    def meters_of(self, enterprise: str | None = None, *, role: Role | None = None) -> Iterable[Meter]:
        """Give the meters of one enterprise, or of all, in the registry's order."""
        return (
            meter
            for meter in self.meters
            if (enterprise is None or meter.enterprise == enterprise) and (role is None or meter.role is role)
        )
