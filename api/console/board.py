"""What every open page looks at: computed once for all of them, off the event loop, and never older than it says."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy.exc import SQLAlchemyError

from adapters.relational import meter_account
from api import overview
from api.alarms import Standing
from api.overview import Daily, Day, Figure, Latest
from api.services import Services
from park.metric import Medium
from park.place import Meter
from park.registry import Registry
from park.telemetry import Extent

T = TypeVar("T")
MOMENT = timedelta(seconds=0.8)
"""How long one look at the live values serves every page."""
DAY_FOR = timedelta(seconds=10)
"""How long a day's totals serve: they are a question to the store."""
MOST_KEPT = 200
ALERTS_FOR = timedelta(seconds=0.4)


@dataclass(frozen=True, slots=True)
class Pulse:
    """The park at one moment."""

    now: datetime
    registry: Registry
    latest: Latest
    online: dict[str, bool | None]
    """By meter; None where nothing was ever heard of it."""
    rate: float
    """Messages a second."""
    connected: bool
    power: dict[str, Figure]
    """Electric power now, by enterprise."""
    troubled: tuple[str, ...] = ()
    """Stages of the collector in trouble, where it runs beside."""

    def up(self, meter: Meter) -> bool:
        """Tell whether a meter is alive."""
        return bool(self.online.get(meter.id))

    def flow(self, registry: Registry, medium: Medium) -> Figure:
        """Add up what flows now of a medium within a registry."""
        gauge = overview.GAUGES[medium]
        meters = overview.boundary(registry, medium, gauge)
        return overview.flow_now(meters, gauge, self.latest, self.up, self.now)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, or the work on it, and the answer before."""

    since: datetime
    task: asyncio.Task[Any]
    before: asyncio.Task[Any] | None


@dataclass(slots=True)
class Board:
    """Looks once for many: the moment for all pages, the day for each scope."""

    services: Services
    _pulse: Pulse | None = None
    _pulse_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    _standing: tuple[datetime, Standing | None] | None = None
    _standing_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def pulse(self) -> Pulse:
        """Give the park as it is now, at most a second old."""
        async with self._pulse_lock:
            now = self.services.clock()
            if self._pulse is None or not timedelta() <= now - self._pulse.now < MOMENT:
                self._pulse = await asyncio.to_thread(self._look, now)
            return self._pulse

    def _look(self, now: datetime) -> Pulse:
        registry, live = self.services.registry.current(), self.services.live
        latest = live.latest()
        online = {meter.id: live.online(meter.id, now) for meter in registry.meters}
        feeders: dict[str, list[Meter]] = {enterprise.id: [] for enterprise in registry.enterprises}
        for meter in overview.boundary(registry, Medium.ELECTRICITY, "p"):
            feeders.setdefault(meter.enterprise, []).append(meter)
        return Pulse(
            now=now,
            registry=registry,
            latest=latest,
            online=online,
            rate=live.rate(),
            connected=live.connected(),
            power={
                enterprise: overview.flow_now(meters, "p", latest, lambda meter: bool(online[meter.id]), now)
                for enterprise, meters in feeders.items()
            },
            troubled=tuple(self.services.troubled() or ()),
        )

    async def standing(self) -> Standing | None:
        """Give how the alerts stand, at most half a second old; None where the store never answered."""
        async with self._standing_lock:
            now = self.services.clock()
            if self._standing is None or not timedelta() <= now - self._standing[0] < ALERTS_FOR:
                self._standing = (now, await asyncio.to_thread(self._alerts))
            return self._standing[1]

    def forget_alerts(self) -> None:
        """Look anew at the next asking; for the page that has just asked for something."""
        self._standing = None

    def _alerts(self) -> Standing | None:
        try:
            self.services.alarms.rules()
            return self.services.alarms.look()
        except SQLAlchemyError:
            return None

    async def day(self, enterprise: str | None) -> Day:
        """Give today's totals of one enterprise or the park, at most ten seconds old.  Raises TelemetryError."""
        registry = overview.scope((await self.pulse()).registry, enterprise)
        work = partial(overview.day, registry, self.services.telemetry)
        return await self._once(("day", enterprise or ""), DAY_FOR, work)

    async def account(self, enterprise: str | None) -> tuple[meter_account.Totals, int]:
        """Add up the accounts of one enterprise's meters or all, at most ten seconds old; and how many have gaps."""
        meters = [meter.id for meter in overview.scope((await self.pulse()).registry, enterprise).meters]
        engine = self.services.engine
        return await self._once(
            ("account", enterprise or ""), DAY_FOR, lambda _now: meter_account.totals(engine, meters)
        )

    async def extent(self) -> Extent:
        """Say how much is stored.  Raises TelemetryError."""
        return await asyncio.to_thread(self.services.telemetry.extent)

    async def days(self, key: str, meters: list[Meter], register: str) -> list[Daily]:
        """Give the last thirty days of some meters, at most five minutes old.  Raises TelemetryError."""
        work = partial(overview.days, meters, register, self.services.telemetry)
        return await self._once((f"days {register}", key), timedelta(minutes=5), work)

    async def _once(self, key: tuple[str, str], keep: timedelta, work: Callable[[datetime], T]) -> T:
        """Do a piece of work once for all who ask, and again when it is old; meanwhile the older answer serves."""
        now = self.services.clock()
        kept = self._kept.get(key)
        if kept is None or (kept.task.done() and now - kept.since >= keep):
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()  # ids that nobody has can be asked for, too: memory stays bounded
            before = kept.task if kept is not None and not kept.task.exception() else None
            kept = self._kept[key] = Kept(now, asyncio.create_task(asyncio.to_thread(work, now)), before)
        done = kept.before if kept.before is not None and not kept.task.done() else kept.task
        return cast("T", await asyncio.shield(done))
