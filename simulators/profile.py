"""How a load runs through the day, the week and the year: tables, one row a profile or sector."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from simulators.days import presence, weekday, year_share
from simulators.noise import Floats, Ints
from simulators.weather import Weather

SATURDAY: Final = 5
SUNDAY: Final = 6
COOLING_FROM, COOLING_FULL = 21.0, 30.0
HEATING_FROM, HEATING_FULL = 12.0, 1.0
_CLOCK: Final[Floats] = np.arange(25, dtype=np.float64)


def table(name: str) -> list[dict[str, str]]:
    """Read one of the tables beside this file."""
    text = resources.files("simulators").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Profile:
    """The habits of one kind of load, as shares of its full size."""

    name: str
    hours: tuple[float, ...]
    saturday: float
    sunday: float
    holiday: float
    """What is left when nobody is there."""
    cooling: float
    """What a hot day adds."""
    heating: float
    """What a cold day adds."""

    def at(self, hours: Floats) -> Floats:
        """Give the share at hours of the day, in straight lines between the full hours."""
        return np.interp(hours % 24.0, _CLOCK, (*self.hours, self.hours[0]))

    @property
    def mean(self) -> float:
        """The mean share of a working day."""
        return sum(self.hours) / len(self.hours)

    def level(self, days: Ints, weather: Weather) -> Floats:
        """Give how strongly each day runs, 1 being an ordinary working day in mild weather."""
        day = weekday(days)
        work = np.where(day == SATURDAY, self.saturday, np.where(day == SUNDAY, self.sunday, 1.0))
        held = self.holiday + (np.maximum(work, self.holiday) - self.holiday) * presence(days)
        mean = weather.mean_temperature(days)
        hot = np.clip((mean - COOLING_FROM) / (COOLING_FULL - COOLING_FROM), 0, 1)
        cold = np.clip((HEATING_FROM - mean) / (HEATING_FROM - HEATING_FULL), 0, 1)
        level: Floats = held * (1 + self.cooling * hot + self.heating * cold)
        return level


@dataclass(frozen=True)
class Sector:
    """One of the park's industries: its name, and its good and bad months."""

    id: str
    zh: str
    en: str
    months: tuple[float, ...]

    def season(self, days: Ints) -> Floats:
        """Give the season's factor, in straight lines between the middles of the months."""
        place = year_share(days) * 12 - 0.5
        around = np.arange(-1, 13, dtype=np.float64)
        season: Floats = np.interp(place, around, (self.months[-1], *self.months, self.months[0]))
        return season


@cache
def profiles() -> dict[str, Profile]:
    """Every profile by name."""
    return {
        row["name"]: Profile(
            name=row["name"],
            hours=tuple(float(part) for part in row["hours"].split()),
            saturday=float(row["saturday"]),
            sunday=float(row["sunday"]),
            holiday=float(row["holiday"]),
            cooling=float(row["cooling"]),
            heating=float(row["heating"]),
        )
        for row in table("profiles")
    }


@cache
def sectors() -> dict[str, Sector]:
    """Every sector by id."""
    return {
        row["id"]: Sector(row["id"], row["zh"], row["en"], tuple(float(part) for part in row["months"].split()))
        for row in table("sectors")
    }
