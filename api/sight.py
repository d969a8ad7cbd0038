"""What a principal may see of the registry.  Another enterprise's thing does not exist for it: 404, never 403."""

from api.problem import Problem
from api.services import Services
from park.place import Enterprise, Meter
from park.principal import Principal


def seen_enterprises(parts: Services, principal: Principal) -> list[Enterprise]:
    """Give the enterprises open to a principal, in the registry's order."""
    return [one for one in parts.registry.current().enterprises if principal.sees(one.id)]


def seen_enterprise(parts: Services, principal: Principal, name: str) -> Enterprise:
    """Give one enterprise.  Raises Problem."""
    found = parts.registry.current().by_enterprise.get(name)
    if found is None or not principal.sees(found.id):
        raise Problem("no_such", what="enterprise", id=name)
    return found


def seen_meters(parts: Services, principal: Principal, enterprise: str | None = None) -> list[Meter]:
    """Give the meters open to a principal, of one enterprise or of all it sees."""
    return [one for one in parts.registry.current().meters_of(enterprise) if principal.sees(one.enterprise)]


def seen_meter(parts: Services, principal: Principal, name: str) -> Meter:
    """Give one meter.  Raises Problem."""
    found = parts.registry.current().by_meter.get(name)
    if found is None or not principal.sees(found.enterprise):
        raise Problem("no_such", what="meter", id=name)
    return found
