"""What flows, as a function of time whose integral is exactly what the register shows.

A day has a budget (`daily`), so the total before any day is a sum of one number a day.  Within the day the budget is
spread over nodes five minutes apart, straight lines between them, with a ripple that cancels out over every five
minutes.  So rate and total are known in closed form at any instant, and never depend on which window was asked for.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np

from simulators.days import ORIGIN_MS, split
from simulators.noise import Floats, Ints, centred, smooth, stream
from simulators.profile import Profile, Sector
from simulators.weather import Weather

PER_HOUR: Final = 12
NODES: Final = 24 * PER_HOUR
STEP_H: Final = 1 / PER_HOUR
_HOURS: Final[Floats] = np.arange(NODES + 1, dtype=np.float64) * STEP_H
RIPPLE: Final = 0.045
# waves a node step (100 s, 43 s, 23 s), each with its share of the ripple
WAVES: Final = ((3, 0.5), (7, 0.3), (13, 0.2))
BLOCK_DAYS: Final = 512


class Flow(Protocol):
    """Anything that flows: kW, m³/h, t/h …; totals in kWh, m³, t …."""

    size: float
    """What flows at full operation, an hour."""

    def rate(self, ms: Ints) -> Floats:
        """Give what flows at instants, an hour."""

    def total(self, ms: Ints) -> Floats:
        """Give what has flowed from the origin until instants."""


class _Days(NamedTuple):
    """The nodes of a run of days, and what has flowed from each midnight until each node."""

    first: int
    rates: Floats
    until: Floats
    budget: Floats


class DailyFlow(ABC):
    """A flow that is given by a budget a day and a shape within it."""

    def __init__(self, size: float, source: int) -> None:
        self.size = size
        self._ripple = source
        self._before: Floats = np.zeros(1)
        self._days: _Days | None = None

    @abstractmethod
    def daily(self, days: Ints) -> Floats:
        """Give the budget of days."""

    @abstractmethod
    def shape(self, days: Ints) -> Floats:
        """Give the nodes of each day, a row a day, in any unit."""

    def rate(self, ms: Ints) -> Floats:
        """Give what flows at instants, an hour."""
        row, node, share, days, day = self._place(ms)
        left, right = days.rates[row, node], days.rates[row, node + 1]
        height = RIPPLE * np.minimum(left, right)
        wave = np.zeros_like(share)
        for number, (turns, part) in enumerate(WAVES):
            wave += part * self._strength(day, node, number) * np.sin(2 * np.pi * turns * share)
        flowing: Floats = left + (right - left) * share + height * wave
        return flowing

    def total(self, ms: Ints) -> Floats:
        """Give what has flowed from the origin until instants."""
        row, node, share, days, day = self._place(ms)
        left, right = days.rates[row, node], days.rates[row, node + 1]
        height = RIPPLE * np.minimum(left, right)
        wave = np.zeros_like(share)
        for number, (turns, part) in enumerate(WAVES):
            angle = 2 * np.pi * turns
            wave += part * self._strength(day, node, number) * (1 - np.cos(angle * share)) / angle
        in_step = (left * share + (right - left) * share * share / 2 + height * wave) * STEP_H
        today = np.minimum(days.until[row, node] + in_step, days.budget[row])
        flowed: Floats = self._until_day(day) + today
        return flowed

    def _strength(self, day: Ints, node: Ints, number: int) -> Floats:
        return centred(self._ripple, (day * NODES + node) * len(WAVES) + number)

    def _place(self, ms: Ints) -> tuple[Ints, Ints, Floats, _Days, Ints]:
        """Find the row, the node before and the share of the way to the next."""
        if ms.size and int(ms.min()) < ORIGIN_MS:
            raise ValueError("the simulated park has no history before 2024-01-01")
        day, hours = split(ms)
        days = self._rows(int(day.min()), int(day.max())) if ms.size else self._rows(0, 0)
        place = hours * PER_HOUR
        node = place.astype(np.int64)
        return day - days.first, node, place - node, days, day

    def _rows(self, first: int, last: int) -> _Days:
        """Build the nodes of a run of days, or take the last ones built; safe to race, both build the same."""
        known = self._days
        if known is not None and known.first <= first and last < known.first + len(known.rates):
            return known
        days = np.arange(first, last + 1, dtype=np.int64)
        shape = self.shape(days)
        until = np.zeros_like(shape)
        np.cumsum((shape[:, :-1] + shape[:, 1:]) * (STEP_H / 2), axis=1, out=until[:, 1:])
        budget = self.daily(days)
        scale = (budget / until[:, -1])[:, np.newaxis]
        self._days = built = _Days(first, shape * scale, until * scale, budget)
        return built

    def _until_day(self, day: Ints) -> Floats:
        """Give what flowed on all days before each day."""
        last = int(day.max()) if day.size else 0
        if last >= len(self._before):
            blocks = last // BLOCK_DAYS + 1
            budget = self.daily(np.arange(blocks * BLOCK_DAYS, dtype=np.int64))
            self._before = np.concatenate([np.zeros(1), np.cumsum(budget)])
        flowed: Floats = self._before[day]
        return flowed


@dataclass(frozen=True)
class Site:
    """What all loads of one enterprise share: seed, weather, sector, and how its orders go."""

    id: str
    seed: int
    sector: Sector
    weather: Weather

    def orders(self, days: Ints) -> Floats:
        """Give how busy the enterprise is, around 1, moving over weeks."""
        busy = 1 + 0.10 * smooth(stream(self.seed, self.id, "orders"), days / 17.0)
        return busy * self.sector.season(days) * (1 + 0.02 * centred(stream(self.seed, self.id, "day"), days))

    def pace(self, nodes: Floats) -> Floats:
        """Give the pace of work, around 1, moving over a quarter of an hour; it moves all its loads together."""
        slow = smooth(stream(self.seed, self.id, "pace"), nodes / 9.0)
        quick = smooth(stream(self.seed, self.id, "quick"), nodes / 2.3)
        return 1 + 0.05 * slow + 0.025 * quick


class Load(DailyFlow):
    """A load that follows a profile, and its enterprise's orders and pace."""

    def __init__(self, site: Site, name: str, size: float, profile: Profile) -> None:
        super().__init__(size, stream(site.seed, site.id, name, "ripple"))
        self._site = site
        self._profile = profile
        self._own = stream(site.seed, site.id, name)
        self._hours = profile.at(_HOURS)

    def daily(self, days: Ints) -> Floats:
        """Give the budget of days."""
        own = 1 + 0.03 * centred(self._own, days)
        level = self._profile.level(days, self._site.weather) * self._site.orders(days) * own
        return level * (self.size * 24 * self._profile.mean)

    def shape(self, days: Ints) -> Floats:
        """Give the nodes of each day, a row a day."""
        nodes = (days[:, np.newaxis] * NODES + np.arange(NODES + 1)).astype(np.float64)
        return self._hours * self._site.pace(nodes) * (1 + 0.03 * smooth(self._own, nodes / 1.7))


class Solar(DailyFlow):
    """A roof of solar panels; `size` is its peak power."""

    YIELD = 0.82
    DARK = 0.74

    def __init__(self, site: Site, name: str, size: float) -> None:
        super().__init__(size, stream(site.seed, site.id, name, "ripple"))
        self._weather = site.weather
        self._clouds = stream(site.seed, "clouds")

    def daily(self, days: Ints) -> Floats:
        """Give the yield of days."""
        clear = 1 - self.DARK * self._weather.cloud(days)
        return self._weather.sun_hours(days) * clear * (self.size * self.YIELD)

    def shape(self, days: Ints) -> Floats:
        """Give the nodes of each day: the sun's height, with clouds passing."""
        hours = np.broadcast_to(_HOURS, (len(days), NODES + 1))
        column = days[:, np.newaxis]
        nodes = (column * NODES + np.arange(NODES + 1)).astype(np.float64)
        passing = 0.5 + 0.5 * smooth(self._clouds, nodes / 3.1)
        return self._weather.sun(column, hours) * (1 - 0.55 * self._weather.cloud(days)[:, np.newaxis] * passing)


class Sum:
    """What flows through a boundary: its parts together, and what is lost on the way to them."""

    def __init__(self, parts: Sequence[Flow], *, loss: float = 0.0, size: float | None = None) -> None:
        """Take the parts; `size` where what is behind it is no larger for being fed twice."""
        self._parts = tuple(parts)
        self._factor = 1 + loss
        self.size = sum(part.size for part in self._parts) * self._factor if size is None else size

    def rate(self, ms: Ints) -> Floats:
        """Give what flows at instants, an hour."""
        whole: Floats = np.sum([part.rate(ms) for part in self._parts], axis=0) * self._factor
        return whole

    def total(self, ms: Ints) -> Floats:
        """Give what has flowed from the origin until instants."""
        whole: Floats = np.sum([part.total(ms) for part in self._parts], axis=0) * self._factor
        return whole
