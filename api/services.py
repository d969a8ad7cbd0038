"""What the routes and the console work with, gathered once by `bootstrap`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy import Engine

from adapters.clock import Clock
from adapters.influx.passage import Passage
from adapters.registry_cache import RegistryCache
from adapters.settings import Settings
from api.acceptances import Acceptances
from api.alarms import Alarms
from api.instruments import Instruments
from api.live import Live
from api.session import Sessions
from park.telemetry import TelemetryStore

Troubles = Callable[[], Mapping[str, str]]
"""What is wrong now with a part that runs in the same process, by stage; empty is well."""


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running installation."""

    settings: Settings
    engine: Engine
    telemetry: TelemetryStore
    live: Live
    clock: Clock
    registry: RegistryCache
    sessions: Sessions
    instruments: Instruments
    zone: ZoneInfo
    alarms: Alarms
    acceptances: Acceptances
    passage: Passage | None = None
    """Answers in InfluxQL for one enterprise; None where readings are not in InfluxDB."""
    troubles: list[Troubles] = field(default_factory=list)
    """The collector's, where it runs beside the API: `smartpark up` adds it."""

    def troubled(self) -> list[str] | None:
        """Name the stages in trouble now; None where there is nobody to ask."""
        if not self.troubles:
            return None
        return sorted({stage for ask in self.troubles for stage in ask()})

    def local(self, at: datetime) -> datetime:
        """Give an instant as the site's clocks show it."""
        return at.astimezone(self.zone)


async def of(request: Request) -> Services:
    """Give the services of the application that a request came to.  Asynchronous, as it waits for nothing."""
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(of)]
