"""What the page on factors shows, read at once."""

from dataclasses import dataclass
from datetime import datetime

from adapters.relational import factors as store
from adapters.relational import policies
from api.console.tongue import Tongue
from api.services import Services
from park.factor_book import FactorBook
from park.own_factor import OwnFactor
from park.policy import Policy
from park.registry import Registry


@dataclass(frozen=True, slots=True)
class Known:
    """The factors and the policy as of one moment."""

    book: FactorBook
    own: list[OwnFactor]
    policy: Policy
    now: datetime


def read(services: Services, park: str, enterprise: str | None) -> Known:
    """Read what is known of a park; another's own factor does not exist for an enterprise's user."""
    mine = [one for one in store.current(services.engine) if _open(one, services.registry.current(), park, enterprise)]
    book = FactorBook(one.factor for one in mine if not one.withdrawn)
    return Known(book, mine, policies.current(services.engine, park), services.clock())


def names(registry: Registry, t: Tongue) -> dict[str, str]:
    """Give what parks and enterprises are called."""
    named = {one.id: t.pick(one.name, one.name_en) for one in registry.parks}
    return named | {one.id: t.pick(one.name, one.name_en) for one in registry.enterprises}


def _open(one: OwnFactor, registry: Registry, park: str, enterprise: str | None) -> bool:
    owner = registry.by_enterprise.get(one.factor.enterprise or "")
    if one.factor.enterprise is not None:
        return owner is not None and owner.park == park and enterprise in {None, owner.id}
    return one.factor.park in {None, park}
