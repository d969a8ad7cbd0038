"""The park as it is now: the newest value of every series, in memory, fed by MQTT.

What is shown live does not wait for a store, and goes on while one is down.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from threading import Lock

from adapters.clock import Clock
from adapters.registry_cache import RegistryCache
from adapters.settings import Settings
from api.feed import Feed
from api.follower import Batch, Follower, TooManyFollowers
from api.renewal import EVERY
from park.place import Meter
from park.principal import Principal
from park.reading import Reading
from park.telemetry import Telemetry

SILENT_AFTER_PERIODS = 3
SILENT_AT_LEAST = timedelta(seconds=60)
RATE_OVER = 10  # seconds
MOST_FOLLOWERS = 200
Series = tuple[str, str]
"""(meter, metric)."""


class Live:
    """Newest values by event time, when each meter was heard, and those who follow.  Safe from any thread."""

    def __init__(
        self,
        *,
        settings: Settings,
        registry: RegistryCache,
        telemetry: Telemetry,
        clock: Clock,
        renew_every: float = EVERY,
    ) -> None:
        """Take the parts; the store's newest values are taken every `renew_every` seconds."""
        self.registry = registry
        self.messages = 0
        """Messages heard since the start."""
        self._clock = clock
        self._lock = Lock()
        self._latest: dict[str, dict[str, Reading]] = {}
        self._heard: dict[str, datetime] = {}
        self._states: dict[str, str] = {}
        self._counts: deque[list[int]] = deque(maxlen=RATE_OVER + 1)
        self._followers: set[Follower] = set()
        self._closed = False
        self._feed = Feed(self, settings=settings, telemetry=telemetry, clock=clock, renew_every=renew_every)

    # --- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to listen, on a thread of its own; returns at once, whether a broker is there or not."""
        self._closed = False
        self._feed.start()

    def stop(self) -> None:
        """Stop listening and end every follower."""
        self.release()
        self._feed.stop()

    def release(self) -> None:
        """End every follower and take no new one, so that a server can close."""
        with self._lock:
            self._closed = True
            followers = list(self._followers)
        for follower in followers:
            follower.end()

    def connected(self) -> bool:
        """Tell whether the broker talks to us."""
        return self._feed.connected()

    # --- being fed ----------------------------------------------------------------------------------------------------

    def seed(self, readings: Iterable[Reading]) -> None:
        """Take what the store holds, and tell who follows what is newer; says nothing about who is alive."""
        by_meter = self.registry.peek().by_meter
        with self._lock:
            news = [reading for reading in readings if self._keep(reading)]
            followers = list(self._followers)
        for follower in followers if news else ():
            sees = follower.principal.sees
            follower.offer([one for one in news if one.meter in by_meter and sees(by_meter[one.meter].enterprise)])

    def hear(self, meter: Meter, readings: Sequence[Reading], received: datetime) -> None:
        """Take the readings of one message of one meter."""
        with self._lock:
            self._count(received)
            self._heard[meter.id] = received
            self._states.pop(meter.id, None)  # who speaks is not offline, whatever an older message says
            news = [reading for reading in readings if self._keep(reading)]
            followers = [follower for follower in self._followers if follower.principal.sees(meter.enterprise)]
        for follower in followers if news else ():
            follower.offer(news)

    def hear_state(self, meter: Meter, state: str, received: datetime, *, retained: bool) -> None:
        """Take a meter's own word on whether it is there; a retained one may be old and proves no life."""
        with self._lock:
            self._states[meter.id] = state
            if not retained:
                self._count(received)
                if state != "offline":
                    self._heard[meter.id] = received

    def _keep(self, reading: Reading) -> bool:
        """Keep a reading unless a newer one is held; tell whether anything changed."""
        held = self._latest.setdefault(reading.meter, {})
        before = held.get(reading.metric)
        if before is not None and (before.at > reading.at or before == reading):
            return False
        held[reading.metric] = reading
        return True

    def _count(self, received: datetime) -> None:
        self.messages += 1
        second = int(received.timestamp())
        if self._counts and self._counts[-1][0] >= second:
            self._counts[-1][1] += 1
        else:
            self._counts.append([second, 1])

    # --- being asked --------------------------------------------------------------------------------------------------

    def latest(self, meters: Iterable[str] | None = None) -> dict[Series, Reading]:
        """Give the newest readings of some meters, or of all, by (meter, metric)."""
        with self._lock:
            chosen = self._latest if meters is None else [meter for meter in meters if meter in self._latest]
            return {(meter, metric): reading for meter in chosen for metric, reading in self._latest[meter].items()}

    def heard(self, meter: str) -> datetime | None:
        """Say when a meter's last message arrived here, or None before the first."""
        with self._lock:
            return self._heard.get(meter)

    def online(self, meter: str, now: datetime) -> bool | None:
        """Tell whether a meter is alive; None where it has never been heard and nothing of it is stored."""
        registered = self.registry.peek().by_meter.get(meter)
        if registered is None:
            return None
        with self._lock:
            if self._states.get(meter) == "offline":
                return False
            stored = (reading.at for reading in self._latest.get(meter, {}).values())
            last = self._heard.get(meter) or max(stored, default=None)
        if last is None:
            return None
        return now - last <= max(SILENT_AFTER_PERIODS * registered.period, SILENT_AT_LEAST)

    def rate(self) -> float:
        """Give the messages a second over the last whole seconds."""
        second = int(self._clock().timestamp())
        with self._lock:
            return sum(count for at, count in self._counts if second - RATE_OVER <= at < second) / RATE_OVER

    @property
    def followers(self) -> int:
        """How many follow now."""
        return len(self._followers)

    async def follow(self, principal: Principal, *, idle: float | None = None) -> AsyncIterator[Batch]:
        """Give what changes, as the principal may see it, at most five batches a second.

        Who is slow gets the newest value of each series, and how many older ones it missed.  After `idle` seconds
        without news an empty batch comes.  Raises TooManyFollowers; ends when the service stops.
        """
        follower = Follower(principal)
        with self._lock:
            if len(self._followers) >= MOST_FOLLOWERS:
                raise TooManyFollowers(MOST_FOLLOWERS)
            if self._closed:
                return
            self._followers.add(follower)
        try:
            async with aclosing(follower.batches(idle)) as batches:
                async for batch in batches:
                    yield batch
        finally:
            with self._lock:
                self._followers.discard(follower)
