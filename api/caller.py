"""The one behind a request: the principal, and how it proved itself."""

from dataclasses import dataclass

from api.session import Session
from park.principal import Principal


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.  `session` is None for a key."""

    principal: Principal
    session: Session | None = None
    must_change: bool = False
    """The password was given for one use: nothing is open before it is changed."""
