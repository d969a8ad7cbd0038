"""The weather of Ankang: hot humid summers, mild winters, rain in autumn, mist over the Han river.

A model, not a record: the yearly and daily course are those of the place, the rest is deterministic noise.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.days import split, year_share
from simulators.noise import Floats, Ints, smooth, stream, uniform

LATITUDE: Final = np.radians(32.7)
SOLAR_NOON: Final = 12.73
"""Clock time of the highest sun: the place lies 11° west of the meridian its clocks follow."""
YEARLY_MEAN: Final = 15.8
YEARLY_SWING: Final = 12.0
HOTTEST: Final = 0.56  # share of the year: the last week of July
DAILY_SWING: Final = 4.6
HOTTEST_HOUR: Final = 15.5
NOON: Final = 12


@dataclass(frozen=True)
class Weather:
    """Weather of one seed, the same for the whole park."""

    seed: int

    def mean_temperature(self, days: Ints) -> Floats:
        """Give the mean outdoor temperature of days, °C."""
        course = YEARLY_MEAN + YEARLY_SWING * np.cos(2 * np.pi * (year_share(days) - HOTTEST))
        return course + 3.5 * smooth(stream(self.seed, "front"), days / 4.3) - 1.5 * self.cloud(days)

    def cloud(self, days: Ints) -> Floats:
        """Give the cloud cover of days, 0 to 1; September and October are the rainy ones."""
        autumn = np.exp(-(((year_share(days) - 0.74) / 0.09) ** 2))
        weathers = 0.5 + 0.5 * smooth(stream(self.seed, "cloud"), days / 2.6)
        cover: Floats = np.clip(0.75 * weathers + 0.2 * uniform(stream(self.seed, "day"), days) + 0.3 * autumn, 0, 1)
        return cover

    def temperature(self, ms: Ints) -> Floats:
        """Give the outdoor temperature at instants, °C."""
        days, hours = split(ms)
        swing = DAILY_SWING * (1.2 - 0.7 * self.cloud(days))
        # Between the means of two days one walks in a straight line, from noon to noon.
        at_noon = days + np.where(hours < NOON, -1, 0)
        share = ((hours - NOON) / 24) % 1.0
        mean = self.mean_temperature(at_noon) * (1 - share) + self.mean_temperature(at_noon + 1) * share
        return mean + swing * np.cos(2 * np.pi * (hours - HOTTEST_HOUR) / 24)

    def sun(self, days: Ints, hours: Floats) -> Floats:
        """Give the sine of the sun's height at local clock hours, 0 below the horizon."""
        tilt = _declination(days)
        angle = (hours - SOLAR_NOON) * (np.pi / 12)
        height = np.sin(LATITUDE) * np.sin(tilt) + np.cos(LATITUDE) * np.cos(tilt) * np.cos(angle)
        risen: Floats = np.maximum(height, 0.0)
        return risen

    def sun_hours(self, days: Ints) -> Floats:
        """Give the day's integral of `sun`, in hours: what a clear day brings."""
        tilt = _declination(days)
        half = np.arccos(np.clip(-np.tan(LATITUDE) * np.tan(tilt), -1, 1))
        integral = np.sin(LATITUDE) * np.sin(tilt) * half + np.cos(LATITUDE) * np.cos(tilt) * np.sin(half)
        hours: Floats = integral * (24 / np.pi)
        return hours


def _declination(days: Ints) -> Floats:
    tilt: Floats = np.radians(-23.44) * np.cos(2 * np.pi * (year_share(days) + 10 / 365.25))
    return tilt
