"""What the routes and the console work with, gathered once by `bootstrap`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy import Engine

from adapters.clock import Clock
from adapters.registry_cache import RegistryCache
from adapters.settings import Settings
from api.instruments import Instruments
from api.live import Live
from api.session import Sessions
from park.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running installation."""

    settings: Settings
    engine: Engine
    telemetry: Telemetry
    live: Live
    clock: Clock
    registry: RegistryCache
    sessions: Sessions
    instruments: Instruments
    zone: ZoneInfo

    def local(self, at: datetime) -> datetime:
        """Give an instant as the site's clocks show it."""
        return at.astimezone(self.zone)


async def of(request: Request) -> Services:
    """Give the services of the application that a request came to.  Asynchronous, as it waits for nothing."""
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(of)]
